from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.expansion import (
    fuzzy_plan,
    literal_plan,
    two_typos_plan,
    typo_plan,
)
from bot.search.occurrences import Form
from bot.search.plan import Plan
from bot.search.query import Query, parse
from bot.search.question_words import remove_stopwords
from bot.search.ranking import INFLECTED
from bot.search.vocabulary import Vocabulary
from bot.text.initials import MARK
from bot.text.stopwords import STOPWORDS
from bot.text.tokenizer import words

COUNTS = {
    "the": 90,
    "osaka": 40,
    "osake": 2,
    "expo": 30,
    "export": 10,
    "pavilion": 9,
    "pavilions": 3,
    "crematorium": 2,
    "cremation": 3,
    "well": 8,
    "known": 6,
    "news": 20,
    "room": 9,
    "newsroom": 5,
    "trains": 1,
    "trails": 9,
    "strike": 4,
    "stroke": 6,
    "stripe": 100,
    "of": 80,
    "ten": 9,
}
KNOWN = Vocabulary()
KNOWN.update(COUNTS)

Step = Callable[[Query, Vocabulary], Plan]
FORGIVING: list[Step] = [typo_plan, two_typos_plan, fuzzy_plan]


def _forms(step: Step, typed: str, at: int = 0) -> dict[Form, float]:
    """The other forms of the term at a place of the first alternative, each with its quality."""
    plan = step(parse(typed), KNOWN)
    others = plan.ranking[0][at].forms[1:]
    return {form: quality for form, quality in others if not form[0].startswith(MARK)}


def _words(plan: Plan) -> list[list[str]]:
    return [[" ".join(term.words) for term in group] for group in plan.query.alternatives]


# Fillers


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("what happened at the osaka expo?", "osaka expo"),
        ("Show me the latest news about trains", "trains"),
        ("osaka expo", "osaka expo"),
        ("tell me what's new with it", "tell me what s new with it"),
        ("the the", "the"),
        ('"the" expo', '"the" expo'),
        ('"what is new" about it', '"what is new"'),
        ("it's the expo", "expo"),
        ("what-about osaka", "osaka"),
        ("the expo OR what is it", "expo OR what is it"),
        ("the expo -the", "expo -the"),
    ],
)
def test_fillers_are_left_out_unless_nothing_else_is_left(typed: str, left: str) -> None:
    assert " ".join(words(str(remove_stopwords(parse(typed))))) == " ".join(words(left))


def test_nothing_but_the_words_changes_when_fillers_are_left_out() -> None:
    query = parse("the expo in:title sort:new since:7d -strike")
    core = remove_stopwords(query)

    assert (core.words, core.without) == (("expo",), query.without)
    assert (core.filters, core.in_title, core.newest) == (query.filters, True, True)
    assert STOPWORDS.isdisjoint({"expo", "not", "no"})


# The literal plan


@given(st.text(max_size=40))
def test_the_literal_plan_is_the_query_itself(typed: str) -> None:
    query = parse(typed)
    for plan in (literal_plan(query), literal_plan(query, KNOWN)):
        assert plan.query == query
        assert [[one.forms for one in group] for group in plan.ranking] == [
            [((term.words, 1.0),) for term in group] for group in query.alternatives
        ]


def test_rare_words_weigh_more_and_strangers_little() -> None:
    (group,) = literal_plan(parse("the crematorium zebra"), KNOWN).ranking
    common, rare, stranger = group

    assert rare.weight > stranger.weight > 0
    assert rare.weight > common.weight > 0


# The forgiving plans


QUERIES = [
    "osaka expo",
    "osakka expo",
    '"osakka expo" crematorum',
    "well-known pavillion",
    "wellknown news room",
    "rail OR road -strike",
    '"x"',
    "大阪 万博expo",
    "in:title osakka sort:new",
]


@pytest.mark.parametrize("step", FORGIVING)
@pytest.mark.parametrize("typed", QUERIES)
def test_a_plan_asks_the_store_for_what_it_ranks(step: Step, typed: str) -> None:
    query = parse(typed)
    plan = step(query, KNOWN)

    assert len(plan.query.alternatives) == len(plan.ranking) >= len(query.alternatives)
    for terms, ranking in zip(plan.query.alternatives, plan.ranking, strict=True):
        for term, want in zip(terms, ranking, strict=True):
            assert want.forms[0] == (term.words, 1.0)
            assert [form for form, _ in want.forms[1:]] == list(term.also)
            qualities = [quality for _, quality in want.forms]
            assert qualities == sorted(qualities, reverse=True)
            assert all(0 < quality < 1 for quality in qualities[1:])
            assert term.prefix == (want.prefix > 0)
            assert want.weight > 0
    changed = (plan.query.without, plan.query.filters, plan.query.in_title, plan.query.newest)
    assert changed == (query.without, query.filters, query.in_title, query.newest)


