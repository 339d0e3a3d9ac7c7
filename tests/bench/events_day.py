"""Plays a day of overlapping feeds, and counts the posts that a chat is spared.

The feeds are made of the hosts of a file of labelled stories (see `events.py`), each of several.
Their stories come in the order of their publication, through the router, the store and the outbox
as they are; a chat follows everything. With `--show`, joined stories are listed beside those that
were posted, to be read: the label of a story is another judge than a reader, and told beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.events import Labelled, read_labelled
from bench.tables import show
from stories import filed, story

from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision
from bot.ingest.events.assigner import EventAssigner
from bot.model import Chat, Story
from bot.posting.model import State
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.subscriptions.model import EventPosts, Subscription, TargetKind
from store.sqlite import SqliteStore

_CHAT = Chat("bench", "everything")
_LEAD = 160  # signs of a lead that are shown
_LIMITS = FloodLimits(burst=50, events=EventPosts.ONCE)


def feeds(stories: Sequence[Labelled], many: int) -> list[Labelled]:
    """Returns the stories with the feeds that give them in place of their hosts."""
    return [replace(one, source=f"feed{crc32(one.source.encode()) % many}") for one in stories]


async def play(path: Path, told: Sequence[Labelled]) -> tuple[Counter[str], list[tuple[int, int]]]:
    """Brings stories one by one; returns posts by state, and who joined whom."""
    async with await SqliteStore.open(path) as store:
        followed = Subscription(_CHAT, TargetKind.EVERYTHING, "", made=told[0].at)
        await store.subscriptions.put(followed)
        router = SubscriptionRouter(store.subscriptions, _LIMITS)
        events = EventAssigner(store.events, patience=60.0)
        numbers = {}
        for number, one in enumerate(told):
            made = _story(number, one)
            numbers[made.id] = number
            new = tuple(filed([made]))
            decision = Decision(new, (), 0, new)
            await BatchWriter(store.ingest, router, decision, one.at, events=events).write(new)
        states: Counter[str] = Counter(await store.outbox.counts(_CHAT.platform))
        posts = await store.outbox.of_chat(_CHAT, len(told))
        joined = [one.stories[0] for one in posts if one.state is State.JOINED]
        developments = await store.events.developments(joined)
        return states, [(numbers[developments[one]], numbers[one]) for one in joined]


def _story(number: int, one: Labelled) -> Story:
    made = story(one.title, one.lead, source=one.source or "x", key=str(number), published=one.at)
    return replace(made, summary=one.lead)


def main() -> None:
    """Plays the day that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="labelled stories, see events.py")
    parser.add_argument("--feeds", type=int, default=30)
    parser.add_argument("--most", type=int, default=2_000, help="stories at most")
    parser.add_argument(
        "--start", type=int, default=0, help="stories to leave out, for another day"
    )
    parser.add_argument("--show", type=int, default=0, help="joins to be read")
    parser.add_argument("--seed", type=int, default=1, help="chooses which")
    given = parser.parse_args()
    told = feeds(read_labelled(given.file), given.feeds)[given.start :][: given.most]
    with tempfile.TemporaryDirectory() as folder:
        states, joins = asyncio.run(play(Path(folder) / "day.db", told))
    other = [(first, one) for first, one in joins if told[first].event != told[one].event]
    fewer = 100 * len(joins) / len(told)
    rows = [
        ("stories of the feeds", str(len(told))),
        ("posts", str(len(told) - len(joins))),
        ("fewer posts (bar: 40 %)", f"{fewer:.1f} %"),
        ("joins of stories with other labels", str(len(other))),
        ("edits that wait", str(states[State.DUE] - (len(told) - len(joins)))),
    ]
    show(f"a day of {given.feeds} feeds", ("", "count"), rows)
    chance = random.Random(given.seed)  # noqa: S311 - the same joins each time
    for first, one in chance.sample(joins, min(given.show, len(joins))):
        mark = "" if told[first].event == told[one].event else "  (other label)"
        print(_shown(told[first]), f"    {_shown(told[one])}{mark}", sep="\n")


def _shown(one: Labelled) -> str:
    lead = one.lead[:_LEAD]
    return f"{one.title} | {lead}" if lead else one.title


if __name__ == "__main__":
    main()
