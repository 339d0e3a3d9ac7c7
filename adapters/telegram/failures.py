"""What an error of Telegram's means, by its cause."""

from __future__ import annotations

from collections.abc import Callable
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
    ChatGone,
    ChatMoved,
    DatelineError,
    PlatformError,
    Rejected,
    RetryLater,
)

REVOKED = (
    "Telegram refuses the token: it is mistyped or was revoked. Ask @BotFather for it (/token), "
    "put it where the old one was, and start Dateline again."
)

_GONE = ("chat not found", "user is deactivated", "bot is not a member", "chat_write_forbidden")

# Errors that come before anything was sent; after any other the message may have arrived.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def failure(error: TelegramError) -> DatelineError:
    """An error of the library as one of the core's.

    The library calls most of what can go wrong a NetworkError, what is wrong with the message
    itself included; only its cause tells whether the message may have arrived.
    """
    for kind, mean in _MEANINGS.items():
        if isinstance(error, kind):
            return mean(error)
    return Rejected(error.message)


def is_unmodified(error: TelegramError) -> bool:
    """Whether an edit changed nothing, which is none of anybody's business."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.casefold()


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _refused(error: TelegramError) -> DatelineError:
    told = error.message.casefold()
    if any(sign in told for sign in _GONE):
        return ChatGone(error.message)
    return Rejected(error.message)


def _disturbed(error: TelegramError) -> DatelineError:
    reason = error.message or type(error).__name__
    answered = not isinstance(error.__cause__, httpx.HTTPError)
    return RetryLater(reason, in_doubt=_may_have_arrived(error), answered=answered)


def _may_have_arrived(error: TelegramError) -> bool:
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError):
        return not isinstance(cause, _NEVER_SENT)
    # Without a cause it is an answer of Telegram's, such as 502: the request did get there.
    return "Pool timeout" not in error.message


# A class stands before those that it is derived from: BadRequest is a NetworkError to the library.
_MEANINGS: dict[type[TelegramError], Callable[[Any], DatelineError]] = {
    RetryAfter: lambda error: RetryLater("Telegram asks to wait", _seconds(error)),
    ChatMigrated: lambda error: ChatMoved(str(error.new_chat_id)),
    Forbidden: lambda error: ChatGone(error.message),
    InvalidToken: lambda _: PlatformError(REVOKED),
    BadRequest: _refused,
    Conflict: lambda error: RetryLater(error.message),
    NetworkError: _disturbed,
}
