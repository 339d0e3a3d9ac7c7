"""Requests that a cancellation does not cut short."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord

from adapters.discord.failures import ConnectionLostError

T = TypeVar("T")


async def shield_request(client: discord.Client, request: Coroutine[Any, Any, T]) -> T:
    """Makes a request that goes on in the background if the caller is cancelled.

    A request that hits Discord's global rate limit makes the library hold up all others until it
    has waited. If it were cancelled meanwhile, the library would never let another one go.

    Raises:
        ConnectionLostError: The client has been closed.
    """
    task = asyncio.create_task(_request(client, request))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_retrieve_exception)
        raise


async def _request(client: discord.Client, request: Coroutine[Any, Any, T]) -> T:
    try:
        return await request
    except RuntimeError as error:  # all that the library says of a closed client
        if client.is_closed():
            raise ConnectionLostError("the connection was lost; another is being made") from error
        raise


def _retrieve_exception(task: asyncio.Task[Any]) -> None:
    """Keeps asyncio from logging an exception that nothing awaits any more."""
    if not task.cancelled():
        task.exception()
