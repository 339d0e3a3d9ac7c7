"""What an error of Discord's means, by its cause."""

from __future__ import annotations

import aiohttp
import discord

from adapters.discord.refusals import TooManyRefused
from bot.errors import ChatGone, DatelineError, PlatformError, Rejected, RetryLater

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

_AUTHENTICATION, _VERSION, _INTENTS, _PRIVILEGED = 4004, 4012, 4013, 4014
_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY, _SERVER = 401, 403, 429, 500
_GONE = (10003, 10004, 10013)  # channel, server, user

# Errors that come before anything was sent; after any other the message may have arrived.
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


def failure(error: BaseException) -> DatelineError:
    """An error of the library as one of the core's."""
    match error:
        case TooManyRefused():
            return RetryLater(str(error), error.wait)
        case discord.RateLimited():
            return RetryLater("Discord asks to wait", error.retry_after)
        case discord.LoginFailure():
            return PlatformError(REVOKED)
        case discord.HTTPException():
            return _refused(error)
        case _:
            never = isinstance(error, _NEVER_SENT)
            return RetryLater(str(error) or type(error).__name__, in_doubt=not never)


def _refused(error: discord.HTTPException) -> DatelineError:
    reason = f"{error.status} {error.text or error.response.reason} ({error.code})"
    if error.code in TOO_LATE:
        return Rejected(reason)
    if error.status == _UNAUTHORIZED:
        return PlatformError(REVOKED)
    if error.status == _FORBIDDEN or error.code in _GONE:
        return ChatGone(reason)
    if error.status == _TOO_MANY:
        return RetryLater(reason)
    if error.status >= _SERVER:
        return RetryLater(reason, in_doubt=True, answered=True)
    return Rejected(reason)


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
