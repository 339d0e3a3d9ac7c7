"""The tests' own Bot API takes what python-telegram-bot sends, and refuses what no bot may send."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server, chat
from servers.telegram.spec import SPEC
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken
from telegram_stock import bot, raw, refused

__all__ = ["bot", "chat"]

NEXT = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="latest?page=2")]])
needs_spec = pytest.mark.skipif(not SPEC.exists(), reason="the description of the API is not here")


@pytest.fixture(params=["described", "alone"])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Server]:
    """With the published description of the Bot API, and without it."""
    path = SPEC if request.param == "described" else tmp_path / "none.json"
    if not path.exists() and request.param == "described":
        pytest.skip("the description of the API is not here")
    async with Server(spec=path, patience=5) as api:
        yield api
        assert api.unmodelled == []


@pytest.fixture
def ada(server: Server) -> Person:
    return server.person("Ada", "ada_l")


async def test_a_message_is_taken_with_all_that_belongs_to_it(
    server: Server, bot: Bot, chat: Chat, ada: Person
) -> None:
    asked = await ada.says(chat, "/latest")
    sent = await bot.send_message(
        chat.id,
        '<b>Tokyo &amp; Osaka</b> <a href="https://example.org/1">read</a>',
        parse_mode=ParseMode.HTML,
        reply_markup=NEXT,
        reply_parameters=ReplyParameters(asked.id),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )
    message = await server.next_message(chat)
    assert message.text == sent.text == "Tokyo & Osaka read"
    assert (message.marked("bold"), message.marked("text_link")) == (
        ["Tokyo & Osaka"],
        ["read"],
    )
    assert message.raw.startswith("<b>Tokyo &amp; Osaka</b>")
    assert [button.text for button in message.buttons] == ["Next"]
    assert message.reply_to is asked
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/latest"
    assert message.link_preview_options == {"is_disabled": True}
    assert message.silent
    assert (server.refused, server.pings) == ([], [])
    assert server.links == ["https://example.org/1"]


async def test_a_photo_is_taken_as_a_file_as_an_address_and_again(
    server: Server, bot: Bot, chat: Chat
) -> None:
    first = await bot.send_photo(chat.id, b"a picture", caption="<i>Osaka</i>", parse_mode="HTML")
    await bot.send_photo(chat.id, "https://example.org/a.jpg")
    await bot.send_photo(chat.id, first.photo[-1].file_id)
    sent = await server.replies(chat, count=3)
    assert sent[0].text == "Osaka"
    assert getattr(sent[0].photo, "content", None) == b"a picture"
    assert [one.photo for one in sent[1:]] == ["https://example.org/a.jpg", first.photo[-1].file_id]
    await bot.edit_message_caption(chat.id, first.message_id, caption="Tokyo")
    assert (sent[0].text, sent[0].edits) == ("Tokyo", 1)
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("Tokyo", chat.id, first.message_id)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(chat.id, b"a picture", caption="x" * 1025)


@needs_spec
async def test_what_the_description_does_not_have_is_refused(chat: Chat) -> None:
    async with Server() as server:
        server.world.enter(chat)
        assert "text is missing" in await refused(server, "sendMessage", chat_id=chat.id)
        good = {"chat_id": chat.id, "text": "Hello"}
        assert "colour is unknown" in await refused(server, "sendMessage", **good, colour="red")
        told = await refused(server, "sendMessage", **good, disable_notification="yes")
        assert "must be Boolean, not 'yes'" in told
        deep = json.dumps({"inline_keyboard": [[{"text": "Next", "calback_data": "x"}]]})
        told = await refused(server, "sendMessage", **good, reply_markup=deep)
        assert "reply_markup.inline_keyboard[0][0]: calback_data is unknown" in told
        flat = json.dumps({"inline_keyboard": [{"text": "Next", "callback_data": "x"}]})
        told = await refused(server, "sendMessage", **good, reply_markup=flat)
        assert "must be an Array of InlineKeyboardButton" in told
        told = await refused(server, "sendMessage", **good, reply_markup="{")
        assert "is no" in told


@needs_spec
async def test_a_method_that_is_not_there_is_refused_and_one_not_modelled_is_told() -> None:
    async with Server() as server:
        assert (await raw(server, "sendNews"))["error_code"] == 404
        assert [one.method for one in server.refused] == ["sendNews"]
        assert (await raw(server, "sendDice", chat_id=1))["error_code"] == 501
        told = await raw(server, "sendMessage", chat_id=1, text="Hi", message_effect_id="5")
        assert told["error_code"] == 501
        reasons = [one.reason for one in server.unmodelled]
        assert reasons == ["sendDice", "sendMessage with message_effect_id"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<b>Osaka", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("AT&T <Osaka>", 'can\'t parse entities: Unsupported start tag "osaka" at byte offset 5'),
        ("", "message text is empty"),
        ("<b> </b>\n", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("&amp;" * 7000, "text is too long"),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused_in_its_words(
    server: Server, bot: Bot, chat: Chat, text: str, reason: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(chat.id, text, parse_mode=ParseMode.HTML)
    assert str(caught.value).lower() == reason.lower()
    assert server.refused.pop().reason == f"Bad Request: {reason}"
    assert server.sent(chat) == []


async def test_the_length_is_that_after_parsing(server: Server, bot: Bot, chat: Chat) -> None:
    await bot.send_message(chat.id, "<b>" + "&amp;" * 4096 + "</b>  \n", parse_mode="HTML")
    assert server.sent(chat)[0].text == "&" * 4096


async def test_text_without_markup_may_hold_anything(server: Server, bot: Bot, chat: Chat) -> None:
    bold = MessageEntity(MessageEntity.BOLD, 0, 4)
    await bot.send_message(chat.id, "a <b & c", entities=[bold])
    assert server.sent(chat)[0].marked("bold") == ["a <b"]


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        (InlineKeyboardButton("Next", callback_data="é" * 33), "66 bytes"),
        (InlineKeyboardButton("Next"), "exactly one action"),
        (InlineKeyboardButton("Next", callback_data="x", url="https://a.org"), "exactly one"),
        (InlineKeyboardButton("Read", url="javascript:alert(1)"), "is invalid"),
        (InlineKeyboardButton("Read", url="https://t.me/DatelineBot?start=a.b"), "(?i)start_param"),
        (InlineKeyboardButton(" ", callback_data="x"), "must be non-empty"),
    ],
)
async def test_a_button_that_breaks_a_rule_is_refused(
    server: Server, bot: Bot, chat: Chat, button: InlineKeyboardButton, reason: str
) -> None:
    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(chat.id, "Hi", reply_markup=InlineKeyboardMarkup([[button]]))
    assert len(server.refused) == 1


async def test_commands_are_kept_by_scope_and_language(
    server: Server, bot: Bot, chat: Chat, ada: Person
) -> None:
    assert server.profile.commands_for(ada.user, chat) == {}
    await bot.set_my_commands([BotCommand("latest", "The newest stories")])
    await bot.set_my_commands([BotCommand("latest", "最新")], language_code="ja")
    await bot.set_my_commands([BotCommand("reload", "Look")], BotCommandScopeChat(chat.id))
    (kept,) = await bot.get_my_commands(language_code="ja")
    assert kept.description == "最新"
    assert server.profile.commands_for(ada.user, chat) == {"reload": "Look"}
    await bot.delete_my_commands(BotCommandScopeChat(chat.id))
    assert server.profile.commands_for(ada.user, chat) == {"latest": "The newest stories"}
    await bot.set_my_description("News in your chat")
    await bot.set_my_short_description("News")
    assert (await bot.get_my_description()).description == "News in your chat"
    assert (await bot.get_my_short_description()).short_description == "News"
    assert server.refused == []


async def test_editing_follows_the_state_of_the_message(
    server: Server, bot: Bot, chat: Chat, ada: Person
) -> None:
    sent = await bot.send_message(chat.id, "One", reply_markup=NEXT)
    with pytest.raises(BadRequest, match="essage is not modified"):
        await sent.edit_text("<b></b>One", parse_mode="HTML", reply_markup=NEXT)
    await bot.edit_message_text("Two", chat.id, sent.message_id, reply_markup=NEXT)
    await bot.edit_message_reply_markup(chat.id, sent.message_id)
    with pytest.raises(BadRequest, match="essage is not modified"):
        await bot.edit_message_reply_markup(chat.id, sent.message_id)
    message = await server.edited(await server.next_message(chat), times=2)
    assert (message.text, message.buttons, message.edits) == ("Two", [], 2)
    with pytest.raises(BadRequest, match="essage to edit not found"):
        await bot.edit_message_text("Two", chat.id, 99)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("Two", chat.id, (await ada.says(chat, "Hi")).id)
    await bot.delete_message(chat.id, sent.message_id)
    with pytest.raises(BadRequest, match="to delete not found"):
        await bot.delete_message(chat.id, sent.message_id)
    assert server.sent(chat) == []
    assert server.refused == []  # none of this is a mistake of the bot


async def test_replies_and_topics_must_be_there(server: Server, bot: Bot) -> None:
    forum = server.forum("Readers")
    sports = forum.topic("Sports")
    sent = await bot.send_message(forum.id, "Hi", message_thread_id=sports)
    assert (sent.message_thread_id, sent.is_topic_message) == (sports, True)
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(forum.id, "Hi", message_thread_id=99)
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_chat_action(forum.id, ChatAction.TYPING, message_thread_id=99)
    with pytest.raises(BadRequest, match="replied not found"):
        await bot.send_message(forum.id, "Hi", reply_parameters=ReplyParameters(99))
    lenient = ReplyParameters(99, allow_sending_without_reply=True)
    await bot.send_message(forum.id, "Hi", reply_parameters=lenient)
    assert [message.thread for message in server.sent(forum)] == [sports, None]


async def test_who_is_in_a_chat(server: Server, bot: Bot, ada: Person, chat: Chat) -> None:
    bob, eve = server.person("Bob"), server.person("Eve")
    group = server.supergroup("Readers", admins=[ada, bob], members=[eve], bot="administrator")
    server.make(bob, "administrator", group, anonymous=True)
    admins = await bot.get_chat_administrators(group.id)
    assert {one.user.first_name for one in admins} == {"Ada", "Bob", "Dateline"}
    assert (await bot.get_chat_member(group.id, eve.id)).status == "member"
    server.make(eve, "kicked", group)
    assert (await bot.get_chat_member(group.id, eve.id)).status == "kicked"
    assert (await bot.get_chat_member(group.id, server.person("Zoe").id)).status == "left"
    assert (await bot.get_chat(group.id)).title == "Readers"
    with pytest.raises(BadRequest, match="no administrators in the private chat"):
        await bot.get_chat_administrators(chat.id)


async def test_where_the_bot_may_not_write(server: Server, bot: Bot, ada: Person) -> None:
    channel = server.channel("News", admins=[ada], bot="member", username="news")
    with pytest.raises(BadRequest, match="eed administrator rights"):
        await bot.send_message("@news", "Hi")
    await ada.adds_bot(channel, admin=True)
    assert (await bot.send_message("@news", "Hi")).sender_chat is not None
    with pytest.raises(BadRequest, match="hat not found"):
        await bot.send_message(12, "Hi")
    await ada.removes_bot(server.private(ada))
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ada.id, "Hi")
    assert server.refused == []


async def test_pings_and_links_of_what_the_bot_sends_are_seen(
    server: Server, bot: Bot, chat: Chat, ada: Person
) -> None:
    by_id = f'<a href="tg://user?id={ada.id}">you</a>'
    text = f"@ada_l {by_id} @xy <code>@code_d</code> ada@example.org https://example.org/@ada t.co"
    button = InlineKeyboardButton("Read", url="https://example.org/2")
    markup = InlineKeyboardMarkup([[button]])
    await bot.send_message(chat.id, text, parse_mode="HTML", reply_markup=markup)
    assert server.pings == ["@ada_l", "you", "@xy"]
    assert server.links == ["https://example.org/@ada", "http://t.co", "https://example.org/2"]


async def test_a_wrong_or_revoked_token_is_unauthorized(server: Server, bot: Bot) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=server.base_url):
            pass
    server.revoked = True
    with pytest.raises(InvalidToken):
        await bot.get_me()
    server.revoked = False
    assert (await bot.get_me()).username == "DatelineBot"
