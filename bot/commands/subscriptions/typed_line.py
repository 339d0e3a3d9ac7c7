"""The line after /subscribe: what is to be followed, when, and how, told from one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.chat.parsing import pieces_of
from bot.subscriptions.near_times import (
    LONGEST_INTERVAL,
    is_join,
    is_keyword,
    is_number,
    is_short_number,
    is_single_day,
    is_unit,
    is_wrong_clock,
    is_wrong_interval,
    meant_keywords,
)
from bot.subscriptions.timetable_grammar import TimetableCertainty, TimetableReading, read_timetable

_LONGEST = 9  # words: `monday, wednesday and friday at 8:00 and 18:00`
_MOST = 60  # words of a line in which a time is looked for, from its end on
_KEPT = 100  # lines: each button of a preview asks what its own words would be taken for
_FILTER = re.compile(r"-.|[^\W\d]+:\S")  # `-word`, `topic:`: no part of a time
_ENDS = ",;，、；"
_NO_START = frozenset({"and", "of", "a", "the", "&"})
_AFTER_HOUR = frozenset({"am", "pm", "a.m.", "p.m.", "o'clock", "in", "at"})
_PICTURES = ("picture", "pictures")
_SWITCHES: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("silent",): ("silent", "yes"),
    ("silently",): ("silent", "yes"),
    **{("silent", value): ("silent", value) for value in ("yes", "no", "on", "off")},
    **{(no, picture): ("picture", "no") for no in ("no", "without") for picture in _PICTURES},
    **{
        (one, value): ("picture", value)
        for one in _PICTURES
        for value in ("yes", "no", "on", "off")
    },
}
"""Words at the end of a line that are options by themselves."""


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A part of the line that is a time.

    Attributes:
        span: Where it stands among the pieces of the line.
        text: Its words.
        reading: Its meaning, and how sure that is.
        beside: It with the word that stands beside it, which may be the name of something.
    """

    span: slice
    text: str
    reading: TimetableReading
    beside: str


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """A line, taken apart.

    Attributes:
        what: The words for what is to be followed.
        time: The time; None for none.
        unclear: Words that look like a time and are none; empty for none.
        slip: A word that may be a slip in a time, if no story has it; empty for none.
        slip_name: The words that would be the name of something if that is no slip.
        switches: Options that are given by words of their own: `silent`, `no pictures`.
        words: The line without those, if all of the rest are words to search for.
    """

    what: str
    time: TypedTime | None = None
    unclear: str = ""
    slip: str = ""
    slip_name: str = ""
    switches: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


@lru_cache(_KEPT)
def take_apart(line: str, *, is_timed: bool = False) -> SubscriptionLine:
    """Tells a line's words for a time and for switches from those for what is to be followed.

    What stands in quotes is never taken apart. `is_timed` says that the time is given elsewhere:
    then another one is unclear.
    """
    typed = pieces_of(line)
    if len(typed) > _MOST:
        return _with_more(typed[:-_MOST], take_apart(" ".join(typed[-_MOST:]), is_timed=is_timed))
    pieces, switches = _take_switches(typed)
    words = " ".join(pieces)
    found = _find_time(pieces)
    if found and is_timed:
        is_second = found.reading.certainty is TimetableCertainty.SURE
        unclear = found.text if is_second else ""
        return SubscriptionLine(words, unclear=unclear, switches=switches, words=words)
    unclear, slip = _find_unclear(pieces, found)
    name = " ".join(pieces[-2:]) if slip and is_single_day(slip) else slip
    left = pieces
    if found:
        before, more = _take_switches(pieces[: found.span.start])
        left = _joined(before, pieces, found.span)
        switches = more | switches
    return SubscriptionLine(
        " ".join(left).strip(f"{_ENDS} "), found, unclear, slip, name, switches, words
    )


def _with_more(before: Sequence[str], line: SubscriptionLine) -> SubscriptionLine:
    """Returns a line with words before it that are looked at no further."""
    more = " ".join(before)
    return replace(line, what=f"{more} {line.what}", words=f"{more} {line.words}")


def _word(piece: str) -> str:
    return piece.strip(_ENDS)


