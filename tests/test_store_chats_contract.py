"""What every store must do for adapters: what buttons ask for, settings of chats, and notes."""

from __future__ import annotations

import asyncio

import pytest
from stores import OpenStore, open_store, store

from bot.chat.ports import Store
from bot.errors import StoreError
from bot.model import Action, Chat, Person, Shown

__all__ = ["open_store", "store"]

ROOM = Chat("telegram", "-100")
SEARCH = Action("search", (("words", "\"são paulo\" 100% 'x' 🧵\n\\"), ("page", "2")))


# What buttons ask for


async def test_an_action_comes_back_as_it_went_in(store: Store) -> None:
    actions = {"#1": SEARCH, "#2": Action("latest"), "#3": Action("x", (("a", ""), ("a", "b")))}
    await store.chats.remember_actions(actions)
    assert {token: await store.chats.action(token) for token in actions} == actions
    assert await store.chats.action("#4") is None
    assert await store.chats.action("") is None


async def test_an_action_replaces_what_had_its_token_and_leaves_the_others(store: Store) -> None:
    await store.chats.remember_actions({"#1": Action("latest"), "#2": SEARCH})
    await store.chats.remember_actions({"#1": Action("topics")})
    assert await store.chats.action("#1") == Action("topics")
    assert await store.chats.action("#2") == SEARCH


async def test_nothing_to_remember_is_no_trouble(store: Store) -> None:
    await store.chats.remember_actions({})
    assert await store.chats.action("#1") is None


# Settings of chats


async def test_settings_are_of_one_chat_each(store: Store) -> None:
    assert await store.chats.settings(ROOM) == {}
    await store.chats.set_setting(ROOM, "preview", "off")
    await store.chats.set_setting(ROOM, "quiet", "on")
    await store.chats.set_setting(Chat("discord", ROOM.id), "answers", "private")
    assert await store.chats.settings(ROOM) == {"preview": "off", "quiet": "on"}
    assert await store.chats.settings(Chat("discord", ROOM.id)) == {"answers": "private"}
    assert await store.chats.settings(Chat("telegram", "-1001")) == {}


async def test_a_setting_is_replaced_and_taken_back(store: Store) -> None:
    await store.chats.set_setting(ROOM, "preview", None)
    for value in ("off", "on", ""):
        await store.chats.set_setting(ROOM, "preview", value)
        assert await store.chats.settings(ROOM) == {"preview": value}
    await store.chats.set_setting(ROOM, "quiet", "on")
    await store.chats.set_setting(ROOM, "preview", None)
    assert await store.chats.settings(ROOM) == {"quiet": "on"}


async def test_settings_set_at_once_are_all_kept(store: Store) -> None:
    await asyncio.gather(*(store.chats.set_setting(ROOM, f"n{n}", str(n)) for n in range(50)))
    assert await store.chats.settings(ROOM) == {f"n{n}": str(n) for n in range(50)}


# Notes


async def test_a_note_is_replaced_by_the_next_of_its_name(store: Store) -> None:
    assert await store.chats.note("telegram.offset") == ""
    await store.chats.set_note("telegram.offset", "41")
    await store.chats.set_note("telegram.offset", "42")
    await store.chats.set_note("telegram.webhook", "é\n🧵")
    assert await store.chats.note("telegram.offset") == "42"
    assert await store.chats.note("telegram.webhook") == "é\n🧵"
    await store.chats.set_note("telegram.offset", "")
    assert await store.chats.note("telegram.offset") == ""


# All of them


async def test_all_of_it_outlives_the_store(open_store: OpenStore) -> None:
    first = await open_store()
    await first.chats.remember_actions({"#1": SEARCH})
    await first.chats.set_setting(ROOM, "preview", "off")
    await first.chats.set_note("n", "1")
    await first.aclose()

    second = await open_store()
    assert await second.chats.action("#1") == SEARCH
    assert await second.chats.settings(ROOM) == {"preview": "off"}
    assert await second.chats.note("n") == "1"
    assert await second.check() == []


async def test_two_that_are_open_at_once_see_what_the_other_wrote(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    await one.chats.remember_actions({"#1": SEARCH})
    await other.chats.remember_actions({"#1": Action("topics"), "#2": SEARCH})
    await one.chats.set_setting(ROOM, "preview", "off")
    await other.chats.set_setting(ROOM, "quiet", "on")
    await one.chats.set_note("n", "1")
    await other.chats.set_note("n", "2")
    for each in (one, other):
        assert await each.chats.action("#1") == Action("topics")
        assert await each.chats.action("#2") == SEARCH
        assert await each.chats.settings(ROOM) == {"preview": "off", "quiet": "on"}
        assert await each.chats.note("n") == "2"


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.aclose()
    for call in (
        store.chats.action("#1"),
        store.chats.remember_actions({"#1": SEARCH}),
        store.chats.settings(ROOM),
        store.chats.set_setting(ROOM, "preview", "off"),
        store.chats.note("n"),
        store.chats.set_note("n", "1"),
    ):
        with pytest.raises(StoreError, match="closed"):
            await call


async def test_a_chat_that_moves_takes_all_with_it(store: Store) -> None:
    old, new = Chat("telegram", "-5"), Chat("telegram", "-1005")
    other = Chat("telegram", "7")
    shown = Shown(Action("latest"), 1, {1: "b"})
    for chat in (old, other):
        await store.chats.set_setting(chat, "preview", "off")
        await store.chats.remember_last_lists([(chat, Person("ada"), shown)])
    await store.chats.set_setting(new, "preview", "on")
    await store.chats.move(old, new)
    await store.chats.move(old, new)

    assert await store.chats.settings(old) == {}
    assert (
        await store.chats.settings(new) == await store.chats.settings(other) == {"preview": "off"}
    )
    assert (
        await store.chats.last_list(new, Person("ada"))
        == await store.chats.last_list(other, Person("ada"))
        == shown
    )
    assert await store.chats.last_list(old, Person("ada")) is None
