"""What an error of Discord's means, by its cause."""

from __future__ import annotations

import aiohttp
import discord

from adapters.discord.refusals import TooManyRefused
from bot.errors import ChatGoneError, DatelineError, PlatformError, RejectedError, RetryLaterError
from bot.text.display import quoted

REVOKED = (
    "Discord refuses the token: it is mistyped or was reset. Make a new one at "
    "https://discord.com/developers/applications (your application, Bot, Reset Token), put it "
    "where the old one was, and start Dateline again."
)

TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""What can come of asking Discord for something."""

TOO_LATE = (10062, 10015, 50027)  # for the first answer, or after fifteen minutes
ANSWERED = 40060
NO_MESSAGE = 10008

ARCHIVED = 50083
PUBLISHED = 40033

# Codes that mean that nothing can be sent there any more, whatever the status beside them
# (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json).
_GONE = {
    10003: "the channel is no more",
    10004: "the server is no more",
    10013: "the person is no more",
    50001: "the bot cannot see the channel, or is not in the server any more",
    50007: "the person takes no direct messages from the bot",
    50008: "nothing can be sent to a channel of this kind, only to its threads",
    50013: "the bot is not allowed to write there, or not with embedded links",
    50024: "nothing can be sent to a channel of this kind, only to its threads",
    50033: "there is no such person",
    50278: "the bot shares no server with the person any more",
    ARCHIVED: "the thread is archived, and the bot may not open it again",
    160005: "the thread is locked",
}

_AUTHENTICATION, _VERSION, _INTENTS, _PRIVILEGED = 4004, 4012, 4013, 4014
_BAD, _UNAUTHORIZED, _FORBIDDEN, _TOO_MANY, _SERVER = 400, 401, 403, 429, 500

_OF_THE_MESSAGE = (20009, 50005)  # too explicit for who would get it; written by another bot
_BEFORE_DISCORD = (0, 40333)  # what stands before it lets nothing through for a while
_SAID = 300  # characters of what Discord says


class LineLostError(aiohttp.ClientError):
    """The line is lost for good, and nothing is sent until there is another."""


# Errors that come before anything was sent; after any other the message may have arrived.
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, LineLostError)


def failure(error: BaseException) -> DatelineError:
    """An error of the library as one of the core's."""
    match error:
        case TooManyRefused():
            return RetryLaterError(str(error), error.wait)
        case discord.RateLimited():
            return RetryLaterError("Discord asks to wait", error.retry_after)
        case discord.LoginFailure():
            return PlatformError(REVOKED)
        case discord.HTTPException():
            return _refused(error)
        case _:
            never = isinstance(error, _NEVER_SENT)
            return RetryLaterError(str(error) or type(error).__name__, in_doubt=not never)


def _refused(error: discord.HTTPException) -> DatelineError:
    said = quoted(error.text or str(error.response.reason), _SAID)
    reason = f"{error.status} {said} ({error.code})"
    reason = f"{_GONE[error.code]}: {reason}" if error.code in _GONE else reason
    if error.code in TOO_LATE or error.code in _OF_THE_MESSAGE:
        return RejectedError(reason)
    if error.status == _UNAUTHORIZED:
        return PlatformError(REVOKED)
    if error.status >= _SERVER:
        return RetryLaterError(reason, in_doubt=True, answered=True)
    is_shut = error.status == _FORBIDDEN and error.code in _BEFORE_DISCORD
    if is_shut or error.status == _TOO_MANY:
        return RetryLaterError(reason, _wait(error))
    is_gone = error.status == _FORBIDDEN or error.code in _GONE
    return ChatGoneError(reason) if is_gone else RejectedError(reason)


def _wait(error: discord.HTTPException) -> float | None:
    """Seconds that Discord asks to wait; None when it says nothing."""
    told = error.response.headers.get("Retry-After", "")
    try:
        return max(0.0, float(told))
    except ValueError:
        return None


def is_about_content(error: BaseException | None) -> bool:
    """Whether Discord took offence at something in the message itself."""
    if not isinstance(error, discord.HTTPException):
        return False
    is_refused = error.status == _BAD and error.code not in TOO_LATE
    return is_refused and isinstance(_refused(error), RejectedError)


def fatal(error: BaseException, intents: discord.Intents) -> PlatformError | None:
    """Why Discord lets the bot in no more; None when trying again makes sense."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else 0
    if isinstance(error, discord.LoginFailure) or code == _AUTHENTICATION:
        return PlatformError(REVOKED)
    if isinstance(error, discord.PrivilegedIntentsRequired) or code in (_PRIVILEGED, _INTENTS):
        names = ", ".join(name for name, wanted in intents if wanted)
        return PlatformError(
            f"Discord refuses what the bot asks to be told of (intents: {names}). At "
            "https://discord.com/developers/applications (your application, Bot) switch on those "
            "of them that are privileged, or undo what was changed there, and start Dateline again."
        )
    if code == _VERSION:
        return PlatformError(
            "Discord no longer speaks this version of its protocol. Upgrade Dateline."
        )
    return None
