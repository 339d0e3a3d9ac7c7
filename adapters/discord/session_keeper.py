"""Keeps a shard's session, so that another process can resume it once this one is dead."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from adapters.discord.server_state import State, changed, server_of, unknown_server
from bot.errors import StoreError
from bot.shard_sessions import SessionChanges, ShardSession, ShardSessionStore

log = logging.getLogger(__name__)

_SAVE_EVERY = 0.5  # seconds
_TOUCH_EVERY = 20.0  # seconds after which a session is saved though nothing has changed
_ANSWERABLE = 3.0
"""Seconds for which Discord waits for a response: what came later may not be answered yet.

So whoever resumes the session is told it again. See
https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback.
"""

RESTORED = "restored"
"""The key of a message of the gateway that we have written ourselves, to resume a session."""


class SessionKeeper:
    """Hears all that the gateway tells of a shard, and keeps what it takes to resume its session.

    Attributes:
        repeated: The interactions that were told again, perhaps: a process that is dead by now may
            have carried them out.
        is_catching_up: True from a resumption until everything that was missed has been told.
    """

    def __init__(self, store: ShardSessionStore, shard: str, me: int) -> None:
        """Keeps in `store` the session of a `shard`; `me` is the bot's own id."""
        self.repeated: set[int] = set()
        self.is_catching_up = False
        self._store, self._shard, self._me = store, shard, str(me)
        self._holder = secrets.token_hex(8)
        self._greeting: str | None = None  # of a session that was begun, and is not kept yet
        self._events = defaultdict[str, list[tuple[str, Any]]](list)  # by servers; not kept yet
        self._begun = set[str]()  # servers of which READY told, and which are not kept yet
        self._heard = deque[tuple[float, int]]()  # sequence numbers, and when they were reached
        self._sequence = 0  # the last one
        self._saved = (0, float("-inf"))  # the sequence number, and when
        self._is_ours = False
        self._is_lost = False
        self._has_begun = asyncio.Event()
        self._turn = asyncio.Lock()

    async def take(self) -> ShardSession | None:
        """Takes over the session that another process, or this one before, has kept."""
        try:
            found = await self._store.take(self._shard, self._holder)
        except StoreError as error:
            log.warning("Discord: a session cannot be resumed: %s", error)
            return None
        if found:
            self._is_ours = self.is_catching_up = True
            self._sequence = found.sequence
        return found

    async def is_lost(self) -> bool:
        """Tells if another process has taken the session over."""
        self._saved = (self._saved[0], float("-inf"))
        await self.save()
        return self._is_lost

    async def forget(self) -> None:
        """Forgets the session, which Discord has refused to resume."""
        self._is_ours = self.is_catching_up = False
        try:
            await self._store.forget(self._shard, self._holder)
        except StoreError as error:
            log.warning("Discord: a session cannot be forgotten: %s", error)

    def hear(self, text: str) -> None:
        """Takes a message of the gateway."""
        message = json.loads(text)
        if RESTORED in message or message.get("s") is None:
            return
        event, data = message["t"], message["d"]
        self._sequence = message["s"]
        if event == "READY":
            self._begin(text, data)
        elif event == "RESUMED":
            self.is_catching_up = False
        elif event == "INTERACTION_CREATE":
            if self.is_catching_up:
                self.repeated.add(int(data["id"]))
        elif server := server_of(event, data):
            self._events[server].append((event, data))

    def _begin(self, greeting: str, data: Mapping[str, Any]) -> None:
        self._events.clear()
        self._heard.clear()
        self._greeting, self._begun = greeting, {one["id"] for one in data["guilds"]}
        self._is_ours, self._is_lost, self.is_catching_up = True, False, False
        self._has_begun.set()

    async def keep_saving(self) -> None:
        """Saves what has changed, until cancelled; a session that has just begun at once."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._has_begun.wait(), _SAVE_EVERY)
            self._has_begun.clear()
            await self.save()

    async def save(self) -> None:
        """Saves what has changed since the last time."""
        async with self._turn:  # each reads what the one before has kept
            if self._is_ours and self._has_changed():
                await self._save()

    async def _save(self) -> None:
        greeting, self._greeting = self._greeting, None
        begun, self._begun = self._begun, set()
        events, self._events = self._events, defaultdict(list)
        sequence = self._surely_answered()
        try:
            servers = await self._states(begun, events, is_new=greeting is not None)
            changes = SessionChanges(sequence, greeting, servers)
            is_kept = await self._store.save(self._shard, self._holder, changes)
        except StoreError as error:
            log.debug("Discord: a session cannot be kept: %s", error)
            self._put_back(greeting, begun, events)
        except BaseException:
            self._put_back(greeting, begun, events)
            raise
        else:
            self._saved = (sequence, asyncio.get_running_loop().time())
            if not is_kept and self._greeting is None:  # else another one has begun meanwhile
                self._is_ours, self._is_lost = False, True

    def _has_changed(self) -> bool:
        sequence, at = self._saved
        is_old = asyncio.get_running_loop().time() - at > _TOUCH_EVERY
        return bool(is_old or self._greeting or self._events or sequence != self._sequence)

    def _surely_answered(self) -> int:
        """Returns the number of the last event for which Discord waits no more."""
        now = asyncio.get_running_loop().time()
        self._heard.append((now, self._sequence))
        while len(self._heard) > 1 and self._heard[1][0] <= now - _ANSWERABLE:
            self._heard.popleft()
        return self._heard[0][1]

    async def _states(
        self, begun: set[str], events: Mapping[str, list[tuple[str, Any]]], *, is_new: bool
    ) -> Mapping[str, str | None]:
        """Returns what is known by now of the servers of which something was told."""
        known = {} if is_new else await self._store.servers(self._shard, [*events])
        states = dict[str, str | None]()
        for server in {*begun, *events}:
            states[server] = self._state(server, known.get(server), events.get(server, ()))
            await asyncio.sleep(0)  # there may be thousands, and others have something to do
        return states

    def _state(self, server: str, known: str | None, events: Any) -> str | None:
        state: State | None = json.loads(known) if known else unknown_server(server)
        for event, data in events:
            state = changed(state or unknown_server(server), event, data, self._me)
        return None if state is None else json.dumps(state)

    def _put_back(
        self, greeting: str | None, begun: set[str], events: Mapping[str, list[tuple[str, Any]]]
    ) -> None:
        """Keeps for the next time what could not be saved, unless another session has begun."""
        if self._greeting is not None:
            return
        self._greeting, self._begun = greeting, begun
        newer, self._events = self._events, defaultdict(list, events)
        for server, later in newer.items():
            self._events[server] = [*self._events[server], *later]


def first_messages(session: ShardSession) -> Iterator[str]:
    """Yields what Discord told as a session began, as if it told it now, its servers as they are.

    Each message has the number of the last event that was dealt with, and the key `RESTORED`.
    """
    greeting = json.loads(session.greeting)
    greeting["d"]["guilds"] = [*map(unknown_server, session.servers)]
    marks = {"s": session.sequence, RESTORED: True}
    yield json.dumps({**greeting, **marks})
    for server in map(json.loads, session.servers.values()):
        if "roles" in server:  # else it has had an outage from the beginning
            whole = {**server, "unavailable": False}
            yield json.dumps({"op": 0, "t": "GUILD_CREATE", "d": whole, **marks})
            if server["unavailable"]:
                outage = unknown_server(server["id"])
                yield json.dumps({"op": 0, "t": "GUILD_DELETE", "d": outage, **marks})
