from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW

from bot.search.ports import Candidate
from bot.search.ranking import Fit, RankedStory, RankingTerm, boost, rank, sort_ranked


def _story(title: str, summary: str = "", days: int = 0, text: str | None = "") -> Candidate:
    return Candidate(title, title, summary, NOW - timedelta(days=days), text)


def _forms(ranked: RankedStory) -> tuple[tuple[str, ...] | None, ...]:
    return tuple(match and match[0] for match in ranked.matches)


def _wanted(
    text: str, *others: tuple[str, float], weight: float = 1.0, prefix: float = 0.0
) -> RankingTerm:
    forms = ((text, 1.0), *others)
    return RankingTerm(tuple((tuple(form.split()), good) for form, good in forms), weight, prefix)


def _asked(typed: str) -> list[list[RankingTerm]]:
    """A list of words that all weigh the same."""
    return [[_wanted(word) for word in typed.split()]]


def _titles(alternatives: Sequence[Sequence[RankingTerm]], *candidates: Candidate) -> list[str]:
    return [one.candidate.title for one in rank(alternatives, candidates)]


def test_title_before_summary_before_text_then_newer_first() -> None:
    in_text = _story("Other", text="At the Expo.")
    in_summary = _story("Money", "The expo costs more.")
    in_title = _story("Expo cost", days=900)
    newer = _story("Expo bus", days=1)

    assert _titles(_asked("expo"), in_text, in_summary, in_title, newer) == [
        "Expo bus",
        "Expo cost",
        "Money",
        "Other",
    ]


def test_words_in_order_before_words_apart() -> None:
    asked = _asked("osaka expo")
    stories = [_story("Expo in Osaka"), _story("The Osaka Expo", days=9)]
    stories += [_story("Osaka at Expo", days=9)]

    assert _titles(asked, *stories) == ["The Osaka Expo", "Osaka at Expo", "Expo in Osaka"]


def test_a_title_that_says_nothing_else_comes_first() -> None:
    stories = [_story("Osaka and all the others"), _story("Osaka", days=9)]

    assert _titles(_asked("osaka"), *stories) == ["Osaka", "Osaka and all the others"]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    asked = [[_wanted("osaka", weight=1), _wanted("crematorium", weight=5)]]
    stories = [_story("Osaka"), _story("Crematorium", days=9)]

    assert _titles(asked, *stories) == ["Crematorium", "Osaka"]


def test_what_was_typed_counts_more_than_what_was_put_in_its_place() -> None:
    asked = [[_wanted("trains", ("train", 0.9), ("trails", 0.6))]]
    stories = [_story("Old trails"), _story("Old train", days=1), _story("Old trains", days=2)]

    assert _titles(asked, *stories) == ["Old trains", "Old train", "Old trails"]
    assert list(map(_forms, rank(asked, stories))) == [
        (("trains",),),
        (("train",),),
        (("trails",),),
    ]


def test_a_form_in_the_summary_may_beat_a_worse_one_in_the_title() -> None:
    asked = [[_wanted("trains", ("trails", 0.6))]]
    (ranked,) = rank(asked, [_story("Trails", "About trains.")])

    assert _forms(ranked) == (("trains",),)


def test_the_beginning_of_a_word_counts_less_than_the_word() -> None:
    asked = [[_wanted("exp", prefix=0.85)]]
    stories = [_story("An expo"), _story("An exp", days=1), _story("Nothing", "An export.")]

    ranked = rank(asked, stories)
    assert [one.candidate.title for one in ranked] == ["An exp", "An expo", "Nothing"]
    assert list(map(_forms, ranked)) == [(("exp",),), (("expo",),), (("export",),)]
    assert [one.exact for one in ranked] == [True, False, False]


def test_a_phrase_stands_only_where_its_words_stand_side_by_side() -> None:
    asked = [[_wanted("osaka expo")]]
    stories = [_story("Osaka at expo"), _story("The Osaka Expo"), _story("Osaka")]
    ranked = rank(asked, stories, holds_all=False)

    assert list(map(_forms, ranked)) == [(("osaka", "expo"),), (None,), (None,)]
    (other,) = rank([[_wanted("night train")]], [_story("A night, a night train")])
    assert other.exact


def test_runs_of_scripts_without_spaces_are_seen_in_titles() -> None:
    (ranked,) = rank([[_wanted("大阪 阪万 万博")]], [_story("大阪万博の費用")])
    assert ranked.exact


def test_the_alternative_that_fits_best_counts() -> None:
    asked = [[_wanted("rail"), _wanted("strike")], [_wanted("bus")]]
    (rail,) = rank(asked, [_story("Rail strike")])
    (bus,) = rank(asked, [_story("Bus")])

    assert [one.forms[0] for one in rail.group] == [(("rail",), 1.0), (("strike",), 1.0)]
    assert [one.forms[0] for one in bus.group] == [(("bus",), 1.0)]


def test_a_form_in_the_text_counts_as_the_form_that_it_is() -> None:
    asked = [[_wanted("levin", ("levine", 0.85))]]
    other = _story("Mr. Levine sells trams")
    meant = _story("Two held", days=9, text="ASTORIA\nA police officer named Levin said so.")

    ranked = rank(asked, [other, meant])
    assert [one.candidate.title for one in ranked] == ["Two held", "Mr. Levine sells trams"]
    assert list(map(_forms, ranked)) == [(("levin",),), (("levine",),)]
    assert [one.fit for one in ranked] == [Fit.TYPED, Fit.TYPO]


