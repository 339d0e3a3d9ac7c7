"""Requests that are not cut short."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord

from adapters.discord.failures import LineLostError

T = TypeVar("T")


async def whole(client: discord.Client, request: Coroutine[Any, Any, T]) -> T:
    """Makes a request of a client's; whoever is cancelled meanwhile leaves it to end by itself.

    A request that Discord makes wait for the sake of all holds up all others until it has waited.
    Were it cut short then, the library would never let another one go.

    Raises:
        LineLostError: The client has been closed.
    """
    task = asyncio.create_task(_sent(client, request))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_heard)
        raise


async def _sent(client: discord.Client, request: Coroutine[Any, Any, T]) -> T:
    try:
        return await request
    except RuntimeError as error:  # a client that is closed says nothing better
        if client.is_closed():
            raise LineLostError("the line is lost; another is made") from error
        raise


def _heard(task: asyncio.Task[Any]) -> None:
    """Takes note of how it ended, which nobody waits for any more."""
    if not task.cancelled():
        task.exception()
