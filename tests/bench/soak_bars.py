"""Verdicts on a soak: memory, lateness of polls, repeated log lines, and the posts of each chat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.soak_samples import Log, Sample, growth
from bench.soak_sources import PublishedStory, SoakSource

_TITLE = re.compile(r"([A-Z][a-z]+) report (\d+) from desk (\d+)")
_FLAT = 0.02  # of the mean
_TENTH = 0.1  # of a source's interval
_GRACE = 2.0  # seconds beside the tenth, which the polls' jitter uses up: for a busy machine
_FLOOD = 90.0  # seconds within which no line of the log comes again

ChatKey = tuple[str, int]
"""A platform, and a chat's id there."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, and the verdict.

    Attributes:
        found: The figure.
        details: Where it was missed, a line each.
    """

    name: str
    wanted: str
    found: str
    is_met: bool
    details: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """A message in a chat.

    Attributes:
        at: The time, by the monotonic clock.
        stories: The stories that it names; more than one in a digest.
    """

    chat: ChatKey
    at: float
    stories: tuple[tuple[int, int], ...]


def received(chat: ChatKey, at: float, text: str) -> Received:
    """Returns a message, as far as it is about stories."""
    named = dict.fromkeys((int(m[3]), int(m[2])) for m in _TITLE.finditer(text))
    return Received(chat, at, tuple(named))


def flat_memory(name: str, samples: Sequence[Sample], value: str, settled: float) -> Bar:
    """Judges that memory is flat.

    Args:
        name: The name of the bar.
        samples: The samples.
        value: The attribute of a sample.
        settled: Seconds after which it is to be flat.
    """
    points = [(one.at, float(getattr(one, value))) for one in samples if one.at >= settled]
    wanted = f"within ±{_FLAT:.0%} after {settled / 60:.1f} min"
    if len(points) < 3:
        return Bar(name, wanted, "too few samples", is_met=True)
    grown = growth(points)
    return Bar(name, wanted, f"{grown:+.1%}", is_met=abs(grown) <= _FLAT)


def _delays(source: SoakSource, every: float, begun: float, end: float) -> Iterator[float]:
    """Yields how many seconds each poll came after it was due, with its backoff.

    It is due an interval after the beginning of the one before, or at its end if that comes later.
    """
    due = begun + every  # the first poll may come in its turn
    failures = 0
    for poll in source.polls:
        yield poll.at - due
        failures = failures + 1 if poll.failed else 0
        due = max(poll.at + every * 2**failures, poll.ended or end)
    yield end - due


def _worst_delay(source: SoakSource, every: float, begun: float, end: float) -> tuple[float, float]:
    """Returns the worst delay in seconds, beyond the tenth; and the interval it belongs to."""
    intervals = [every]
    failures = 0
    for poll in source.polls:
        failures = failures + 1 if poll.failed else 0
        intervals.append(every * 2**failures)
    delays = _delays(source, every, begun, end)
    pairs = zip(delays, intervals, strict=True)
    return max((delay - _TENTH * interval, interval) for delay, interval in pairs)


def punctual_polls(
    sources: Iterable[SoakSource], every: float, begun: float, end: float
) -> tuple[Bar, Bar]:
    """Judges that no source was polled later than a tenth after it was due.

    Returns:
        The bar of the sources that can be read, and that of those that hang or lie, by the
        backoff.
    """
    rows = [(*_worst_delay(one, every, begun, end), one) for one in sources]
    good = [row for row in rows if row[2].is_followed]
    bad = [row for row in rows if not row[2].is_followed]
    return _poll_bar("polls of readable sources", good), _poll_bar("polls of bad sources", bad)


def _poll_bar(name: str, rows: Sequence[tuple[float, float, SoakSource]]) -> Bar:
    late = sorted((row for row in rows if row[0] > _GRACE), key=lambda row: -row[0])
    details = [
        f"{one.id} ({one.kind}): {over:.0f} s later than a tenth after {interval:.0f} s"
        for over, interval, one in late
    ]
    worst = max((row[0] for row in rows), default=0.0)
    found = f"{len(late)} of {len(rows)} late; worst {worst:+.1f} s"
    return Bar(name, "at most a tenth late", found, not late, details)


def quiet_log(log: Log) -> Bar:
    """Judges that no trouble is told again and again."""
    again = [(gap, text) for gap, text in log.repeats() if gap < _FLOOD]
    counts = Counter(text for _, text in log.troubles())
    details = [f"{counts[text]} times, {gap:.0f} s apart: {text[:150]}" for gap, text in again]
    found = (
        f"{len(again)} of {len(counts)} troubles; {max(counts.values(), default=0)} times at most"
    )
    return Bar("troubles told again", f"none within {_FLOOD:.0f} s", found, not again, details)


@dataclass
class PostLedger:
    """The posts that chats are to get, and those that they got.

    Attributes:
        followed: What each chat follows: a source's number, or a word.
    """

    followed: dict[ChatKey, int | str] = field(default_factory=dict)
    published: list[PublishedStory] = field(default_factory=list)

    def wanted(self) -> set[tuple[ChatKey, tuple[int, int]]]:
        """Returns all posts that chats are to get."""
        followers: dict[int | str, list[ChatKey]] = {}
        for chat, what in self.followed.items():
            followers.setdefault(what, []).append(chat)
        return {
            (chat, (story.source, story.number))
            for story in self.published
            for what in (story.source, story.word)
            for chat in followers.get(what, ())
        }

    def counted(self, messages: Iterable[Received]) -> Counter[tuple[ChatKey, tuple[int, int]]]:
        """Counts how often each chat got each story."""
        return Counter(
            (one.chat, story)
            for one in messages
            for story in one.stories
            if one.chat in self.followed
        )

    def waits(self, messages: Iterable[Received]) -> list[float]:
        """Returns the seconds from each story's publication to each post of it."""
        at = {(one.source, one.number): one.at for one in self.published}
        mine = [one for one in messages if one.chat in self.followed]
        return [one.at - at[story] for one in mine for story in one.stories if story in at]

    def bars(self, messages: Sequence[Received]) -> list[Bar]:
        """Judges that no post was lost, came twice or out of order."""
        wanted, counts = self.wanted(), self.counted(messages)
        known = {chat for chat, _ in counts} | set(self.followed)
        lost = wanted - counts.keys()
        twice = [post for post, count in counts.items() if count > 1]
        alien = [post for post in counts.keys() - wanted if post[1][1] >= 0]
        mixed = [line for chat in known for line in _out_of_order(chat, messages)]
        return [
            _none("posts lost", lost, of=len(wanted)),
            _none("posts that came twice", twice, of=len(wanted)),
            _none("posts that nobody asked for", alien, of=len(wanted)),
            _none("posts out of order", mixed, of=len(wanted)),
        ]


def _none(name: str, wrong: Iterable[object], *, of: int) -> Bar:
    details = sorted(map(str, wrong))
    return Bar(name, "none", f"{len(details)} of {of:,}", not details, details)


def _out_of_order(chat: ChatKey, messages: Iterable[Received]) -> Iterator[str]:
    """Yields the single posts that came after a newer story of the same source."""
    last: dict[int, int] = {}
    for one in messages:
        if one.chat == chat and len(one.stories) == 1:
            ((source, number),) = one.stories
            if number < last.get(source, -1):
                yield f"{chat}: {number} after {last[source]} of desk {source}"
            last[source] = number
