"""The tests' own Bot API keeps to the rules of ephemeral messages, and can do without them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, EndPointNotFound
from telegram_stock import bot

__all__ = ["bot"]

NEXT = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="latest?page=2")]])


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server(patience=5) as api:
        api.ephemeral = True
        yield api
        assert api.unmodelled == []


@pytest.fixture
def ada(server: Server) -> Person:
    return server.person("Ada")


@pytest.fixture
def group(server: Server, ada: Person) -> Chat:
    return server.supergroup("Readers", members=[ada])


async def send(bot: Bot, chat: int, user: int, **given: Any) -> Message:
    """Sends an ephemeral message; an `answers` is the id of the one that it answers."""
    answers = given.pop("answers", None)
    reply = {} if answers is None else {"reply_parameters": {"ephemeral_message_id": answers}}
    parameters = {"receiver_user_id": user, **given}
    body = {"ephemeral_message_parameters": parameters, **reply}
    return await bot.send_message(chat, "For you", reply_markup=NEXT, api_kwargs=body)


async def test_a_member_is_sent_one_in_answer_to_a_press_or_to_what_nobody_sees(
    server: Server, bot: Bot, ada: Person, group: Chat
) -> None:
    eve = server.person("Eve")
    shown = await bot.send_message(group.id, "Hi", reply_markup=NEXT)
    query = ada.press(server.sent(group)[0], "Next")
    with pytest.raises(BadRequest, match="hat_admin_required"):
        await send(bot, group.id, ada.id)
    with pytest.raises(BadRequest, match="ser_not_participant"):
        await send(bot, group.id, eve.id, callback_query_id=query.id)
    with pytest.raises(BadRequest, match="ser_not_participant"):
        await send(bot, group.id, bot.id, callback_query_id=query.id)
    sent = await send(bot, group.id, ada.id, callback_query_id=query.id)
    assert (sent.message_id, sent.api_kwargs["ephemeral_message_id"]) == (0, 1)
    assert sent.api_kwargs["receiver_user"]["id"] == ada.id
    in_place = {"callback_query_id": query.id, "replace_callback_query_message": True}
    await send(bot, group.id, ada.id, **in_place)
    assert [one.replaces for one in server.whispered(group, ada)] == [None, server.sent(group)[0]]
    server.expire_queries()
    with pytest.raises(BadRequest, match="hat_admin_required"):
        await send(bot, group.id, ada.id, callback_query_id=query.id)
    asked = await ada.whispers(group, "/latest")
    await send(bot, group.id, ada.id, answers=asked.ephemeral)
    server.expire_ephemeral(group)
    with pytest.raises(BadRequest, match="hat_admin_required"):
        await send(bot, group.id, ada.id, answers=asked.ephemeral)
    await ada.adds_bot(group, admin=True)
    await send(bot, group.id, ada.id)
    assert [one.id for one in server.sent(group)] == [shown.message_id]
    with pytest.raises(BadRequest, match="eer_id_invalid"):
        await send(bot, server.private(ada).id, ada.id)
    assert server.refused == []


async def test_contradictions_are_refused(
    server: Server, bot: Bot, ada: Person, group: Chat
) -> None:
    await ada.adds_bot(group, admin=True)
    asked = await ada.whispers(group, "/latest")
    reply = {"ephemeral_message_id": asked.ephemeral}
    with pytest.raises(BadRequest, match="must be an ephemeral message"):
        await bot.send_message(group.id, "Hi", api_kwargs={"reply_parameters": reply})
    lenient = {"message_id": 1, "allow_sending_without_reply": True}
    parameters = {"receiver_user_id": ada.id}
    body = {"ephemeral_message_parameters": parameters, "reply_parameters": lenient}
    with pytest.raises(BadRequest, match="need their reply"):
        await bot.send_message(group.id, "Hi", api_kwargs=body)
    await send(bot, group.id, ada.id)
    query = ada.press(await server.whisper(group, ada), "Next")
    in_place = {"callback_query_id": query.id, "replace_callback_query_message": True}
    with pytest.raises(BadRequest, match="must be edited"):
        await send(bot, group.id, ada.id, **in_place)
    assert len(server.refused) == 3


async def test_one_is_edited_and_deleted_by_methods_of_its_own(
    server: Server, bot: Bot, ada: Person, group: Chat
) -> None:
    await ada.adds_bot(group, admin=True)
    await send(bot, group.id, ada.id)
    message = await server.whisper(group, ada)
    place = {"chat_id": group.id, "receiver_user_id": ada.id, "ephemeral_message_id": 1}
    edit = "editEphemeralMessageText"
    assert await bot.do_api_request(edit, {**place, "text": "Still for you"})
    assert (message.text, message.edits, message.buttons) == ("Still for you", 1, [])
    with pytest.raises(BadRequest, match="not modified"):
        await bot.do_api_request(edit, {**place, "text": "Still for you"})
    for wrong in ({"receiver_user_id": 5}, {"ephemeral_message_id": 9}):
        with pytest.raises(BadRequest, match="essage_id_invalid"):
            await bot.do_api_request(edit, {**place, **wrong, "text": "x"})
    with pytest.raises(BadRequest):
        await bot.edit_message_text("x", group.id, 1)
    assert await bot.do_api_request("deleteEphemeralMessage", place)
    assert server.whispered(group, ada) == []


async def test_an_older_server_shows_everybody_what_was_meant_for_one(
    server: Server, bot: Bot, ada: Person, group: Chat
) -> None:
    server.ephemeral = False
    sent = await send(bot, group.id, ada.id)
    assert [one.id for one in server.sent(group)] == [sent.message_id]
    place = {"chat_id": group.id, "receiver_user_id": ada.id, "ephemeral_message_id": 1}
    for method in ("editEphemeralMessageText", "deleteEphemeralMessage"):
        with pytest.raises(EndPointNotFound):
            await bot.do_api_request(method, place)
    assert server.refused == []
