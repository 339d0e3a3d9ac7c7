from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.search.plausibility import is_plausible_slip
from bot.search.vocabulary import HALF, LINKS, Vocabulary


def vocabulary(counts: Mapping[str, int]) -> Vocabulary:
    built = Vocabulary()
    built.update(counts)
    return built


KNOWN = vocabulary(
    {
        "osaka": 9,
        "expo": 5,
        "export": 4,
        "crematorium": 2,
        "cremation": 3,
        "bus": 7,
        "the": 90,
        "pavilion": 3,
        "pavilions": 1,
        "2025": 4,
        "well": 8,
        "known": 6,
        "йод": 1,
    }
)

# Few letters, so that words are often near one another.
WORDS = st.text("abcé", min_size=1, max_size=8) | st.text("ab1й", min_size=1, max_size=6)
COUNTS = st.dictionaries(WORDS, st.integers(1, 50), max_size=60)


def test_a_vocabulary_knows_its_words_and_how_many_stories_hold_each() -> None:
    assert "osaka" in KNOWN
    assert "osak" not in KNOWN
    assert len(KNOWN) == 13
    assert (KNOWN.count("the"), KNOWN.count("nothing")) == (90, 0)


def test_an_empty_one_answers_everything() -> None:
    empty = Vocabulary()

    assert len(empty) == 0
    assert (
        empty.corrections("osaka", 1)
        == empty.corrections("osaka", 2)
        == empty.similar("osaka")
        == []
    )
    assert empty.complete("o", 9) == []
    assert empty.split("wellknown") == []
    assert not empty.has_prefix("o")
    assert empty.inflections("osaka") == ()
    assert empty.weight(0) > 0


def test_a_word_is_taken_up_changed_and_forgotten() -> None:
    known = vocabulary({"osaka": 1})
    assert known.corrections("osakaa", 1) == ["osaka"]

    known.update({"osaka": 3, "osakas": 1, "never": 0})
    assert (known.count("osaka"), known.inflections("osaka")) == (3, ("osakas",))
    assert "never" not in known
    assert known.corrections("osakaa", 1) == ["osaka", "osakas"]

    known.update({"osaka": 0})
    assert "osaka" not in known
    assert known.corrections("osakaa", 1) == ["osakas"]
    assert known.corrections("ossakaz", 2) == ["osakas"]
    assert known.complete("osa", 9) == ["osakas"]
    assert known.inflections("osakas") == ()

    known.update({"osaka": 2})
    assert known.corrections("osakaa", 1) == ["osaka", "osakas"]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.dictionaries(WORDS, st.integers(0, 9), max_size=15), max_size=5),
    st.lists(WORDS, min_size=1, max_size=5),
)
def test_one_that_followed_is_as_one_that_was_built_at_once(
    changes: list[dict[str, int]], asked: list[str]
) -> None:
    followed, counts = Vocabulary(), dict[str, int]()
    for change in changes:
        followed.update(change)
        counts |= change
        for word in asked:  # what was remembered before the next change must not linger
            followed.corrections(word, 1)
    built = vocabulary({word: count for word, count in counts.items() if count})

    assert len(followed) == len(built)
    for word in [*asked, *counts]:
        assert followed.count(word) == built.count(word) == counts.get(word, 0)
        assert (word in followed) == (word in built)
        assert followed.corrections(word, 1) == built.corrections(word, 1)
        assert followed.corrections(word, 2) == built.corrections(word, 2)
        assert followed.complete(word[:2], 5) == built.complete(word[:2], 5)
        assert followed.has_prefix(word) == built.has_prefix(word)
        assert followed.split(word) == built.split(word)
        assert set(followed.inflections(word)) == set(built.inflections(word))


def test_a_few_words_among_many_are_put_where_they_belong() -> None:
    many = {f"{a}{b}{c}ling": 1 for a in "abcdefgh" for b in "abcdefgh" for c in "abcdefgh"}
    known = vocabulary(many)
    known.update({"caaling": 0, "hhhling": 0, "acaxing": 7})
    known.update({"zzzling": 2})
    built = vocabulary(many | {"acaxing": 7, "zzzling": 2, "caaling": 0, "hhhling": 0})

    assert len(known) == len(built) == 512
    for word in ("acalxing", "zzling", "caalxing", "hhhlixg", "abaling"):
        assert known.corrections(word, 1) == built.corrections(word, 1)
        assert known.corrections(word, 2) == built.corrections(word, 2)
    assert known.complete("aca", 2) == ["acaxing", "acaling"]
    assert not known.has_prefix("hhhl")


