"""Posts on Discord that do not arrive, or of which nobody knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from discord_posting import STORY, Postman, by, news, newsroom, only, post, titles
from servers.discord.component_rules import TEXT
from servers.discord.payloads import user
from servers.discord.server import Server, server
from servers.discord.world import CATEGORY, SEND, VIEW, Channel, Guild
from stories import story

from bot.errors import (
    ChatGoneError,
    DatelineError,
    PlatformError,
    RejectedError,
    RetryLaterError,
)
from bot.model import Chat

__all__ = ["by", "news", "newsroom", "server"]  # fixtures

MESSAGES = "/channels/*/messages"


# What does not arrive


def _hidden(channel: Channel) -> None:
    channel.bot_may = 0


def _mute(channel: Channel) -> None:
    channel.bot_may = VIEW


def _gone(channel: Channel) -> None:
    channel.gone = True


def _left(channel: Channel) -> None:
    assert channel.guild is not None
    channel.guild.has_bot = False


def _category(channel: Channel) -> None:
    channel.kind = CATEGORY


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_hidden, r"cannot see the channel.*50001"),
        (_mute, r"not allowed to send messages there.*50013"),
        (_gone, r"the channel was deleted.*10003"),
        (_left, r"no longer in the server.*50001"),
        (_category, r"cannot be sent to this kind of channel.*50008"),
    ],
)
async def test_a_channel_that_takes_no_posts(
    news: Channel, by: Postman, change: Callable[[Channel], None], why: str
) -> None:
    change(news)
    with pytest.raises(ChatGoneError, match=why) as caught:
        await by.send(post(news))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("archived", "why"), [(True, "archived.*50083"), (False, "locked.*160005")]
)
async def test_a_thread_that_is_locked(
    server: Server, news: Channel, by: Postman, archived: bool, why: str
) -> None:
    thread = server.thread(news, "talk")
    thread.locked, thread.archived = True, archived
    with pytest.raises(ChatGoneError, match=why):
        await by.send(post(thread))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 50035, RejectedError),
        (400, 50024, ChatGoneError),
        (401, 0, PlatformError),
        (403, 0, RetryLaterError),  # none of Discord's own
        (403, 40333, RetryLaterError),
        (404, 10008, RejectedError),
        (503, 0, RetryLaterError),
    ],
)
async def test_what_discord_answers(
    server: Server,
    news: Channel,
    by: Postman,
    status: int,
    code: int,
    kind: type[DatelineError],
) -> None:
    server.fails("POST", MESSAGES, status, code, times=2)
    with pytest.raises(kind) as caught:
        await by.send(post(news))
    assert len(server.called("POST", MESSAGES)) == (2 if code == 50035 else 1)
    if isinstance(caught.value, RetryLaterError):
        assert caught.value.in_doubt is (status == 503)
        assert not caught.value.answered  # in doubt is in doubt


async def test_without_an_address_nothing_is_tried_twice(
    server: Server, news: Channel, by: Postman
) -> None:
    server.fails("POST", MESSAGES, 400, 50035)
    with pytest.raises(RejectedError):
        await by.send(post(news, story("Plain", "Text.")))
    assert len(server.called("POST", MESSAGES)) == 1


async def test_what_was_deleted_meanwhile_is_not_sent_again(
    server: Server, news: Channel, by: Postman
) -> None:
    await by.send(post(news))
    only(news).deleted = True
    with pytest.raises(RejectedError, match="10008"):
        await by.send(post(news))
    assert len(server.accepted) == 1


async def test_discord_says_how_long_to_wait(server: Server, news: Channel, by: Postman) -> None:
    server.throttles("POST", MESSAGES, 90.0)
    with pytest.raises(RetryLaterError) as caught:
        await by.send(post(news))
    assert (caught.value.wait, caught.value.in_doubt) == (90.0, False)
    server.throttles("POST", f"/channels/{news.id}/messages", 0.001, times=5)
    with pytest.raises(RetryLaterError) as caught:
        await by.send(post(news, key="again"))
    assert caught.value.wait == 1.0  # as its header has it


async def test_one_channel_that_is_to_wait_holds_up_no_other(
    server: Server, newsroom: Guild, by: Postman
) -> None:
    news, more = newsroom.channels
    server.throttles("POST", f"/channels/{news.id}/messages", 1.0)
    waiting = asyncio.create_task(by.send(post(news)))
    while not server.called("POST", f"/channels/{news.id}/messages"):
        await asyncio.sleep(0)
    for key in "abc":
        await by.send(post(more, key=key))
    assert not waiting.done()
    await waiting
    assert titles(news) == [STORY.title]


async def test_who_gives_up_waiting_for_all_holds_up_nobody(
    server: Server, newsroom: Guild, by: Postman, caplog: pytest.LogCaptureFixture
) -> None:
    news, more = newsroom.channels
    server.throttles("POST", MESSAGES, 0.5, everywhere=True)
    waiting = asyncio.create_task(by.send(post(news)))
    while "Global rate limit has been hit" not in caplog.text:
        await asyncio.sleep(0)
    waiting.cancel()
    await by.send(post(more))
    assert titles(more) == [STORY.title]
    assert await by.send(post(news)) == str(only(news).id)


@pytest.mark.parametrize("chat", ["", "general", "user:", "user:ada", "group:1", "١x"])
async def test_a_chat_that_is_none(server: Server, by: Postman, chat: str) -> None:
    before = len(server.calls)
    with pytest.raises(ChatGoneError, match="is not a channel"):
        await by.send(post(Chat("discord", chat)))
    assert len(server.calls) == before


# What may have arrived long ago


async def arrived(by: Postman, server: Server, one: Channel) -> str:
    """Sends a post of which nobody learns that it has arrived; its nonce is forgotten then."""
    sent = await by.send(post(one))
    server.clock.move(seconds=server.remembers)
    return sent


async def test_what_arrived_long_ago_is_found(server: Server, news: Channel, by: Postman) -> None:
    sent = await arrived(by, server, news)
    since = by.clock.now()
    by.clock.pass_(121)
    assert await by.send(post(news, since=since)) == sent
    assert len(server.accepted) == 1
    (looked,) = server.called("GET", MESSAGES)
    assert looked.query["limit"] == "100"
    assert int(looked.query["after"]) < int(sent)


async def test_what_is_not_found_is_sent(server: Server, newsroom: Guild, by: Postman) -> None:
    news, more = newsroom.channels
    ada = server.person("Ada", newsroom)
    await arrived(by, server, more)
    body = only(more).body
    server.world.add_message(news, ada, body)
    answer = server.world.add_message(news, server.bot, body)
    asked = {"id": "1", "type": 2, "user": user(ada), "authorizing_integration_owners": {}}
    answer.interaction = asked
    (box,) = body["components"]
    picture, head, *rest = box["components"]
    another = {**head, "content": head["content"].replace("Tram", "Another tram")}
    for other in (
        {"flags": 0, "components": [], "content": "Something else"},
        {"components": [box, {"type": TEXT, "content": "More"}]},
        {"components": [{**box, "components": [picture, another, *rest]}]},
        {"components": [{**box, "components": [picture, *rest]}]},
    ):
        server.world.add_message(news, server.bot, {**body, **other})
    sent = await by.send(post(news, since=by.ago(minutes=3)))
    assert sent == str(news.seen[-1].id)
    assert len(news.seen) == 7


async def test_what_arrived_without_its_links_is_found(
    server: Server, news: Channel, by: Postman
) -> None:
    server.fails("POST", MESSAGES, 400, 50035)
    sent = await arrived(by, server, news)
    assert await by.send(post(news, since=by.ago(minutes=3))) == sent


async def test_it_is_found_among_many(server: Server, news: Channel, by: Postman) -> None:
    ada = server.person("Ada")
    for n in range(150):
        server.world.add_message(news, ada, {"content": f"{n}"})
    sent = await arrived(by, server, news)
    for n in range(150):
        server.world.add_message(news, ada, {"content": f"{n}"})
    assert await by.send(post(news, since=by.ago(minutes=3))) == sent
    assert len(server.called("GET", MESSAGES)) == 2


async def test_what_was_first_tried_a_moment_ago_needs_no_looking(
    server: Server, news: Channel, by: Postman
) -> None:
    sent = await by.send(post(news))
    assert await by.send(post(news, since=by.ago(seconds=120))) == sent
    assert not server.called("GET", MESSAGES)


@pytest.mark.parametrize("how", ["may not", "refused"])
async def test_where_there_is_no_looking_there_is_sending(
    server: Server, news: Channel, by: Postman, how: str
) -> None:
    if how == "refused":
        server.fails("GET", MESSAGES, 403, 50001)
    else:
        news.bot_may = VIEW | SEND
    await by.send(post(news, since=by.ago(minutes=3)))
    assert titles(news) == [STORY.title]


async def test_while_nobody_can_look_it_stays_in_doubt(
    server: Server, news: Channel, by: Postman
) -> None:
    server.fails("GET", MESSAGES, 503)
    server.throttles("GET", MESSAGES, 90.0)
    server.throttles("POST", MESSAGES, 90.0)
    for _ in range(3):
        with pytest.raises(RetryLaterError) as caught:
            await by.send(post(news, since=by.ago(minutes=3)))
        assert caught.value.in_doubt
    assert not server.accepted
