"""Sources that are added while the bot runs: found, polled, kept over a restart, and removed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from feed_server import Answer, FeedServer
from newsdesk import titles
from stories import HandClock

from bot.app import App, open_app
from bot.config.load import read_config
from bot.model import Capability, Chat, Person
from bot.reply import Reply

pytestmark = pytest.mark.process

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OPERATOR = Person("7", "Olga", moderator=True, operator=True)
CHAT = Chat("telegram", "-100", capabilities=Capability.POSTS)
DESK = """
[bot]
find_topics = false

[feeds]
allow_hosts = ["{host}"]

[store]
path = "dateline.db"
"""


def rss(*names: str) -> Answer:
    """A feed with stories, the newest first."""
    items = "".join(
        f"<item><title>{name}</title><link>https://harbour.example/{name}</link>"
        f"<description>All about {name} and the ferries of the sound.</description>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=at + 1))}</pubDate></item>"
        for at, name in enumerate(names)
    )
    body = f'<rss version="2.0"><channel><title>The Harbour</title>{items}</channel></rss>'
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


def page(*links: str) -> Answer:
    """A page that names feeds."""
    named = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{one}">' for one in links
    )
    body = f"<!doctype html><html><head><title>Harbour</title>{named}</head><p>Hello</p></html>"
    return Answer(body.encode(), headers={"Content-Type": "text/html"})


class Room:
    """The bot, its configuration, and the site that it fetches from."""

    def __init__(self, folder: Path, site: FeedServer) -> None:
        self.folder, self.site, self.clock = folder, site, HandClock(NOW)
        self.write("")

    def write(self, sources: str) -> None:
        """Writes the configuration, with these sources."""
        text = DESK.format(host=self.site.host) + sources
        (self.folder / "config.toml").write_text(text)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[App]:
        config = read_config(self.folder / "config.toml", {})
        async with open_app(config, clock=self.clock) as app:
            self.app = app
            yield app

    async def ask(self, line: str, person: Person = OPERATOR) -> Reply:
        return await self.app.dispatcher.answer(line, person, CHAT)

    async def press(self, reply: Reply, label: str) -> Reply:
        (action,) = (one.action for one in reply.buttons if one.label == label)
        return await self.app.dispatcher.press(action, OPERATOR, CHAT)

    async def add(self, address: str) -> None:
        assert (await self.press(await self.ask(f"/source add {address}"), "Add")).ok

    async def polls(self) -> None:
        """Polls all sources that are due, after the interval."""
        self.clock.pass_(20 * 60)
        await self.app.poller.poll_due()

    async def queued(self) -> int:
        """How many posts wait for the chat."""
        status = await self.app.store.status.status(self.clock.now())
        return sum(one.queue.depth + one.waiting + one.paused for one in status.posts)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with FeedServer().running() as site:
        yield Room(tmp_path, site)


async def test_a_source_is_found_added_and_polled_and_its_first_stories_are_no_news(
    room: Room,
) -> None:
    room.site.answers("/", page("/feed.xml"))
    room.site.answers("/feed.xml", rss("one", "two", "three", "four"))
    async with room.opened() as app:
        preview = await room.ask(f"/source add {room.site.url('/')}")
        assert preview.title == "Add The Harbour?"
        assert titles(preview) == ["one", "two", "three"]
        assert not (await room.ask("/latest")).cards
        assert (await room.press(preview, "Add")).ok
        assert (await room.ask("/subscribe source:the-harbour confirm:on")).ok
        await app.poller.poll_due()
        assert titles(await room.ask("/latest")) == ["one", "two", "three", "four"]
        assert await room.queued() == 0

        room.site.answers("/feed.xml", rss("five", "one", "two", "three", "four"))
        tried = await room.ask("/source test the-harbour")
        assert "Read 5 stories" in tried.text[0]
        assert "1 would be new" in tried.text[0]
        assert await room.queued() == 0
        await room.polls()
        assert await room.queued() == 1

    async with room.opened():  # after a restart
        (entry,) = (await room.ask("/sources")).entries
        assert entry.name == "The Harbour"
        assert "5 stories" in entry.text
        assert "added by Olga" in entry.text


async def test_a_paused_source_is_not_polled_also_after_a_restart(room: Room) -> None:
    room.site.answers("/feed.xml", rss("one"))
    async with room.opened():
        await room.add(room.site.url("/feed.xml"))
        await room.polls()
        assert (await room.ask("/source pause the-harbour")).ok
    asked = len(room.site.asked)
    async with room.opened() as app:
        await room.polls()
        await room.polls()
        assert len(room.site.asked) == asked
        assert "1 paused" in str((await room.ask("/status")).entries)
        room.site.answers("/feed.xml", rss("two", "one"))
        assert (await room.ask("/source resume the-harbour")).ok
        await app.poller.poll_due()
        assert titles(await room.ask("/latest")) == ["two", "one"]


async def test_a_removed_source_is_polled_no_more_and_comes_back_as_a_new_one(room: Room) -> None:
    room.site.answers("/feed.xml", rss("one"))
    async with room.opened() as app:
        await room.add(room.site.url("/feed.xml"))
        await room.polls()
        await room.ask("/subscribe source:the-harbour confirm:on")
        done = await room.press(await room.ask("/source remove the-harbour"), "Remove")
        asked = len(room.site.asked)
        await room.polls()
        assert len(room.site.asked) == asked
        assert titles(await room.ask("/latest")) == ["one"]

        room.site.answers("/feed.xml", rss("two", "one"))
        await room.press(done, "Add it again")
        await app.poller.poll_due()
        assert titles(await room.ask("/latest")) == ["two", "one"]
        assert await room.queued() == 0  # of the time in which it was none
        room.site.answers("/feed.xml", rss("three", "two", "one"))
        await room.polls()
        assert await room.queued() == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://localhost/feed", "10.0.0.1"])
async def test_a_private_address_is_refused_in_words(room: Room, address: str) -> None:
    async with room.opened():
        refused = await room.ask(f"/source add {address}")
        assert not refused.ok
        assert any(word in refused.text[0] for word in ("private", "local", "loopback"))
        assert (await room.ask("/sources")).entries == ()


async def test_what_the_file_has_by_now_is_the_files(room: Room) -> None:
    room.site.answers("/feed.xml", rss("one"))
    async with room.opened():
        await room.add(room.site.url("/feed.xml"))
        await room.polls()
        block = f'\n[[sources]]\nid = "mine"\nkind = "feed"\nurl = "{room.site.url("/feed.xml")}"\n'
        room.write(block)
        assert (await room.ask("/reload config")).ok
        assert [one.name for one in (await room.ask("/sources")).entries] == ["mine"]
        room.write("")
        assert (await room.ask("/reload config")).ok
        assert [one.name for one in (await room.ask("/sources")).entries] == ["The Harbour"]
    room.write(block)
    async with room.opened():
        assert [one.name for one in (await room.ask("/sources")).entries] == ["mine"]


async def test_who_may_change_sources_is_read_again(room: Room) -> None:
    moderator = Person("8", "Max", moderator=True)
    async with room.opened():
        assert not (await room.ask("/source export", moderator)).ok
        text = (room.folder / "config.toml").read_text()
        new = text.replace("[bot]", '[bot]\nsource_editors = "moderators"\nmax_added_sources = 1')
        (room.folder / "config.toml").write_text(new)
        assert (await room.ask("/reload config")).ok
        assert (await room.ask("/source export", moderator)).ok
