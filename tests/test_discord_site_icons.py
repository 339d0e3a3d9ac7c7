"""Icons of sites as emoji on Discord: made once, kept over a restart, removed when left over."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import discord
import pytest
from discord_desk import serving, until
from discord_posting import Connected
from feed_server import Answer, FeedServer
from newsdesk import TestDesk
from servers.discord.emoji_routes import MAX_BYTES, MOST
from servers.discord.server import A_TOKEN, Server, server
from stories import HandClock, story

from adapters.discord.site_icons import SiteIconSync, emoji_name
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.picture_fetcher import ACCEPT_ICON, WebPictureFetcher, icon_politeness
from adapters.sources.web.politeness import Politeness
from bot.ingest.results import FetchResult
from bot.ingest.site_icons import SiteIcons
from bot.model import Source

__all__ = ["server"]  # a fixture


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    + _chunk(b"IEND", b"")
)
_DAY = 86_400 + 600  # seconds: the stand-in gives ids by the true time, which goes on meanwhile
GIF = b"GIF89a\x01\0\x01\0\0\0\0;"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20
WEBP = b"RIFF\x1a\0\0\0WEBPVP8L" + b"\0" * 20


@dataclass
class Newsroom:
    """Sources, their icons, and what was made of these.

    Attributes:
        icons: The addresses.
        sources: All sources.
        mentions: What stands before their names.
        host: Has the icons.
    """

    icons: SiteIcons
    sources: dict[str, Source]
    mentions: dict[str, str]
    host: FeedServer
    clock: HandClock = field(default_factory=lambda: HandClock(datetime.now(UTC)))

    def names(self, source: str, *answers: Answer) -> str:
        """The source's feed names an icon, which the host has."""
        url = self.host.answers(f"/{source}.png", *answers)
        self.icons.note(source, url)
        return url

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[SiteIconSync]:
        politeness = replace(icon_politeness(""), allow_hosts=(self.host.host,), pause=0)
        async with Connected() as client, Fetcher(politeness) as fetcher:
            await client.login(A_TOKEN)
            pictures = WebPictureFetcher(fetcher, ACCEPT_ICON)
            yield SiteIconSync(
                client, self.icons, pictures, self.sources, self.mentions, self.clock
            )

    async def sync(self) -> None:
        """Does what a bot does that has just been started."""
        async with self.bot() as sync:
            await sync.sync()


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    sources = {one: Source(one, one.title(), "feed", timedelta(hours=1)) for one in ("bay", "port")}
    async with FeedServer().running() as host:
        yield Newsroom(SiteIcons(), sources, {}, host)


def shown(server: Server) -> list[str]:
    return sorted(map(str, server.emoji.by_id.values()))


@pytest.mark.parametrize(
    ("image", "kind"),
    [(PNG, "image/png"), (GIF, "image/gif"), (JPEG, "image/jpeg"), (WEBP, "image/webp")],
)
async def test_an_icon_is_uploaded_once_and_known_again(
    server: Server, newsroom: Newsroom, image: bytes, kind: str
) -> None:
    url = newsroom.names("bay", Answer(image))
    newsroom.icons.note("port", "")
    await newsroom.sync()
    (made,) = server.emoji.by_id.values()
    assert (made.name, made.type, made.image) == (emoji_name("bay", url), kind, image)
    assert newsroom.mentions == {"bay": str(made)}
    newsroom.mentions.clear()
    newsroom.icons = SiteIcons()  # started again: no source has been polled yet
    await newsroom.sync()
    assert newsroom.mentions == {"bay": str(made)}
    newsroom.icons.note("bay", url)
    await newsroom.sync()
    assert len(newsroom.host.asked) == len(server.called("POST", "/applications/*/emojis")) == 1
    server.assert_no_violations()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(PNG + b"\0" * MAX_BYTES),
        Answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>", headers={"Content-Type": "image/png"}),
        Answer(b"\0\0\0\x1cftypavif" + b"\0" * 20),
        Answer(b"\0\0\x01\0\x01\0" + b"\0" * 20),
        Answer(status=404),
        Answer(),
    ],
    ids=["large", "svg", "avif", "ico", "missing", "empty"],
)
async def test_what_is_no_icon_costs_the_icon_only_and_is_not_asked_for_at_once_again(
    server: Server, newsroom: Newsroom, answer: Answer
) -> None:
    newsroom.names("bay", answer)
    newsroom.names("port", Answer(PNG))
    async with newsroom.bot() as sync:
        await sync.sync()
        asked = len(newsroom.host.asked)
        await sync.sync()
    assert [*newsroom.mentions] == ["port"]
    assert len(newsroom.host.asked) == asked
    server.assert_no_violations()


