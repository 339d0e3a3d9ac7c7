"""Posts over the whole bot on Discord: from the start to the end, and what people do with them."""

from __future__ import annotations

import asyncio
import logging

import pytest
from discord_desk import HeldDesk, platform, serving, until
from discord_posting import only, post, titles
from newsdesk import TestDesk, twelve
from servers.discord.component_rules import V2
from servers.discord.interaction import REPLY, UPDATE
from servers.discord.people import Person
from servers.discord.server import Server, ada, readers, server
from servers.discord.world import Channel, Guild
from stories import story

from bot.chat.command import Access, Command
from bot.chat.dispatcher import Dispatcher
from bot.chat.registry import Registry
from bot.chat.request import Request
from bot.chat.settings import ON, PUBLISH
from bot.errors import ChatGoneError, PlatformError, RetryLaterError
from bot.model import Chat
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits
from bot.reply import Reply

__all__ = ["ada", "readers", "server"]  # fixtures


class Worker:
    """Posts what a test tells it to.

    Attributes:
        given: The messenger of each line that was made.
        ends: What it ends with, once `over` is set.
        last: What is posted when it is told to end.
    """

    def __init__(self) -> None:
        self.given: list[Messenger] = []
        self.over = asyncio.Event()
        self.ends: Exception | None = None
        self.last: Channel | None = None

    async def post(self, messenger: Messenger) -> None:
        self.given.append(messenger)
        try:
            await self.over.wait()
            if self.ends:
                raise self.ends
        finally:
            if self.last:
                await messenger.send(post(self.last, key="the last"))

    async def messenger(self) -> Messenger:
        await until(lambda: self.given)
        return self.given[-1]


@pytest.fixture
def mo(server: Server, readers: Guild) -> Person:
    return server.person("Mo", readers, manages=True)


@pytest.fixture
def worker() -> Worker:
    return Worker()


# The line


async def test_posts_begin_once_the_servers_are_known(
    server: Server, readers: Guild, desk: TestDesk, worker: Worker
) -> None:
    async with serving(server, desk, post=worker.post):
        assert not worker.given  # the library waits for more servers
        messenger = await worker.messenger()
        assert (messenger.platform, messenger.deduplicates) == ("discord", True)
        await messenger.send(post(readers.channel))
    assert len(titles(readers.channel)) == 1


async def test_another_line_gets_another_messenger(
    server: Server, readers: Guild, desk: TestDesk, worker: Worker
) -> None:
    async with serving(server, desk, post=worker.post):
        await worker.messenger()
        await server.gateway.drop()  # is resumed
        (wire,) = server.gateway.connections
        await wire.close(4011)
        await until(lambda: len(worker.given) == 2)
        with pytest.raises(RetryLaterError, match="connection was lost") as caught:
            await worker.given[0].send(post(readers.channel))
        assert not caught.value.in_doubt
        await worker.given[1].send(post(readers.channel))
    assert len(titles(readers.channel)) == 1


async def test_what_is_being_sent_at_the_end_is_sent(
    server: Server, readers: Guild, desk: TestDesk, worker: Worker
) -> None:
    worker.last = readers.channel
    async with serving(server, desk, post=worker.post) as running:
        await worker.messenger()
        running.cancel()
        await asyncio.wait({running})
    assert len(titles(readers.channel)) == 1


async def test_who_never_ends_is_left(
    server: Server, desk: TestDesk, worker: Worker, readers: Guild
) -> None:
    held = server.holds("POST", "/channels/*/messages")
    worker.last = readers.channel
    async with serving(server, desk, post=worker.post) as running:
        await worker.messenger()
        running.cancel()
        await held.reached.wait()
        await asyncio.wait({running})
    assert running.cancelled()


@pytest.mark.parametrize("error", [PlatformError("shut out"), LookupError("a mistake")])
async def test_what_posting_fails_with_ends_the_line(
    server: Server, desk: TestDesk, worker: Worker, error: Exception
) -> None:
    worker.ends = error
    async with serving(server, desk, post=worker.post) as running:
        await worker.messenger()
        worker.over.set()
        with pytest.raises(type(error), match=str(error)):
            await running
    await until(lambda: "closed 1000" in server.gateway.log)


async def test_posting_that_has_an_end_ends_nothing_else(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, worker: Worker
) -> None:
    async with serving(server, desk, post=worker.post) as running:
        await worker.messenger()
        worker.over.set()
        assert (await ada.command(readers, "help")).boxes
        assert not running.done()


async def test_a_token_that_is_refused_over_a_post_ends_it(
    server: Server, readers: Guild, desk: TestDesk, worker: Worker
) -> None:
    server.fails("POST", "/channels/*/messages", 401)
    async with serving(server, desk, post=worker.post) as running:
        messenger = await worker.messenger()
        with pytest.raises(PlatformError, match="rejected the token"):
            await messenger.send(post(readers.channel))
        with pytest.raises(PlatformError, match="rejected the token"):
            await running