# Slips


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("crematorum", "crematorium"),
        ("crematoriumm", "crematorium"),
        ("crmeatorium", "crematorium"),
        ("rcematorium", "crematorium"),
        ("crematorimu", "crematorium"),
        ("krematorium", "crematorium"),
        ("osaca", "osaka"),
        ("xepo", "expo"),
        ("bsu", "bus"),
    ],
)
def test_one_slip_is_found(slip: str, word: str) -> None:
    assert KNOWN.corrections(slip, 1) == [word]


@pytest.mark.parametrize("word", ["", "x", "th", "bu", "202", "2026", "osaka1", "大阪"])
def test_short_words_and_numbers_have_no_slips(word: str) -> None:
    assert KNOWN.corrections(word, 1) == KNOWN.corrections(word, 2) == KNOWN.similar(word) == []


@pytest.mark.parametrize("word", ["exop", "bsus", "theh"])
def test_words_of_four_letters_have_one_slip_at_most(word: str) -> None:
    assert KNOWN.corrections(word, 2) == KNOWN.similar(word) == []


def test_a_word_is_not_near_itself() -> None:
    known = vocabulary({"osaka": 1, "aabaa": 1})
    assert known.corrections("osaka", 1) == known.corrections("aabaa", 1) == []


def test_the_likeliest_come_first() -> None:
    known = vocabulary({"grails": 99, "trains": 1, "trails": 9, "traits": 9})
    assert known.corrections("traixs", 1) == ["trails", "traits", "trains"]
    assert known.corrections("trails", 1) == ["traits", "trains", "grails"]


def _brute(counts: Mapping[str, int], word: str, slips: int) -> set[str]:
    return {known for known in counts if OSA.distance(word, known) == slips}


def _is_like(one: str, word: str) -> bool:
    """Nobody's finger slips to a digit, or to another alphabet; short words need a reason."""
    if len(word) < 5 and not is_plausible_slip(word, one):
        return False
    return one.isalpha() and {ord(sign) >> 8 for sign in one} <= {ord(sign) >> 8 for sign in word}


@settings(max_examples=300, deadline=None)
@given(COUNTS, WORDS.filter(lambda word: len(word) >= 3 and word.isalpha()))
def test_all_words_that_are_one_slip_away_are_found_and_no_other(
    counts: dict[str, int], word: str
) -> None:
    found = vocabulary(counts).corrections(word, 1)

    assert set(found) == {one for one in _brute(counts, word, 1) if _is_like(one, word)}
    assert len(found) == len(set(found))
    assert found == sorted(found, key=lambda one: (one[0] != word[0], -counts[one], one))


@settings(max_examples=200, deadline=None)
@given(COUNTS, WORDS.filter(lambda word: len(word) >= 6 and word.isalpha()))
def test_words_that_are_two_slips_away_and_begin_alike_are_found(
    counts: dict[str, int], word: str
) -> None:
    found, brute = set(vocabulary(counts).corrections(word, 2)), _brute(counts, word, 2)

    assert found <= brute
    alike = 2 if len(word) < 8 else 1  # first letters of a word that is not surely long
    assert {one for one in brute if one[:alike] == word[:alike]} <= found


LONG = ["crematorium", "pavilion", "cremation"]


@given(st.sampled_from(LONG), st.data())
def test_any_one_slip_in_a_long_word_is_mended(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("qxzw"))
    slips = [
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
    ]
    known = vocabulary(dict.fromkeys(LONG, 1))
    assert [known.corrections(slip, 1) for slip in slips] == [[word]] * 3


def test_a_long_word_that_is_full_of_slips_is_recognised() -> None:
    assert KNOWN.corrections("crematroimu", 1) == []
    assert KNOWN.similar("crematroimu")[0] == "crematorium"
    assert KNOWN.similar("pavylijon")[0] == "pavilion"
    assert KNOWN.similar("zzzzzzzz") == []


# Beginnings, stems, halves, weights


def test_words_that_begin_so_come_commonest_first() -> None:
    assert KNOWN.complete("exp", 9) == ["expo", "export"]
    assert KNOWN.complete("exp", 1) == ["expo"]
    assert KNOWN.complete("expo", 9) == ["expo", "export"]
    assert KNOWN.complete("zz", 9) == KNOWN.complete("expos", 9) == []
    assert KNOWN.complete_with_typo("crmeat", 9) == ["cremation", "crematorium"]
    assert KNOWN.complete_with_typo("xrema", 9) == ["cremation", "crematorium"]
    assert KNOWN.complete_with_typo("zzzzz", 9) == KNOWN.complete_with_typo("crem", 9) == []
    assert KNOWN.complete("", 2) == ["the", "osaka"]


