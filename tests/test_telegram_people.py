"""People talk to a bot on stock python-telegram-bot through the tests' own Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from servers.telegram.chats import Chat
from servers.telegram.members import ANONYMOUS
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from telegram import Update
from telegram.constants import MessageEntityType
from telegram.error import BadRequest
from telegram_stock import StockBot, polling

__all__ = ["ada", "chat", "server"]


@pytest.fixture
async def stock(server: Server) -> AsyncIterator[StockBot]:
    async with polling(server, allowed_updates=Update.ALL_TYPES) as bot:
        yield bot


@pytest.mark.usefixtures("stock")
async def test_a_command_is_answered_and_its_button_turns_the_page(
    server: Server, ada: Person, chat: Chat
) -> None:
    asked = await ada.says(chat, "/latest")
    (message,) = await server.replies(chat, after=asked)
    assert (message.text, message.raw) == ("Page 1", "<b>Page 1</b>")
    answer = await ada.presses(message, "Next")
    assert (answer.text, answer.alert) == ("", False)
    assert ((await server.edited(message)).text, message.edits) == ("Page 2", 1)
    await ada.says(chat, "/latest")
    assert await server.next_message(chat) is message
    assert (await server.next_message(chat)).text == "Page 1"


@pytest.mark.usefixtures("stock")
async def test_an_alert_reaches_who_pressed(server: Server, ada: Person, chat: Chat) -> None:
    bob = server.person("Bob")
    await ada.says(chat, "/latest")
    message = await server.next_message(chat)
    assert message.markup
    message.markup["inline_keyboard"][0][0]["callback_data"] = "51"
    answer = await bob.presses(message, "51")
    assert (answer.text, answer.alert) == ("There are no more.", True)
    with pytest.raises(AssertionError, match="0 buttons are 'Previous'"):
        await bob.presses(message, "Previous")


async def test_a_query_is_answered_once_and_not_too_late(
    server: Server, stock: StockBot, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "/latest")
    message = await server.next_message(chat)
    await ada.presses(message, "Next")
    query = (await stock.saw(2))[-1].callback_query
    assert query
    with pytest.raises(BadRequest, match="uery is too old and response timeout expired"):
        await query.answer()
    server.expire_queries()
    with pytest.raises(BadRequest, match="query id is invalid"):
        await stock.application.bot.answer_inline_query("12", [])


@pytest.mark.usefixtures("stock")
async def test_an_inline_query_gives_results_that_can_be_posted(
    server: Server, ada: Person, chat: Chat
) -> None:
    first = await ada.asks_inline("osaka")
    second = await ada.asks_inline("osaka", first.next_offset)
    assert [one["id"] for one in first.results + second.results] == ["0", "1", "2", "3"]
    posted = await ada.posts(second.results[0], chat)
    assert (posted.text, posted.marked("bold")) == ("osaka 2", ["osaka"])
    await ada.presses(posted, "Next")
    assert (await server.edited(posted)).text == "Page 2"


async def test_the_bot_hears_in_a_group_what_telegram_tells_it(
    server: Server, stock: StockBot, ada: Person
) -> None:
    group = server.supergroup("Readers", members=[ada])
    await ada.says(group, "Good morning")
    await ada.says(group, "/latest@OtherBot")
    asked = await ada.says(group, "/latest@datelinebot")
    answer = await server.next_message(group)
    again = await ada.says(group, "thanks", reply_to=answer)
    told = [update.effective_message for update in await stock.saw(2)]
    assert [one and one.message_id for one in told] == [asked.id, again.id]
    assert told[0]
    assert list(told[0].parse_entities([MessageEntityType.BOT_COMMAND]).values()) == [asked.text]
    assert told[1]
    assert (told[1].message_thread_id, told[1].is_topic_message) == (answer.id, None)


async def test_without_privacy_it_hears_everything() -> None:
    async with Server(reads_all=True) as server, polling(server) as stock:
        ada = server.person("Ada")
        await ada.says(server.group("Readers", members=[ada]), "Good morning")
        message = (await stock.saw(1))[0].effective_message
        assert message
        assert message.text == "Good morning"


async def test_topics_anonymous_admins_and_channels(
    server: Server, stock: StockBot, ada: Person
) -> None:
    forum, channel = server.forum("Readers"), server.channel("News", admins=[ada])
    sports = forum.topic("Sports")
    server.make(ada, "administrator", forum, anonymous=True)
    await ada.says(forum, "/latest", thread=sports)
    assert (await server.next_message(forum)).thread == sports
    await ada.says(channel, "/latest")
    anonymous, posted = await stock.saw(2)
    assert anonymous.message
    assert anonymous.message.from_user
    assert anonymous.message.from_user.id == ANONYMOUS.id
    assert anonymous.message.sender_chat
    assert anonymous.message.sender_chat.id == forum.id
    assert posted.channel_post
    assert posted.channel_post.from_user is None


async def test_edits_photos_members_and_deep_links_are_told(
    server: Server, stock: StockBot, ada: Person, chat: Chat
) -> None:
    message = await ada.says(chat, "/serch")
    await ada.edits(message, "/search osaka")
    await ada.says(chat, "look at https://example.org", photo="https://example.org/a.jpg")
    await ada.opens("https://t.me/DatelineBot?start=story_1")
    group = server.group("Readers", members=[ada])
    await ada.removes_bot(group)
    await ada.adds_bot(group)
    told = (await stock.saw(6))[1:]
    assert told[0].edited_message
    assert told[0].edited_message.text == "/search osaka"
    assert told[1].message
    assert told[1].message.caption == "look at https://example.org"
    assert told[1].message.photo
    assert told[2].message
    assert told[2].message.text == "/start story_1"
    assert [one.my_chat_member.new_chat_member.status for one in told[3:] if one.my_chat_member]


async def test_what_does_not_come_is_told_with_what_was_said() -> None:
    async with Server(patience=0.01) as server:
        ada = server.person("Ada")
        chat = server.private(ada)
        await ada.says(chat, "/latest")
        with pytest.raises(AssertionError, match="1 messages in Ada did not come") as caught:
            await server.next_message(chat)
        assert "Ada: /latest" in str(caught.value)
