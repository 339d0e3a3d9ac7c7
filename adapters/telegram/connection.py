"""The line to Telegram: made, kept through whatever comes and goes, and closed in time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeAlias

from telegram import Bot, ext
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from adapters.telegram.failures import REVOKED
from bot.errors import PlatformError

log = logging.getLogger(__name__)
# They tell of trouble with fetching updates at length; `_Trouble` does so in one line. Other
# loggers of the library stand below the second: they would take over its level, but no filter.
logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
logging.getLogger("telegram.ext").addFilter(lambda record: record.levelno != logging.ERROR)

Application: TypeAlias = ext.Application[Any, Any, Any, Any, Any, Any]
"""The library's application; what its parameters are is nothing to us."""

_AT_ONCE = 256  # updates that are answered at the same time
_CONNECTIONS = 64
_POSTING = 48  # connections for posts, so that none of those for replies is waited for
_POLL = timedelta(seconds=30)  # for which Telegram holds a request until there is something new
_TIMEOUT = 20.0  # seconds for a connection, or an answer
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds between tries to reach Telegram at the start
_FINISHING, _LEAVING = 5.0, 3.0  # seconds to answer what was asked, and to stop asking for more
_REPEATED = 300.0  # seconds after which the same trouble is told again

_CONFLICT = (
    "Telegram: another process fetches updates with this token. Stop it, or give this one a bot of "
    "its own; until then each gets only some of what people write."
)


class _Bot(ext.ExtBot[None]):
    """The library's bot; unlike it, this one does not show its token when it is printed."""

    def __repr__(self) -> str:
        return "Bot[token hidden]"


class _Requests(HTTPXRequest):
    """The library's requests, which notice that the token is refused wherever that happens.

    The library ends its polling without a word then.
    """

    def __init__(self, connections: int, refused: Callable[[], None]) -> None:
        super().__init__(
            connections,
            read_timeout=_TIMEOUT,
            write_timeout=_TIMEOUT,
            connect_timeout=_TIMEOUT,
            pool_timeout=_TIMEOUT,
        )
        self._refused = refused

    async def do_request(self, *given: Any, **named: Any) -> tuple[int, bytes]:
        """See `telegram.request.BaseRequest.do_request`."""
        code, payload = await super().do_request(*given, **named)
        if code == HTTPStatus.UNAUTHORIZED:
            self._refused()
        return code, payload


@dataclass(frozen=True, slots=True)
class TelegramConnection:
    """The line to Telegram.

    Attributes:
        application: Hears, and answers.
        poster: Sends what nobody waits for, over connections of its own.
    """

    application: Application
    poster: Bot


@asynccontextmanager
async def connected(
    token: str, api_url: str, lost: asyncio.Event
) -> AsyncIterator[TelegramConnection]:
    """The library's application, started, as long as the block lasts.

    What is being answered at the end is finished, unless that takes long.

    Args:
        token: The bot's token.
        api_url: Where the Bot API is.
        lost: Set once Telegram refuses the token.

    Raises:
        PlatformError: Telegram refuses the token, at the start or to what the block asks.
    """
    requests = [_Requests(connections, lost.set) for connections in (_CONNECTIONS, 2, _POSTING)]
    replying, fetching, posting = requests
    bot = _bot(token, api_url, replying, fetching)
    application: Application = (
        ext.ApplicationBuilder().bot(bot).concurrent_updates(_AT_ONCE).build()
    )
    try:
        await _reach(application)
        await application.start()
        try:
            # It is not initialized: that would ask once more who the bot is.
            yield TelegramConnection(application, _bot(token, api_url, posting, posting))
        finally:
            await _within(_FINISHING, application.stop())
        await application.shutdown()
    except InvalidToken:
        raise PlatformError(REVOKED) from None  # the library's message holds the token
    finally:
        for each in requests:
            await each.shutdown()


def _bot(token: str, api_url: str, request: _Requests, fetching: _Requests) -> _Bot:
    return _Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=request,
        get_updates_request=fetching,
    )


async def _reach(application: Application) -> None:
    """Waits until Telegram says who the bot is."""
    pause = _FIRST_PAUSE
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram cannot be reached; trying again: %s", error.message)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


@asynccontextmanager
async def polling(application: Application, updates: Sequence[str]) -> AsyncIterator[None]:
    """Fetches updates as long as the block lasts, through every trouble of the network."""
    updater = application.updater
    if updater is None:
        raise AssertionError("the builder makes one")
    await updater.start_polling(
        timeout=_POLL, bootstrap_retries=-1, allowed_updates=updates, error_callback=_Trouble()
    )
    try:
        yield
    finally:
        await _within(_LEAVING, updater.stop())


class _Trouble:
    """Tells of trouble with fetching updates, each kind once in a while."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def __call__(self, error: TelegramError) -> None:
        told = _CONFLICT if isinstance(error, Conflict) else f"Telegram: {error.message}"
        now = time.monotonic()
        if now - self._told.get(told, -_REPEATED) >= _REPEATED:
            self._told[told] = now
            log.warning("%s", told)


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Ends something; what takes too long or fails is left as it is, since all ends here."""
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        log.warning("Telegram: not all could be finished in %.0f s", seconds)
    except TelegramError as error:
        log.debug("Telegram: %s", error.message)
