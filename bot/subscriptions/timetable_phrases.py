"""Phrases of timetables, put into the grammar's own words: `half past 8`, `as it happens`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.subscriptions.clock_words import NUMBER_WORDS

_HOUR = rf"(?P<hour>\d{{1,2}}|{'|'.join(NUMBER_WORDS)})"
_MINUTES = r"(?::(?P<minutes>\d{2}))?"
_HALF_DAY, _LATE = 12, 6  # hours; the first hour of a night's evening
_DIGEST = r"(?:digests?|summary|summaries|round-?ups?|newsletters?|updates?|reports?)"
_AT_ONCE = (
    r"as (?:it|they) (?:happens?|comes?|arrives?)(?: in)?|as soon as (?:possible|they come in)"
    r"|asap|right now|straight away|(?:in )?real[ -]time"
)


def simplify(typed: str) -> str:
    """Returns a plain text with such phrases in words that the grammar has."""
    for pattern, put in _RULES:
        typed = pattern.sub(put, typed)
    return typed


def _past(match: re.Match[str]) -> str:
    minutes = {"half": 30, "quarter": 15}[match["part"]]
    hour = _number(match["hour"])
    if match["side"] == "to":
        hour, minutes = (hour - 1) % _HALF_DAY or _HALF_DAY, 60 - minutes
    return f"{hour}:{minutes:02}"


def _in_part(match: re.Match[str]) -> str:
    """Returns `8 in the evening` as `8pm`."""
    hour, part = _number(match["hour"]), match["part"]
    if not 1 <= hour <= _HALF_DAY:
        return match[0]
    is_late = part in {"afternoon", "evening"} or (part == "night" and _LATE <= hour < _HALF_DAY)
    return f"{hour}:{match['minutes'] or '00'}{'pm' if is_late else 'am'}"


def _in_part_of_each(match: re.Match[str]) -> str:
    """Returns `every morning at 7` as `daily 7:00am`, and `monday morning at 7` as `monday ...`."""
    is_half = not match["half"] and 1 <= _number(match["hour"]) <= _HALF_DAY
    clock = _in_part(match) if is_half else match["clock"]
    return f"daily {clock}" if match["every"] else f"at {clock}"


def _number(word: str) -> int:
    return NUMBER_WORDS.get(word) or int(word)


_RULES: Sequence[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = (
    (re.compile(rf"(?<!\S)(?:{_AT_ONCE})$"), "at once"),
    (re.compile(rf"\b(?P<part>half|quarter) (?P<side>past|to) {_HOUR}\b"), _past),
    (
        re.compile(
            rf"\b{_HOUR}{_MINUTES}(?: o'clock)? (?:in the|at) "
            r"(?P<part>morning|afternoon|evening|night)\b"
        ),
        _in_part,
    ),
    (
        re.compile(
            r"\b(?P<every>(?:every|each) )?(?P<part>morning|afternoon|evening|night)s? at "
            rf"(?P<clock>{_HOUR}{_MINUTES}(?P<half> ?[ap]\.?m\b)?)(?: o'clock)?(?![\d:])"
        ),
        _in_part_of_each,
    ),
    (
        re.compile(rf"(?:as an? )?\b(daily|weekly|monthly|hourly) {_DIGEST}(?=$| at| on| @| \d)"),
        r"\1",
    ),
    (re.compile(r"\bthree times (?:a|each|every|per) day$"), "daily 8:00 13:00 18:00"),
    (re.compile(r"\b(?:nightly|(?:every|each|at) night)\b"), "daily 21:00"),
    (re.compile(r"\b(\d{1,2}) o'clock\b"), r"\1:00"),
    (re.compile(r"\b(twice|once) per\b"), r"\1 a"),
    (re.compile(r"\bat breakfast\b"), "at 8"),
    (re.compile(r"\bat lunch(?:[ -]?time)?\b"), "at noon"),
    (re.compile(r"\bat dinner(?:[ -]?time)?\b"), "at 18"),
    (re.compile(r"\b(?:around|about) (?=\d)"), "at "),
    (re.compile(r"(?<![\d:])(0\d)([0-5]\d)(?![\d:])"), r"\1:\2"),
)
