"""The tests' own Bot API lets through as much as Telegram does, and knows who may write where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from servers.telegram.limits import Limits
from servers.telegram.server import Server, server
from stories import HandClock
from telegram import Bot, ChatMemberAdministrator, ChatMemberRestricted
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram_stock import bot

__all__ = ["bot", "server"]

pytestmark = pytest.mark.filterwarnings(
    "ignore:Deprecated since version v22.2"  # in the library's RetryAfter
)


async def _sends(bot: Bot, chat: int, times: int = 1) -> list[int]:
    """Returns the waits that the bot is asked for; 0 for accepted messages."""
    waits = []
    for _ in range(times):
        try:
            await bot.send_message(chat, "Hi")
            waits.append(0)
        except RetryAfter as error:
            wait = error.retry_after
            waits.append(int(wait.total_seconds() if isinstance(wait, timedelta) else wait))
    return waits


async def test_a_chat_takes_a_few_at_once_and_then_one_a_second(server: Server, bot: Bot) -> None:
    clock = HandClock()
    server.limits = Limits(clock=clock.monotonic)
    ada = server.private(server.person("Ada")).id
    news = server.channel("News").id
    assert await _sends(bot, ada, 4) == [0, 0, 0, 1]
    assert await _sends(bot, news, 4) == [0, 0, 0, 1]
    clock.pass_(2.0)
    assert await _sends(bot, ada, 3) == [0, 0, 1]
    assert server.too_many == 3
    server.limits = None
    assert await _sends(bot, ada, 3) == [0, 0, 0]


async def test_a_group_takes_twenty_in_any_minute(server: Server, bot: Bot) -> None:
    clock = HandClock()
    server.limits = Limits(clock=clock.monotonic)
    group = server.supergroup("Readers").id
    assert await _sends(bot, group, 10) == [0] * 10
    clock.pass_(30.0)
    assert await _sends(bot, group, 11) == [*[0] * 10, 30]
    clock.pass_(29.5)
    assert await _sends(bot, group, 1) == [1]
    clock.pass_(0.5)
    assert await _sends(bot, group, 11) == [*[0] * 10, 30]


async def test_edits_count_like_messages(server: Server, bot: Bot) -> None:
    clock = HandClock()
    server.limits = Limits(clock=clock.monotonic)
    group = server.supergroup("Readers").id
    first = await bot.send_message(group, "0")
    for n in range(1, 20):
        await bot.edit_message_text(f"{n}", group, first.message_id)
    with pytest.raises(RetryAfter):
        await bot.edit_message_text("20", group, first.message_id)
    assert await _sends(bot, group) == [60]
    # What changes nothing is refused for that, and takes nothing.
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("19", group, first.message_id)
    clock.pass_(60.0)
    await bot.edit_message_text("20", group, first.message_id)
    assert server.too_many == 2


async def test_all_chats_together_take_thirty_a_second(server: Server, bot: Bot) -> None:
    clock = HandClock()
    server.limits = Limits(clock=clock.monotonic)
    crowd = server.crowd(40)
    assert [await _sends(bot, chat.id) for chat in crowd] == [[0]] * 30 + [[1]] * 10
    clock.pass_(0.5)
    assert [await _sends(bot, chat.id) for chat in crowd[:20]] == [[0]] * 15 + [[1]] * 5
    assert server.too_many == 15
    sent = [(one.chat, one.text) for one in await server.took(45)]
    assert sent[:30] == [(chat.id, "Hi") for chat in crowd[:30]]
    assert sorted(one.at for one in server.accepted) == [one.at for one in server.accepted]
    assert [one.message for one in server.accepted if one.chat == crowd[0].id] == [1, 2]


async def test_who_may_write_where(server: Server, bot: Bot) -> None:
    ada = server.person("Ada")
    private = server.private(ada)
    channel, group = server.channel("News"), server.supergroup("Readers")
    forum, old = server.forum("Forum"), server.group("Old")
    topic = forum.topic("Sports")

    async def refused(kind: type[TelegramError], said: str, chat: int, thread: int = 0) -> None:
        with pytest.raises(kind) as caught:
            await bot.send_message(chat, "Hi", message_thread_id=thread or None)
        assert caught.value.message == said

    await ada.silences_bot(channel)
    await refused(BadRequest, "Need administrator rights in the channel chat", channel.id)
    await ada.silences_bot(group)
    no_right = "Not enough rights to send text messages to the chat"
    await refused(BadRequest, no_right, group.id)
    old.silent = True
    await refused(BadRequest, no_right, old.id)
    forum.closed |= {topic, 0}
    await refused(BadRequest, "Topic_closed", forum.id, topic)
    await refused(BadRequest, "Topic_closed", forum.id)
    del forum.topics[topic]
    await refused(BadRequest, "Message thread not found", forum.id, topic)
    await ada.blocks_bot()
    await refused(Forbidden, "Forbidden: bot was blocked by the user", private.id)
    await ada.unblocks_bot()
    await bot.send_message(private.id, "Hi")
    server.delete(private)
    await refused(Forbidden, "Forbidden: user is deactivated", private.id)
    server.delete(old)
    await refused(Forbidden, "Forbidden: the group chat was deleted", old.id)
    server.delete(group)
    await refused(BadRequest, "Channel_private", group.id)


async def test_the_bot_is_told_what_becomes_of_it(server: Server, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])
    ada = server.person("Ada")
    server.private(ada)
    channel, group = server.channel("News", admins=[ada]), server.supergroup("Readers")
    await ada.blocks_bot()
    await ada.unblocks_bot()
    await ada.silences_bot(channel)
    await ada.silences_bot(group)
    await ada.removes_bot(group)
    told = [update.my_chat_member for update in await bot.get_updates()]
    now = [one.new_chat_member for one in told if one]
    assert [one.status for one in now] == [
        "kicked",
        "member",
        "administrator",
        "restricted",
        "kicked",
    ]
    assert isinstance(now[2], ChatMemberAdministrator)
    assert isinstance(now[3], ChatMemberRestricted)
    assert (now[2].can_post_messages, now[3].can_send_messages) == (False, False)
