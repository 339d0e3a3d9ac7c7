"""German words: spellings of umlauts, and endings."""

from __future__ import annotations

import pytest

from bot.text.german import other_endings, other_spellings, verb_forms, verbs_of_noun


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("faehre", "fahre"),
        ("lokfuehrer", "lokfuhrer"),
        ("strasse", "straße"),
        ("grossbaeckerei", "großbackerei"),
        ("maß", "mass"),
    ],
)
def test_words_are_found_in_their_other_spellings(typed: str, stored: str) -> None:
    assert stored in other_spellings(typed)
    assert typed not in other_spellings(typed)


@pytest.mark.parametrize("word", ["haus", "wolf", "munchen", "boe", "gae", "zoe"])
def test_other_words_have_one_spelling(word: str) -> None:
    assert other_spellings(word) == []


@pytest.mark.parametrize(
    ("one", "other"), [("krankenkasse", "krankenkassen"), ("strompreis", "strompreise")]
)
def test_long_words_have_other_endings(one: str, other: str) -> None:
    assert other in other_endings(one)
    assert one in other_endings(other)


@pytest.mark.parametrize(("one", "other"), [("olpreise", "olpreis"), ("mietern", "mieter")])
def test_shorter_words_have_them_where_stories_are_in_german(one: str, other: str) -> None:
    assert other not in other_endings(one)
    assert other in other_endings(one, is_german=True)


@pytest.mark.parametrize(
    ("infinitive", "form"), [("fallen", "fallt"), ("offnen", "offnet"), ("kosten", "kostet")]
)
def test_a_verb_has_its_endings(infinitive: str, form: str) -> None:
    assert form in verb_forms(infinitive)
    assert infinitive in verb_forms(form)


def test_a_short_word_may_be_a_name() -> None:
    assert other_endings("levin") == []


@pytest.mark.parametrize("slip", ["zeppelinn", "ministeriumn", "flughafenn"])
def test_a_doubled_letter_is_a_slip_and_no_ending(slip: str) -> None:
    assert slip[:-1] not in other_endings(slip)
    assert slip not in other_endings(slip[:-1])


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        ("sanierung", "sanieren"),
        ("sperrungen", "gesperrt"),
        ("erhohung", "erhoht"),
        ("schließung", "schließt"),
        ("anderung", "andern"),
        ("abschaltung", "abgeschaltet"),
        ("einfuhrung", "eingefuhrt"),
    ],
)
def test_a_noun_in_ung_has_its_verb(noun: str, verb: str) -> None:
    assert verb in verbs_of_noun(noun)


@pytest.mark.parametrize("word", ["young", "sprung", "lunge", "zeitschrift"])
def test_other_words_have_no_verb(word: str) -> None:
    assert verbs_of_noun(word) == []
