"""`/help`, `/reload` and what is no command, as readers and moderators meet them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from chats import discord_chat, telegram_chat
from newsdesk import TestDesk, titles
from scripted_sources import make_changeable
from stories import CHAT, MODERATOR, READER, story

from bot.errors import SourceError
from bot.ingest.results import FetchResult, UnreadablePart
from bot.model import Capability
from bot.reply import Action

# /help


async def test_help_lists_what_the_person_may_use(desk: TestDesk) -> None:
    names = [entry.name for entry in (await desk.ask("/help")).entries]
    assert names == [
        "/latest [topic] [source] [since]",
        "/search <words>",
        "/catchup",
        "/topic <name>",
        "/topics",
        "/read <story>",
        "/related <story>",
        "/story <story>",
        "/trends [topic] [since] [source]",
        "/subscriptions",
        "/sources",
        "/help [command]",
        "/privacy",
        "/forget",
        "/start",
    ]
    chat = replace(CHAT, capabilities=CHAT.capabilities | Capability.ROLES | Capability.CHANNELS)
    told = await desk.ask("help", MODERATOR, chat)
    assert [entry.name for entry in told.entries] == [
        *names[:9],
        "/subscriptions [channel]",
        "/subscribe <what> [when] [quiet] […]",
        "/unsubscribe [which] [channel]",
        "/template [which] [preset] [text] […]",
        "/posts [story] [channel]",
        "/why <story> [channel]",
        "/sources",
        "/help [command]",
        "/privacy",
        "/forget",
        "/settings [setting] [value]",
        "/chats",
        "/desk [action] [name]",
        "/audit [by] [channel]",
        "/source [action] [what] [name] […]",
        "/reload [source]",
        "/status",
        "/start",
    ]
    headings = [(at, one.heading) for at, one in enumerate(told.entries) if one.heading]
    assert headings == [(0, "Read"), (9, "Follow"), (15, "This desk")]


async def test_help_leaves_out_what_the_platform_lacks(desk: TestDesk) -> None:
    for chat, has in ((telegram_chat("1"), False), (discord_chat("1"), True)):
        told = await desk.ask("/help subscribe", MODERATOR, chat)
        assert ("role" in [entry.name for entry in told.entries]) is has
        assert ("[role]" in told.title) is has


async def test_help_explains_every_command_with_its_options_and_examples(desk: TestDesk) -> None:
    for command in desk.dispatcher.registry:
        chat = replace(discord_chat("1"), capabilities=~Capability(0))
        reply = await desk.ask(f"/help {command.name}", MODERATOR, chat)
        assert reply.title == command.usage
        assert [entry.name for entry in reply.entries] == [
            o.name for o in command.options if not o.hidden
        ]


async def _examples(desk: TestDesk, command: str) -> list[str]:
    told = (await desk.ask(f"/help {command}", MODERATOR)).text[-1]
    return told.removeprefix("For example: ").split(" · ")


async def test_examples_are_of_what_is_served(desk: TestDesk) -> None:
    assert not any("/search" in one for one in await _examples(desk, "search"))
    await desk.has(story("Crematorium company sold to bidders", "The Osaka Expo."))
    assert await _examples(desk, "search") == [
        "/search crematorium company",
        '/search "crematorium company" -bidders',
        "/search crematorium OR bidders since:1y",
    ]
    assert await _examples(desk, "topic") == ["/topic Osaka Expo"]
    assert "/latest source:wire since:1y" in await _examples(desk, "latest")


async def test_every_example_in_the_help_is_understood(desk: TestDesk) -> None:
    await desk.has(
        *(story(f"Crematorium company {n} sells harbour gardens", "Osaka Expo.") for n in range(3))
    )
    await desk.ask("/subscribe osaka expo confirm:on", MODERATOR)
    make_changeable(desk)
    desk.wire.gives = desk.other.gives = [FetchResult() for _ in range(4)]
    for command in desk.dispatcher.registry:
        # What can be set depends on the platform.
        chat = telegram_chat("1") if command.name == "settings" else CHAT
        for example in await _examples(desk, command.name):
            assert "{" not in example
            desk.clock.pass_(60)
            reply = await desk.ask(example, MODERATOR, chat)
            assert reply.ok, (example, reply.text)


async def test_help_on_an_unknown_or_forbidden_command_offers_the_nearest(desk: TestDesk) -> None:
    reply = await desk.ask("/help serch")
    assert not reply.ok
    assert Action("help", (("command", "search"),)) in [button.action for button in reply.buttons]
    assert not (await desk.ask("/help reload")).ok


@pytest.mark.parametrize(
    ("typed", "near"), [("/lates", "latest"), ("/Serach", "search"), ("/topcis", "topics")]
)
async def test_an_unknown_command_gets_the_nearest_offered(
    desk: TestDesk, typed: str, near: str
) -> None:
    reply = await desk.ask(typed)
    assert not reply.ok
    assert reply.buttons[0].action == Action(near)
    assert not any(b.action == Action("reload") for b in (await desk.ask("/relod")).buttons)


async def test_commands_may_be_addressed_to_the_bot_and_in_any_case(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost"))
    assert titles(await desk.ask("/SEARCH@DatelineBot osaka\nexpo")) == ["Osaka Expo cost"]


# /reload


async def test_reload_reports_source_by_source(desk: TestDesk) -> None:
    old = story("old", "text")
    await desk.has(old)
    bad = tuple(UnreadablePart("a.txt", n, "no dateline") for n in range(1, 8))
    desk.wire.gives = [FetchResult((old, story("new")), bad)]
    desk.other.gives = [SourceError("no file matches /news/*.txt")]
    reply = await desk.ask("/reload", MODERATOR)

    told = [(entry.name, entry.text) for entry in reply.entries]
    assert told[0][0] == "The Wire"
    assert told[0][1].startswith("1 new, ")
    assert told[0][1].endswith("7 unreadable")
    assert told[1] == ("The Wire", "a.txt:1: no dateline")
    assert told[6] == ("The Wire", "and 2 more")
    assert told[7] == ("Other News", "could not be read: no file matches /news/*.txt")


async def test_reload_says_what_is_left_out_and_still_does_when_nothing_changed(
    desk: TestDesk,
) -> None:
    aside = (("draft", 3), ("other file", 1), ("page", 1))
    desk.wire.gives = [FetchResult(set_aside=aside), FetchResult(unchanged=True)]
    desk.other.gives = [FetchResult(set_aside=(("reply", 2),)), FetchResult()]
    for others in ([("Other News", "left out: 2 replies")], []):
        reply = await desk.ask("/reload", MODERATOR)
        told = [(entry.name, entry.text) for entry in reply.entries]
        assert [each for each in told if each[1].startswith("left out")] == [
            ("The Wire", "left out: 3 drafts, 1 other file, 1 page"),
            *others,
        ]
        desk.clock.pass_(3_600)


async def test_reload_of_one_source_leaves_the_others_alone(desk: TestDesk) -> None:
    desk.other.gives = [FetchResult()]
    reply = await desk.ask("/reload Other News", MODERATOR)
    assert [entry.name for entry in reply.entries] == ["Other News"]
    assert desk.wire.asked == []
    assert not (await desk.ask("/reload nobody", MODERATOR)).ok


async def test_reloads_come_one_at_a_time_with_a_pause_after_each(desk: TestDesk) -> None:
    desk.wire.gives = [FetchResult(), FetchResult()]
    desk.wire.may_go.clear()
    first = asyncio.create_task(desk.ask("/reload wire", MODERATOR))
    await desk.wire.was_asked.wait()
    busy = await desk.ask("/reload wire", MODERATOR)
    assert busy.text == ("The sources are being checked right now. Try again in a moment.",)
    desk.wire.may_go.set()
    assert (await first).ok

    desk.clock.pass_(10.5)
    soon = await desk.ask("/reload wire", MODERATOR)
    assert soon.text == ("The sources were just checked. Try again in 20 seconds.",)
    desk.clock.pass_(20)
    assert (await desk.ask("/reload wire", MODERATOR)).ok


async def test_a_source_that_hangs_or_was_just_checked_keeps_no_other_from_being_reloaded(
    desk: TestDesk,
) -> None:
    desk.wire.gives = [FetchResult()]
    desk.other.gives = [FetchResult((story("new", source="other"),)), FetchResult()]
    desk.wire.may_go.clear()
    hanging = asyncio.create_task(desk.ask("/reload wire", MODERATOR))
    await desk.wire.was_asked.wait()
    good = await desk.ask("/reload other", MODERATOR)
    assert [entry.name for entry in good.entries] == ["Other News"]
    desk.clock.pass_(31)
    every = await desk.ask("/reload", MODERATOR)
    assert [entry.name for entry in every.entries] == ["Other News"]
    assert "1 source is missing here" in every.notes[0]
    assert every.notes[0].endswith(": The Wire")
    desk.wire.may_go.set()
    assert [entry.name for entry in (await hanging).entries] == ["The Wire"]


async def test_a_forged_press_is_refused_like_a_typed_command(desk: TestDesk) -> None:
    assert not (await desk.dispatcher.press(Action("reload"), READER, CHAT)).ok
    assert not (await desk.dispatcher.press(Action("nothing"), READER, CHAT)).ok
    assert not (await desk.dispatcher.press(Action("latest", (("sql", "x"),)), READER, CHAT)).ok
    assert not (await desk.dispatcher.press(Action("subscribe", (("what", ""),)), READER, CHAT)).ok