@pytest.mark.parametrize("step", FORGIVING)
@pytest.mark.parametrize("typed", ['"osakka expo"', '"crematorum"', '"well-known"', '"wellknown"'])
def test_quoted_terms_never_change(step: Step, typed: str) -> None:
    query = parse(typed)
    plan = step(query, KNOWN)

    assert plan.query == query
    assert plan.query.terms[0].also == ()
    assert not plan.query.terms[0].prefix


@pytest.mark.parametrize("step", FORGIVING)
def test_the_last_word_may_be_unfinished(step: Step) -> None:
    assert [term.prefix for term in step(parse("osaka crema"), KNOWN).query.terms] == [False, True]
    assert [t.prefix for t in step(parse('exp "osaka"'), KNOWN).query.terms] == [False, False]
    (group,) = step(parse("osaka crema"), KNOWN).ranking
    assert [one.prefix > 0 for one in group] == [False, True]
    assert group[1].weight > KNOWN.weight(1) / 2  # it is no stranger


@pytest.mark.parametrize("step", FORGIVING)
def test_words_of_one_stem_stand_for_one_another_and_are_no_correction(step: Step) -> None:
    assert _forms(step, "pavilion x")["pavilions",] == INFLECTED
    assert _forms(step, "pavilions x")["pavilion",] == INFLECTED
    assert ("cremation",) not in _forms(typo_plan, "crematorium x")


@pytest.mark.parametrize("step", FORGIVING)
@pytest.mark.parametrize(
    ("slip", "word"), [("crematorum", "crematorium"), ("osakaa", "osaka"), ("xepo", "expo")]
)
def test_unknown_words_are_mended(step: Step, slip: str, word: str) -> None:
    forms = _forms(step, f"{slip} x")

    assert INFLECTED > forms[word,] > 0.8


def test_the_likeliest_of_several_is_first() -> None:
    assert list(_forms(typo_plan, "traixs x"))[:2] == [("trails",), ("trains",)]


def test_inflections_of_what_was_mended_will_do_as_well() -> None:
    forms = _forms(typo_plan, "pavillon x")
    assert forms["pavilion",] > forms["pavilions",] > 0.7


def test_two_slips_and_remote_words_are_for_the_bold() -> None:
    two, many = "kremattorium x", "crematroimu x"

    assert ("crematorium",) not in _forms(typo_plan, two)
    assert (
        0
        < _forms(two_typos_plan, two)["crematorium",]
        < _forms(typo_plan, "krematorium x")["crematorium",]
    )
    assert ("crematorium",) in _forms(fuzzy_plan, many)
    assert _forms(fuzzy_plan, two)["crematorium",] >= _forms(two_typos_plan, two)["crematorium",]


def test_known_words_are_doubted_at_once_only_when_rare_beside_a_much_commoner_one() -> None:
    assert _forms(typo_plan, "osake x") == {("osaka",): pytest.approx(0.85)}
    assert _forms(typo_plan, "osaka x") == {}
    assert _forms(typo_plan, "strike x") == {}  # four stories are not few
    assert _forms(typo_plan, "trains x").get(("trails",)) is None  # nine is not twenty times one
    assert _forms(two_typos_plan, "strike x") == {}


@pytest.mark.parametrize("typed", ["osake x", "kremattorium x", "pavillon x", "traixs x"])
def test_each_step_goes_as_far_as_the_one_before_it(typed: str) -> None:
    for form in _forms(typo_plan, typed):
        assert form in _forms(two_typos_plan, typed)
    for form in _forms(two_typos_plan, typed):
        assert form in _forms(fuzzy_plan, typed)


def test_known_words_are_taken_for_others_last_of_all_and_count_for_more_themselves() -> None:
    others = _forms(fuzzy_plan, "strike x")
    assert others[("stroke",)] == others[("stripe",)] < 0.5


