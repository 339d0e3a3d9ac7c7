"""Watches the state of the bot, and has its operator told of trouble: once, and once when over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import StoreError
from bot.i18n import Translations
from bot.model import Chat
from bot.monitoring.alerts.conditions import conditions
from bot.monitoring.alerts.decision import decide
from bot.monitoring.alerts.model import AlertLimits
from bot.monitoring.alerts.wording import alert_text
from bot.monitoring.clock_offset import ClockOffsets
from bot.monitoring.ports import MonitoredStore

log = logging.getLogger(__name__)

_EVERY = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class AlertWatcher:
    """Watches, and puts what is to be told into the outbox, as a notice to each chat.

    Attributes:
        store: The store, which also remembers what was told.
        clock: Tells the time.
        offsets: Tells how far the clock is off.
        words: The language that the operator is told in.
        sources: The names of the sources, by their ids.
        chats: The chats that are told.
        limits: What is trouble.
        wake: Called when there is something to send.
    """

    store: MonitoredStore
    clock: Clock
    offsets: ClockOffsets
    words: Translations
    sources: Mapping[str, str]
    chats: Sequence[Chat]
    limits: AlertLimits
    wake: Callable[[], None]

    async def keep_watching(
        self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Looks every minute, until it is cancelled."""
        while True:
            await sleep(_EVERY)
            try:
                await self.look()
            except StoreError as error:
                log.warning("cannot tell whether all is well: %s", error)

    async def look(self) -> None:
        """Looks once, and has told what has begun or is over.

        Raises:
            StoreError: The store cannot be read or written; the next look tells it.
        """
        now = self.clock.now()
        known = await self.store.alerts.known()
        states = await self.store.sources.states(rates=False)
        found = conditions(
            await self.store.status.status(now),
            {one: states.get(one) for one in self.sources},
            self.offsets.offset(),
            self.limits,
            now,
            known,
        )
        after, told = decide(known, found, self.sources, now)
        if not told and after == known:
            return
        text = alert_text(told, self.words, self.sources) if told else ""
        await self.store.alerts.tell(after, text, self.chats, now)
        for line in text.splitlines():
            log.info("told the operator: %s", line)
        self.wake()
