"""Ephemeral messages: who may be sent one and when, and how a server answers that is older.

The rules are those of https://core.telegram.org/bots/api#ephemeral-messages-and-commands. What
Telegram says when one is violated is written nowhere; the texts here are those of like errors.
"""

from __future__ import annotations

import time

from servers.telegram.calls import ApiError, Arguments, Call, Json, RefusedError
from servers.telegram.chats import Chat, Message
from servers.telegram.members import User
from servers.telegram.world import PendingQuery, World

_WINDOW = 15.0  # seconds for which an action can be answered
_METHODS = "editEphemeralMessageText editEphemeralMessageMedia deleteEphemeralMessage".split()


def receiver_of(world: World, chat: Chat, args: Arguments) -> User | None:
    """Returns who alone receives a message; None for everybody.

    Raises:
        ApiError: They cannot be sent one now.
        RefusedError: The parameters contradict each other.
    """
    given, reply = args.data("ephemeral_message_parameters"), args.data("reply_parameters") or {}
    answered = reply.get("ephemeral_message_id")
    if given is None:
        _require(answered is None, "a reply to an ephemeral message must be an ephemeral message")
        return None
    _require(not reply.get("allow_sending_without_reply"), "ephemeral messages need their reply")
    _require(answered is None or "chat_id" not in reply, "ephemeral messages are of one chat")
    query = world.callbacks.get(str(given.get("callback_query_id", "")))
    if given.get("replace_callback_query_message"):
        is_ephemeral = query and query.message and query.message.ephemeral
        _require(query and not is_ephemeral, "an ephemeral message must be edited by its methods")
    if chat.kind not in {"group", "supergroup"}:
        raise ApiError(400, "Bad Request: PEER_ID_INVALID")
    receiver = world.users.get(given["receiver_user_id"])
    if receiver is None or receiver.is_bot or not chat.member(receiver).is_there:
        raise ApiError(400, "Bad Request: USER_NOT_PARTICIPANT")
    asked = chat.ephemeral.get(answered or 0)
    is_eligible = _is_fresh_press(query, chat, receiver) or _is_fresh(asked, receiver)
    if not is_eligible and not chat.member(world.bot).is_admin:
        raise ApiError(400, "Bad Request: CHAT_ADMIN_REQUIRED")
    return receiver


def _require(holds: object, reason: str) -> None:
    if not holds:
        raise RefusedError(reason)


def _is_fresh_press(query: PendingQuery | None, chat: Chat, receiver: User) -> bool:
    if query is None or query.expired or query.message is None:
        return False
    is_theirs = query.person is receiver and query.message.chat is chat
    return is_theirs and time.monotonic() - query.at <= _WINDOW


def _is_fresh(asked: Message | None, receiver: User) -> bool:
    if asked is None or asked.by_bot or asked.sender is not receiver:
        return False
    return not asked.expired and time.time() - asked.date <= _WINDOW


def ephemeral_message(world: World, args: Arguments) -> Message:
    """Returns the ephemeral message of the bot's that a call names.

    Raises:
        ApiError: There is none.
    """
    chat = world.chat(args.text("chat_id"))
    message = chat.ephemeral.get(args.number("ephemeral_message_id"))
    is_there = message and message.by_bot and not message.deleted and not message.expired
    receiver = message.receiver.id if message and message.receiver else 0
    if message is None or not is_there or receiver != args.number("receiver_user_id"):
        raise ApiError(400, "Bad Request: MESSAGE_ID_INVALID")
    return message


def delete_ephemeral(world: World, args: Arguments) -> bool:
    ephemeral_message(world, args).deleted = True
    world.changed.wake()
    return True


def without_ephemeral(call: Call) -> Call:
    """Returns a call as a server takes it that is older: what it does not know, it overlooks.

    Raises:
        ApiError: It does not know the method.
    """
    if call.method in _METHODS:
        raise ApiError(404, "Not Found: method not found")
    values: Json = dict(call.params)
    values.pop("ephemeral_message_parameters", None)
    if "ephemeral_message_id" in (call.args.data("reply_parameters") or {}):
        raise ApiError(400, "Bad Request: message to be replied not found")
    return Call(call.method, Arguments(values), call.at)
