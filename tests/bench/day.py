"""Shows a day as a moderator would have seen it: what came when, and why some of it did not.

The clock is simulated; the store, the newsroom and the worker that posts are the real ones.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import show
from day import Day, Delivered, root

from bot.model import Chat
from bot.posting.model import State
from bot.subscriptions.model import Subscription
from store.sqlite import SqliteStore

_SHOWN = 30  # events


def line(one: Delivered) -> str:
    """A message as it stands in a chat."""
    reply = one.message.reply
    at = f"{one.at:%d. %H:%M}"
    if not reply.cards:
        return f"{at}  {' '.join(reply.text)}"
    if len(reply.cards) == 1 and not reply.title:
        return f"{at}  {reply.cards[0].source}: {reply.cards[0].story.title}"
    cards = "".join(
        f"\n{'':13}{card.heading + ': ' if card.heading else ''}{card.story.title}"
        for card in reply.cards
    )
    more = f"\n{'':13}and {len(reply.more)} more by name" if reply.more else ""
    return f"{at}  {reply.title}{cards}{more}"


def describe(one: Subscription) -> str:
    """A subscription in a line."""
    parts = [f"{one.kind} {one.what!r}", str(one.when), one.zone]
    parts += [f"quiet {one.quiet}"] if one.quiet else []
    parts += [f"at most {one.most} a day"] if one.most else []
    parts += [f"PAUSED: {one.paused}"] if one.paused else []
    return ", ".join(parts)


def chat_page(day: Day, chat: Chat, subscriptions: list[Subscription]) -> Iterator[str]:
    """All that a chat has seen."""
    yield f"\n## {chat.platform} {chat.id}"
    yield from (f"follows {describe(one)}" for one in subscriptions)
    platform = next(one for one in day.platforms if one.platform == chat.platform)
    yield from (line(one) for one in platform.took if root(one.chat.id) == root(chat.id))


async def print_transcript(day: Day, chats: int) -> None:
    """Prints the transcript."""
    print("# What happened\n")
    for at, what in day.events[:_SHOWN]:
        print(f"{at:%d. %H:%M}  {what}")
    async with await SqliteStore.open(day.path) as store:
        for chat in day.chats[:: max(1, len(day.chats) // chats)][:chats]:
            following = list(await store.subscriptions.of(chat))
            print("\n".join(chat_page(day, chat, following)))


async def print_summary(day: Day) -> None:
    """Prints what became of all posts."""
    seen, posts = day.seen(), await day.posts()
    states = Counter(post.state for post in posts.values())
    reasons = Counter(post.reason for post in posts.values() if post.state is State.FAILED)
    lost = sum(1 for at, post in posts.items() if post.state is State.SENT and not seen[at])
    twice = {at: count - 1 for at, count in seen.items() if count > 1}
    excess = sum(count > posts[at].doubts + posts[at].deaths for at, count in twice.items())
    show(
        "posts",
        ("", "stories"),
        [
            *((state.value, f"{count:,}") for state, count in sorted(states.items())),
            ("sent, but never seen (lost)", str(lost)),
            ("seen twice after a doubt", str(sum(twice.values()))),
            ("seen twice without one", str(excess)),
        ],
    )
    if reasons:
        show("given up", ("why", "stories"), [(why, str(n)) for why, n in reasons.most_common()])


async def main(options: argparse.Namespace) -> None:
    """Lets the day pass, and shows it."""
    with tempfile.TemporaryDirectory() as folder:
        day = Day(
            Path(folder) / "d.db", sources=options.sources, chats=options.chats, seed=options.seed
        )
        start = time.monotonic()
        await day.run(options.hours)
        await print_transcript(day, options.shown)
        await print_summary(day)
        print(f"\n{options.hours} hours in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--sources", type=int, default=50)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shown", type=int, default=6, help="chats whose day is shown")
    asyncio.run(main(parser.parse_args()))
