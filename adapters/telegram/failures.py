"""Classifies Telegram's errors: retry, rate limited, in doubt, chat gone, rejected, token revoked.

An error is in doubt if the request may have taken effect although it failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import (
    ChatGoneError,
    ChatMovedError,
    DatelineError,
    PlatformError,
    RejectedError,
    RetryLaterError,
)
from bot.i18n import N_
from bot.monitoring.logs import expect_errors
from bot.posting.model import DELETED_GROUP, DELETED_TOPIC, REMOVED_FROM_CHAT

expect_errors(NetworkError, httpx.TransportError)

REVOKED = (
    "Telegram rejected the token: it is mistyped or was revoked. Ask @BotFather for "
    "it (/token), put it where the old one was, and restart Dateline."
)

# Why a chat cannot be reached, in words for those who run it.
BLOCKED = N_("the bot was blocked")
REMOVED = REMOVED_FROM_CHAT
SILENCED = N_("the bot is not allowed to post in the chat; an administrator can allow it")
_DELETED = DELETED_GROUP
_UNKNOWN = N_("Telegram can no longer find the chat")
_UPGRADED = N_("the group has become a supergroup")

# Why nothing can be sent to a part of a chat.
TOPIC_GONE = DELETED_TOPIC
TOPIC_CLOSED = N_("the forum topic is closed; reopen it, or make the bot an administrator")

# What somebody can do about them, by the names of Telegram's own settings.
_REMEDIES: Mapping[str, str] = {
    REMOVED: N_("Add the bot to the chat again, and posting resumes by itself."),
    SILENCED: N_(
        "Allow the bot to post (in a channel: Administrators, Post Messages; in a group: "
        "Permissions, Send Messages), then press Resume."
    ),
    TOPIC_CLOSED: N_(
        "Reopen the topic, or make the bot an administrator who may Manage Topics, then press "
        "Resume."
    ),
}

# The texts of Telegram's errors for each. Those in capitals are errors of Telegram's servers that
# the Bot API's server passes on (https://github.com/tdlib/telegram-bot-api: fail_query_with_error,
# check_chat_access, check_message_topic; https://core.telegram.org/method/messages.sendMessage).
_TOPICS: Mapping[str, tuple[str, ...]] = {
    TOPIC_GONE: ("message thread not found", "topic_deleted", "topic_id_invalid"),
    TOPIC_CLOSED: ("topic_closed",),
}
_GONE: Mapping[str, tuple[str, ...]] = {
    BLOCKED: ("bot was blocked", "user_is_blocked", "can't initiate conversation"),
    REMOVED: ("bot was kicked", "bot is not a member", "channel_private", "user_not_participant"),
    SILENCED: (
        "not enough rights to send",
        "have no rights to send",
        "no write access",
        "need administrator rights",
        "chat_write_forbidden",
        "chat_admin_required",
        "chat_restricted",
        "chat_forbidden",
        "chat_send_plain_forbidden",
        "chat_guest_send_forbidden",
        "user_banned_in_channel",
    ),
    _DELETED: ("user is deactivated", "user_deactivated", "user_deleted", "group chat was deleted"),
    _UNKNOWN: (
        "chat not found",
        "user not found",
        "peer_id_invalid",
        "chat_id_invalid",
        "channel_invalid",
    ),
    # With the new id beside it, it is the library's ChatMigrated.
    _UPGRADED: ("was upgraded", "was migrated", "group chat is deactivated"),
}

# Errors that come before anything was sent; after any other the message may have arrived.
_REFUSALS = (BadRequest, Conflict, Forbidden, InvalidToken)  # what the library calls a 4xx
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def classify(error: TelegramError) -> DatelineError:
    """Returns an error of the library as one of the core's.

    The library calls almost any error a NetworkError, even a rejected message; only the cause tells
    if the message may have arrived. The answer of something in between, such as a proxy, says
    nothing of the chat.
    """
    if isinstance(error.__cause__, TelegramError):
        is_refused = isinstance(error, _REFUSALS)
        reason = "something in front of Telegram responded"
        return RetryLaterError(reason, in_doubt=not is_refused, answered=True)
    for kind, classify_kind in _CLASSIFIERS.items():
        if isinstance(error, kind):
            return classify_kind(error)
    return _classify_network_error(error)


def is_unmodified(error: TelegramError) -> bool:
    """Returns True for the error of an edit that changes nothing, which is harmless."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.casefold()


def is_without_text(error: TelegramError) -> bool:
    """Returns True for the error of an edit that would put a text in a picture's place."""
    return isinstance(error, BadRequest) and "no text in the message" in error.message.casefold()


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _classify_refusal(error: TelegramError) -> DatelineError:
    """Classifies a 400 or a 403 by its text: Telegram uses either for the same things."""
    text = error.message.casefold()
    if reason := _reason(_TOPICS, text):
        return chat_gone(reason, thread_only=True)
    if reason := _reason(_GONE, text):
        return chat_gone(reason)
    return (
        ChatGoneError(error.message)
        if isinstance(error, Forbidden)
        else RejectedError(error.message)
    )


def chat_gone(reason: str, place: str = "", *, thread_only: bool = False) -> ChatGoneError:
    """Returns the error for a reason, with the remedy for it."""
    remedy = _REMEDIES.get(reason, "")
    return ChatGoneError(reason, remedy=remedy, place=place, thread_only=thread_only)


def _reason(reasons: Mapping[str, Sequence[str]], text: str) -> str:
    return next((why for why, parts in reasons.items() if any(p in text for p in parts)), "")


def _classify_network_error(error: TelegramError) -> DatelineError:
    reason = error.message or type(error).__name__
    answered = not isinstance(error.__cause__, httpx.HTTPError)
    return RetryLaterError(reason, in_doubt=_may_have_arrived(error), answered=answered)


def _may_have_arrived(error: TelegramError) -> bool:
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError):
        return not isinstance(cause, _NEVER_SENT)
    # Without a cause it is an answer of Telegram's, such as 502: the request did get there.
    return "Pool timeout" not in error.message


# A class stands before those that it is derived from: BadRequest is a NetworkError to the library.
_CLASSIFIERS: dict[type[TelegramError], Callable[[Any], DatelineError]] = {
    RetryAfter: lambda error: RetryLaterError("Telegram asks to wait", _seconds(error)),
    ChatMigrated: lambda error: ChatMovedError(str(error.new_chat_id)),
    Forbidden: _classify_refusal,
    InvalidToken: lambda _: PlatformError(REVOKED),
    BadRequest: _classify_refusal,
    Conflict: lambda error: RetryLaterError(error.message),
    NetworkError: _classify_network_error,
}