async def test_no_private_host_is_asked(server: Server, newsroom: Newsroom) -> None:
    newsroom.names("bay", Answer(PNG))
    async with newsroom.bot() as sync, Fetcher(icon_politeness("")) as fetcher:
        sync.pictures = WebPictureFetcher(fetcher, ACCEPT_ICON)
        await sync.sync()
    assert (newsroom.host.asked, shown(server), newsroom.mentions) == ([], [], {})


async def test_another_icon_takes_the_place_of_the_old_one(
    server: Server, newsroom: Newsroom
) -> None:
    newsroom.names("bay", Answer(PNG))
    await newsroom.sync()
    (old,) = shown(server)
    newsroom.icons.note("bay", newsroom.host.answers("/gone.png", Answer(status=404)))
    newsroom.clock.pass_(_DAY)
    await newsroom.sync()
    assert newsroom.mentions == {"bay": old}  # until there is another
    newsroom.icons.note("bay", newsroom.host.answers("/new.gif", Answer(GIF)))
    await newsroom.sync()
    (new,) = shown(server)
    assert newsroom.mentions == {"bay": new}
    assert new.startswith("<a:")


async def test_a_feed_that_names_another_address_at_each_poll_has_one_icon_a_day(
    server: Server, newsroom: Newsroom
) -> None:
    for n in range(3):
        newsroom.icons.note("bay", newsroom.host.answers(f"/icon-{n}.png", Answer(PNG)))
        await newsroom.sync()
        newsroom.clock.pass_(3_600)
    assert len(newsroom.host.asked) == 1
    newsroom.clock.pass_(_DAY)
    await newsroom.sync()
    assert [one.path for one in newsroom.host.asked] == ["/icon-0.png", "/icon-2.png"]
    assert len(server.emoji.by_id) == 1


def _leaves(newsroom: Newsroom) -> None:
    del newsroom.sources["bay"]


def _names_none(newsroom: Newsroom) -> None:
    newsroom.icons.note("bay", "")


def _has_its_own(newsroom: Newsroom) -> None:
    newsroom.sources["bay"] = replace(newsroom.sources["bay"], icon="⚓")


@pytest.mark.parametrize("change", [_leaves, _names_none, _has_its_own])
async def test_an_icon_that_no_source_has_is_removed_and_nobody_elses(
    server: Server, newsroom: Newsroom, change: Callable[[Newsroom], None]
) -> None:
    own = [server.emoji.add(name) for name in ("party", "dl_news", f"dl_{'0' * 12}_{'g' * 12}")]
    newsroom.names("bay", Answer(PNG))
    newsroom.names("port", Answer(PNG))
    await newsroom.sync()
    change(newsroom)
    await newsroom.sync()
    assert [*newsroom.mentions] == ["port"]
    assert shown(server) == sorted([*map(str, own), newsroom.mentions["port"]])


async def test_lists_show_the_icon_that_a_poll_has_brought(
    server: Server, newsroom: Newsroom, desk: TestDesk
) -> None:
    url = newsroom.host.answers("/wire.png", Answer(PNG))
    desk.wire.gives.append(FetchResult((story("Bridge"),), icon=url))
    await desk.dispatcher.services.poller.load(["wire"])
    politeness = Politeness(allow_hosts=(newsroom.host.host,), pause=0)
    pictures = WebPictureFetcher(Fetcher(politeness), ACCEPT_ICON)
    readers = server.guild("Readers")
    ada = server.person("Ada", readers)
    async with serving(server, desk, icons=pictures):
        await until(lambda: server.emoji.by_id)
        (made,) = server.emoji.by_id.values()
        said = ""
        while str(made) not in said:  # its answer may still be on its way
            answer = await ada.command(readers, "latest")
            said = "".join(answer.boxes)
    assert f"{made}\u00a0The Wire" in said
    server.assert_no_violations()


async def test_where_no_more_fit_the_name_stands_alone(server: Server, newsroom: Newsroom) -> None:
    for n in range(MOST):
        server.emoji.add(f"party_{n}")
    newsroom.names("bay", Answer(PNG))
    await newsroom.sync()
    assert newsroom.mentions == {}
    assert len(server.emoji.by_id) == MOST


async def test_a_discord_that_fails_is_asked_again_later(
    server: Server, newsroom: Newsroom
) -> None:
    newsroom.names("bay", Answer(PNG))
    fault = server.fails("GET", "/applications/*/emojis", 403, 50001)
    with pytest.raises(discord.HTTPException):
        await newsroom.sync()
    assert fault.times == 0
    await newsroom.sync()
    assert [*newsroom.mentions] == ["bay"]
