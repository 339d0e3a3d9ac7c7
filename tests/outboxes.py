"""What tests of the outbox have in common: who follows, what comes, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from posting import HALL, ROOM
from stories import NOW, filed, story

from bot.chat.ports import Store
from bot.ingest.batch import StoryBatch
from bot.model import Chat, Story
from bot.posting.model import Delivery, HeadlineEdit, Outcome, Post, RoutedPost, State
from bot.posting.router import EDITABLE_FOR
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Rhythm, Timetable

PLATFORM = ROOM.platform
DAILY = Timetable(Rhythm.DAILY, (time(8),))
EIGHT = NOW.replace(hour=8) + timedelta(days=1)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days")
)
WEEK = 7 * DAY


async def follow(
    store: Store, what: str = "wire", chat: Chat = ROOM, **given: object
) -> Subscription:
    """A chat follows a source, unless a test says otherwise."""
    chosen = {"kind": TargetKind.SOURCE, "made": NOW, **given}
    return await store.subscriptions.put(Subscription(chat, what=what, **chosen))  # type: ignore[arg-type]


def at_once(one: Subscription, *also: Subscription, due: datetime = NOW) -> RoutedPost:
    return RoutedPost("", one, tuple(other.id for other in also), due, waiting=False)


def later(one: Subscription, *also: Subscription, due: datetime = EIGHT) -> RoutedPost:
    return RoutedPost("", one, tuple(other.id for other in also), due, waiting=True)


def posts_of(one: Story, *to: RoutedPost, now: datetime = NOW) -> StoryBatch:
    """A story with its posts."""
    return StoryBatch(filed([one]), now, [replace(each, story=one.id) for each in to])


async def comes(store: Store, title: str, *to: RoutedPost, now: datetime = NOW) -> Story:
    """A story comes, and is put into the outbox."""
    one = story(title, f"{title} it is.", published=now)
    await store.ingest.write(posts_of(one, *to, now=now))
    return one


async def retitle(store: Store, title: str, new: str, now: datetime = NOW) -> int:
    """A story has another headline now."""
    one = story(new, f"{title} it is.", key=title.casefold(), published=now)
    edits = [HeadlineEdit(one.id, now - EDITABLE_FOR)]
    return await store.ingest.write(StoryBatch(filed([one]), now, edits=edits))


async def claim_next(store: Store, now: datetime = NOW, chat: Chat = ROOM) -> Post:
    """A chat's next post, which is being sent from now on."""
    due = await store.outbox.due(chat.platform, now, 100_000)
    (post,) = (one for one in due if one.chat == chat)
    assert await store.outbox.claim(chat.platform, [post.id], now) == [post.id]
    return post


async def send_next(store: Store, now: datetime = NOW, chat: Chat = ROOM) -> Post:
    """A chat's next post, which has been sent."""
    post = await claim_next(store, now, chat)
    await mark(store, Delivery(post.id, f"message {post.id}"), now)
    return post


async def mark(store: Store, end: Outcome, now: datetime = NOW) -> None:
    await store.outbox.mark([end], now)


async def fate(store: Store, one: Story, chat: Chat = ROOM) -> tuple[State, str]:
    """What became of a story in a chat, and why."""
    post = await store.outbox.of_story(chat, one.id)
    assert post, one.title
    return post.state, post.reason


async def next_keys(store: Store, now: datetime = NOW, chat: Chat = ROOM) -> list[str]:
    """The keys of what a chat is sent from now on, in order, once that has been sent."""
    keys: list[str] = []
    while True:
        await store.outbox.gather(chat.platform, now)
        due = await store.outbox.due(chat.platform, now, 100_000)
        if not any(one.chat == chat for one in due):
            return keys
        keys.append((await send_next(store, now, chat)).key)


async def send_rest(store: Store, now: datetime = NOW, chat: Chat = ROOM) -> list[set[str]]:
    """The stories that a chat is sent from now on, by message, once that has been sent."""
    found: list[set[str]] = []
    while True:
        await store.outbox.gather(chat.platform, now)
        due = await store.outbox.due(chat.platform, now, 100_000)
        if not any(one.chat == chat for one in due):
            return found
        found.append(set((await send_next(store, now, chat)).stories))


__all__ = ["HALL", "NOW", "ROOM"]
