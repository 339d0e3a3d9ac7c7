"""What an error of Telegram's means, by its cause."""

from __future__ import annotations

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
    "Telegram refuses the token: it is mistyped or was revoked. Ask @BotFather for it (/token), put "
    "it where the old one was, and start Dateline again."
)

_GONE = ("chat not found", "user is deactivated", "bot is not a member", "chat_write_forbidden")

# Errors that come before anything was sent; after any other the message may have arrived.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def failure(error: TelegramError) -> DatelineError:
    """An error of the library as one of the core's.

    The library calls most of what can go wrong a NetworkError, what is wrong with the message
    itself included; only its cause tells whether the message may have arrived.
    """
    match error:
        case RetryAfter():
            return RetryLater("Telegram asks to wait", _seconds(error))
        case ChatMigrated():
            return ChatMoved(str(error.new_chat_id))
        case Forbidden():
            return ChatGone(error.message)
        case InvalidToken():
            return PlatformError(REVOKED)
        case BadRequest():
            return _refused(error)
        case Conflict():
            return RetryLater(error.message)
        case NetworkError():
            return RetryLater(_reason(error), in_doubt=_may_have_arrived(error))
        case _:
            return Rejected(error.message)


def is_unmodified(error: TelegramError) -> bool:
    """Whether an edit changed nothing, which is none of anybody's business."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.casefold()


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _refused(error: BadRequest) -> DatelineError:
    told = error.message.casefold()
    return (
        ChatGone(error.message) if any(sign in told for sign in _GONE) else Rejected(error.message)
    )


def _reason(error: NetworkError) -> str:
    return error.message or type(error).__name__


def _may_have_arrived(error: NetworkError) -> bool:
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError):
        return not isinstance(cause, _NEVER_SENT)
    # Without a cause it is an answer of Telegram's, such as 502: the request did get there.
    return "Pool timeout" not in error.message
