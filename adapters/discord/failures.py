"""Classifies Discord's errors: retry, rate limited, in doubt, chat gone, rejected, token revoked.

An error is in doubt if the request may have taken effect although it failed.
"""

from __future__ import annotations

import aiohttp
import discord

from adapters.discord.invalid_requests import TooManyInvalidRequestsError
from bot.errors import ChatGoneError, DatelineError, PlatformError, RejectedError, RetryLaterError
from bot.i18n import N_
from bot.monitoring.logs import expect_errors
from bot.posting.model import (
    DELETED_ACCOUNT,
    DELETED_CHANNEL,
    DELETED_SERVER,
    REMOVED_FROM_SERVER,
)
from bot.text.display import shorten

REVOKED = (
    "Discord rejected the token: it is mistyped or was reset. Create a new one at "
    "https://discord.com/developers/applications (your application, Bot, Reset "
    "Token), put it where the old one was, and restart Dateline."
)

REQUEST_ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""The exceptions that a request to Discord may raise."""

expect_errors(
    *(discord.ConnectionClosed, discord.GatewayNotFound, discord.DiscordServerError),
    aiohttp.ClientError,
)

# Error codes (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json).
TOO_LATE = (10062, 10015, 50027)  # for the initial response, or after fifteen minutes
ALREADY_ACKNOWLEDGED = 40060
UNKNOWN_MESSAGE = 10008
UNKNOWN_CHANNEL = 10003

THREAD_ARCHIVED = 50083
THREAD_EXISTS = 160004
WRONG_CHANNEL_KIND = 50008
_UNKNOWN_TAG, _TAG_REQUIRED = 10087, 40067
TOO_MANY_THREADS = (160006, 160007)
_THREADS_PAUSE = 600.0  # seconds: threads become fewer only as some are archived
ALREADY_CROSSPOSTED = 40033

# Codes that mean that nothing can be sent there any more, whatever the status beside them.
_UNSEEN = N_("the bot cannot see the channel, or is no longer in the server")
_FORBIDDEN_THERE = N_("the bot is not allowed to send messages there")
_NO_MESSAGES = N_("messages cannot be sent to this kind of channel")
_NO_TAG = N_("each post of the forum must have a tag, and there is none that the bot may use")
_ARCHIVED = N_("the thread is archived, and the bot is not allowed to reopen it")
_LOCKED = N_("the thread is locked")
_GONE = {
    UNKNOWN_CHANNEL: DELETED_CHANNEL,
    10004: DELETED_SERVER,
    10013: DELETED_ACCOUNT,
    50001: _UNSEEN,
    50007: N_("the user does not accept direct messages from the bot"),
    WRONG_CHANNEL_KIND: _NO_MESSAGES,
    50013: _FORBIDDEN_THERE,
    50024: _NO_MESSAGES,
    50033: N_("there is no such user"),
    50278: N_("the bot no longer shares a server with the user"),
    _TAG_REQUIRED: _NO_TAG,
    THREAD_ARCHIVED: _ARCHIVED,
    160005: _LOCKED,
}

REMOVED = REMOVED_FROM_SERVER

BY_PERMISSION = (_UNSEEN, _FORBIDDEN_THERE)
"""Reasons that are over once the bot has its permissions in the channel."""

# What somebody can do about them, by the names of Discord's own settings.
_REMEDIES = {
    REMOVED: N_("Add the bot to the server again, and posting resumes by itself."),
    _UNSEEN: N_("Give the bot View Channel and Send Messages there, then press Resume."),
    _FORBIDDEN_THERE: N_(
        "Give the bot Send Messages there (in a forum: Create Posts), then press Resume."
    ),
    _NO_TAG: N_(
        "Add a tag that everyone may use, or let the forum take posts without tags, then press "
        "Resume."
    ),
    _ARCHIVED: N_("Reopen the thread, or give the bot Manage Threads, then press Resume."),
    _LOCKED: N_("Unlock the thread, or give the bot Manage Threads, then press Resume."),
}

_BAD_TOKEN, _BAD_VERSION, _BAD_INTENTS, _DISALLOWED_INTENTS = 4004, 4012, 4013, 4014
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _TOO_LARGE, _TOO_MANY = 400, 401, 403, 413, 429
_SERVER_ERROR = 500

_ABOUT_MESSAGE = (20009, 50005)  # too explicit for its readers; written by another bot
_BLOCKED_BY_PROXY = (
    0,
    40333,
)  # with a 403: Cloudflare, before Discord, lets nothing through for a while
_MAX_QUOTE = 300  # characters of Discord's own message


class ConnectionLostError(aiohttp.ClientError):
    """The client is closed, and nothing is sent until there is another."""


# Errors that come before anything was sent; after any other the message may have arrived.
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, ConnectionLostError)


def classify(error: BaseException) -> DatelineError:
    """Returns an error of the library as one of the core's."""
    match error:
        case TooManyInvalidRequestsError():
            return RetryLaterError(str(error), error.wait)
        case discord.RateLimited():
            return RetryLaterError("Discord asks to wait", error.retry_after)
        case discord.LoginFailure():
            return PlatformError(REVOKED)
        case discord.HTTPException():
            return _classify_http_error(error)
        case _:
            never = isinstance(error, _NEVER_SENT)
            return RetryLaterError(str(error) or type(error).__name__, in_doubt=not never)


