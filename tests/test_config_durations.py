from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.values import LONGEST, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("2h", 7_200), ("1d", 86_400), ("15 m", 900), ("0s", 0)],
)
def test_durations_are_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "15", "m", "15M", "1h30m", "-5m", "1.5h", "15m ", "٣m", "15m\n", "9" * 5_000 + "s"]
)
def test_what_is_no_duration_is_told_what_is(text: str) -> None:
    with pytest.raises(ValueError, match=r'^expected a time such as "30s", "15m", "2h" or "1d"$'):
        parse_duration(text)


def test_the_longest_duration_is_a_year() -> None:
    assert parse_duration("366d") == LONGEST
    for text in ("367d", "8785h", "999999999d"):
        with pytest.raises(ValueError, match=r"^expected a time of at most 366d$"):
            parse_duration(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1B", 1),
        ("512KB", 524_288),
        ("64MB", 67_108_864),
        ("64 mb", 67_108_864),
        ("1GB", 1_073_741_824),
    ],
)
def test_sizes_count_in_steps_of_1024(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "64", "MB", "64M", "64TB", "-1KB", "1.5GB", "64MB\n", "٣MB"])
def test_what_is_no_size_is_told_what_is(text: str) -> None:
    with pytest.raises(ValueError, match=r'^expected a size such as "512KB", "64MB" or "1GB"$'):
        parse_size(text)


@given(st.text())
def test_any_text_is_read_or_refused_without_being_repeated(text: str) -> None:
    secret = f"{text}-hunter2"
    for parse in (parse_duration, parse_size):
        with pytest.raises(ValueError, match=r"^expected a ") as refusal:
            parse(secret)
        assert "hunter2" not in str(refusal.value)
