"""The gateway of a scripted Discord: sessions over websockets, resumed or not."""

from __future__ import annotations

import asyncio
import json
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


class Wire:
    """One websocket, compressed as the client asked."""

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self.closing = 0  # the code with which we closed it ourselves
        self._stream = zlib.compressobj() if compressed else None

    async def send(self, op: int, data: object = None, **also: object) -> None:
        text = json.dumps({"op": op, "d": data, "s": None, "t": None} | also)
        with suppress(ConnectionError):  # what a client misses it is told when it resumes
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


@dataclass
class Session:
    """What one shard was told; kept while it is away, for it to resume.

    Attributes:
        events: All events, the first with the sequence number 1.
    """

    shard: int
    shards: int
    intents: int
    id: str = field(default_factory=lambda: uuid4().hex)
    events: list[tuple[str, Any]] = field(default_factory=list)
    wire: Wire | None = None

    async def tell(self, event: str, data: object) -> None:
        self.events.append((event, data))
        if self.wire is not None:
            await self.wire.send(DISPATCH, data, s=len(self.events), t=event)

    async def resume(self, wire: Wire, seen: int) -> None:
        """Tells what was missed."""
        self.wire = wire
        for number, (event, data) in enumerate(self.events[seen:], seen + 1):
            await wire.send(DISPATCH, data, s=number, t=event)
        await self.tell("RESUMED", {})


class Gateway:
    """The websocket side of the server.

    Attributes:
        interval: Seconds between heartbeats that clients are told to keep.
        compress: Whether to compress where a client asks for it.
        allowed: The privileged intents that the app was granted.
        acknowledges: Whether heartbeats are answered.
        closes_next: Codes with which the next IDENTIFYs are answered.
        identified: The IDENTIFYs, without their tokens.
        log: What clients did: `hello`, `identify 0`, `resume 0`, `closed 1000`; and
            how we closed connections: `we closed 4000`.
        unmodelled: What clients sent that nothing here understands.
    """

    def __init__(self, greet: Callable[[Session], Iterable[tuple[str, Any]]]) -> None:
        self._greet = greet
        self._changed = asyncio.Condition()
        self.interval, self.compress, self.acknowledges = 45.0, True, True
        self.token, self.shards, self.allowed = "", 1, 0
        self.closes_next: list[int] = []
        self.sessions: dict[str, Session] = {}
        self.wires: set[Wire] = set()
        self.identified: list[dict[str, Any]] = []
        self.log: list[str] = []
        self.unmodelled: list[str] = []
        self.beats = 0

    def session(self, shard: int) -> Session | None:
        """The newest session of a shard."""
        found = [one for one in self.sessions.values() if one.shard == shard]
        return found[-1] if found else None

    async def until(self, happened: Callable[[], object], wait: float = 15) -> None:
        """Waits until something is so; raises TimeoutError with what clients did."""
        try:
            async with asyncio.timeout(wait), self._changed:
                await self._changed.wait_for(lambda: bool(happened()))
        except TimeoutError:
            raise TimeoutError(f"the gateway waited in vain; clients did: {self.log}") from None

    async def connected(self, shard: int) -> Session:
        """The session of a shard, which may be away; waits for its first IDENTIFY."""
        await self.until(lambda: self.session(shard))
        found = self.session(shard)
        assert found is not None
        return found

    async def online(self, *, times: int = 0) -> None:
        """Waits until every shard is connected (and so many RESUMEs or IDENTIFYs were seen)."""
        await self.until(
            lambda: all(self._is_on(shard) for shard in range(self.shards)) and self.met() >= times
        )

    def met(self) -> int:
        """How many RESUMEs and IDENTIFYs there were."""
        return sum(line.startswith(("identify", "resume")) for line in self.log)

    def _is_on(self, shard: int) -> bool:
        session = self.session(shard)
        return session is not None and session.wire is not None

    async def reconnect(self) -> None:
        """Asks every client to connect anew, and waits until it has."""
        await self._shaken([wire.send(RECONNECT) for wire in self.wires])

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tells every client that its session is over, and waits for the next."""
        if not resumable:
            self.sessions.clear()
        await self._shaken([wire.send(INVALID, resumable) for wire in self.wires])

    async def drop(self, code: int = 4000) -> None:
        """Closes every connection, and waits until the clients are back."""
        await self._shaken([wire.close(code) for wire in list(self.wires)])

    async def _shaken(self, actions: list[Any]) -> None:
        times = self.met() + len(actions)
        for action in actions:
            await action
        await self.online(times=times)

    async def close(self) -> None:
        for wire in list(self.wires):
            await wire.close(1001)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Handles one connection."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        # Only this way of compressing is modelled; plain text is always allowed.
        asked = request.query.get("compress") == "zlib-stream"
        wire = Wire(socket, compressed=asked and self.compress)
        self.wires.add(wire)
        await self._note("hello")
        try:
            await wire.send(HELLO, {"heartbeat_interval": int(self.interval * 1000)})
            await self._read(wire)
        finally:
            self.wires.discard(wire)
            await self._left(wire, socket.close_code)
        return socket

    async def _read(self, wire: Wire) -> None:
        async for message in wire.socket:
            if message.type is WSMsgType.TEXT:
                told = json.loads(message.data)
                await self._handle(wire, told["op"], told.get("d"))

    async def _handle(self, wire: Wire, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            self.beats += 1
            if self.acknowledges:
                await wire.send(ACK)
        elif op == IDENTIFY:
            await self._identify(wire, data)
        elif op == RESUME:
            await self._resume(wire, data)
        elif op != PRESENCE:
            self.unmodelled.append(f"gateway op {op}")

    async def _identify(self, wire: Wire, data: dict[str, Any]) -> None:
        self.identified.append({key: data[key] for key in data if key != "token"})
        shard, shards = data.get("shard", (0, 1))
        if refused := self._refuses(data, shards):
            await self._note(f"refused {refused}")
            await wire.close(refused)
            return
        session = Session(shard, shards, data["intents"], wire=wire)
        self.sessions[session.id] = session
        for event, told in self._greet(session):
            await session.tell(event, told)
        await self._note(f"identify {shard}")

    def _refuses(self, data: dict[str, Any], shards: int) -> int:
        if self.closes_next:
            return self.closes_next.pop(0)
        if data["token"] != self.token:
            return BAD_TOKEN
        if shards != self.shards:
            return BAD_SHARD
        return DISALLOWED if data["intents"] & PRIVILEGED & ~self.allowed else 0

    async def _resume(self, wire: Wire, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.token:
            await wire.close(BAD_TOKEN)
        elif session is None or data["seq"] > len(session.events):
            await self._note("resume refused")
            await wire.send(INVALID, data=False)
        else:
            await session.resume(wire, data["seq"])
            await self._note(f"resume {session.shard}")

    async def _left(self, wire: Wire, code: int | None) -> None:
        for session in list(self.sessions.values()):
            if session.wire is wire:
                session.wire = None
                if not wire.closing and code in {
                    1000,
                    1001,
                }:  # so a client says that it will not come back
                    del self.sessions[session.id]
        await self._note(f"we closed {wire.closing}" if wire.closing else f"closed {code}")

    async def _note(self, what: str) -> None:
        async with self._changed:
            self.log.append(what)
            self._changed.notify_all()