def test_a_text_that_is_not_at_hand_is_taken_to_hold_the_last_of_the_forms() -> None:
    (typed,) = rank(_asked("osaka expo"), [_story("Osaka", text=None)])
    (perhaps,) = rank([[_wanted("osaka", ("osaki", 0.85))]], [_story("Rail", text=None)])

    assert (typed.fit, _forms(typed)) == (Fit.TYPED, (("osaka",), ("expo",)))
    assert (perhaps.fit, _forms(perhaps)) == (Fit.TYPO, (("osaki",),))


def test_a_story_that_holds_some_of_the_words_comes_behind_one_that_holds_all() -> None:
    asked = [[_wanted("osaka", weight=9), _wanted("expo", ("expos", 0.85))]]
    stories = [_story("Osaka"), _story("Rail", days=9, text="The expos of Osaka."), _story("Bus")]
    ranked = rank(asked, stories, holds_all=False)

    assert [one.candidate.title for one in ranked] == ["Rail", "Osaka", "Bus"]
    assert [one.fit for one in ranked] == [Fit.TYPO, Fit.SOME, Fit.GUESS]
    assert _forms(ranked[1]) == (("osaka",), None)


def test_one_typo_is_likelier_than_two_wherever_the_words_stand() -> None:
    asked = [[_wanted("rail", ("mail", 0.85)), _wanted("strike", ("stroke", 0.85))]]
    stories = [_story("Mail stroke"), _story("Other", text="A mail strike."), _story("Third")]
    ranked = rank(asked, stories, holds_all=False)

    assert [one.candidate.title for one in ranked] == ["Other", "Mail stroke", "Third"]


def test_the_very_words_in_the_title_come_before_all_and_the_newest_of_equals() -> None:
    exact = _story("Rail and many more things, among them old trains", days=9)
    near = _story("Rail train")
    asked = [[_wanted("rail"), _wanted("trains", ("train", 0.9))]]

    assert _titles(asked, near, exact) == [exact.title, near.title]
    same = [RankedStory(_story(f"s{days}", days=days), 0.5) for days in (3, 1, 2)]
    assert [one.candidate.title for one in sort_ranked(same)] == ["s1", "s2", "s3"]


def test_nothing_gives_nothing() -> None:
    assert rank(_asked("osaka"), []) == []
    (only,) = rank([], [_story("Osaka")])
    assert (only.score, only.matches, only.exact) == (0.0, (), False)
    (empty,) = rank([[]], [_story("Osaka")])
    assert empty.score == pytest.approx(0, abs=0.05)


WORDS = st.sampled_from(["osaka", "expo", "expos", "x", "大阪", "阪万"])
FORMS = st.lists(
    st.tuples(st.lists(WORDS, min_size=1, max_size=3).map(tuple), st.floats(0.1, 0.95)), max_size=3
).map(lambda forms: sorted(forms, key=lambda one: -one[1]))
WANTED = st.builds(
    lambda first, forms, weight, prefix: RankingTerm(((tuple(first), 1.0), *forms), weight, prefix),
    st.lists(WORDS, min_size=1, max_size=3),
    FORMS,
    st.floats(0.01, 20),
    st.sampled_from([0.0, 0.85]),
)
TEXTS = st.lists(WORDS | st.sampled_from(["大阪万博", "other,", "Osaka"]), max_size=7).map(" ".join)


@given(
    st.lists(st.lists(WANTED, min_size=1, max_size=4), min_size=1, max_size=3),
    st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 3)), max_size=6),
)
def test_every_score_lies_between_0_and_1_and_the_best_are_first(
    alternatives: list[list[RankingTerm]], texts: list[tuple[str, str, int]]
) -> None:
    stories = [_story(*one) for one in texts]
    ranked = rank(alternatives, stories)

    assert sorted(one.candidate.title for one in ranked) == sorted(one.title for one in stories)
    assert all(0 <= one.score <= 1 for one in ranked)
    fits = [one.fit for one in ranked]
    assert fits == sorted(fits, reverse=True)
    assert all(len(one.matches) == len(one.group) for one in ranked)
    assert all(None not in one.matches for one in ranked if one.exact)


@given(st.lists(WANTED, min_size=1, max_size=4), TEXTS, TEXTS, TEXTS)
def test_a_text_never_takes_a_score_or_a_fit_down(
    group: list[RankingTerm], title: str, summary: str, text: str
) -> None:
    (less,) = rank([group], [_story(title, summary)], holds_all=False)
    (more,) = rank([group], [_story(title, summary, text=text)], holds_all=False)

    assert less.score <= more.score + 1e-9
    assert less.fit <= more.fit


def test_of_equals_those_come_first_that_hold_what_need_not_be_held() -> None:
    wanted = [RankingTerm(((("expo",), 1.0),))]
    extra = RankingTerm(((("cost",), 1.0),))
    newer = _story("Expo buses")
    holding = _story("Expo cost", days=9)
    ranked = rank([wanted], [newer, holding])
    assert [one.candidate.title for one in ranked] == ["Expo buses", "Expo cost"]

    titles = [one.candidate.title for one in boost(ranked, [extra])]
    assert titles == ["Expo cost", "Expo buses"]
    assert boost(ranked, []) == ranked
    assert all(0 <= one.score <= 1 for one in boost(ranked, [extra]))


def test_a_row_of_words_in_a_text_comes_before_the_same_words_apart() -> None:
    def told(title: str, text: str, days: int) -> Candidate:
        return Candidate(title, title, "", NOW - timedelta(days=days), text)

    apart = told("Apart", "The ministry told of its view of finance.", 0)
    together = told("Together", "So did the Ministry of Finance in May.", 9)
    terms = [RankingTerm((((word,), 1.0),)) for word in ("ministry", "of", "finance")]
    ranked = rank([terms], [apart, together])
    assert [one.candidate.title for one in ranked] == ["Together", "Apart"]
