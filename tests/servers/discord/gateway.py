"""The gateway: sessions over websockets, resumed or new, compressed or not."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
PRESENCE = 3  # taken, and ignored

MEMBERS, PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12
BAD_TOKEN, BAD_SHARD, DISALLOWED = 4004, 4010, 4014


class Connection:
    """One websocket, compressed as the client asked."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None = None,
        *,
        compressed: bool,
    ) -> None:
        self.socket, self.transport = socket, transport
        self.closing = 0  # the code with which we closed it ourselves
        self._stream = zlib.compressobj() if compressed else None

    async def send(self, op: int, data: object = None, **also: object) -> None:
        text = json.dumps({"op": op, "d": data, "s": None, "t": None} | also)
        with suppress(ConnectionError):  # a client gets what it missed when it resumes
            await self._write(text)

    async def _write(self, text: str) -> None:
        if self._stream is None:
            await self.socket.send_str(text)
        else:
            raw = self._stream.compress(text.encode())
            await self.socket.send_bytes(raw + self._stream.flush(zlib.Z_SYNC_FLUSH))

    async def close(self, code: int) -> None:
        self.closing = code
        await self.socket.close(code=code)

    def cut(self) -> None:
        """Closes it without waiting for the other side."""
        self.closing = 4000
        if transport := self.transport:
            transport.close()


@dataclass
class Session:
    """The session of one shard; kept while the shard is disconnected, for it to resume.

    Attributes:
        events: All events, the first with the sequence number 1.
    """

    shard: int
    shards: int
    intents: int
    id: str = field(default_factory=lambda: uuid4().hex)
    events: list[tuple[str, Any]] = field(default_factory=list)
    connection: Connection | None = None

    async def dispatch(self, event: str, data: object) -> None:
        self.events.append((event, data))
        if self.connection is not None:
            await self.connection.send(DISPATCH, data, s=len(self.events), t=event)

    async def resume(self, connection: Connection, seen: int) -> None:
        """Sends the events that were missed; whoever is connected still is cut off."""
        before, self.connection = self.connection, connection
        if before is not None:
            before.cut()
        for number, (event, data) in enumerate(self.events[seen:], seen + 1):
            await connection.send(DISPATCH, data, s=number, t=event)
        await self.dispatch("RESUMED", {})


