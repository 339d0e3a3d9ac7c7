"""Runs a client in simcord, an in-memory Discord; its requests are checked against our rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import simcord
from servers.discord.rules import violations
from servers.discord.spec import SPEC, load_spec
from simcord.env import Env


@asynccontextmanager
async def simulated(client: discord.Client, *, spec: Path = SPEC) -> AsyncIterator[Env]:
    """Runs a client without a network.

    simcord takes the place of the client's HTTP and gateway, and of the loop's clock: so it shows
    neither how connections fail, nor how the bytes render_context.

    Raises:
        AssertionError: At the end, if a request violated a rule.
        ExceptionGroup: At the end, if the client's own code raised.
    """
    shards = {"shard_count": 1} if isinstance(client, discord.AutoShardedClient) else {}
    async with simcord.run(client, **shards) as env:
        yield env
    found = violations_of(env, spec=spec)
    assert not found, f"refused: {found}"


def violations_of(env: Env, *, spec: Path = SPEC) -> list[str]:
    """Returns the violations of the requests so far."""
    checked = load_spec(spec)
    found = []
    for call in env.http_requests:
        found = checked.violations(call.method, call.path, call.json) if checked else []
        found = found or violations(call.method, call.path, call.json)
        found += [f"{call.method} {call.path}: {text}" for text in found]
    return found
