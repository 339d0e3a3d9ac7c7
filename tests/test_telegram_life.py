"""The bot on Telegram through starts, stops, and all that befalls a line: over the wire."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from newsdesk import TestDesk, desk_over
from servers.telegram import faults
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat
from stories import NOW, story
from telegram_bot import assert_no_violations, platform, serving

from adapters.telegram.failures import classify
from bot.chat.command import Access
from bot.chat.supervisor import serve
from bot.commands import REGISTRY
from bot.errors import ChatGoneError, ChatMovedError, PlatformError, RejectedError, RetryLaterError
from bot.i18n import languages
from bot.model import Chat as CoreChat
from bot.monitoring.logs import TextFormatter
from bot.secrets import SECRETS

__all__ = ["ada", "chat"]

HOOK = "https://news.example.org/hook"
NO_UPDATES = (
    b"",
    b"{",
    b"{}",
    b"[]",
    b"null",
    b"7",
    b'"x"',
    b"\xff",
    b'{"update_id": {}}',
    b'{"update_id": true}',
    b'{"update_id": "1"}',
    b'{"update_id": 1, "message": 5}',
    b'{"update_id": 1, "message": {"date": "x", "chat": [], "message_id": {}}}',
    b"[" * 100_000,
    b'{"update_id": ' + b"9" * 5_000 + b"}",
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        await opened.has(story("Tram line opens", "A tram runs.", published=NOW - timedelta(1)))
        yield opened


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server(patience=20) as api:
        yield api
        assert_no_violations(api)


# Its start and its end


async def test_the_menu_shows_each_kind_of_chat_its_commands(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    mo = server.person("Mo")
    group = server.supergroup("Readers", admins=[mo], members=[ada])
    async with serving(server, desk):
        await server.called("setMyCommands", times=3 * len(languages()))
        await ada.says(chat, "/topics")
        await server.next_message(chat)
        menus = [
            list(server.profile.commands_for(person.user, place))
            for person, place in ((ada, chat), (ada, group), (mo, group))
        ]
    private, open_group, staffed = menus
    assert open_group == _names(Access.EVERYONE)
    assert private == _names(Access.EVERYONE, Access.HOSTS)
    assert staffed == _names(Access.EVERYONE, Access.HOSTS, Access.MODERATORS)
    assert "latest" in open_group
    assert "subscribe" in set(private) - set(open_group)
    assert "reload" in set(staffed) - set(private)


def _names(*access: Access) -> list[str]:
    return [command.name for command in REGISTRY if command.access in access]


async def test_a_refused_token_ends_it_with_what_to_do(server: Server, desk: TestDesk) -> None:
    server.revoked = True
    with pytest.raises(PlatformError, match="@BotFather"):
        await platform(server, desk).serve()


@pytest.mark.parametrize(("at", "webhook"), [("deleteWebhook", ""), ("setWebhook", HOOK)])
async def test_a_token_that_is_refused_just_after_the_start_ends_it_too(
    server: Server, desk: TestDesk, caplog: pytest.LogCaptureFixture, at: str, webhook: str
) -> None:
    server.fails(at, faults.Fault(status=401, description="Unauthorized"))
    with pytest.raises(PlatformError, match="@BotFather"):
        await platform(server, desk, webhook_url=webhook, webhook_listen="127.0.0.1:0").serve()
    assert server.faults.remaining == []
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("at", ["getUpdates", "sendMessage"])
async def test_a_token_that_is_revoked_later_ends_it_too(
    server: Server, desk: TestDesk, ada: Person, chat: Chat, at: str
) -> None:
    task = asyncio.create_task(platform(server, desk).serve())
    await server.called("getUpdates")
    server.fails(at, faults.Fault(status=401, description="Unauthorized"))
    await ada.says(chat, "/topics")
    with pytest.raises(PlatformError, match="restart Dateline"):
        await task


async def test_it_waits_for_a_network_that_is_not_there_yet_and_for_one_that_goes(
    server: Server, desk: TestDesk, ada: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    server.fails("getMe", faults.cut())
    async with serving(server, desk):
        await server.stop()
        await server.start()
        await ada.says(chat, "/topics")
        assert (await server.next_message(chat)).text.startswith("Topics")
    assert "Telegram cannot be reached; trying again" in caplog.text


async def test_a_second_process_with_the_token_is_told(
    server: Server, desk: TestDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk_over(tmp_path / "other.db") as other, serving(server, desk):
        task = asyncio.create_task(platform(server, other).serve())
        await server.called("getUpdates", status=409)
        async with asyncio.timeout(20):
            while "another process is fetching updates with this token" not in caplog.text:
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})
    assert len(re.findall("another process is fetching", caplog.text)) <= 2  # each tells it once


async def test_what_is_being_answered_is_finished_before_the_end(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(serve([platform(server, desk)], stop))
    await server.called("getUpdates")
    server.fails("sendMessage", faults.too_many(1))
    await ada.says(chat, "/topics")
    await server.called("sendMessage", status=429)
    stop.set()
    await task
    assert server.sent(chat)[0].text.startswith("Topics")
    # The question is confirmed, so that the next start does not answer it again.
    assert server.made("getUpdates")[-1].params["offset"]


async def test_settings_are_remembered(
    server: Server, desk: TestDesk, ada: Person, chat: Chat, tmp_path: Path
) -> None:
    async with serving(server, desk):
        await ada.says(chat, "/settings preview off")
        await server.next_message(chat)
    async with desk_over(tmp_path / "news.db") as again, serving(server, again):
        await ada.says(chat, "/settings")
        assert "preview: off" in (await server.next_message(chat)).text


# What befalls a reply


@pytest.mark.parametrize(
    "befalls",
    [
        faults.too_many(1),
        faults.broken(502),
        faults.broken(500),
        faults.cut(),
    ],
)
async def test_a_reply_that_did_not_arrive_is_sent_again(
    server: Server,
    desk: TestDesk,
    ada: Person,
    chat: Chat,
    befalls: faults.Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(server, desk):
        server.fails("sendMessage", befalls)
        await ada.says(chat, "/topics")
        assert (await server.next_message(chat)).text.startswith("Topics")
        assert len(server.made("sendMessage")) == 2
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "befalls",
    [
        faults.blocked(),
        faults.chat_not_found(),
        faults.bad_request("PEER_FLOOD"),
        faults.too_many(3_600),
    ],
)
async def test_a_reply_that_can_never_arrive_is_given_up_and_the_next_is_sent(
    server: Server,
    desk: TestDesk,
    ada: Person,
    chat: Chat,
    befalls: faults.Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(server, desk):
        server.fails("sendMessage", befalls)
        await ada.says(chat, "/topics")
        await server.called("sendMessage")
        await ada.says(chat, "/sources")
        assert (await server.next_message(chat)).text.startswith("Sources")
    assert len(server.made("sendMessage")) == 2
    assert f"could not send a reply to chat {chat.id}" in caplog.text


async def test_one_chat_that_is_to_wait_keeps_no_other_waiting(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    bob = server.person("Bob")
    other = server.private(bob)
    async with serving(server, desk):
        server.fails("sendMessage", faults.too_many(2), chat=chat.id)
        await ada.says(chat, "/topics")
        await server.called("sendMessage", status=429)
        await bob.says(other, "/topics")
        await server.next_message(other)
        assert server.sent(chat) == []
        await server.next_message(chat)


async def test_a_group_that_became_a_supergroup_is_answered_there(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    group = server.group("Readers", members=[ada])
    async with serving(server, desk):
        await server.called("getUpdates")
        moved = server.migrate(group)
        server.fails("sendMessage", faults.migrated(moved.id), chat=group.id)
        await ada.says(group, "/topics")
        assert (await server.next_message(moved)).text.startswith("Topics")


async def test_a_group_that_became_a_supergroup_keeps_its_settings(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    group = server.group("Readers", admins=[ada])
    async with serving(server, desk):
        await ada.says(group, "/settings preview off")
        await server.next_message(group)
        moved = server.migrate(group)
        async with asyncio.timeout(20):
            while not await desk.store.chats.settings(CoreChat("telegram", str(moved.id))):
                await asyncio.sleep(0.01)  # what is heard at once is handled side by side
        await ada.says(moved, "/settings")
        assert "preview: off" in (await server.next_message(moved)).text


async def test_a_store_in_trouble_is_told_and_served_through(
    server: Server, desk: TestDesk, ada: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(server, desk):
        await desk.store.aclose()
        await ada.says(chat, "/latest")
        assert (
            "The operator can find the details in the log" in (await server.next_message(chat)).text
        )
    assert "could not answer: the store" in caplog.text


# What an error means


def _of(error: Exception, cause: Exception | None = None) -> Exception:
    error.__cause__ = cause
    return error


def test_errors_are_told_apart_by_their_causes() -> None:
    import httpx  # noqa: PLC0415 - the library's, used nowhere else in the tests
    from telegram import error as told  # noqa: PLC0415

    never = classify(told.TimedOut())
    assert isinstance(never, RetryLaterError)
    for cause, in_doubt in (
        (httpx.ConnectError("x"), False),
        (httpx.ConnectTimeout("x"), False),
        (httpx.PoolTimeout("x"), False),
        (httpx.ReadTimeout("x"), True),
        (httpx.ReadError("x"), True),
        (httpx.RemoteProtocolError("x"), True),
    ):
        error = told.NetworkError("x")
        error.__cause__ = cause
        meant = classify(error)
        assert isinstance(meant, RetryLaterError)
        assert meant.in_doubt is in_doubt, cause
    assert isinstance(classify(told.BadRequest("Chat not found")), ChatGoneError)
    assert isinstance(classify(told.BadRequest("Message is too long")), RejectedError)
    assert isinstance(classify(told.Forbidden("bot was blocked")), ChatGoneError)
    assert isinstance(classify(told.InvalidToken()), PlatformError)
    moved, wait = classify(told.ChatMigrated(-5)), classify(told.RetryAfter(7))
    assert isinstance(moved, ChatMovedError)
    assert isinstance(wait, RetryLaterError)
    assert (moved.id, wait.wait, wait.in_doubt) == ("-5", 7.0, False)


# The token


async def test_the_token_is_in_no_log_traceback_or_repr(
    server: Server, desk: TestDesk, ada: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    SECRETS.add(server.token)
    with caplog.at_level(logging.DEBUG):
        async with serving(server, desk):
            server.fails("sendMessage", faults.cut())
            server.fails("getUpdates", faults.broken())
            await ada.says(chat, "/topics")
            await server.next_message(chat)
    formatter = TextFormatter(debug=True)
    logged = "\n".join(map(formatter.format, caplog.records))
    assert "sendMessage" in logged
    assert server.token not in logged
    assert server.token.partition(":")[2] not in logged
    assert server.token not in repr(platform(server, desk))
    assert server.token in caplog.text  # there is something to hide


# The webhook


async def test_updates_that_telegram_brings_are_answered(
    server: Server,
    desk: TestDesk,
    ada: Person,
    chat: Chat,
    unused_tcp_port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.delivery.routes["https://news.example.org"] = f"http://127.0.0.1:{unused_tcp_port}"
    listen = f"127.0.0.1:{unused_tcp_port}"
    hooked = platform(server, desk, webhook_url=HOOK, webhook_listen=listen)
    task = asyncio.create_task(hooked.serve())
    await server.called("setWebhook")
    await ada.says(chat, "/topics")
    assert (await server.next_message(chat)).text.startswith("Topics")
    url = f"http://127.0.0.1:{unused_tcp_port}/hook"
    async with aiohttp.ClientSession() as stranger:
        for guess in (None, "guessed", "", "\udcff\udcfe", "ÿþ"):
            headers = {} if guess is None else {"X-Telegram-Bot-Api-Secret-Token": guess}
            async with stranger.post(url, json={"update_id": 1}, headers=headers) as answer:
                assert answer.status == 403
        raw = b"POST /x HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: \xff\xfe\r\n"
        answered = await spoken(unused_tcp_port, raw + b"Content-Length: 2\r\n\r\n{}")
        assert answered.startswith(b"HTTP/1.1 403")
        assert caplog.text.count("is not an update") == 0
        secret = str(server.made("setWebhook")[0].params["secret_token"])
        right = {"X-Telegram-Bot-Api-Secret-Token": secret}
        for body in NO_UPDATES:
            async with stranger.post(url, data=body, headers=right) as answer:
                assert answer.status == 400, body
        assert caplog.text.count("is not an update") == len(NO_UPDATES)
    await ada.says(chat, "/sources")
    assert (await server.next_message(chat)).text.startswith("Sources")
    task.cancel()
    await asyncio.wait({task})
    assert server.made("getUpdates") == []
    assert "Traceback" not in caplog.text


async def spoken(port: int, request: bytes) -> bytes:
    """Returns the answer to bytes that no client would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_an_address_that_is_taken_is_told(server: Server, desk: TestDesk) -> None:
    taken = server.url.removeprefix("http://")
    with pytest.raises(PlatformError, match=r"telegram\.webhook_listen: cannot listen"):
        await platform(server, desk, webhook_url=HOOK, webhook_listen=taken).serve()


async def test_a_webhook_that_telegram_does_not_take_is_told(
    server: Server, desk: TestDesk, unused_tcp_port: int
) -> None:
    server.fails("setWebhook", faults.bad_request("bad webhook: Failed to resolve host"))
    listen = f"127.0.0.1:{unused_tcp_port}"
    hooked = platform(server, desk, webhook_url=HOOK, webhook_listen=listen)
    with pytest.raises(PlatformError, match=r"telegram\.webhook_url: .*failed to resolve host"):
        await hooked.serve()


async def test_updates_that_come_again_are_reported_as_a_recovery(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    recovered = asyncio.Event()
    connected: list[bool] = []
    bot = replace(
        platform(server, desk),
        report_recovery=lambda _: recovered.set(),
        report_connection=lambda _, is_connected: connected.append(is_connected),
    )
    async with serving(server, desk, serve=bot):
        assert not recovered.is_set()
        server.fails("getUpdates", faults.cut())
        await ada.says(chat, "/topics")
        while len(connected) < 2:
            await asyncio.sleep(0.01)
        await ada.says(chat, "/topics")  # else the next long poll lasts
        await recovered.wait()
        assert connected == [True, False, True]
    assert connected == [True, False, True, False]