async def test_a_post_is_published_on_the_way(
    server: Server, desk: TestDesk, worker: Worker
) -> None:
    (news,) = server.channels(1, kind=5)
    assert news.guild is not None
    await desk.dispatcher.services.settings.set(Chat("discord", str(news.guild.id)), PUBLISH, ON)
    async with serving(server, desk, post=worker.post) as running:
        messenger = await worker.messenger()
        worker.last = news
        await messenger.send(post(news))
        running.cancel()
        await asyncio.wait({running})
    assert [message.flags & ~V2 for message in news.seen] == [1, 1]


async def test_a_server_that_the_bot_has_left_takes_no_posts(
    server: Server, readers: Guild, desk: TestDesk, worker: Worker
) -> None:
    async with serving(server, desk, post=worker.post):
        messenger = await worker.messenger()
        await server.remove_bot(readers)
        with pytest.raises(ChatGoneError):
            await messenger.send(post(readers.channel))


# What people do with posts


async def test_who_presses_a_post_gets_a_page_of_their_own(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk, worker: Worker
) -> None:
    told = story("A long story", "\n".join(f"Paragraph {n}. {'x ' * 900}" for n in range(9)))
    await desk.has(told)
    async with serving(server, desk, post=worker.post, moderators=frozenset({mo.id})):
        await (await worker.messenger()).send(post(readers.channel, told))
        posted = only(readers.channel)
        for person in (ada, mo):
            page = await person.presses(posted, "Read")
            assert (page.type, page.ephemeral) == (REPLY, True)
            assert "Paragraph 0." in page.boxes[0]
            turned = await person.presses(page, "Next")
            assert (turned.type, turned.message) == (UPDATE, page.message)
            assert "Paragraph 0." not in page.boxes[0]
    assert not posted.edits
    assert titles(readers.channel) == ["A long story"]


async def test_a_post_in_direct_messages_stays_as_it_is(
    server: Server, ada: Person, desk: TestDesk, worker: Worker
) -> None:
    told = story("A story", "Text.")
    await desk.has(told)
    own = server.world.dm(ada)
    async with serving(server, desk, post=worker.post):
        await (await worker.messenger()).send(post(own, told))
        page = await ada.presses(only(own), "Read")
    assert (page.type, page.ephemeral) == (REPLY, True)
    assert not only(own).edits


# The pace, and where things are asked


async def test_direct_messages_are_answered_at_the_pace(
    server: Server, ada: Person, desk: TestDesk
) -> None:
    await twelve(desk)
    slow, often = Rate(1, 10.0), Rate(100, 1.0)
    pace = RateLimits(often, often, lambda _: slow, lambda _: slow)
    bot = platform(server, desk, rate_limiter=RateLimiter(desk.clock, pace))
    running = asyncio.create_task(bot.serve())
    await server.ready()
    own = server.world.dm(ada)
    await ada.writes(None, "/latest")
    await ada.writes(None, "/help")
    await until(lambda: len(own.seen) == 3)
    assert (await ada.command(None, "help")).boxes  # what answers a command waits for nothing
    assert len(own.seen) == 4
    desk.clock.pass_(10)
    await until(lambda: len(own.seen) == 5)
    running.cancel()
    await asyncio.wait({running})


async def _here(request: Request) -> Reply:
    chat = request.chat
    return Reply(request.command.name, text=(f"{chat.id} of {chat.house or 'nobody'}",))


async def test_a_command_for_hosts_is_about_its_channel_or_its_server(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    follow = Command("follow", "Follow", _here, access=Access.HOSTS)
    house = Command("house", "House", _here, access=Access.HOSTS, server_wide=True)
    own = Dispatcher(desk.dispatcher.services, Registry([follow, house]))
    thread = server.thread(readers.channel, "talk")
    async with serving(server, own):
        for place in (readers.channel, thread):
            said = (await mo.command(place, "follow")).content
            assert said == f"{place.id} of {readers.id}"
            assert (await mo.command(place, "house")).content == f"{readers.id} of nobody"
        direct = server.world.dm(ada)
        for name in ("follow", "house"):
            assert (await ada.command(None, name)).content == f"{direct.id} of nobody"


async def test_where_the_bot_was_brought_along_there_is_no_house_and_no_host(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    elsewhere = server.guild("Elsewhere", has_bot=False)
    owner = server.person("Owner", elsewhere, manages=True)
    owner.installs()
    trip = server.group("Trip", ada, owner)
    await twelve(desk)
    held = HeldDesk(desk.dispatcher.services)
    held.may_go.set()
    async with serving(server, held):
        for place in (elsewhere, trip, None):
            await owner.command(place, "latest")
        await ada.command(readers, "latest")
    asked = [(chat.house, person.host, person.moderator) for _, person, chat in held.asked]
    assert asked == [
        ("", False, False),
        ("", False, False),
        ("", True, False),
        (str(readers.id), False, False),
    ]