@pytest.mark.parametrize("step", FORGIVING)
def test_joined_words_are_parted_and_parted_ones_joined(step: Step) -> None:
    assert ("well", "known") in _forms(step, "wellknown x")
    assert ("of", "ten") in _forms(step, "often x")
    assert _forms(step, "wellknown x")["well", "known"] > _forms(step, "often x")["of", "ten"]
    assert ("news", "room") not in _forms(step, "newsroom x")  # a known word is one
    joined = _words(step(parse("strike news room"), KNOWN))
    assert joined[0] == ["strike", "news", "room"]
    assert ["strike", "newsroom"] in joined
    assert _words(step(parse('"news" room'), KNOWN)) == [["news", "room"]]
    assert _words(step(parse("osaka expo"), KNOWN)) == [["osaka", "expo"]]


def test_words_that_a_mark_held_together_are_taken_apart_only_to_forgive() -> None:
    query = parse("well-known pavilion")

    assert _words(literal_plan(query, KNOWN)) == [["well known", "pavilion"]]
    for step in FORGIVING:
        assert _words(step(query, KNOWN)) == [["well", "known", "pavilion"]]
    assert _words(typo_plan(parse("news-room"), KNOWN)) == [["news", "room"], ["newsroom"]]


@pytest.mark.parametrize("step", [typo_plan, two_typos_plan])
@pytest.mark.parametrize("typed", ["大阪万博", "엑스포", "大阪"])
def test_words_of_scripts_without_spaces_stay_as_they_are(step: Step, typed: str) -> None:
    query = parse(typed)
    assert step(query, KNOWN).query == query


def test_runs_of_letters_fall_into_pairs_where_some_of_them_will_do() -> None:
    assert _words(fuzzy_plan(parse("大阪万博"), KNOWN)) == [["大阪", "阪万", "万博"]]


@pytest.mark.parametrize("step", FORGIVING)
def test_one_letter_begins_no_word(step: Step) -> None:
    plan = step(parse("osaka x"), KNOWN)
    assert not any(
        one.prefix for group in plan.ranking for one in group if one.forms[0][0] == ("x",)
    )


@pytest.mark.parametrize("step", FORGIVING)
def test_a_quoted_letter_is_no_beginning_of_words(step: Step) -> None:
    plan = step(parse('osaka "t" expo'), KNOWN)
    assert not any(
        one.prefix for group in plan.ranking for one in group if one.forms[0][0] == ("t",)
    )
    assert not any(term.prefix for term in plan.query.terms if term.words == ("t",))


def test_a_compound_is_parted_in_words_that_may_stand_anywhere() -> None:
    german = Vocabulary.from_counts({"streik": 3, "flughafen": 2})
    assert ["flughafen", "streik"] in _words(typo_plan(parse("flughafenstreik"), german))


def test_an_english_word_is_parted_only_where_stories_are_in_german_too() -> None:
    typed, counts = parse("strikespavilion"), {**COUNTS, "wird": 1}
    assert not any("pavilion" in words for words in _words(typo_plan(typed, KNOWN)))
    assert ["strike", "pavilion"] in _words(typo_plan(typed, Vocabulary.from_counts(counts)))


WORDS = st.sampled_from([*COUNTS, "osakka", "pavillon", "wellknown", "大阪", "no-one", '"a b"'])


@given(st.lists(WORDS | st.just("OR"), min_size=1, max_size=6).map(" ".join))
def test_every_step_keeps_what_was_typed(typed: str) -> None:
    query = parse(typed)
    spelled: Mapping[str, None] = dict.fromkeys(query.words)
    for step in FORGIVING:
        plan = step(query, KNOWN)
        assert set(spelled) <= set(plan.query.words)
        assert all(one.forms[0][1] >= INFLECTED for group in plan.ranking for one in group)


@pytest.mark.parametrize("step", [literal_plan, *FORGIVING])
@pytest.mark.parametrize(
    ("typed", "least"),
    [
        ("osaka", 40),
        ("osaka expo", 30),
        ("osaka OR strike", 44),
        ('"osaka expo"', 30),
        ("the crematorium", 2),
    ],
)
def test_a_plan_knows_how_many_stories_match_at_most(step: Step, typed: str, least: int) -> None:
    most = step(parse(typed), KNOWN).most
    assert most is not None
    assert most >= least
    if step is literal_plan:
        assert most <= least + 10  # of other forms


def test_how_many_match_is_not_known_without_a_vocabulary() -> None:
    assert literal_plan(parse("osaka expo"), None).most is None


def test_what_begins_with_a_word_counts_where_it_will_do() -> None:
    plan = typo_plan(parse("expo"), KNOWN)
    assert plan.query.terms[0].prefix
    assert plan.most is not None
    assert plan.most >= COUNTS["expo"] + COUNTS["export"]
