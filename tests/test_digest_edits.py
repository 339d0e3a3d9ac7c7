"""A changed headline is mended in the digest that shows it, by one edit for several changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from outboxes import DAY, EIGHT, ROOM, at_once, comes, follow, later, retitle, send_next
from posting import NOW, Posting, posting
from stores import open_store, store
from stories import story

from bot.chat.ports import Store
from bot.errors import RetryLaterError
from bot.model import Story
from bot.posting.model import PostKind
from bot.posting.router import EDITABLE_FOR, FloodLimits

pytestmark = pytest.mark.slow

__all__ = ["open_store", "store"]

STORIES = [story(f"Story {n}", f"It is {n}.", published=NOW) for n in range(4)]


async def brings_digest(parts: Posting) -> None:
    await parts.follow(ROOM)
    await parts.brings(*STORIES)
    await parts.until(lambda: len(parts.posted) == 1, 300)
    assert parts.posted == [("room", "4 new stories")]


def retitled(*numbers: int) -> list[Story]:
    return [replace(STORIES[n], title=f"Story {n}, corrected") for n in numbers]


async def test_several_changes_are_one_edit_of_the_digest(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db", FloodLimits(burst=0)) as parts:
        await brings_digest(parts)
        await parts.brings(*retitled(0, 2))
        await parts.until(lambda: bool(parts.messenger.edited))
        await parts.passes(60)
        ((shown, message),) = parts.messenger.edited
        titles = {card.story.title for card in (*message.reply.cards, *message.reply.more)}
        assert titles == {"Story 0, corrected", "Story 1", "Story 2, corrected", "Story 3"}
        assert (shown, message.reply.title) == ("message 1", "4 new stories")
        assert len(parts.posted) == 1


async def test_an_edit_that_waits_shows_what_changes_meanwhile(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db", FloodLimits(burst=0)) as parts:
        await brings_digest(parts)
        parts.messenger.ends["room"] = [RetryLaterError("busy", 30.0)]
        await parts.brings(*retitled(0))
        await parts.passes(5)
        await parts.brings(*retitled(0, 1))
        await parts.until(lambda: bool(parts.messenger.edited))
        await parts.passes(60)
        ((_, message),) = parts.messenger.edited
        assert [card.story.title for card in message.reply.cards if "," in card.story.title] != []
        assert sum("corrected" in card.story.title for card in message.reply.cards) == 2


async def test_a_later_change_is_an_edit_of_its_own_until_the_digest_is_old(store: Store) -> None:
    one = await follow(store)
    for title in "AB":
        await comes(store, title, later(one))
    await store.outbox.gather(ROOM.platform, EIGHT)
    digest = await send_next(store, EIGHT)
    for new in ("A 2", "A 3"):
        assert await retitle(store, "A", new, EIGHT) == 1
        edit = await send_next(store, EIGHT)
        assert (edit.kind, edit.message) == (PostKind.EDIT, f"message {digest.id}")
        assert edit.stories == digest.stories
    assert await retitle(store, "A", "A 4", EIGHT + EDITABLE_FOR + DAY) == 0


async def test_no_digest_is_mended_whose_subscription_is_paused(store: Store) -> None:
    one = await follow(store)
    for title in "AB":
        await comes(store, title, later(one))
    await store.outbox.gather(ROOM.platform, EIGHT)
    await send_next(store, EIGHT)
    await store.subscriptions.pause(ROOM, "blocked", EIGHT)
    assert await retitle(store, "A", "A 2", EIGHT) == 0


async def test_what_is_gathered_while_a_digest_waits_joins_it(store: Store) -> None:
    one = await follow(store)
    stories = [await comes(store, title, later(one)) for title in "AB"]
    await store.outbox.gather(ROOM.platform, EIGHT)
    (before,) = await store.outbox.due(ROOM.platform, EIGHT, 5)
    stories.append(await comes(store, "C", later(one), now=EIGHT))
    await store.outbox.gather(ROOM.platform, EIGHT)
    (digest,) = await store.outbox.due(ROOM.platform, EIGHT, 5)
    assert (digest.id, digest.stories) == (before.id, tuple(each.id for each in stories))
    assert await store.outbox.stories_in(digest.id) == digest.stories


async def test_a_single_that_was_gathered_and_waits_is_one_digest_with_the_next(
    store: Store,
) -> None:
    one = await follow(store)
    first = await comes(store, "A", later(one))
    await store.outbox.gather(ROOM.platform, EIGHT)
    second = await comes(store, "B", later(one), now=EIGHT)
    third = await comes(store, "C", at_once(one), now=EIGHT)
    await store.outbox.gather(ROOM.platform, EIGHT)
    posts = [(await send_next(store, EIGHT)).stories for _ in range(2)]
    assert sorted(posts, key=len) == [(third.id,), (first.id, second.id)]
