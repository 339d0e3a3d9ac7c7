"""Posts on Telegram, over the wire: how they look, and how they can end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from newsdesk import TestDesk, desk_over
from servers.telegram import chats as telegram_chats
from servers.telegram import faults
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from stories import NOW, story
from telegram import Bot
from telegram.request import HTTPXRequest
from telegram_stock import bot

from adapters.telegram.links import read_link
from adapters.telegram.messenger import RATE_LIMITS, TelegramMessenger
from adapters.telegram.rendered_message import RenderContext
from bot.chat.button_tokens import ActionTokens
from bot.clock import SystemClock
from bot.errors import (
    ChatGoneError,
    ChatMovedError,
    DatelineError,
    PlatformError,
    RejectedError,
    RetryLaterError,
)
from bot.i18n import load
from bot.model import Action, Chat
from bot.posting.messenger import Message, Messenger
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Button, Card, Reply, Role

__all__ = ["ada", "bot", "chat", "server"]

EXPO = story("Expo opens", "It opened.", url="https://example.org/expo", published=NOW)
READ = Button("Read", Action("read", (("story", EXPO.id),)), Role.READ)
RENDER_CONTEXT = RenderContext(load("en"), ZoneInfo("UTC"), "DatelineBot")
POST = Reply("post", cards=(Card(EXPO, "The Wire"),), buttons=(READ,))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        yield opened


@pytest.fixture
def messenger(bot: Bot, desk: TestDesk) -> TelegramMessenger:
    return over(bot, desk)


def over(bot: Bot, desk: TestDesk) -> TelegramMessenger:
    rate_limiter = RateLimiter(SystemClock(), RATE_LIMITS)
    return TelegramMessenger(bot, rate_limiter, ActionTokens(desk.store.chats), RENDER_CONTEXT)


def to(chat: telegram_chats.Chat, thread: int = 0, **given: object) -> Message:
    """A post for a chat."""
    place = Chat("telegram", str(chat.id), str(thread or ""))
    return Message(place, **{"reply": POST, "key": "k", **given})  # type: ignore[arg-type]


async def ended(messenger: TelegramMessenger, message: Message) -> DatelineError:
    """The error that sending ends with."""
    with pytest.raises(DatelineError) as caught:
        await messenger.send(message)
    return caught.value


# How they look


async def test_a_post_is_sent_as_its_subscription_wants_it(
    server: Server, messenger: TelegramMessenger
) -> None:
    as_the_core_sees_it: Messenger = messenger
    assert (as_the_core_sees_it.platform, messenger.deduplicates) == ("telegram", False)
    forum = server.forum("Readers")
    sports = forum.topic("Sports")
    first = await messenger.send(to(forum, sports, silent=True))
    second = await messenger.send(to(forum, picture=False))
    shown = server.sent(forum)
    assert [str(message.id) for message in shown] == [first, second]
    assert [(message.thread, message.silent) for message in shown] == [
        (sports, True),
        (None, False),
    ]
    assert shown[0].text == "Expo opens\nThe Wire · Nov 23, 2026, 12:00"
    assert shown[0].marked("bold") == ["Expo opens"]
    assert shown[0].link_preview_options == {"url": "https://example.org/expo"}
    assert shown[1].link_preview_options == {"is_disabled": True}
    assert len(server.calls) == 2 + 1  # and the library's own question who the bot is


async def test_a_picture_stands_large_above_the_text(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    one = story("Expo opens", image="https://example.org/a.jpg")
    await messenger.send(to(chat, reply=Reply("post", cards=(Card(one, "The Wire"),))))
    assert server.sent(chat)[0].link_preview_options == {
        "url": "https://example.org/a.jpg",
        "prefer_large_media": True,
        "show_above_text": True,
    }


async def test_who_wants_to_read_goes_to_the_private_chat_and_changes_nothing_for_others(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    numbered = Button("Expo opens", READ.action, Role.READ, 3)
    offer = Button("Again, please", Action("resume", (("id", "7"),)))
    await messenger.send(
        to(chat, reply=Reply("digest", title="New", buttons=(READ, numbered, offer)))
    )
    buttons = [(one.text, one.url, one.data) for one in server.sent(chat)[0].buttons]
    link = read_link("DatelineBot", EXPO.id)
    assert buttons == [
        ("Read", link, ""),
        ("📖 3", link, ""),
        ("Again, please", "", "resume?id=7"),
    ]


async def test_a_post_is_edited_in_its_place(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    shown = await messenger.send(to(chat))
    new = Reply("post", cards=(Card(story("Expo opens late"), "The Wire"),))
    await messenger.edit(to(chat, reply=new), shown)
    await messenger.edit(to(chat, reply=new), shown)  # changes nothing, which is no error
    (message,) = server.sent(chat)
    assert message.text.startswith("Expo opens late\n")
    assert (message.edits, message.buttons) == (1, [])


async def test_the_chat_with_one_person_is_theirs(messenger: TelegramMessenger) -> None:
    assert messenger.direct("5000000001") == Chat("telegram", "5000000001")
    assert messenger.direct("chat:-100") is messenger.direct("unknown") is None


# How they can end


async def test_a_message_that_cannot_be_edited_is_left_as_it_is(
    server: Server, ada: Person, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    theirs = str((await ada.says(chat, "Hi")).id)
    shown = await messenger.send(to(chat))
    server.sent(chat)[0].deleted = True
    for message, said in (("99", "not found"), (theirs, "can't be edited"), (shown, "not found")):
        with pytest.raises(RejectedError, match=said):
            await messenger.edit(to(chat), message)
    await ada.blocks_bot()
    with pytest.raises(ChatGoneError, match="the bot was blocked"):
        await messenger.edit(to(chat), shown)


@pytest.mark.parametrize(
    ("scripted", "meant"),
    [
        (faults.too_many(7), (7.0, False, False)),
        (faults.broken(502), (None, True, True)),
        (faults.broken(500, after=True), (None, True, True)),
        (faults.cut(), (None, True, False)),
        (faults.cut(after=True), (None, True, False)),
        (
            faults.Fault(status=403, body="<h1>Forbidden by the firewall</h1>"),
            (None, False, True),
        ),
        (faults.Fault(status=404, body="<h1>No such page</h1>"), (None, False, True)),
        (faults.Fault(status=500, description="Internal Server Error"), (None, True, True)),
    ],
    ids=str,
)
async def test_what_may_go_later_says_when_and_whether_it_may_have_arrived(
    server: Server,
    chat: telegram_chats.Chat,
    messenger: TelegramMessenger,
    scripted: faults.Fault,
    meant: tuple[float | None, bool, bool],
) -> None:
    server.fails("sendMessage", scripted)
    error = await ended(messenger, to(chat))
    assert isinstance(error, RetryLaterError)
    assert (error.wait, error.in_doubt, error.answered) == meant
    assert "\n" not in str(error)
    assert len(server.sent(chat)) == scripted.after
    assert len(server.made("sendMessage")) == 1  # whoever calls tries again


async def test_what_never_left_is_in_no_doubt(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    await server.stop()
    error = await ended(messenger, to(chat))
    assert isinstance(error, RetryLaterError)
    assert (error.in_doubt, error.answered) == (False, False)
    await server.start()
    await messenger.send(to(chat))


async def test_an_answer_that_never_comes_is_in_doubt(
    server: Server, chat: telegram_chats.Chat, desk: TestDesk
) -> None:
    server.fails("sendMessage", faults.unanswered(after=True))
    hasty = HTTPXRequest(read_timeout=0.05)
    async with Bot(server.token, base_url=server.base_url, request=hasty) as stock:
        error = await ended(over(stock, desk), to(chat))
    assert isinstance(error, RetryLaterError)
    assert (error.in_doubt, error.answered) == (True, False)
    assert len(server.sent(chat)) == 1


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("bot was blocked by the user", "the bot was blocked"),
        ("USER_IS_BLOCKED", "the bot was blocked"),
        ("bot can't initiate conversation with a user", "the bot was blocked"),
        ("bot was kicked from the channel chat", "no longer in the chat"),
        ("bot is not a member of the supergroup chat", "no longer in the chat"),
        ("CHANNEL_PRIVATE", "no longer in the chat"),
        ("not enough rights to send text messages to the chat", "not allowed to post"),
        ("have no rights to send a message", "not allowed to post"),
        ("Have no write access to the chat", "not allowed to post"),
        ("need administrator rights in the channel chat", "not allowed to post"),
        ("CHAT_WRITE_FORBIDDEN", "not allowed to post"),
        ("CHAT_ADMIN_REQUIRED", "not allowed to post"),
        ("CHAT_RESTRICTED", "not allowed to post"),
        ("CHAT_SEND_PLAIN_FORBIDDEN", "not allowed to post"),
        ("user is deactivated", "was deleted"),
        ("the group chat was deleted", "was deleted"),
        ("chat not found", "can no longer find"),
        ("PEER_ID_INVALID", "can no longer find"),
        ("group chat was upgraded to a supergroup chat", "become a supergroup"),
    ],
)
async def test_a_chat_that_cannot_be_written_to_says_why_in_plain_words(
    server: Server,
    chat: telegram_chats.Chat,
    messenger: TelegramMessenger,
    said: str,
    reason: str,
    status: int,
) -> None:
    prefix = "Forbidden" if status == 403 else "Bad Request"
    server.fails("sendMessage", faults.Fault(status=status, description=f"{prefix}: {said}"))
    error = await ended(messenger, to(chat))
    assert isinstance(error, ChatGoneError)
    assert reason in str(error)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("message thread not found", "topic was deleted"),
        ("TOPIC_DELETED", "topic was deleted"),
        ("TOPIC_CLOSED", "topic is closed"),
    ],
)
async def test_what_is_wrong_with_a_topic_ends_nothing_else(
    server: Server,
    chat: telegram_chats.Chat,
    messenger: TelegramMessenger,
    said: str,
    reason: str,
) -> None:
    server.fails("sendMessage", faults.bad_request(said))
    error = await ended(messenger, to(chat))
    assert isinstance(error, ChatGoneError)
    assert error.thread_only
    assert reason in error.reason


async def test_what_is_wrong_with_one_post_ends_nothing_else(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    server.fails("sendMessage", faults.bad_request("wrong type of the web page content"))
    error = await ended(messenger, to(chat))
    assert isinstance(error, RejectedError)
    assert "Wrong type of the web page" in str(error)


async def test_a_forum_whose_topic_is_no_more_goes_on(
    server: Server, messenger: TelegramMessenger
) -> None:
    forum = server.forum("Readers")
    sports = forum.topic("Sports")
    forum.closed.add(sports)
    assert "closed" in str(await ended(messenger, to(forum, sports)))
    del forum.topics[sports]
    assert isinstance(await ended(messenger, to(forum, sports)), ChatGoneError)
    await messenger.send(to(forum))


async def test_a_group_that_became_a_supergroup_says_its_new_id(
    server: Server, messenger: TelegramMessenger
) -> None:
    group = server.group("Readers")
    moved = server.migrate(group)
    error = await ended(messenger, to(group))
    assert isinstance(error, ChatMovedError)
    assert error.id == str(moved.id)


async def test_a_refused_token_is_the_platforms_end(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    server.revoked = True
    error = await ended(messenger, to(chat))
    assert isinstance(error, PlatformError)
    assert server.token not in repr(error)


@pytest.mark.parametrize("name", ["terminal", "inline:7", "", "-", "1.5"])
async def test_what_is_no_chat_of_telegrams_is_refused(
    server: Server, messenger: TelegramMessenger, name: str
) -> None:
    error = await ended(messenger, Message(Chat("telegram", name), POST, "k"))
    assert isinstance(error, RejectedError)
    assert server.made("sendMessage") == []
