from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.subscriptions.near_times import meant_keywords, suggest_timetables
from bot.subscriptions.timetable_grammar import parse_timetable


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mondy 8", "weekly monday 08:00"),
        ("wensday at 9", "weekly wednesday 09:00"),
        ("every frday at 18:00", "weekly friday 18:00"),
        ("dayly 8:00 18:00", "daily 08:00 18:00"),
        ("wekdays 9:00", "weekdays 09:00"),
        ("montly 15", "monthly 15th 08:00"),
        ("25:00", "daily 15:00"),
        ("8:75", "daily 08:00"),
        ("13pm", "daily 13:00"),
        ("monthly 32nd", "monthly 31st 08:00"),
        ("every 0 hours", "at once"),
        ("every 30 minutes", "at once"),
        ("every other day", "daily 08:00"),
        ("every 24 hours", "daily 08:00"),
        ("often", "at once"),
        ("every other friday", "weekly friday 08:00"),
        ("first monday of the month", "weekly monday 08:00"),
        ("5 times a day", "daily 08:00"),
        ("tomorrow 9:00", "daily 09:00"),
        ("tonight", "daily 18:00"),
        ("after 18:00", "daily 18:00"),
        ("before 9am", "daily 09:00"),
        ("between 8 and 18", "daily 08:00 18:00"),
    ],
)
def test_the_likeliest_comes_first(typed: str, first: str) -> None:
    assert str(suggest_timetables(typed)[0]) == first


@given(st.text(max_size=30) | st.from_regex(r"(every |daily |mondy )?[0-9:. apm]{1,9}"))
def test_there_is_always_something_to_choose_and_all_of_it_is_a_time(typed: str) -> None:
    found = suggest_timetables(typed)
    assert 1 <= len(found) <= 4
    assert all(parse_timetable(str(one)) == one for one in found)


@pytest.mark.parametrize("word", ["tower", "money", "friend", "sun", "monday", "holiday", "china"])
def test_other_words_are_no_slips(word: str) -> None:
    assert not meant_keywords(word)
