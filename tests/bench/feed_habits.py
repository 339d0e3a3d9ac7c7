"""Plays a month of feeds with habits, and counts the stories that are lost and those repeated.

Each feed is polled through the real change detection into a real store, by a simulated clock. A
chat follows all feeds of a play; where a play has two, another chat follows the second alone.
A story is lost when a chat that follows its feed never gets a post of it, and repeated when it gets
another one.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import facts, show
from feed_habits import HABITS
from feed_plays import START, Event, Play, Writer, parsed
from newsdesk import ScriptedSource
from stories import HandClock

from adapters.sources.feed.stories import stories
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult
from bot.model import Chat, Source
from bot.posting.router import SubscriptionRouter
from bot.subscriptions.model import Subscription, TargetKind
from store.sqlite import SqliteStore

BAR = 1 / 1_000
"""Stories lost or repeated, of all stories that are news to a chat."""

DAYS = 30


@dataclass
class Outcome:
    """What became of the stories of a play.

    Attributes:
        stories: Stories that were news to a chat, counted for each chat.
        lost: Those that it got no post of.
        repeated: Posts of stories that it had got, or that were no news.
        wrong: What was lost or repeated, to be looked at.
    """

    stories: int = 0
    lost: int = 0
    repeated: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Adds the outcome of another play of the habit."""
        self.stories += other.stories
        self.lost += other.lost
        self.repeated += other.repeated
        self.wrong += other.wrong


class _Follower:
    """A chat, and what it should have got."""

    def __init__(self, name: str, feeds: Iterable[int]) -> None:
        self.chat = Chat("test", name)
        self.feeds = frozenset(feeds)
        self.expected: dict[str, Event] = {}
        self.known: set[str] = set()
        self.got = Counter[str]()
        self.posts: set[str] = set()

    def hear(self, feed: int, given: Sequence[Event], *, first: bool) -> None:
        """Takes note of what a feed that it follows gives."""
        if feed not in self.feeds:
            return
        for one in given:
            if one.uid not in self.known and not (first or one.is_old):
                self.expected[one.uid] = one
            self.known.add(one.uid)


async def play(play: Play, days: float, folder: Path) -> Outcome:
    """Plays a habit for some days, and judges it."""
    clock = HandClock(START)
    sources = [
        ScriptedSource(Source(f"feed{n}", f"Feed {n}", "feed", timedelta(minutes=30)))
        for n in range(len(play.windows))
    ]
    followers = [_Follower("all", range(len(sources)))]
    if len(sources) > 1:
        followers.append(_Follower("second", [1]))
    async with await SqliteStore.open(folder / "habits.db") as store:
        for one in followers:
            for feed in one.feeds:
                wanted = Subscription(one.chat, TargetKind.SOURCE, f"feed{feed}", made=START)
                await store.subscriptions.put(wanted)
        router = SubscriptionRouter(store.subscriptions)
        poller = Poller(store, clock, sources, StoryEnricher(), router=router)
        first = True
        while clock.now() < START + timedelta(days=days):
            seen = _gives(play, sources, clock.now())
            await poller.load()
            for feed, given in enumerate(seen):
                for one in followers:
                    one.hear(feed, given, first=first)
            for one in followers:
                await _count(store, one, [event for given in seen for event in given])
            first = False
            clock.pass_(play.order.uniform(0.5, 3) * 3600)
    return _judge(followers)


def _gives(play: Play, sources: Sequence[ScriptedSource], now: datetime) -> list[Sequence[Event]]:
    seen: list[Sequence[Event]] = []
    for feed, source in enumerate(sources):
        given = play.gives(feed, now)
        seen.append(given)
        found = stories(parsed(given), source.source.id, now)
        source.gives = [FetchResult(tuple(found), signature=now.isoformat())]
    return seen


async def _count(store: SqliteStore, follower: _Follower, given: Sequence[Event]) -> None:
    """Counts what has newly been put into a chat's outbox."""
    posts = await store.outbox.of_chat(follower.chat, 400)
    new = [post for post in posts if post.key not in follower.posts]
    follower.posts |= {post.key for post in new}
    told = await store.stories.by_ids([post.key for post in new])
    by_content: dict[tuple[str, str], list[Event]] = {}
    for one in dict.fromkeys(given):
        by_content.setdefault((one.title, one.text), []).append(one)
    for story in told:
        events = by_content[story.title, story.text]
        best = min(
            events,
            key=lambda one: (
                one.date != story.published,
                one.url != story.url,
                one.uid in follower.got,
            ),
        )
        follower.got[best.uid] += 1


def _judge(followers: Sequence[_Follower]) -> Outcome:
    found = Outcome()
    for one in followers:
        found.stories += len(one.expected)
        lost = [uid for uid in one.expected if uid not in one.got]
        repeated = {
            uid: count - (uid in one.expected)
            for uid, count in one.got.items()
            if count > (uid in one.expected)
        }
        found.lost += len(lost)
        found.repeated += sum(repeated.values())
        found.wrong += [f"{one.chat.id}: lost {one.expected[uid]}" for uid in lost]
        found.wrong += [f"{one.chat.id}: repeated {uid}" for uid in repeated]
    return found


async def play_all(
    habits: Sequence[Callable[[Writer], Play]], seeds: Iterable[int], days: float = DAYS
) -> Mapping[str, Outcome]:
    """Plays habits, each once for each seed."""
    outcomes: dict[str, Outcome] = {}
    for seed in seeds:
        for number, habit in enumerate(habits):
            writer = Writer(seed * 1_000 + number)
            made = habit(writer)
            made.order.seed(seed)
            with tempfile.TemporaryDirectory() as folder:
                outcome = await play(made, days, Path(folder))
            outcomes.setdefault(made.name, Outcome()).add(outcome)
    return outcomes


def total(outcomes: Iterable[Outcome]) -> Outcome:
    """Returns the sum of outcomes."""
    whole = Outcome()
    for one in outcomes:
        whole.add(one)
    return whole


def ratio(outcome: Outcome) -> float:
    """Returns the part of all stories that was lost or repeated."""
    return (outcome.lost + outcome.repeated) / max(1, outcome.stories)


def main() -> int:
    """Plays all habits, and prints the table; 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description="Count what is lost and what is posted twice.")
    parser.add_argument("--seeds", type=int, default=1, help="plays of each habit")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--days", type=float, default=DAYS)
    parser.add_argument("--only", default="", help="a habit, by a part of its function's name")
    parser.add_argument("--show", action="store_true", help="tell what went wrong")
    options = parser.parse_args()
    habits = [one for one in HABITS if options.only in one.__name__]
    seeds = range(options.first, options.first + options.seeds)
    outcomes = asyncio.run(play_all(habits, seeds, options.days))
    whole = total(outcomes.values())
    rows = [
        (name, str(one.stories), str(one.lost), str(one.repeated))
        for name, one in (*outcomes.items(), ("all", whole))
    ]
    print(facts())
    title = f"{options.days:g} days of feeds, {len(seeds)} of each habit"
    show(title, ("Habit", "stories", "lost", "repeated"), rows)
    print(f"\nLost or repeated: {ratio(whole) * 1_000:.2f} in 1,000 stories (bar: {BAR * 1_000:g})")
    if options.show:
        print("\n".join(whole.wrong))
    return 0 if ratio(whole) <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