@pytest.mark.parametrize(
    ("text", "has_prefix"),
    [("e", True), ("expo", True), ("йо", True), ("ez", False), ("zz", False)],
)
def test_whether_a_word_begins_so(text: str, has_prefix: bool) -> None:
    assert KNOWN.has_prefix(text) is has_prefix


def test_forms_of_a_word_meet_and_other_words_stay_apart() -> None:
    assert KNOWN.inflections("pavilion") == ("pavilions",)
    assert KNOWN.inflections("pavilions") == ("pavilion",)
    assert KNOWN.inflections("pavilioned") == ("pavilion", "pavilions")
    assert KNOWN.inflections("cremation") == KNOWN.inflections("crematorium") == ()
    assert vocabulary({"bus": 9, "buses": 1}).inflections("bus") == ("buses",)
    assert vocabulary({"bus": 9, "buses": 1}).inflections("buses") == ("bus",)
    assert KNOWN.inflections("2025") == KNOWN.inflections("") == ()


def test_two_words_that_are_written_together_are_told_apart() -> None:
    assert KNOWN.split("wellknown") == [("well", "known")]
    assert KNOWN.split("osakaexpo") == [("osaka", "expo")]
    assert KNOWN.split("osakaexp") == KNOWN.split("bu") == KNOWN.split("") == []
    known = vocabulary({"news": 9, "room": 9, "newsr": 1, "oom": 1, "n": 50, "ewsroom": 50})
    assert known.split("newsroom") == [("news", "room"), ("newsr", "oom")]


@given(COUNTS, WORDS, WORDS)
def test_halves_are_known_words_of_two_letters_and_more(
    counts: dict[str, int], one: str, other: str
) -> None:
    known = vocabulary({**counts, one: 1, other: 1})
    split = known.split(one + other)

    assert ((one, other) in split) == (len(one) > 1 and len(other) > 1)
    for pair in split:
        assert "".join(pair) == one + other
        assert all(half in known for half in pair)


def test_rare_words_weigh_more_than_common_ones() -> None:
    weights = [KNOWN.weight(KNOWN.count(word)) for word in ("crematorium", "bus", "the")]

    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0
    assert KNOWN.weight(0) == KNOWN.weight(1)


@pytest.mark.parametrize(
    ("compound", "part"),
    [
        ("pavilionstag", "pavilion"),
        ("cremationsfeier", "cremation"),
        ("hafenpavilion", "pavilion"),
        ("knownothingwhatever", ""),  # less than half of it
        ("expofeld", ""),  # a short part is the beginning of many words
        ("pavilions", ""),  # too little is left of it
    ],
)
def test_the_main_part_makes_up_half_of_a_compound(compound: str, part: str) -> None:
    assert KNOWN.main_part(compound) == part


@pytest.mark.parametrize(
    ("typed", "meant"), [("kwnon", "known"), ("konnw", "known"), ("oskaa", ""), ("nwokn", "")]
)
def test_a_word_of_five_letters_may_be_another_in_another_order(typed: str, meant: str) -> None:
    assert KNOWN.corrections(typed, 2) == ([meant] if meant else [])


PARTS = ("haus", "tuer", "arbeit", "zeit", "bund", "stadt")
COMPOUNDS = st.builds(
    "{}{}{}".format, st.sampled_from(PARTS), st.sampled_from(LINKS), st.sampled_from(PARTS)
)


@given(st.sets(st.sampled_from(PARTS)), st.sets(COMPOUNDS, max_size=12), st.sampled_from(PARTS))
def test_compounds_of_a_word_are_those_that_part_into_it_and_a_known_one(
    known: set[str], made: set[str], half: str
) -> None:
    vocabulary = Vocabulary.from_counts(dict.fromkeys(known | made, 3))
    with_half = {
        one
        for one in known | made
        if (one.startswith(half) or one.endswith(half)) and len(one) >= len(half) + HALF
    }
    parted = {one for one in with_half if any(half in pair for pair in vocabulary.part(one))}
    sure = {one for one in with_half if half not in known or one.endswith(half)}
    assert {*vocabulary.compounds(half, 99)} == parted | (sure if len(half) > HALF else set())