class Gateway:
    """The websocket endpoint.

    Attributes:
        interval: Seconds between heartbeats that clients are asked for.
        compress: True to compress where a client asks for it.
        allowed: The privileged intents that the application was granted.
        acknowledges: True to acknowledge heartbeats.
        pace: Seconds between two sessions that may be begun; who comes sooner has to try again.
        at_once: How many may be begun at once, each by a shard with another remainder.
        closes_next: Close codes with which the next IDENTIFYs are answered.
        identified: The IDENTIFYs, without their tokens.
        log: The steps of clients (`hello`, `identify 0`, `resume 0`, `closed 1000`), and closes by
            the server (`we closed 4000`).
        unmodelled: Opcodes of clients that are not modelled.
    """

    def __init__(self, first_events: Callable[[Session], Iterable[tuple[str, Any]]]) -> None:
        self._first_events = first_events
        self._changed = asyncio.Condition()
        self.interval, self.compress, self.acknowledges = 45.0, True, True
        self.token, self.shards, self.allowed = "", 1, 0
        self.pace, self.at_once = 0.0, 1
        self._begun: dict[int, float] = {}  # the last session of each remainder
        self.closes_next: list[int] = []
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identified: list[dict[str, Any]] = []
        self.log: list[str] = []
        self.unmodelled: list[str] = []
        self.heartbeats = 0

    def session(self, shard: int) -> Session | None:
        """Returns the newest session of a shard."""
        found = [one for one in self.sessions.values() if one.shard == shard]
        return found[-1] if found else None

    async def until(self, happened: Callable[[], object], wait: float = 15) -> None:
        """Waits until a condition holds; raises TimeoutError with the log."""
        try:
            async with asyncio.timeout(wait), self._changed:
                await self._changed.wait_for(lambda: bool(happened()))
        except TimeoutError:
            raise TimeoutError(f"the gateway waited in vain; clients did: {self.log}") from None

    async def connected(self, shard: int) -> Session:
        """Returns the session of a shard, perhaps disconnected; waits for its first IDENTIFY."""
        await self.until(lambda: self.session(shard))
        found = self.session(shard)
        assert found is not None
        return found

    async def all_connected(self, *, times: int = 0) -> None:
        """Waits until every shard is connected, after at least `times` RESUMEs or IDENTIFYs."""
        await self.until(
            lambda: (
                all(self._is_connected(shard) for shard in range(self.shards))
                and self.handshakes() >= times
            )
        )

    def handshakes(self) -> int:
        """Counts RESUMEs and IDENTIFYs."""
        return sum(line.startswith(("identify", "resume")) for line in self.log)

    def _is_connected(self, shard: int) -> bool:
        session = self.session(shard)
        return session is not None and session.connection is not None

    async def reconnect(self) -> None:
        """Sends RECONNECT to every client, and waits until they are back."""
        await self._reconnect_all([connection.send(RECONNECT) for connection in self.connections])

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Invalidates every session, and waits for the next ones."""
        if not resumable:
            self.sessions.clear()
        await self._reconnect_all(
            [connection.send(INVALID, resumable) for connection in self.connections]
        )

    async def drop(self, code: int = 4000) -> None:
        """Closes every connection, and waits until the clients are back."""
        await self._reconnect_all([connection.close(code) for connection in list(self.connections)])

    async def _reconnect_all(self, actions: list[Any]) -> None:
        times = self.handshakes() + len(actions)
        for action in actions:
            await action
        await self.all_connected(times=times)

    async def close(self) -> None:
        for connection in list(self.connections):
            await connection.close(1001)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Handles one connection."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        # Only this way of compressing is modelled; plain text is always allowed.
        asked = request.query.get("compress") == "zlib-stream"
        connection = Connection(socket, request.transport, compressed=asked and self.compress)
        self.connections.add(connection)
        await self._note("hello")
        try:
            await connection.send(HELLO, {"heartbeat_interval": int(self.interval * 1000)})
            await self._read(connection)
        finally:
            self.connections.discard(connection)
            await self._on_disconnect(connection, socket.close_code)
        return socket

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                payload = json.loads(message.data)
                await self._handle(connection, payload["op"], payload.get("d"))

    async def _handle(self, connection: Connection, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            self.heartbeats += 1
            if self.acknowledges:
                await connection.send(ACK)
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            await self._resume(connection, data)
        elif op != PRESENCE:
            self.unmodelled.append(f"gateway op {op}")

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        self.identified.append({key: data[key] for key in data if key != "token"})
        shard, shards = data.get("shard", (0, 1))
        if refused := self._close_code(data, shards):
            await self._note(f"refused {refused}")
            await connection.close(refused)
            return
        if self._is_too_soon(shard):
            await self._note(f"too soon {shard}")
            await connection.send(INVALID, data=False)
            return
        session = Session(shard, shards, data["intents"], connection=connection)
        self.sessions[session.id] = session
        for event, payload in self._first_events(session):
            await session.dispatch(event, payload)
        await self._note(f"identify {shard}")

    def _is_too_soon(self, shard: int) -> bool:
        now, turn = time.monotonic(), shard % self.at_once
        if now - self._begun.get(turn, float("-inf")) < self.pace:
            return True
        self._begun[turn] = now
        return False

    def _close_code(self, data: dict[str, Any], shards: int) -> int:
        if self.closes_next:
            return self.closes_next.pop(0)
        if data["token"] != self.token:
            return BAD_TOKEN
        if shards != self.shards:
            return BAD_SHARD
        return DISALLOWED if data["intents"] & PRIVILEGED & ~self.allowed else 0

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.token:
            await connection.close(BAD_TOKEN)
        elif session is None or data["seq"] > len(session.events):
            await self._note("resume refused")
            await connection.send(INVALID, data=False)
        else:
            await session.resume(connection, data["seq"])
            await self._note(f"resume {session.shard}")

    async def _on_disconnect(self, connection: Connection, code: int | None) -> None:
        for session in list(self.sessions.values()):
            if session.connection is connection:
                session.connection = None
                if not connection.closing and code in {
                    1000,
                    1001,
                }:  # so a client says that it will not come back
                    del self.sessions[session.id]
        await self._note(
            f"we closed {connection.closing}" if connection.closing else f"closed {code}"
        )

    async def _note(self, what: str) -> None:
        async with self._changed:
            self.log.append(what)
            self._changed.notify_all()
