"""Websockets by which sessions of a dead process are resumed, and left behind for the next one."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import discord

from adapters.discord.failures import REQUEST_ERRORS
from adapters.discord.session_keeper import SessionKeeper, first_messages
from bot.shard_sessions import ShardSession

log = logging.getLogger(__name__)

_IDENTIFY, _RESUME = 2, 6  # https://docs.discord.com/developers/topics/opcodes-and-status-codes
_LEFT = 4000
"""The code with which a connection is closed whose session goes on.

After 1000 or 1001 Discord ends it: https://docs.discord.com/developers/events/gateway#disconnecting.
"""


class SessionLostError(discord.DiscordException):
    """A session cannot go on: Discord does not know it any more, or another process has it."""


class SessionSocket:
    """Stands between the library and a websocket.

    The library resumes only what it has begun itself, and learns the servers only from what is
    told in the beginning. So where it begins a session, that of another process is resumed, and it
    is told what it would have been told had the session been its own; then what comes from Discord.

    Attributes:
        is_lost: True once the library is to give up, with all that it knows of the servers.
    """

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, session: ShardSession | None
    ) -> None:
        """Takes a connected websocket; `session` is to be resumed over it, None for none."""
        self.is_lost = False
        self._socket = socket
        self._session = session
        self._told: Iterator[str] = iter(())

    async def send_str(self, data: str) -> None:
        """Sends a message of the library's."""
        if self.is_lost:
            return
        message = json.loads(data) if self._session else {}
        if self._session and message["op"] == _IDENTIFY:
            data = _resume(self._session, message["d"]["token"])
            self._told, self._session = first_messages(self._session), None
        await self._socket.send_str(data)

    async def receive(self, timeout: float | None = None) -> aiohttp.WSMessage:  # noqa: ASYNC109
        """Returns the next message for the library.

        Raises:
            SessionLostError: Discord has refused to resume the session.
        """
        if self.is_lost:  # told here, since only where it reads does the library close all it has
            raise SessionLostError("it cannot be resumed any more; a new session is begun")
        if text := next(self._told, None):
            await asyncio.sleep(0)  # there may be thousands, and others have something to do
            return aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, text, None)
        return await self._socket.receive(timeout)

    async def close(self, *, code: int = _LEFT, message: bytes = b"") -> bool:
        """Closes the connection, but not its session."""
        del code
        return await self._socket.close(code=_LEFT, message=message)

    @property
    def closed(self) -> bool:
        """True once the connection is closed."""
        return self._socket.closed

    @property
    def close_code(self) -> int | None:
        """The code with which it was closed."""
        return self._socket.close_code


class SessionConnector:
    """Connects a client's websockets. The first one resumes a session that was kept, if one was.

    Attributes:
        keeper: Keeps the session.
    """

    def __init__(
        self,
        keeper: SessionKeeper,
        session: ShardSession | None,
        connect: Callable[[str], Awaitable[aiohttp.ClientWebSocketResponse]],
        wait_until_held: Callable[[], Awaitable[None]],
    ) -> None:
        """Takes what it connects with.

        Args:
            keeper: As in the attributes.
            session: The session to be resumed; None for none.
            connect: The library's own way to a websocket.
            wait_until_held: As in `bot.chat.shards.Shard`: two processes that resume one session
                would take it from each other for ever.
        """
        self.keeper = keeper
        self._session, self._connect = session, connect
        self._wait_until_held = wait_until_held
        self._socket: SessionSocket | None = None  # the last one
        self._resumes = self._has_told = False

    async def connect(self, url: str) -> SessionSocket:
        """Connects a websocket.

        Raises:
            SessionLostError: Another process has resumed the session.
        """
        await self._wait_until_held()
        if await self.keeper.is_lost():
            raise SessionLostError("another process has taken the session over")
        session, self._session = self._session, None
        self._resumes = session is not None
        if session:
            try:
                return await self._socket_for(_gateway_of(session, url), session)
            except REQUEST_ERRORS as error:  # each session has an address of its own
                log.warning("Discord: a session cannot be resumed: %s", error)
                self._resumes = False
        return await self._socket_for(url, None)

    async def _socket_for(self, url: str, session: ShardSession | None) -> SessionSocket:
        self._socket = SessionSocket(await self._connect(url), session)
        return self._socket

    async def begins_session(self) -> bool:
        """Tells, before IDENTIFY, whether a session is begun; False where one is resumed instead.

        Where Discord has refused to resume one, of whose servers the client was told, that is lost.
        """
        if self._resumes:
            self._resumes, self._has_told = False, True
            return False
        if self.keeper.is_catching_up:
            await self.keeper.forget()
            if self._has_told and self._socket:
                self._socket.is_lost = True
                return False
        return True


def _gateway_of(session: ShardSession, url: str) -> str:
    """Returns where a session is to be resumed, in place of where one would be begun."""
    address, (_, _, query) = json.loads(session.greeting)["d"], url.partition("?")
    return f"{address['resume_gateway_url']}?{query}"


def _resume(session: ShardSession, token: str) -> str:
    greeting: dict[str, Any] = json.loads(session.greeting)["d"]
    data = {"token": token, "session_id": greeting["session_id"], "seq": session.sequence}
    return json.dumps({"op": _RESUME, "d": data})
