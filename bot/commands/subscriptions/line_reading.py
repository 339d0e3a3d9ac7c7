"""The reading of /subscribe's line in a chat: names and headlines decide what may be a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat.request import Request
from bot.commands.subscriptions.actions import SUBSCRIBE_NAME
from bot.commands.subscriptions.filter_phrases import take_filters
from bot.commands.subscriptions.options import SEPARATOR, is_on, read_when, typed_options
from bot.commands.subscriptions.schedule_wording import timetable_label
from bot.commands.subscriptions.target import is_near_name, named_target
from bot.commands.subscriptions.typed_line import SubscriptionLine, TypedTime, take_apart
from bot.reply import Action, Button
from bot.search.held_phrases import is_held
from bot.subscriptions.timetable_grammar import TimetableCertainty
from bot.subscriptions.timetable_lexicon import timetable_lexicon
from bot.subscriptions.timetable_words import RHYTHMS
from bot.text.display import add_quotes

_JOINED = 4  # parts that may be one name
_TO = re.compile(r"(?:(?:me|us) )?(?:to|about|for) (?=\S)", re.IGNORECASE)
_LEADING_AND = re.compile(r"^(?:and|&|\+)\s+(?=\S)", re.IGNORECASE)
_ALL_TOPICS = frozenset({"all topics", "every topic", "all of the topics"})
_MOST_PIECES = 15  # names, with what parts them
_PARTS = re.compile(r'(?:["“”][^"“”]*["“”]|(?<=\d),(?=\d)|[^,;，、；\n])+')


@dataclass(frozen=True, slots=True)
class UnclearTime:
    """Words that look like a time and are none.

    Attributes:
        text: The words.
        what: The line without them; what is to be followed.
        words: The whole line, if it may also be words to search for; else empty.
    """

    text: str
    what: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class LineReading:
    """A line, read.

    Attributes:
        request: The question, with the options that the line gives.
        parts: The things that are to be followed, as they are typed.
        unclear: What has to be asked about first; None for nothing.
        notes: Notes on how it was read.
        readings: Buttons for other readings.
    """

    request: Request
    parts: Sequence[str]
    unclear: UnclearTime | None = None
    notes: tuple[str, ...] = ()
    readings: tuple[Button, ...] = ()


async def read_line(request: Request) -> LineReading:
    """Reads the line after /subscribe.

    Raises:
        StoreError: The store cannot be read.
    """
    text, when = request.text("what"), request.text("when")
    if when and read_when(request, when) is None:
        return LineReading(request, (), UnclearTime(when, text))
    if is_on(request, "literal") or named_target(request, text):
        return LineReading(request, split_parts(request, text, literal=True))
    text = await _without_preposition(request, text)
    filtered = await take_filters(request, text)
    read = await _read_times(_with_options(request, filtered.options), filtered.text)
    if not filtered.options or read.unclear:
        return read
    return replace(read, readings=(words_button(request, text), *read.readings))


async def _read_times(request: Request, text: str) -> LineReading:
    when = request.text("when")
    line = _take_apart(request, text, is_timed=bool(when))
    unclear = await _unclear_time(request, line, text)
    if unclear:
        return LineReading(request, (), unclear)
    if line.time and await _is_name(request, line.time):
        return _as_words(request, line, line.time)
    return _as_time(request, line, text)


def _take_apart(request: Request, text: str, *, is_timed: bool) -> SubscriptionLine:
    """Takes a line apart whose words for times are English or the bot's own language."""
    english = timetable_lexicon(request.services.translations).english(text)
    line = take_apart(english.text, is_timed=is_timed)
    if not english.own:
        return line
    restore = english.restore
    time = line.time and replace(
        line.time, text=restore(line.time.text), beside=restore(line.time.beside)
    )
    return replace(
        line,
        what=restore(line.what),
        time=time,
        unclear=restore(line.unclear),
        slip=restore(line.slip),
        slip_name=restore(line.slip_name),
        words=restore(line.words),
    )


async def _without_preposition(request: Request, text: str) -> str:
    """Leaves out the `to` of `subscribe me to football`, unless stories have it."""
    match = _TO.match(text)
    if match is None or await is_held(request.services.store.search, text):
        return text
    return text[match.end() :]


async def _unclear_time(request: Request, line: SubscriptionLine, text: str) -> UnclearTime | None:
    """Returns what looks like a time and is none, unless stories have it."""
    unclear = line.unclear
    if line.slip and not await is_held(request.services.store.search, line.slip_name):
        unclear = line.slip
    if not unclear:
        return None
    what = " ".join(_cut(text, unclear).split())
    return UnclearTime(unclear, what, text)


