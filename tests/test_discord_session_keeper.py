"""A shard's session is kept through whatever comes between it and its store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from typing_extensions import override

from adapters.discord.session_keeper import RESTORED, SessionKeeper, first_messages
from bot.errors import StoreBusyError
from bot.shard_sessions import SessionChanges, ShardSession, ShardSessionStore

ME = 7
GREETING = {"session_id": "s", "guilds": [{"id": "1", "unavailable": True}]}


@dataclass
class Kept(ShardSessionStore):
    """A store in memory that can be away, or another process's."""

    is_away: bool = False
    is_anothers: bool = False
    greeting: str = ""
    sequence: int = 0
    states: dict[str, str] = field(default_factory=dict)
    saves: int = 0

    def _check(self) -> None:
        if self.is_away:
            raise StoreBusyError("the store does not answer")

    @override
    async def take(self, shard: str, holder: str) -> ShardSession | None:
        self._check()
        found = ShardSession(self.greeting, self.sequence, dict(self.states))
        return found if self.greeting else None

    @override
    async def servers(self, shard: str, wanted: Collection[str]) -> Mapping[str, str]:
        self._check()
        await asyncio.sleep(0)
        return {server: self.states[server] for server in wanted if server in self.states}

    @override
    async def save(self, shard: str, holder: str, changes: SessionChanges) -> bool:
        self._check()
        self.saves += 1
        if self.is_anothers:
            return False
        if changes.greeting:
            self.greeting, self.states = changes.greeting, {}
        self.sequence = changes.sequence
        for server, state in changes.servers.items():
            self.states.pop(server, "")
            if state is not None:
                self.states[server] = state
        return True

    @override
    async def forget(self, shard: str, holder: str) -> None:
        self._check()
        self.greeting, self.states = "", {}

    def name(self, server: str) -> str:
        return str(json.loads(self.states[server]).get("name", ""))


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def keeper(kept: Kept) -> SessionKeeper:
    return SessionKeeper(kept, "discord 7 0/1", ME)


def told(sequence: int | None, event: str | None, data: Any = None, **also: Any) -> str:
    return json.dumps({"op": 0, "s": sequence, "t": event, "d": data, **also})


def server(name: str, number: int = 1) -> dict[str, Any]:
    members = [{"user": {"id": str(one)}} for one in (ME, 8)]
    return {"id": str(number), "name": name, "roles": [], "members": members, "emojis": [{}]}


async def begin(keeper: SessionKeeper) -> None:
    """Begins a session with one server, and keeps it."""
    keeper.hear(told(1, "READY", GREETING))
    keeper.hear(told(2, "GUILD_CREATE", server("One")))
    await keeper.save()


async def test_nothing_is_kept_before_a_session_has_begun(
    keeper: SessionKeeper, kept: Kept
) -> None:
    keeper.hear(told(None, None))  # such as HELLO
    await keeper.save()
    assert not kept.saves
    assert await keeper.take() is None


async def test_what_could_not_be_kept_is_kept_the_next_time(
    keeper: SessionKeeper, kept: Kept
) -> None:
    kept.is_away = True
    await begin(keeper)
    keeper.hear(told(3, "GUILD_UPDATE", {"id": "1", "name": "Another"}))
    keeper.hear(told(4, "GUILD_CREATE", server("Two", 2)))
    await keeper.save()
    kept.is_away = False
    await keeper.save()
    assert (kept.name("1"), kept.name("2")) == ("Another", "Two")
    assert json.loads(kept.states["1"])["members"] == [{"user": {"id": str(ME)}}]
    assert "emojis" not in json.loads(kept.states["1"])
    assert json.loads(kept.greeting)["d"] == GREETING


async def test_a_session_that_begins_meanwhile_replaces_what_could_not_be_kept(
    keeper: SessionKeeper, kept: Kept
) -> None:
    kept.is_away = True
    await begin(keeper)
    keeper.hear(told(1, "READY", {"session_id": "t", "guilds": [{"id": "2"}]}))
    kept.is_away = False
    await keeper.save()
    assert json.loads(kept.greeting)["d"]["session_id"] == "t"
    assert [*kept.states] == ["2"]


async def test_what_is_kept_at_once_is_kept_in_turn(keeper: SessionKeeper, kept: Kept) -> None:
    await begin(keeper)
    saves = []
    for number in range(5):
        role = {"guild_id": "1", "role": {"id": f"10{number}"}}
        keeper.hear(told(3 + number, "GUILD_ROLE_CREATE", role))
        saves.append(asyncio.create_task(keeper.save()))
        await asyncio.sleep(0)
    await asyncio.gather(*saves)
    roles = json.loads(kept.states["1"])["roles"]
    assert [one["id"] for one in roles] == [f"10{number}" for number in range(5)]


async def test_a_server_that_removes_the_bot_is_forgotten(
    keeper: SessionKeeper, kept: Kept
) -> None:
    await begin(keeper)
    keeper.hear(told(3, "GUILD_DELETE", {"id": "1"}))
    await keeper.save()
    assert not kept.states


async def test_nothing_is_written_while_nothing_happens(keeper: SessionKeeper, kept: Kept) -> None:
    keeper.hear(told(1, "READY", GREETING))
    for _ in range(3):
        await keeper.save()
    assert kept.saves == 1


async def test_what_another_process_has_is_left_to_it(keeper: SessionKeeper, kept: Kept) -> None:
    keeper.hear(told(1, "READY", GREETING))
    kept.is_anothers = True
    await keeper.save()
    kept.is_anothers = False
    keeper.hear(told(2, "GUILD_CREATE", server("One")))
    await keeper.save()
    assert (kept.saves, kept.states) == (1, {})


async def test_what_comes_again_is_marked_until_all_has_come(
    keeper: SessionKeeper, kept: Kept
) -> None:
    await begin(keeper)
    later = SessionKeeper(kept, "discord 7 0/1", ME)
    session = await later.take()
    assert session
    restored = [*first_messages(session)]
    assert [json.loads(one)["t"] for one in restored] == ["READY", "GUILD_CREATE"]
    for one in restored:
        assert json.loads(one)[RESTORED]
        later.hear(one)
    later.hear(told(3, "INTERACTION_CREATE", {"id": "30"}))
    later.hear(told(4, "RESUMED", {}))
    later.hear(told(5, "INTERACTION_CREATE", {"id": "50"}))
    assert later.repeated == {30}
    await later.save()
    assert kept.name("1") == "One"


async def test_a_store_that_is_away_has_no_session_to_resume(
    keeper: SessionKeeper, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    kept.is_away = True
    assert await keeper.take() is None
    await keeper.forget()
    assert [one.getMessage() for one in caplog.records] == [
        "Discord: a session cannot be resumed: the store does not answer",
        "Discord: a session cannot be forgotten: the store does not answer",
    ]
