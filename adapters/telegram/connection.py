"""The connection to Telegram: start with backoff, polling for updates, and closing in time."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import Any, TypeAlias

import httpx
from telegram import Bot, Update, ext
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest
from typing_extensions import override

from adapters.telegram.failures import REVOKED
from bot.errors import PlatformError

log = logging.getLogger(__name__)
# These log polling errors with tracebacks; `_PollingErrorLog` does so in one line. The second gets
# a filter, not a level, because the library's other loggers below it would inherit a level.
logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
logging.getLogger("telegram.ext").addFilter(lambda record: record.levelno != logging.ERROR)
# This one logs each answer that is no JSON with a traceback, as any gateway's page in an outage;
# whatever fails by it is told as what it is.
logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)

Application: TypeAlias = ext.Application[Any, Any, Any, Any, Any, Any]
"""The library's application, whatever its type parameters."""

_MAX_CONCURRENT = 256  # updates
_REPLY_CONNECTIONS = 64
_POST_CONNECTIONS = 48  # of their own, so that replies never wait for one
_LONG_POLL = timedelta(seconds=30)  # that Telegram holds a request until there is an update
_TIMEOUT = 20.0  # seconds for a connection, or an answer
_FIRST_BACKOFF, _MAX_BACKOFF = 1.0, 60.0  # seconds between tries at the start; doubles each time
_SHUTDOWN_TIMEOUT = 5.0  # seconds to answer what was asked
_POLLING_TIMEOUT = 3.0  # seconds to stop polling
_LOG_INTERVAL = 300.0  # seconds before the same polling error is logged again

_CONFLICT = (
    "Telegram: another process is fetching updates with this token. Stop it, or give "
    "this one a bot of its own; until then each gets only some of the messages."
)


class _Bot(ext.ExtBot[None]):
    """The library's bot, whose repr does not show the token.

    The library's polling goes on after its own errors only, and would end silently with any other.
    """

    _failed = False
    _recovered: Callable[[], None] | None = None
    _lost: Callable[[], None] | None = None

    def call_on_changes(self, recovered: Callable[[], None], lost: Callable[[], None]) -> None:
        """Has functions called when updates can be fetched again, and when they cannot."""
        self._recovered, self._lost = recovered, lost

    @override
    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        updates = await self._get_updates(*args, **kwargs)
        if self._failed and self._recovered:
            self._recovered()
        self._failed = False
        return updates

    async def _get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        try:
            return await super().get_updates(*args, **kwargs)
        except TelegramError:
            self._fail()
            raise
        except Exception as error:
            self._fail()
            log.debug("polling of Telegram failed", exc_info=True)
            reason = f"polling failed unexpectedly: {type(error).__name__}; --debug shows where"
            raise NetworkError(reason) from error

    def _fail(self) -> None:
        if self._lost and not self._failed:
            self._lost()
        self._failed = True

    def __repr__(self) -> str:
        return "Bot[token hidden]"


@cache
def _tls() -> ssl.SSLContext:
    """Returns what all connections to Telegram share: its list of authorities is large."""
    return httpx.create_ssl_context()


class _Requests(HTTPXRequest):
    """The library's requests, which report a refused token (401) wherever it happens.

    The library itself ends its polling silently then.
    """

    def __init__(self, connections: int, revoked: Callable[[], None]) -> None:
        super().__init__(
            connections,
            read_timeout=_TIMEOUT,
            write_timeout=_TIMEOUT,
            connect_timeout=_TIMEOUT,
            pool_timeout=_TIMEOUT,
            httpx_kwargs={"verify": _tls()},
        )
        self._revoked = revoked

    @override
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code == HTTPStatus.UNAUTHORIZED:
            self._revoked()
        return code, payload


@dataclass(frozen=True, slots=True)
class TelegramConnection:
    """The clients of a running bot.

    Attributes:
        application: Receives updates, and replies.
        poster: Sends posts, over connections of its own.
    """

    application: Application
    poster: Bot


@asynccontextmanager
async def connect(
    token: str,
    api_url: str,
    revoked: asyncio.Event,
    recovered: Callable[[], None],
    lost: Callable[[], None] = lambda: None,
) -> AsyncIterator[TelegramConnection]:
    """Starts the library's application, and stops it after the block.

    Answers under way are finished, unless that takes long.

    Args:
        token: The bot's token.
        api_url: The address of the Bot API.
        revoked: Set once Telegram refuses the token.
        recovered: Called when updates can be fetched again after they could not.
        lost: Called when they cannot any more.

    Raises:
        PlatformError: Telegram refuses the token, at the start or within the block.
    """
    sizes = (_REPLY_CONNECTIONS, 2, _POST_CONNECTIONS)
    requests = [_Requests(connections, revoked.set) for connections in sizes]
    replying, polling, posting = requests
    bot = _bot(token, api_url, replying, polling)
    bot.call_on_changes(recovered, lost)
    application: Application = (
        ext.ApplicationBuilder().bot(bot).concurrent_updates(_MAX_CONCURRENT).build()
    )
    try:
        await _initialize(application)
        await application.start()
        try:
            # It is not initialized: that would ask once more who the bot is.
            yield TelegramConnection(application, _bot(token, api_url, posting, posting))
        finally:
            await _stop_within(_SHUTDOWN_TIMEOUT, application.stop())
        await application.shutdown()
    except InvalidToken:
        raise PlatformError(REVOKED) from None  # the library's message holds the token
    finally:
        for each in requests:
            await each.shutdown()


def _bot(token: str, api_url: str, request: _Requests, polling: _Requests) -> _Bot:
    return _Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=request,
        get_updates_request=polling,
    )


async def _initialize(application: Application) -> None:
    """Asks Telegram who the bot is, with backoff until it answers."""
    backoff = _FIRST_BACKOFF
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram cannot be reached; trying again: %s", error.message)
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, _MAX_BACKOFF)
        else:
            return


@asynccontextmanager
async def poll(application: Application, updates: Sequence[str]) -> AsyncIterator[None]:
    """Polls for these kinds of updates during the block, through any network error."""
    updater = application.updater
    if updater is None:
        raise AssertionError("the builder makes one")
    await updater.start_polling(
        timeout=_LONG_POLL,
        bootstrap_retries=-1,
        allowed_updates=updates,
        error_callback=_PollingErrorLog(),
    )
    try:
        yield
    finally:
        await _stop_within(_POLLING_TIMEOUT, updater.stop())


class _PollingErrorLog:
    """Logs polling errors, each at most once per `_LOG_INTERVAL`."""

    def __init__(self) -> None:
        self._logged: dict[str, float] = {}

    def __call__(self, error: TelegramError) -> None:
        text = _CONFLICT if isinstance(error, Conflict) else f"Telegram: {error.message}"
        now = time.monotonic()
        if now - self._logged.get(text, -_LOG_INTERVAL) >= _LOG_INTERVAL:
            self._logged[text] = now
            log.warning("%s", text)


async def _stop_within(seconds: float, stopping: Coroutine[Any, Any, None]) -> None:
    """Stops something; a timeout or an error is only logged, since the process ends after it."""
    try:
        await asyncio.wait_for(stopping, seconds)
    except TimeoutError:
        log.warning("Telegram: not everything finished within %.0f s", seconds)
    except TelegramError as error:
        log.debug("Telegram: %s", error.message)
