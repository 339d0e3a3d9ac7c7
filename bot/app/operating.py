"""What watches over the process that serves: its heartbeat, and the alerts to its operator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.chat.request import Services
from bot.config.schema import AlertsConfig
from bot.monitoring.alerts.model import AlertLimits
from bot.monitoring.alerts.watcher import AlertWatcher
from bot.monitoring.clock_offset import ClockOffsets
from bot.monitoring.heartbeat import keep_beating
from bot.supervision import keep_running


def make_watcher(
    config: AlertsConfig, services: Services, offsets: ClockOffsets, wake: Callable[[], None]
) -> AlertWatcher | None:
    """Returns what tells the operator of trouble; None where no chat is configured for that."""
    if not config.chats:
        return None
    return AlertWatcher(
        store=services.store,
        clock=services.clock,
        offsets=offsets,
        words=services.translations,
        sources={one.id: one.name for one in services.sources.values()},
        chats=config.chats_model(),
        limits=AlertLimits(config.min_free),
        wake=wake,
    )


@asynccontextmanager
async def operating(services: Services, watcher: AlertWatcher | None) -> AsyncIterator[None]:
    """Watches over the process for as long as the block lasts."""
    works: list[Coroutine[Any, Any, None]] = [keep_beating(services.store.chats, services.clock)]
    if watcher:
        works.append(keep_running("alerts", watcher.keep_watching))
    tasks: Sequence[asyncio.Task[None]] = [asyncio.create_task(one) for one in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
