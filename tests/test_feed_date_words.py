"""Dates as each language writes them, formatted by Babel and read back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from babel import Locale
from babel.dates import format_datetime
from babel.localedata import locale_identifiers
from cldr_words import TABLE, calendar_words, table_text
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.date_words import DateWord, find_words, fold, tokens
from adapters.sources.feed.dates import read_date

# Tibetan and Dzongkha write months in figures or as ordinals, Old Prussian puts a word before the
# year, Volapük and Ewe put words between the parts, the halves of Syriac's and Sorani's day cannot
# be told from other letters.
_ODD = frozenset("bo dz prg vo ee syr ckb".split())
# Words that mean two months in one language, or a day in another that agrees.
_AMBIGUOUS = frozenset("dyo teo st".split())
LANGUAGES = sorted(
    {identifier.partition("_")[0] for identifier in locale_identifiers()} - _ODD - _AMBIGUOUS
)
COMMON = (
    "en es de ru fr ja pt it tr nl pl fa zh vi id cs ko uk ar el hu sv ro sk da fi th bg he hr lt "
    "nb nn ca sl et lv sr hi bn ta te ml ka hy az kk uz sq mk be is ga cy gl af sw ms fil"
).split()
MOMENTS = st.datetimes(
    datetime(1991, 8, 6),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
KOREAN = 9 * 3600  # seconds: what names no zone in Korean is of Korea


@pytest.mark.slow
def test_the_table_is_what_babel_knows() -> None:
    assert TABLE.read_text("utf-8") == table_text(), "run make date-words"
    assert len(calendar_words()) > 300


def _forms(language: str) -> list[str]:
    """Patterns of dates: Babel's own, and those of feeds."""
    locale = Locale.parse(language)
    own = [str(locale.date_formats[width].pattern) for width in ("full", "long", "medium")]
    clock = str(locale.time_formats["medium"].pattern)
    forms = [f"{date} {time}" for date in own for time in ("HH:mm:ss", clock)]
    return ["EEE, dd MMM y HH:mm:ss Z", "EEEE d MMMM y HH:mm:ss", *forms]


@pytest.mark.slow
@given(language=st.sampled_from(LANGUAGES), moment=MOMENTS, data=st.data())
def test_what_babel_writes_in_any_language_is_read_back(
    language: str, moment: datetime, data: st.DataObject
) -> None:
    pattern = data.draw(st.sampled_from(_forms(language)))
    text = format_datetime(moment, pattern, locale=language)
    found = read_date(text, language)
    assert found is not None, text
    off = (moment - found.moment).total_seconds()
    assert off == (KOREAN if language == "ko" and "Z" not in pattern else 0), text


@pytest.mark.parametrize(
    ("text", "language", "hour"),
    [
        ("01\u200f/04\u200f/2021 12:07:00 ص", "ar", 0),
        ("01\u200f/04\u200f/2021 12:07:00 م", "ar", 12),
        ("13/04/2021 3:07 م", "", 15),
        ("13/04/2021 μ.μ. 3:07", "el", 15),
        ("13-04-2021 π.μ. 12:07", "el", 0),
        ("13/4/2021 3:07 μ.μ.", "", 15),
        ("13.4.2021 3:07 du.", "hu", 15),
        ("2021. 4. 13. PM 3:07", "ko", 15),
        ("13/04/2021 AM 12:07", "", 0),
        ("13/04/2021 3:07", "ar", 3),
        ("13/04/2021 15:07 م", "ar", 15),
    ],
)
def test_the_half_of_the_day_counts_beside_figures(text: str, language: str, hour: int) -> None:
    found = read_date(text, language)
    assert found is not None
    assert (found.moment.hour, found.moment.minute) == (hour, 7)


@given(language=st.sampled_from(COMMON), moment=MOMENTS)
def test_common_languages_are_read_where_the_feed_names_none(
    language: str, moment: datetime
) -> None:
    text = format_datetime(moment, "EEE, dd MMM y HH:mm:ss Z", locale=language)
    found = read_date(text)
    assert found is not None
    assert found.moment == moment


@given(text=st.text(max_size=100))
def test_any_text_is_folded_to_tokens_that_stay_as_they_are(text: str) -> None:
    words = " ".join(token.text for token in tokens(fold(text)))
    assert " ".join(token.text for token in tokens(fold(words))) == words
    assert all(isinstance(word, DateWord) for word in find_words(tokens(fold(text))))


def test_the_longer_of_two_names_is_found_alone() -> None:
    found = [
        word
        for word in find_words(tokens(fold("25 Dwe mar Apar gi ariyo")))
        if word.language == "luo"
    ]
    assert [(word.kind, word.number) for word in found] == [("months", 12)]
