"""The line after /subscribe, taken apart: what, when, and how."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.subscriptions.typed_line import take_apart
from bot.subscriptions.timetable_grammar import TimetableCertainty


@pytest.mark.parametrize(
    ("line", "what", "when"),
    [
        ("osaka expo daily 8:00", "osaka expo", "daily 08:00"),
        ("daily 8 osaka expo", "osaka expo", "daily 08:00"),
        ("osaka daily 8:00 expo", "osaka expo", "daily 08:00"),
        ("storms weekdays 9:00", "storms", "weekdays 09:00"),
        ("9:00 weekdays storms", "storms", "weekdays 09:00"),
        ("storms mon,thu 8:00", "storms", "weekly monday,thursday 08:00"),
        ("storms, monday, thursday 8:00", "storms", "weekly monday,thursday 08:00"),
        ("storms on monday and thursday at 8 p.m.", "storms", "weekly monday,thursday 20:00"),
        ("storms every 2 hours", "storms", "every 2 hours"),
        ("storms daily at 8 and 18", "storms", "daily 08:00 18:00"),
        ("storms monthly on the 1st", "storms", "monthly 1st 08:00"),
        ("the 1st of the month storms", "storms", "monthly 1st 08:00"),
        ("storms monday", "storms", "weekly monday 08:00"),
        ("monday storms", "storms", "weekly monday 08:00"),
        ("storms at 8", "storms", "daily 08:00"),
        ("storms 8am", "storms", "daily 08:00"),
        ("storms morning", "storms", "daily 08:00"),
        ("storms at once", "storms", "at once"),
        ("storms now", "storms", "at once"),
        ("storms hourly", "storms", "hourly"),
        ("expo 2025 daily 8:00", "expo 2025", "daily 08:00"),
        ("top 10 daily", "top 10", "daily 08:00"),
        ("daily 8:00, storms, rail", "storms, rail", "daily 08:00"),
        ("storms weekly fri 18:00, rail", "storms, rail", "weekly friday 18:00"),
        ('"the daily show" daily 9', '"the daily show"', "daily 09:00"),
        ("topic:world -rail daily 8", "topic:world -rail", "daily 08:00"),
        ("daily 8:00", "", "daily 08:00"),
    ],
)
def test_a_time_is_told_from_words_wherever_it_stands(line: str, what: str, when: str) -> None:
    found = take_apart(line)
    assert found.time
    assert (found.what, str(found.time.reading.timetable)) == (what, when)
    assert not found.unclear


@pytest.mark.parametrize("line", ["monday", "daily", "8:00", "mon,thu 8"])
def test_a_line_may_be_nothing_but_a_time(line: str) -> None:
    found = take_apart(line)
    assert (found.what, found.unclear, found.words) == ("", "", line)
    assert found.time


@pytest.mark.parametrize(
    "line",
    [
        *("osaka expo", "sun", "now", "morning", "the daily show", "morning glory"),
        *('"black friday"', '-"at once" rail', "topic:daily", "live at the opera", "every story"),
        *("now or never", "sat nav", "the 100 best", "1,000 jobs", "24 hours in may", "1984"),
        *("a sunday in paris", "friday's child", "tower 8", "rail -monday", "man of the hour"),
    ],
)
def test_words_are_no_time(line: str) -> None:
    found = take_apart(line)
    assert (found.what, found.time, found.unclear) == (line, None, "")


@pytest.mark.parametrize(
    ("line", "certainty"),
    [
        ("storms daily 8", TimetableCertainty.SURE),
        ("storms every friday", TimetableCertainty.SURE),
        ("black friday", TimetableCertainty.LIKELY),
        ("daily mail", TimetableCertainty.LIKELY),
        ("storms 8:00", TimetableCertainty.LIKELY),
        ("good morning", TimetableCertainty.POSSIBLE),
        ("rising sun", TimetableCertainty.POSSIBLE),
    ],
)
def test_how_sure_a_time_is_depends_on_its_words(line: str, certainty: TimetableCertainty) -> None:
    found = take_apart(line)
    assert found.time
    assert found.time.reading.certainty is certainty


@pytest.mark.parametrize(
    ("line", "unclear"),
    [
        ("storms 25:00", "25:00"),
        ("storms daily 25:00", "daily 25:00"),
        ("storms 8:75", "8:75"),
        ("8:75 storms", "8:75"),
        ("storms 13pm", "13pm"),
        ("storms daily 0am", "daily 0am"),
        ("storms mondy 8", "mondy 8"),
        ("mondy 8 storms", "mondy 8"),
        ("storms every mondy", "every mondy"),
        ("storms weekly thursdy 18:00", "weekly thursdy 18:00"),
        ("storms wekdays 9:00", "wekdays 9:00"),
        ("storms dayly 8", "dayly 8"),
        ("storms mon, thrsday 8", "mon, thrsday 8"),
        ("storms every 0 hours", "every 0 hours"),
        ("storms every 30 minutes", "every 30 minutes"),
        ("storms every other day", "every other day"),
        ("every 2 weeks storms", "every 2 weeks"),
        ("storms twice a week", "twice a week"),
        ("storms every other friday", "every other friday"),
        ("storms every second monday 9:00", "every second monday 9:00"),
        ("storms last friday of the month", "last friday of the month"),
        ("first monday of each month, storms", "first monday of each month"),
        ("storms 5 times a day", "5 times a day"),
        ("storms tomorrow 8:00", "tomorrow 8:00"),
        ("storms tonight at 8", "tonight at 8"),
        ("storms after 18:00", "after 18:00"),
        ("storms between 8 and 18", "between 8 and 18"),
        ("storms until 9pm", "until 9pm"),
        ("storms fortnightly", "fortnightly"),
        ("storms daily 25", "daily 25"),
        ("storms daily at 25", "daily at 25"),
        ("storms daily 8-9", "daily 8-9"),
        ("storms monthly 32", "monthly 32"),
        ("storms monthly 32nd", "monthly 32nd"),
        ("storms monthly first monday", "monthly first monday"),
        ("storms weekly 3 days", "weekly 3 days"),
        ("storms at 25", "at 25"),
        ("storms daily 8:00 hourly", "daily 8:00 hourly"),
    ],
)
def test_what_looks_like_a_time_and_is_none_is_unclear(line: str, unclear: str) -> None:
    assert take_apart(line).unclear == unclear


@pytest.mark.parametrize(
    ("line", "slip"),
    [
        ("storms dayly", "dayly"),
        ("miss daisy", "daisy"),
        ("storms mondya", "mondya"),
        ("storms tomorrow", "tomorrow"),
        ("edge of tonight", "tonight"),
        ("physics today", ""),
        ("daisy", ""),
    ],
)
def test_a_slip_by_itself_may_be_a_word(line: str, slip: str) -> None:
    found = take_apart(line)
    assert (found.slip, found.unclear, found.what) == (slip, "", line)


@pytest.mark.parametrize(
    ("line", "what", "switches"),
    [
        ("storms silent", "storms", {"silent": "yes"}),
        ("storms daily 8 silently", "storms", {"silent": "yes"}),
        ("storms silent daily 8", "storms", {"silent": "yes"}),
        ("storms no pictures silent", "storms", {"silent": "yes", "picture": "no"}),
        ("storms without pictures daily 8 silent no", "storms", {"silent": "no", "picture": "no"}),
        ("storms picture no", "storms", {"picture": "no"}),
        ("storms silent, rail", "storms silent, rail", {}),
        ("silent film", "silent film", {}),
        ("silent", "silent", {}),
    ],
)
def test_switches_stand_at_the_end(line: str, what: str, switches: dict[str, str]) -> None:
    found = take_apart(line)
    if switches:
        assert found.what == what
    assert found.switches == switches


def test_of_a_long_line_the_end_is_looked_through() -> None:
    words = " ".join(f"word{n}" for n in range(500))
    found = take_apart(f"{words} daily 8:00")
    assert found.time
    assert (found.what, str(found.time.reading.timetable)) == (words, "daily 08:00")
    assert take_apart(f"daily 8:00 {words}").time is None


def test_a_time_beside_one_that_is_given_is_unclear() -> None:
    assert take_apart("storms daily 8", is_timed=True).unclear == "daily 8"
    assert take_apart("black friday", is_timed=True).unclear == ""
    assert take_apart("black friday", is_timed=True).what == "black friday"


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            'daily mon, thu 8 8:00 25:00 every 0 hours mondy silent no pictures , "x" 1st'.split()
        ),
        max_size=9,
    ).map(" ".join)
)
def test_any_line_is_taken_apart(line: str) -> None:
    found = take_apart(line)
    assert found.time is None or line
    assert len(found.what) <= len(line) + 1