def _cut(text: str, words: str) -> str:
    """Returns a text without some words, wherever they stand."""
    pattern = r"[\s,]+".join(re.escape(word.strip(",")) for word in words.split())
    whole = re.sub(pattern, " ", text, count=1)
    if whole != text:
        return whole
    for word in words.split():
        text = re.sub(rf"(?<!\S){re.escape(word)}(?!\S)", " ", text, count=1)
    return text


async def _is_name(request: Request, time: TypedTime) -> bool:
    """Tells if words that may be a time are the name of something: `black friday`."""
    if time.reading.certainty is TimetableCertainty.SURE or not time.beside:
        return False
    known = named_target(request, time.beside) is not None
    return known or await is_held(request.services.store.search, time.beside)


def _as_words(request: Request, line: SubscriptionLine, time: TypedTime) -> LineReading:
    """Reads what may be a time as words, and offers the time."""
    note = request.gettext("Stories contain {words}, so I took it for words, not for a time.")
    when = time.reading.timetable
    timed = _action(request, line.what, {**line.switches, "when": str(when)})
    given = _with_options(request, line.switches)
    return LineReading(
        given,
        split_parts(request, line.words),
        notes=(note.format(words=add_quotes(time.beside)),),
        readings=(Button(timetable_label(request, when), timed),),
    )


def _as_time(request: Request, line: SubscriptionLine, text: str) -> LineReading:
    """Reads the line as it was taken apart; what is not sure is offered as words."""
    options = dict(line.switches)
    if line.time:
        options["when"] = str(line.time.reading.timetable)
    is_sure = line.time is None or _is_clear(line.time)
    parts = split_parts(request, line.what)
    is_named = bool(parts) and all(named_target(request, part) for part in parts)
    is_switch_clear = "silent" not in line.switches or is_named or not parts
    is_offered = not (is_sure and is_switch_clear)
    readings = (words_button(request, text),) if is_offered else ()
    return LineReading(_with_options(request, options), parts, readings=readings)


def _is_clear(time: TypedTime) -> bool:
    """Tells if hardly anybody would mean words by a time; `daily` at the end is one, too."""
    is_rhythm = time.text.casefold() in RHYTHMS and time.span.start > 0
    return time.reading.certainty is TimetableCertainty.SURE or is_rhythm


def words_button(request: Request, text: str) -> Button:
    """Makes the button that takes all of a line for words."""
    label = request.gettext("Just the words {words}").format(words=add_quotes(text))
    return Button(label, _action(request, text, {"literal": "on"}))


def _action(request: Request, what: str, options: Mapping[str, str]) -> Action:
    """Returns what asks for the same with other words, and with other options beside."""
    given = {**typed_options(request), **options}
    return Action(SUBSCRIBE_NAME, (("what", what), *given.items()))


def _with_options(request: Request, options: Mapping[str, str]) -> Request:
    """Returns the question with options that the line gives; what is named has precedence."""
    return replace(request, options={**options, **request.options})


def split_parts(request: Request, text: str, *, literal: bool = False) -> Sequence[str]:
    """Cuts a text at its commas, but not the name of one thing that has commas in it.

    An `and` parts only what are names on both sides, and nothing in words that are `literal`.
    """
    if not literal and " ".join(text.casefold().split()) in _ALL_TOPICS:
        return [topic.name for topic in request.services.topics]
    parts = [part for found in _PARTS.findall(text) if (part := found.strip())]
    cut, at = list[str](), 0
    while at < len(parts):
        stops = range(min(at + _JOINED, len(parts)), at + 1, -1)
        whole = (stop for stop in stops if named_target(request, ", ".join(parts[at:stop])))
        stop = next(whole, at + 1)
        cut.append(", ".join(parts[at:stop]))
        at = stop
    if literal:
        return cut
    if len(cut) > 1:
        cut[-1] = _LEADING_AND.sub("", cut[-1], count=1)
    return [one for part in cut for one in _split_names(request, part)]


def _split_names(request: Request, part: str) -> Sequence[str]:
    """Cuts `osaka expo and football` in two, where both are names, typed right or with slips."""
    pieces = SEPARATOR.split(part)
    is_plain = not any(sign in part for sign in '"“”')
    if not is_plain or not 1 < len(pieces) <= _MOST_PIECES or named_target(request, part):
        return [part]
    return _names(request, pieces) or [part]


def _names(request: Request, pieces: Sequence[str]) -> Sequence[str]:
    """Returns the names that pieces and what parts them are, in turns; none where one is none."""
    for stop in range(len(pieces), 0, -2):
        left = pieces[stop + 1 :]
        if is_near_name(request, "".join(pieces[:stop])):
            rest = _names(request, left)
            if rest or not left:
                return ["".join(pieces[:stop]), *rest]
    return []
