"""Feeds with habits, played for a simulated month: what they give, and what each of it truly is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from adapters.sources.feed.model import ParsedFeed, ParsedItem
from bot.model import Paragraph

START = datetime(2026, 11, 1, 6, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_SYLLABLES = (
    "ba be bo da de do fa fi ga go ka ke la le lo ma mi mo na ne no pa pe ra re ri ro".split()
)
_PLACES = ("the coast", "the old town", "Ravno", "Mount Kelo", "the islands")


@dataclass(frozen=True)
class Event:
    """What truly happened, and how a feed tells of it.

    Attributes:
        uid: Names it.
        at: When it was published.
        guid: The feed's id of it.
        url: Its page.
        title: Its title.
        text: Its text.
        date: What the feed says of `at`; None for no date.
        is_old: It is no news, whenever it appears.
    """

    uid: str
    at: datetime
    guid: str
    url: str
    title: str
    text: str
    date: datetime | None
    is_old: bool = False

    @property
    def item(self) -> ParsedItem:
        """The item that the feed gives."""
        paragraphs = (Paragraph(self.text),) if self.text else ()
        return ParsedItem(self.guid, self.url or None, self.title, "", paragraphs, self.date)


View = Callable[[Sequence[Event], datetime], Sequence[Event]]


@dataclass
class Play:
    """A feed, or several of one site, and what they give over time.

    Attributes:
        name: The habit.
        events: All that happens, oldest first.
        windows: How many items each of its feeds gives.
        order: What is random while it is played.
        view: Makes what each feed gives of the newest events, at a time.
        belongs: Tells which of its feeds has an event.
    """

    name: str
    events: list[Event]
    windows: Sequence[int] = (15,)
    view: View = lambda events, _now: events
    belongs: Callable[[Event, int], bool] = lambda _event, _feed: True
    order: random.Random = field(default_factory=random.Random)  # of items, and of polls

    def gives(self, feed: int, now: datetime) -> list[Event]:
        """Returns what one of its feeds gives at a time, the newest first."""
        there = [one for one in self.events if one.at <= now and self.belongs(one, feed)]
        newest = there[-self.windows[feed] :]
        return list(reversed(self.view(newest, now)))


def parsed(events: Sequence[Event]) -> ParsedFeed:
    """Returns the feed that gives some events."""
    return ParsedFeed("Town News", "https://town.example/", "en", tuple(one.item for one in events))


class Writer:
    """Writes stories at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same for the same seed
        self._words = ["".join(self.random.choices(_SYLLABLES, k=k)) for k in (2, 3, 4) * 250]
        self._count = 0

    def words(self, least: int, most: int) -> str:
        """Returns some words."""
        return " ".join(self.random.choices(self._words, k=self.random.randint(least, most)))

    def title(self) -> str:
        """Returns a headline."""
        return self.words(4, 9).capitalize()

    def number(self) -> int:
        """Returns a number that no other has."""
        self._count += 1
        return self._count

    def times(self, a_day: float, days: float = 42, lead: float = 12) -> Iterator[datetime]:
        """Yields moments at random, from some days before the start on."""
        now = START - timedelta(days=lead)
        while (now := now + timedelta(days=self.random.expovariate(a_day))) < START - timedelta(
            days=lead
        ) + timedelta(days=days):
            yield now.replace(microsecond=0)

    def daily(self, at: int = 6, every: int = 1) -> Iterator[datetime]:
        """Yields the same hour of each day, or of every so many days."""
        first = datetime.combine((START - 12 * DAY).date(), time(at), UTC)
        return (first + n * DAY for n in range(0, 42, every))

    def article(self, at: datetime, **given: object) -> Event:
        """Returns an article with an id, a page and a date of its own."""
        number = self.number()
        title, text = self.title(), self.words(25, 90)
        slug = title.lower().replace(" ", "-")
        url = f"https://town.example/{at:%Y/%m}/{slug}"
        base = Event(f"a{number}", at, f"post-{number}", url, title, text, at)
        return replace(base, **given)  # type: ignore[arg-type]

    def articles(self, a_day: float = 4) -> list[Event]:
        """Returns the articles of the month."""
        return [self.article(at) for at in self.times(a_day)]

    def typo(self, title: str) -> str:
        """Returns a title with two letters of its longest word in the wrong order."""
        longest = max(title.split(), key=len)
        at = self.random.randrange(1, len(longest) - 1)
        pair = longest[at : at + 2]
        return title.replace(longest, longest[:at] + pair[::-1] + longest[at + 2 :], 1)

    def moment(self) -> datetime:
        """Returns a moment in the middle of the month."""
        return START + timedelta(days=self.random.uniform(8, 20))


def each(change: Callable[[Event, datetime], Event]) -> View:
    """Makes a view that changes each event."""
    return lambda events, now: [change(one, now) for one in events]


def from_then(moment: datetime, change: Callable[[Event], Event]) -> View:
    """Makes a view that changes all events at once, from a moment on."""
    return lambda events, now: [change(one) if now >= moment else one for one in events]


def swapped(events: Sequence[Event], order: random.Random) -> list[Event]:
    """Returns the events in another order."""
    return order.sample(list(events), len(events))


def place(writer: Writer) -> str:
    """Returns a place where the earth shakes."""
    return writer.random.choice(_PLACES)