def _take_switches(pieces: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Takes switches off the end of some words, but never all of these."""
    left, switches = list(pieces), dict[str, str]()
    for length in (2, 1) * len(_SWITCHES):
        words = tuple(_word(piece).casefold() for piece in left[-length:])
        if len(left) > length and words in _SWITCHES:
            option, value = _SWITCHES[words]
            switches.setdefault(option, value)
            left = left[:-length]
    return left, switches


def _find_time(pieces: Sequence[str]) -> TypedTime | None:
    """Finds the surest time in a line, of several the longest and then the last."""
    found = [*_times(pieces)]
    if not found:
        return None
    return max(
        found,
        key=lambda one: (
            one.reading.certainty is TimetableCertainty.SURE,
            one.span.stop - one.span.start,
            one.span.start,
        ),
    )


def _times(pieces: Sequence[str]) -> Iterator[TypedTime]:
    for start in range(len(pieces)):
        for stop in range(start + 1, min(start + _LONGEST, len(pieces)) + 1):
            if _is_no_time(pieces[stop - 1]):
                break
            reading = _read(pieces, start, stop)
            if reading:
                beside = pieces[max(0, start - 1) : stop] if start else pieces[: stop + 1]
                is_whole = len(beside) == stop - start
                is_apart = is_whole or (bool(start) and pieces[start - 1][-1:] in _ENDS)
                text = " ".join(pieces[start:stop]).strip(_ENDS)
                yield TypedTime(
                    slice(start, stop), text, reading, "" if is_apart else " ".join(beside)
                )


def _is_no_time(piece: str) -> bool:
    return any(sign in piece for sign in '"“”') or _FILTER.match(piece) is not None


def _read(pieces: Sequence[str], start: int, stop: int) -> TimetableReading | None:
    """Reads some pieces as a time, where that may stand there."""
    first = _word(pieces[start]).casefold()
    second = _word(pieces[start + 1]).casefold() if stop > start + 1 else ""
    is_ordinal = first == "the" and second[:1].isdigit()
    is_bare = first.isdecimal() and second not in _AFTER_HOUR  # `top 10 daily` is no ten o'clock
    if (first in _NO_START and not is_ordinal) or is_bare:
        return None
    reading = read_timetable(" ".join(pieces[start:stop]).strip(_ENDS))
    if reading is None or reading.certainty is TimetableCertainty.SURE:
        return reading
    is_likely = reading.certainty is TimetableCertainty.LIKELY
    if start == 0:
        return reading if is_likely else None
    return reading if stop == len(pieces) else None


def _without(pieces: Sequence[str], span: slice) -> list[str]:
    """Returns the pieces without a span."""
    return _joined(pieces[: span.start], pieces, span)


def _joined(before: Sequence[str], pieces: Sequence[str], span: slice) -> list[str]:
    """Returns what stands around a span; where it ended a part of the line, that still ends."""
    kept, after = list(before), list(pieces[span.stop :])
    if kept and after and pieces[span.stop - 1][-1:] in _ENDS and kept[-1][-1:] not in _ENDS:
        kept[-1] += ","
    return [*kept, *after]


def _find_unclear(pieces: Sequence[str], found: TypedTime | None) -> tuple[str, str]:
    """Finds words that look like a time beside the one that was found, and single slips."""
    span = found.span if found else slice(0, 0)
    for at in range(len(pieces)):
        if span.start <= at < span.stop or _is_no_time(pieces[at]):
            continue
        stop = _unclear_stop(pieces, at, span)
        if stop:
            return _widened(pieces, at, stop, span), ""
    other = _find_time(_without(pieces, span)) if found else None
    if other and other.reading.certainty is TimetableCertainty.SURE:
        return f"{found.text} {other.text}" if found else other.text, ""
    is_last = bool(pieces) and span.stop != len(pieces) and len(pieces) > 1
    last = _word(pieces[-1]) if is_last else ""
    is_slip = bool(meant_keywords(last)) or (is_single_day(last) and last.casefold() != "today")
    return "", last if last and is_slip and not _is_no_time(last) else ""


def _unclear_stop(pieces: Sequence[str], at: int, span: slice) -> int:
    """Returns where words end that look like a time from a place on; 0 for none."""
    words = [_word(piece) for piece in pieces]
    stops: Sequence[int] = range(at + LONGEST_INTERVAL, at, -1)
    for stop in stops:
        if stop <= len(pieces) and is_wrong_interval(words[at:stop]):
            return stop
    if is_wrong_clock(words[at]):
        return at + 1
    number = _number_after(pieces, at)
    if number and (is_keyword(words[at]) or (words[at] == "at" and number == len(pieces))):
        return number
    follows = bool(span.stop) and at == span.stop and pieces[at - 1][-1:] not in _ENDS
    if follows and (is_number(words[at]) or is_unit(words[at]) or read_timetable(words[at])):
        return at + 1
    is_near = bool(meant_keywords(words[at])) or is_single_day(words[at])
    return at + 1 if is_near and _is_by_a_time(pieces, at, span) else 0


def _number_after(pieces: Sequence[str], at: int) -> int:
    """Returns where a number ends that follows a piece, which only `at` may part; 0 for none."""
    after = at + 1
    while after < len(pieces) and is_join(pieces[after]):
        after += 1
    is_hour = after < len(pieces) and is_short_number(_word(pieces[after]))
    return after + 1 if is_hour else 0


def _is_by_a_time(pieces: Sequence[str], at: int, span: slice) -> bool:
    """Tells if a number, a word of time, or the time that was found stands beside a piece."""
    if span.stop and at in {span.start - 1, span.stop}:
        return True
    before = [_word(one) for one in pieces[:at] if not is_join(one)][-1:]
    after = [_word(one) for one in pieces[at + 1 :] if not is_join(one)][:1]
    return any(map(is_number, after)) or any(
        read_timetable(one) is not None or one.casefold() in {"every", "each"} or _is_clock(one)
        for one in (*before, *after)
    )


def _is_clock(word: str) -> bool:
    return ":" in word and is_number(word)


def _widened(pieces: Sequence[str], start: int, stop: int, span: slice) -> str:
    """Returns unclear words with those of time around them."""
    if span.stop and start <= span.stop and span.start <= stop:
        start, stop = min(start, span.start), max(stop, span.stop)
    while start and _is_timely(pieces[start - 1]):
        start -= 1
    while stop < len(pieces) and _is_timely(pieces[stop]):
        stop += 1
    return " ".join(pieces[start:stop]).strip(_ENDS)


def _is_timely(piece: str) -> bool:
    word = _word(piece)
    is_word = is_join(word) or word.casefold() in {"every", "each"} or bool(meant_keywords(word))
    return is_word or is_number(word) or read_timetable(word) is not None