def _classify_http_error(error: discord.HTTPException) -> DatelineError:
    text = shorten(error.text or str(error.response.reason), _MAX_QUOTE)
    detail = f"{error.status} {text} ({error.code})"
    why = _GONE.get(error.code, "")
    reason = f"{why}: {detail}" if why else detail
    if error.code in TOO_LATE or error.code in _ABOUT_MESSAGE:
        return RejectedError(reason)
    if error.status == _UNAUTHORIZED:
        return PlatformError(REVOKED)
    if error.status >= _SERVER_ERROR:
        return RetryLaterError(reason, in_doubt=True, answered=True)
    is_blocked = error.status == _FORBIDDEN and error.code in _BLOCKED_BY_PROXY
    if is_blocked or error.status == _TOO_MANY or error.code in TOO_MANY_THREADS:
        return RetryLaterError(reason, _retry_after(error))
    is_gone = error.status == _FORBIDDEN or error.code in _GONE
    if not is_gone:
        return RejectedError(reason)
    return chat_gone(why, detail) if why else ChatGoneError(detail)


def chat_gone(reason: str, detail: str = "", place: str = "") -> ChatGoneError:
    """Returns the error for a reason, with the remedy for it."""
    return ChatGoneError(reason, detail, remedy=_REMEDIES.get(reason, ""), place=place)


def _retry_after(error: discord.HTTPException) -> float | None:
    """Returns the seconds that Discord asks to wait, or should; None if it does not say."""
    if error.code in TOO_MANY_THREADS:
        return _THREADS_PAUSE
    header = error.response.headers.get("Retry-After", "")
    try:
        return max(0.0, float(header))
    except ValueError:
        return None


def is_content_rejected(error: BaseException | None) -> bool:
    """Returns True if Discord rejected something in the message itself."""
    if not isinstance(error, discord.HTTPException):
        return False
    is_refused = error.status == _BAD_REQUEST and error.code not in TOO_LATE
    return is_refused and isinstance(_classify_http_error(error), RejectedError)


def is_about_tags(error: discord.HTTPException) -> bool:
    """Returns True if Discord refused a post's tags, which may have changed meanwhile."""
    return error.code in {_UNKNOWN_TAG, _TAG_REQUIRED}


def is_refused(error: BaseException | None) -> bool:
    """Returns True if Discord refused a message, which another one might not be.

    A file may be too large for the server, or the bot may lack the permission Attach Files.
    """
    if not isinstance(error, discord.HTTPException) or error.code in TOO_LATE:
        return False
    return error.status in {_BAD_REQUEST, _FORBIDDEN, _TOO_LARGE}


def fatal_error(error: BaseException, intents: discord.Intents) -> PlatformError | None:
    """Returns why Discord refuses the bot for good; None if connecting again makes sense."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else 0
    if isinstance(error, discord.LoginFailure) or code == _BAD_TOKEN:
        return PlatformError(REVOKED)
    if isinstance(error, discord.PrivilegedIntentsRequired) or code in (
        _DISALLOWED_INTENTS,
        _BAD_INTENTS,
    ):
        names = ", ".join(name for name, wanted in intents if wanted)
        return PlatformError(
            f"Discord rejected the intents the bot asks for ({names}). At "
            "https://discord.com/developers/applications (your application, Bot) turn on the "
            "privileged ones among them, or undo what was changed there, and restart "
            "Dateline."
        )
    if code == _BAD_VERSION:
        return PlatformError(
            "Discord no longer supports this version of its protocol. Please upgrade Dateline."
        )
    return None
