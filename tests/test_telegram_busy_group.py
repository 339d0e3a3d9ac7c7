"""A busy group on Telegram, over the wire and in virtual time: turns, private answers, words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over
from servers.telegram import faults
from servers.telegram.chats import Chat, Message
from servers.telegram.limits import Limits
from servers.telegram.people import Person
from servers.telegram.server import Server
from stories import NOW, story
from telegram_bot import platform, serving
from virtual_time import LoopClock, in_virtual_time

from adapters.telegram.messenger import RATE_LIMITS
from adapters.telegram.platform import Post
from bot.model import Chat as CoreChat
from bot.posting.messenger import Message as PostedMessage
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Reply

PATIENCE = 7_200.0  # seconds of a clock that passes by itself
BUSY = re.compile(r"Busy here, try again in (\d+) seconds?\.")
LINK = "t.me/DatelineBot?start=asked"


def now() -> float:
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def busy_desk(folder: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(folder / "news.db", clock=LoopClock()) as desk:
        await desk.has(*(story(f"Story {n}", published=NOW - timedelta(n)) for n in range(1, 300)))
        yield desk


@asynccontextmanager
async def strict_server() -> AsyncIterator[Server]:
    """A Telegram that lets through no more than the real one does."""
    async with Server(patience=PATIENCE) as server:
        server.limits = Limits(burst=10.0, clock=now)
        yield server
        assert server.too_many == 0


@asynccontextmanager
async def on(
    server: Server, desk: TestDesk, post: Post | None = None, *, rich: bool = False
) -> AsyncIterator[None]:
    """Runs the bot, its limits by the virtual clock."""
    limiter = RateLimiter(LoopClock(), RATE_LIMITS)
    bot = replace(platform(server, desk, rich=rich), rate_limiter=limiter, post=post)
    async with serving(server, desk, serve=bot):
        yield


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Server]:
    async with busy_desk(folder) as desk, strict_server() as server, on(server, desk):
        yield server


def answers(server: Server, group: Chat, asked: Message) -> list[Message]:
    return [one for one in server.sent(group, asked) if one.reply_to is asked]


async def answered(server: Server, group: Chat, asked: Message) -> Message:
    """Waits for the answer to a message."""
    return await server.world.until(
        lambda: next(iter(answers(server, group, asked)), None), f"an answer to {asked}"
    )


async def flood(server: Server, rude: Person, group: Chat, presses: int) -> list[str]:
    """Presses one button again and again; returns what was said to it."""
    page = await answered(server, group, await rude.says(group, "/latest"))
    return [(await rude.presses(page, "Next ›")).text for _ in range(presses)]


# One member and the others


@in_virtual_time
async def test_one_members_presses_keep_nobody_waiting(tmp_path: Path) -> None:
    async with town(tmp_path) as server:
        rude, ada = server.person("Rude"), server.person("Ada")
        group = server.supergroup("Readers", members=[rude, ada])
        said = await flood(server, rude, group, 24)
        turned = said.count("")
        assert 1 <= turned <= 9
        assert all(BUSY.fullmatch(text) or "fast" in text for text in said[turned:])
        began = now()
        page = await answered(server, group, await ada.says(group, "/latest"))
        assert (await ada.presses(page, "Next ›")).text == ""
        await server.edited(page)
        assert now() - began < 1.0


@in_virtual_time
async def test_who_comes_back_when_they_were_told_has_a_turn(tmp_path: Path) -> None:
    async with town(tmp_path) as server:
        rude = server.person("Rude")
        group = server.supergroup("Readers", members=[rude])
        page = await answered(server, group, await rude.says(group, "/latest"))
        while not (busy := BUSY.fullmatch((await rude.presses(page, "Next ›")).text)):
            await asyncio.sleep(2.0)
        await asyncio.sleep(int(busy[1]))
        assert (await rude.presses(page, "Next ›")).text == ""


@pytest.mark.parametrize(("people", "pause"), [(6, 1.0), (3, 0.7), (20, 0.5)])
@in_virtual_time
async def test_a_minute_of_questions_is_answered_in_order_or_told_about(
    tmp_path: Path, people: int, pause: float
) -> None:
    async with town(tmp_path) as server:
        members = [server.person(f"Member {n}") for n in range(people)]
        group = server.supergroup("Readers", members=members)
        asked: list[Message] = []
        began = now()
        while now() - began < 60.0:
            asked.append(await members[len(asked) % people].says(group, "/latest"))
            await asyncio.sleep(pause)
        await asyncio.sleep(120.0)
        notices = [one for one in server.sent(group) if LINK in one.text]
        assert 1 <= len(notices) <= 4
        given = [one for one in server.sent(group) if one.text.startswith("Latest")]
        for member in members:  # first come, first served
            own = [
                one.reply_to.id
                for one in given
                if one.reply_to and one.reply_to.sender == member.user
            ]
            assert own == sorted(own)
            assert own
        assert len(given) >= 14


@in_virtual_time
async def test_who_gets_no_turn_is_told_after_five_seconds_and_once(tmp_path: Path) -> None:
    async with town(tmp_path) as server:
        rude = server.person("Rude")
        group = server.supergroup("Readers", members=[rude])
        await flood(server, rude, group, 10)
        began = now()
        asked = await rude.says(group, "/topics")
        notice = await answered(server, group, asked)
        assert now() - began == pytest.approx(5.0, abs=0.5)
        assert LINK in notice.text
        assert f"https://{LINK}" in server.links
        await asyncio.sleep(1.0)
        await rude.says(group, "/sources")
        await asyncio.sleep(120.0)
        assert len([one for one in server.sent(group) if LINK in one.text]) == 1
        # Both were answered in the group in the end.
        assert {one.text.split()[0] for one in server.sent(group, notice)} == {"Topics", "Sources"}


@in_virtual_time
async def test_what_is_left_out_is_answered_behind_the_link(tmp_path: Path) -> None:
    async with town(tmp_path) as server:
        rude = server.person("Rude")
        group = server.supergroup("Readers", members=[rude])
        await flood(server, rude, group, 9)
        for _ in range(4):
            await asyncio.sleep(2.0)
            await rude.says(group, "/topics")
        await asyncio.sleep(6.0)
        private = server.private(rude)
        asked = await rude.opens(f"https://{LINK}")
        (answer,) = await server.replies(private, after=asked)
        assert answer.text.startswith("Topics")
        asked = await rude.opens(f"https://{LINK}")  # a second time there is nothing left
        (welcome,) = await server.replies(private, after=asked)
        assert not welcome.text.startswith("Topics")


# In private


@in_virtual_time
async def test_who_has_started_the_bot_is_answered_in_private(tmp_path: Path) -> None:
    async with town(tmp_path) as server:
        rude = server.person("Rude")
        private = server.private(rude)
        group = server.supergroup("Book club", members=[rude])
        page = await answered(server, group, await rude.says(group, "/latest"))
        while not (said := (await rude.presses(page, "Next ›")).text):
            await asyncio.sleep(0.1)
        assert said == "Busy here: the page is in our private chat."
        (shown,) = server.sent(private)
        assert "It's busy in Book club" in shown.text
        assert f"Page {page.edits + 2} of" in shown.text
        assert (await rude.presses(shown, "Next ›")).text == ""
        await server.edited(shown)
        began = now()
        asked = await rude.says(group, "/topics")
        (answer,) = await server.replies(private, after=shown)
        assert "Topics" in answer.text
        assert now() - began <= 5.5
        notice = await answered(server, group, asked)
        assert LINK in notice.text


@in_virtual_time
async def test_what_a_moderator_sets_up_in_private_is_still_about_the_group(
    tmp_path: Path,
) -> None:
    async with busy_desk(tmp_path) as desk, strict_server() as server, on(server, desk):
        mo = server.person("Mo")
        private, group = server.private(mo), server.supergroup("Book club", admins=[mo])
        for _ in range(14):
            await mo.says(group, "/settings")
            await asyncio.sleep(2.0)
        await mo.says(group, "/subscribe weekdays 9:00 silent")
        offered = await server.world.until(
            lambda: next((one for one in server.sent(private) if "follow" in one.text), None),
            "an answer in private",
        )
        assert "It's busy in Book club" in offered.text
        await mo.presses(offered, "Words of my own")
        (question,) = await server.replies(private, after=offered)
        await mo.says(private, "storm", reply_to=question)
        (preview,) = await server.replies(private, after=question)
        assert "in Book club" in preview.text
        await mo.presses(preview, "Subscribe")
        await server.edited(preview)
        subscriptions = desk.store.subscriptions
        (one,) = await subscriptions.of(CoreChat("telegram", str(group.id)))
        assert (one.what, str(one.when), one.silent) == ("storm", "weekdays 09:00", True)
        assert await subscriptions.of(CoreChat("telegram", str(private.id))) == []


@in_virtual_time
async def test_what_is_set_for_a_group_alone_is_not_offered_in_private(tmp_path: Path) -> None:
    async with busy_desk(tmp_path) as desk, strict_server() as server, on(server, desk):
        mo = server.person("Mo")
        private, group = server.private(mo), server.supergroup("Book club", admins=[mo])
        page = await answered(server, group, await mo.says(group, "/settings"))
        for _ in range(14):
            await mo.says(group, "/settings")
            await asyncio.sleep(2.0)
        told = await mo.presses(page, "Turn previews off")
        assert told.text == "Done: preview is now off here."
        await asyncio.sleep(90.0)
        assert not [one for one in server.sent(private) if "Settings" in one.text]
        assert await desk.store.chats.settings(CoreChat("telegram", str(group.id)))
        assert not await desk.store.chats.settings(CoreChat("telegram", str(private.id)))


@in_virtual_time
async def test_who_has_blocked_the_bot_is_told_in_the_group(tmp_path: Path) -> None:
    async with town(tmp_path) as server:
        rude = server.person("Rude")
        server.private(rude)
        group = server.supergroup("Readers", members=[rude])
        await rude.blocks_bot()
        said = await flood(server, rude, group, 10)
        assert BUSY.fullmatch(said[-1])
        assert LINK in (await answered(server, group, await rude.says(group, "/topics"))).text


@pytest.mark.parametrize("pause", [0.25, 0.5, 1.0])
@in_virtual_time
async def test_in_private_pages_turn_fast_and_never_stall(tmp_path: Path, pause: float) -> None:
    async with town(tmp_path) as server:
        ada = server.person("Ada")
        chat = server.private(ada)
        await ada.says(chat, "/latest")
        page = await server.next_message(chat)
        turned = [now()]
        for _ in range(50):
            began = now()
            said = await ada.presses(page, "Next ›")
            assert now() - began < 3.0
            if not said.text:
                await server.edited(page, len(turned))
                turned.append(now())
            else:
                assert "fast" in said.text
                assert not said.alert
            await asyncio.sleep(pause)
        gaps = [later - earlier for earlier, later in pairwise(turned)]
        assert max(gaps) < 3.0
        assert len(turned) > 10


# Whose page it is


@in_virtual_time
async def test_nobody_else_turns_a_page_also_after_a_restart(tmp_path: Path) -> None:
    async with strict_server() as server:
        ada, bob = server.person("Ada"), server.person("Bob")
        group = server.supergroup("Readers", members=[ada, bob])
        async with busy_desk(tmp_path) as desk, on(server, desk):
            lines = ("/latest", '/search "story" source:wire', "/search " + "story " * 30)
            pages = [await answered(server, group, await ada.says(group, line)) for line in lines]
        async with busy_desk(tmp_path) as desk, on(server, desk):
            for page in pages:
                said = await bob.presses(page, page.buttons[0].text)
                assert said.text.startswith("That page is somebody else's. For your own, send /")
                assert not said.alert
                assert page.edits == 0
                await asyncio.sleep(60.0)
                assert (await ada.presses(page, page.buttons[0].text)).text == ""
                await server.edited(page)
            for page in pages:
                assert all(len(button.data.encode()) <= 64 for button in page.buttons)


@in_virtual_time
async def test_others_get_a_page_of_their_own_in_private(tmp_path: Path) -> None:
    async with town(tmp_path) as server:
        ada, bob = server.person("Ada"), server.person("Bob")
        private = server.private(bob)
        group = server.supergroup("Readers", members=[ada, bob])
        page = await answered(server, group, await ada.says(group, "/latest"))
        said = await bob.presses(page, "Next ›")
        assert said.text == "That page is somebody else's. Yours is in our private chat."
        own = await server.next_message(private)
        assert "6. Story 6" in own.text
        assert (await bob.presses(own, "‹ Previous")).text == ""
        assert "1. Story 1" in (await server.edited(own)).text
        assert (page.edits, len(server.sent(group))) == (0, 1)


@in_virtual_time
async def test_a_channels_page_turns_for_its_administrators(tmp_path: Path) -> None:
    async with town(tmp_path) as server:
        ed, other, ada = (server.person(name) for name in ("Ed", "Other", "Ada"))
        channel = server.channel("News", admins=[ed, other])
        server.make(ada, "member", channel)
        page = await answered(server, channel, await ed.says(channel, "/latest"))
        assert "somebody else's" in (await ada.presses(page, "Next ›")).text
        assert page.edits == 0
        assert (await other.presses(page, "Next ›")).text == ""
        await server.edited(page)


# Moderators and posts


def posts(group: Chat, count: int, late: list[float]) -> Post:
    async def post(messenger: Messenger) -> None:
        for number in range(count):
            began = now()
            await messenger.rate_limiter.acquire_post(str(group.id))
            chat = CoreChat("telegram", str(group.id))
            await messenger.send(
                PostedMessage(chat, Reply("", title=f"Post {number}"), f"{number}")
            )
            late.append(now() - began)
            await asyncio.sleep(25.0)

    return post


@in_virtual_time
async def test_moderators_and_posts_have_their_part_beside_a_flood(tmp_path: Path) -> None:
    late: list[float] = []
    async with busy_desk(tmp_path) as desk, strict_server() as server:
        members = [server.person(f"Member {n}") for n in range(8)]
        mo = server.person("Mo")
        group = server.supergroup("Readers", admins=[mo], members=members)
        async with on(server, desk, posts(group, 8, late)):
            flooding = asyncio.create_task(_ask_all_the_time(members, group, 240))
            for _ in range(3):
                await asyncio.sleep(45.0)
                began = now()
                asked = await mo.says(group, "/settings")
                assert "preview" in (await answered(server, group, asked)).text
                assert now() - began < 1.0
            await flooding
            while len(late) < 8:
                await asyncio.sleep(1.0)
    assert max(late) < 20.0


async def _ask_all_the_time(members: Sequence[Person], group: Chat, count: int) -> None:
    for number in range(count):
        await members[number % len(members)].says(group, "/latest")
        await asyncio.sleep(0.75)


# What one person alone sees counts among the messages of a group, as far as anybody knows


@in_virtual_time
async def test_pages_that_one_person_alone_sees_keep_to_the_groups_messages(tmp_path: Path) -> None:
    async with busy_desk(tmp_path) as desk, strict_server() as server, on(server, desk, rich=True):
        server.ephemeral = True
        readers = [server.person(f"Reader {n}") for n in range(30)]
        group = server.supergroup("Readers", admins=[server.person("Mo")], members=readers)
        shown = await answered(server, group, await readers[0].says(group, "/latest"))
        said = [await one.presses(shown, "Next ›") for one in readers[1:]]
        own = [one for one in readers if server.whispered(group, one)]
        assert 5 <= len(own) < 20
        told = [one.text for one in said if one.text]
        assert len(own) + len(told) == len(readers) - 1
        assert all(text.startswith("That page is somebody else's.") for text in told)
        await asyncio.sleep(75.0)
        said = [await readers[-1].presses(shown, "Next ›")]
        assert said[0].text == ""
        assert "6. Story 6" in server.whispered(group, readers[-1])[0].text
        assert shown.edits == 0


# What takes long


@pytest.mark.parametrize("rich", [True, False])
@in_virtual_time
async def test_what_takes_longer_than_a_second_shows(tmp_path: Path, *, rich: bool) -> None:
    started = busy_desk(tmp_path), strict_server()
    async with started[0] as desk, started[1] as server, on(server, desk, rich=rich):
        mo = server.person("Mo")
        group = server.supergroup("Readers", admins=[mo])
        await answered(server, group, await mo.says(group, "/latest"))
        await asyncio.sleep(10.0)
        assert server.made("sendChatAction") == []
        desk.wire.may_go.clear()
        desk.wire.gives = []
        began = now()
        asked = await mo.says(group, "/reload wire")
        message = await answered(server, group, asked)
        await server.called("sendChatAction")
        assert now() - began == pytest.approx(1.0, abs=0.1)
        assert server.made("sendChatAction")[0].params["action"] == "typing"
        await server.called("sendChatAction", times=3)
        desk.wire.gives.append(OSError("no line"))
        desk.wire.may_go.set()
        await server.edited(message)
        shown = len(server.made("sendChatAction"))
        await asyncio.sleep(20.0)
        assert len(server.made("sendChatAction")) == shown
        assert answers(server, group, asked) == [message]


@in_virtual_time
async def test_typing_that_cannot_be_shown_costs_no_answer(tmp_path: Path) -> None:
    async with busy_desk(tmp_path) as desk, strict_server() as server, on(server, desk):
        mo = server.person("Mo")
        group = server.supergroup("Readers", admins=[mo])
        server.fails("sendChatAction", faults.bad_request("CHAT_RESTRICTED"))
        desk.wire.may_go.clear()
        desk.wire.gives = [OSError("no line")]
        asked = await mo.says(group, "/reload wire")
        message = await answered(server, group, asked)
        await server.called("sendChatAction")
        desk.wire.may_go.set()
        await server.edited(message)
