"""Words for times of a day and for hours, as people type them: `8`, `8:30pm`, `18h`, `noon`."""

from __future__ import annotations

import re
from datetime import time

from bot.subscriptions.schedule import Quiet

_HALF, _WHOLE = 12, 24  # hours of a day

NAMED_TIMES = {
    "midnight": time(),
    **dict.fromkeys(("morning", "mornings"), time(8)),
    **dict.fromkeys(("noon", "midday"), time(12)),
    **dict.fromkeys(("afternoon", "afternoons"), time(14)),
    **dict.fromkeys(("evening", "evenings"), time(18)),
}
"""Times that have a name."""

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
"""The numbers of a clock's face, as words."""

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|h)?([ap]m)?")
_LIKE_CLOCK = re.compile(r"\d{1,2}:\d{1,2}(?:[ap]m)?|\d{1,3}(?:[:.]\d{1,2})?[ap]m")
_HALF_OF_DAY = re.compile(r"(?<=\d) ?([ap])\.?m\b\.?")
_TIME = r"noon|midnight|\d{1,2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?"
_QUIET = re.compile(rf"(?:from )?({_TIME}) ?(?:[-–—−]|to|till|until) ?({_TIME})")
_HOUR_OF_HALF = re.compile(r"(?:[1-9]|1[0-2])(?:[:.]\d{2})?")


def plain(text: str) -> str:
    """Returns a text in small letters, with single spaces, and `8 p.m.` as `8pm`."""
    return _HALF_OF_DAY.sub(r"\1m", " ".join(text.casefold().split()))


def parse_hour(word: str) -> int | None:
    """Returns the number that a word of digits or letters gives; None for another word."""
    if word.isascii() and word.isdecimal() and len(word) <= len("00"):
        return int(word)
    return NUMBER_WORDS.get(word)


def parse_clock(word: str) -> time | None:
    """Returns the time of day that one plain word means; None when there is no such time.

    A number alone is an hour.
    """
    parts = _CLOCK.fullmatch(word)
    if parts is None or not word.isascii():
        return NAMED_TIMES.get(word)
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if parts[3]:
        if not 1 <= hour <= _HALF:
            return None
        hour = hour % _HALF + (_HALF if parts[3] == "pm" else 0)
    try:
        return time(0 if (hour, minute) == (_WHOLE, 0) else hour, minute)
    except ValueError:
        return None


def looks_like_clock(word: str) -> bool:
    """Tells if a plain word looks like a time of day, such as `25:00`, `8:75` or `13pm`."""
    return _LIKE_CLOCK.fullmatch(word) is not None


def parse_quiet(text: str) -> Quiet | None:
    """Returns the quiet hours that `text` means, or None when it means none.

    Understood: `22-7`, `22:00–07:30`, `10pm-7am`, `22 to 7`, `midnight to noon`.
    """
    found = _QUIET.fullmatch(" ".join(text.casefold().split()))
    if found is None:
        return None
    typed = [plain(one) for one in found.groups()]
    halved = any(one.endswith("m") for one in typed)
    if halved and any(map(_HOUR_OF_HALF.fullmatch, typed)):
        return None  # of `9am-5` nobody can tell which five is meant
    start, end = map(parse_clock, typed)
    return None if start is None or end is None or start == end else Quiet(start, end)
