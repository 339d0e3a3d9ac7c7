"""The heartbeat of the process that serves: by it, other processes know that it runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot import __version__
from bot.clock import Clock
from bot.errors import StoreError
from bot.monitoring.model import ProcessState
from bot.monitoring.ports import NoteStore

_NOTE = "process"
_EVERY = 60.0  # seconds
_SILENT = timedelta(minutes=3)  # after which it is taken for dead


async def keep_beating(
    notes: NoteStore, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Notes that this process runs, every minute, until it is cancelled; then, that none does."""
    started = clock.now()
    try:
        while True:
            state = ProcessState(__version__, started, clock.now())
            with suppress(StoreError):  # whoever needs the store says so
                await notes.set_note(_NOTE, _text(state))
            await sleep(_EVERY)
    finally:
        with suppress(StoreError):
            await notes.set_note(_NOTE, "")


async def running_process(notes: NoteStore, now: datetime) -> ProcessState | None:
    """Returns the process that serves; None when none has said so lately.

    Raises:
        StoreError: The store cannot be read.
    """
    state = _parse(await notes.note(_NOTE))
    return state if state and abs(now - state.seen) <= _SILENT else None


def _text(state: ProcessState) -> str:
    return json.dumps([state.version, state.started.isoformat(), state.seen.isoformat()])


def _parse(text: str) -> ProcessState | None:
    if not text:
        return None
    version, started, seen = json.loads(text)
    return ProcessState(version, datetime.fromisoformat(started), datetime.fromisoformat(seen))
