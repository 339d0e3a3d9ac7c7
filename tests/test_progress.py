"""A slow answer shows at once that it is being worked on, and what has come in so far."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from discord_desk import serving as on_discord
from newsdesk import TestDesk, desk_over
from servers.discord.server import Server as DiscordServer
from servers.discord.server import server
from servers.telegram.server import Server as TelegramServer
from stories import MODERATOR, story
from telegram_bot import serving as on_telegram

from bot.chat.progress import InterimReplies, show_progress
from bot.errors import SourceError
from bot.ingest.results import FetchResult
from bot.reply import Reply

__all__ = ["server"]

FINAL = Reply("x", title="final")
GRACE = 0.4  # seconds after which interim replies are shown


def _interim(number: int) -> Reply:
    return Reply("x", title=f"{number}")


@dataclass
class Screen:
    """Shows interim replies; each takes a while."""

    takes: float = 0.0
    shown: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    fails: bool = False

    async def show(self, reply: Reply) -> None:
        self.at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.takes)
        if self.fails:
            raise ConnectionError("the line is cut")
        self.shown.append(reply.title)


def _asking(*pauses: float) -> Callable[[], Awaitable[Reply]]:
    async def ask() -> Reply:
        for number, pause in enumerate(pauses):
            show_progress(_interim(number))
            await asyncio.sleep(pause)
        return FINAL

    return ask


async def test_a_quick_answer_shows_nothing_else() -> None:
    screen = Screen()
    assert await InterimReplies(screen.show, 0.01).reply_to(_asking(0.01, 0.01)) is FINAL
    assert screen.shown == []


async def test_a_slow_one_shows_the_latest_of_what_there_is_and_not_too_often() -> None:
    screen = Screen()
    ask = _asking(*[0.05] * 20)
    assert await InterimReplies(screen.show, 0.2).reply_to(ask) is FINAL
    assert screen.shown == sorted(screen.shown, key=int)
    assert int(screen.shown[0]) > 2
    gaps = [later - earlier for earlier, later in zip(screen.at, screen.at[1:], strict=False)]
    assert gaps
    assert all(gap >= 0.19 for gap in gaps)


async def test_what_is_being_shown_is_shown_before_the_answer() -> None:
    screen = Screen(takes=0.3)
    assert await InterimReplies(screen.show, 0.01).reply_to(_asking(GRACE)) is FINAL
    assert screen.shown == ["0"]


async def test_what_cannot_be_shown_costs_no_answer() -> None:
    screen = Screen(fails=True)
    assert await InterimReplies(screen.show, 0.01).reply_to(_asking(GRACE, 0.1)) is FINAL
    assert len(screen.at) == 1


async def test_an_error_is_that_of_the_question() -> None:
    async def fail() -> Reply:
        show_progress(_interim(0))
        await asyncio.sleep(GRACE)
        raise LookupError("x")

    screen = Screen()
    with pytest.raises(LookupError):
        await InterimReplies(screen.show, 0.01).reply_to(fail)
    assert screen.shown == ["0"]


async def test_where_nobody_looks_nothing_happens(desk: TestDesk) -> None:
    show_progress(_interim(0))
    desk.wire.gives, desk.other.gives = [FetchResult()], [FetchResult()]
    assert (await desk.ask("/reload", MODERATOR)).ok


async def test_questions_at_once_do_not_see_each_others() -> None:
    screens = [Screen(), Screen()]
    asking = (InterimReplies(one.show, 0.01).reply_to(_asking(*[0.2] * 3)) for one in screens)
    asking_too = InterimReplies(screens[1].show, 0.01).reply_to(_asking(GRACE))
    await asyncio.gather(*asking, asking_too)
    assert screens[0].shown
    assert screens[0].shown == sorted(screens[0].shown)


# /reload


async def test_a_reload_shows_source_by_source_what_has_come_in(desk: TestDesk) -> None:
    shown: list[Reply] = []

    async def show(reply: Reply) -> None:
        shown.append(reply)

    desk.wire.may_go.clear()
    desk.wire.gives, desk.other.gives = [SourceError("no")], [FetchResult((story("a"),))]
    interim = InterimReplies(show, 0.01)
    asking = asyncio.create_task(interim.reply_to(lambda: desk.ask("/reload", MODERATOR)))
    while not (shown and shown[-1].entries):
        await asyncio.sleep(0.01)
    assert shown[-1].title == "Checking 2 sources …"
    assert shown[-1].text == ("1 of 2 checked, still waiting for The Wire",)
    assert [entry.name for entry in shown[-1].entries] == ["Other News"]
    desk.wire.may_go.set()
    reply = await asking
    assert (reply.title, [entry.name for entry in reply.entries]) == (
        "Checked 2 sources: 1 new story",
        ["The Wire", "Other News"],
    )


async def test_a_reload_of_one_source_names_it(desk: TestDesk) -> None:
    shown: list[Reply] = []

    async def show(reply: Reply) -> None:
        shown.append(reply)

    desk.wire.may_go.clear()
    desk.wire.gives = [FetchResult()]
    interim = InterimReplies(show, 0.01)
    asking = asyncio.create_task(interim.reply_to(lambda: desk.ask("/reload wire", MODERATOR)))
    while not shown:
        await asyncio.sleep(0.01)
    assert (shown[0].title, shown[0].text) == ("Checking The Wire …", ())
    desk.wire.may_go.set()
    assert (await asking).ok


async def test_discord_shows_a_reload_in_one_message(server: DiscordServer, desk: TestDesk) -> None:
    readers = server.guild("Readers")
    mo = server.person("Mo", readers, manages=True)
    desk.wire.may_go.clear()
    desk.wire.gives, desk.other.gives = [FetchResult()], [FetchResult((story("a"),))]
    async with on_discord(server, desk):
        answer = await mo.start_command(readers, "reload")
        await answer.until(lambda: answer.has_response and "1 of 2 checked" in answer.content)
        assert "Checking 2 sources" in answer.content
        assert "Other News" in answer.boxes[0]
        assert "The Wire" not in answer.boxes[0]
        desk.wire.may_go.set()
        await answer.until(lambda: "Checked 2 sources" in answer.content)
    assert "The Wire" in answer.boxes[0]
    assert len(readers.channel.seen) == 1
    assert answer.followups == []


async def test_discord_shows_in_a_direct_message_that_an_answer_comes(
    server: DiscordServer, desk: TestDesk
) -> None:
    mo = server.person("Mo", server.guild("Readers"))
    desk.wire.may_go.clear()
    desk.wire.gives = [FetchResult((story("a"),))]
    async with on_discord(server, desk, moderators=frozenset({mo.id})):
        own = server.world.dm(mo)
        await mo.writes(None, "/topics")
        while len(own.seen) < 2:
            await asyncio.sleep(0.01)
        assert server.called("POST", "/channels/*/typing") == []  # it was quick
        await mo.writes(None, "/reload wire")
        while not server.called("POST", "/channels/*/typing"):
            await asyncio.sleep(0.01)
        assert len(own.seen) == 3
        desk.wire.may_go.set()
        while len(own.seen) < 4:
            await asyncio.sleep(0.01)
    assert "Checked The Wire: 1 new story" in own.seen[3].content


async def test_discord_replaces_what_was_shown_by_a_refusal(
    server: DiscordServer, desk: TestDesk
) -> None:
    readers = server.guild("Readers")
    mo = server.person("Mo", readers, manages=True)
    desk.wire.may_go.clear()
    async with on_discord(server, desk):
        answer = await mo.start_command(readers, "reload", source="wire")
        await answer.until(lambda: answer.has_response and "Checking The Wire" in answer.content)
        await desk.store.aclose()
        desk.wire.gives = [FetchResult((story("a"),))]
        desk.wire.may_go.set()
        await answer.until(lambda: "Something went wrong" in answer.content)
    assert answer.followups == []


async def test_telegram_shows_a_reload_in_one_message(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "t.db") as desk, TelegramServer(patience=20) as server:
        mo = server.person("Mo")
        chat = server.private(mo)
        desk.wire.may_go.clear()
        desk.wire.gives, desk.other.gives = [FetchResult()], [FetchResult((story("a"),))]
        async with on_telegram(server, desk, [mo.id]):
            asked = await mo.says(chat, "/reload")
            (message,) = await server.replies(chat, after=asked)
            assert "Checking 2 sources" in message.text
            while "1 of 2 checked" not in message.text:  # at once, or as an edit soon after
                await asyncio.sleep(0.01)
            desk.wire.may_go.set()
            while "Checked 2 sources" not in message.text:
                await asyncio.sleep(0.01)
            assert "The Wire" in repr(message)
            assert server.sent(chat, after=asked) == [message]


async def test_telegram_edits_what_it_shows_to_a_group_seldom(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "t.db") as desk, TelegramServer(patience=20) as server:
        mo = server.person("Mo")
        group = server.supergroup("Readers", admins=[mo])
        desk.wire.may_go.clear()
        desk.wire.gives = [FetchResult()]
        async with on_telegram(server, desk):
            asked = await mo.says(group, "/reload wire")
            (message,) = await server.replies(group, after=asked)
            assert "Checking The Wire" in message.text
            assert message.edits == 0
            desk.wire.may_go.set()
            await server.edited(message)
            assert message.text.startswith("Checked The Wire")
