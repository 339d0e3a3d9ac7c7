"""Posts of announcement channels go to the servers that follow them, where that is wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_posting import Postman, chat_of, on_air, post, postman, titles
from newsdesk import TestDesk
from servers.discord.server import Server, readers, server
from servers.discord.world import CROSSPOSTED, NEWS, Channel, Guild

from bot.chat.settings import ON, PUBLISH
from bot.model import Chat
from store.sqlite import SqliteStore

__all__ = ["readers", "server"]  # fixtures

CROSSPOST = "/channels/*/crosspost"


@pytest.fixture
def news(server: Server, readers: Guild) -> Channel:
    return server.channel(readers, "announcements", kind=NEWS)


@pytest.fixture
async def by(server: Server, desk: TestDesk, news: Channel) -> AsyncIterator[Postman]:
    del news  # the client learns of it at the start
    async with postman(desk) as made, on_air(made, server):
        yield made


async def wanted(by: Postman, guild: Guild) -> None:
    await by.settings.set(Chat("discord", str(guild.id)), PUBLISH, ON)


def published(channel: Channel) -> list[bool]:
    return [bool(message.flags & CROSSPOSTED) for message in channel.seen]


async def test_a_post_is_published_where_that_is_wanted(
    readers: Guild, news: Channel, by: Postman
) -> None:
    await by.send(post(news))
    await by.crossposter.finish()
    assert published(news) == [False]
    await wanted(by, readers)
    await by.send(post(news, key="another"))
    await by.send(post(readers.channel))
    await by.crossposter.finish()
    assert published(news) == [False, True]
    assert published(readers.channel) == [False]


async def test_without_its_house_a_channel_has_settings_of_its_own(
    server: Server, readers: Guild, news: Channel, by: Postman
) -> None:
    await wanted(by, readers)
    await by.settings.set(Chat("discord", str(news.id)), PUBLISH, ON)
    await by.send(post(Chat("discord", str(news.id))))
    ada = server.person("Ada")
    await by.send(post(Chat("discord", f"user:{ada.id}")))
    await by.send(post(Chat("discord", str(server.world.dm(ada).id))))
    await by.crossposter.finish()
    assert published(news) == [True]
    assert len(server.called("POST", CROSSPOST)) == 1


async def test_what_was_sent_before_is_published_once(
    server: Server, readers: Guild, news: Channel, by: Postman, caplog: pytest.LogCaptureFixture
) -> None:
    await wanted(by, readers)
    for _ in range(2):
        await by.send(post(news))
        await by.crossposter.finish()
    assert [call.status for call in server.called("POST", CROSSPOST)] == [200, 400]
    assert "not published" not in caplog.text


async def test_a_post_does_not_wait_for_being_published(
    server: Server, readers: Guild, news: Channel, by: Postman
) -> None:
    await wanted(by, readers)
    held = server.holds("POST", CROSSPOST)
    await by.send(post(news))
    await held.reached.wait()
    await by.send(post(news, key="another"))
    assert len(titles(news)) == 2
    held.release()
    await by.crossposter.finish()
    assert published(news) == [True, True]


async def test_at_the_end_it_is_given_a_moment(
    server: Server, readers: Guild, news: Channel, by: Postman
) -> None:
    await wanted(by, readers)
    held = server.holds("POST", CROSSPOST)
    await by.send(post(news))
    await held.reached.wait()
    await by.crossposter.finish()  # and no longer
    assert published(news) == [False]
    await by.crossposter.finish()


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (503, 0)])
async def test_what_cannot_be_published_is_told_once(
    server: Server,
    news: Channel,
    by: Postman,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: int,
) -> None:
    assert news.guild is not None
    await wanted(by, news.guild)
    server.fails("POST", CROSSPOST, status, code, times=2)
    for key in ("one", "two"):
        await by.send(post(news, key=key))
        await by.crossposter.finish()
    assert len(titles(news)) == 2
    (line,) = [one.getMessage() for one in caplog.records if "not published" in one.getMessage()]
    assert str(news.id) in line
    assert str(code or status) in line
    # What was forbidden is not asked for again at once: Discord counts what it refuses.
    assert len(server.called("POST", CROSSPOST)) == (1 if status == 403 else 2)
    by.clock.pass_(3_601)
    await by.send(post(news, key="three"))
    await by.crossposter.finish()
    assert len(server.called("POST", CROSSPOST)) == (2 if status == 403 else 3)


async def test_no_more_than_discord_takes(
    server: Server, readers: Guild, news: Channel, by: Postman, caplog: pytest.LogCaptureFixture
) -> None:
    await wanted(by, readers)
    for n in range(12):
        by.crossposter.schedule(chat_of(news), n + 1)
    await by.crossposter.finish()
    assert len(server.called("POST", CROSSPOST)) == 10
    assert caplog.text.count("Discord allows 10 an hour") == 1
    by.clock.pass_(3_601)
    await by.send(post(news))
    await by.crossposter.finish()
    assert published(news) == [True]


async def test_what_discord_puts_off_for_long_is_left(
    server: Server, readers: Guild, news: Channel, by: Postman
) -> None:
    await wanted(by, readers)
    server.throttles("POST", CROSSPOST, 1_800.0)
    for key in ("one", "two"):
        await by.send(post(news, key=key))
        await by.crossposter.finish()
    assert len(server.called("POST", CROSSPOST)) == 1
    by.clock.pass_(1_801)
    await by.send(post(news, key="three"))
    await by.crossposter.finish()
    assert published(news) == [False, False, True]


async def test_without_the_settings_nothing_is_published(
    server: Server,
    news: Channel,
    desk: TestDesk,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    lost = await SqliteStore.open(tmp_path / "lost.db")
    await lost.aclose()
    async with postman(desk, lost) as by, on_air(by, server):
        for key in ("one", "two"):
            await by.send(post(news, key=key))
        await by.crossposter.finish()
    assert caplog.text.count(f"a post in channel {news.id} was not published: ") == 1
    assert published(news) == [False, False]
