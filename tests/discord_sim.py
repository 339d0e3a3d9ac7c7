"""A client within simcord, an in-memory Discord; all that it sends goes through our checks too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import simcord
from servers.discord.rules import complaints
from servers.discord.spec import SPEC, spec_at
from simcord.env import Env


@asynccontextmanager
async def simulated(client: discord.Client, *, spec: Path = SPEC) -> AsyncIterator[Env]:
    """Runs a client that is connected to nothing.

    simcord takes the place of the client's HTTP and gateway, and of the loop's clock: so it shows
    neither how connections fail, nor how the bytes look.

    Raises:
        AssertionError: At the end, when something was sent that breaks a rule.
        ExceptionGroup: At the end, when the client's own code raised.
    """
    shards = {"shard_count": 1} if isinstance(client, discord.AutoShardedClient) else {}
    async with simcord.run(client, **shards) as env:
        yield env
    wrong = refused(env, spec=spec)
    assert not wrong, f"refused: {wrong}"


def refused(env: Env, *, spec: Path = SPEC) -> list[str]:
    """What is wrong with what was sent so far."""
    checked = spec_at(spec)
    found = []
    for call in env.http_requests:
        wrong = checked.complaints(call.method, call.path, call.json) if checked else []
        wrong = wrong or complaints(call.method, call.path, call.json)
        found += [f"{call.method} {call.path}: {text}" for text in wrong]
    return found
