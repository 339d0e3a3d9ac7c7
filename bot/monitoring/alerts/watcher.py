"""Watches the state of the bot, and has its operator told of trouble: once, and once when over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.clock import Clock
from bot.errors import StoreError
from bot.i18n import Translations, tell_in
from bot.model import Chat
from bot.monitoring.alerts.conditions import conditions
from bot.monitoring.alerts.decision import decide
from bot.monitoring.alerts.model import AlertLimits
from bot.monitoring.alerts.wording import alert_text
from bot.monitoring.clock_offset import ClockOffsets
from bot.monitoring.ports import MonitoredStore

log = logging.getLogger(__name__)

_EVERY = 60.0  # seconds


@dataclass(slots=True)
class AlertWatcher:
    """Watches, and puts what is to be told into the outbox, as a notice to each chat.

    Attributes:
        store: The store, which also remembers what was told.
        clock: Tells the time.
        offsets: Tells how far the clock is off.
        words: The language that the operator is told in.
        sources: The names of the sources, by their ids.
        chats: The chats that are told; with none, nothing is looked at. They may be changed.
        limits: What is trouble; likewise.
        wake: Called when there is something to send.
        paused: Returns the ids of sources that are not polled, of which nothing is told.
    """

    store: MonitoredStore
    clock: Clock
    offsets: ClockOffsets
    words: Translations
    sources: Mapping[str, str]
    chats: Sequence[Chat]
    limits: AlertLimits
    wake: Callable[[], None]
    paused: Callable[[], Container[str]] = frozenset

    async def keep_watching(
        self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Looks every minute, until it is cancelled."""
        while True:
            await sleep(_EVERY)
            if self.chats:
                await self._look_or_warn()

    async def _look_or_warn(self) -> None:
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
        paused = self.paused()
        polled = {one: states.get(one) for one in self.sources if one not in paused}
        found = conditions(
            await self.store.status.status(now),
            polled,
            self.offsets.offset(),
            self.limits,
            now,
            known,
        )
        after, told = decide(known, found, polled, now)
        if not told and after == known:
            return
        text = (
            tell_in(self.words, partial(alert_text, told, self.words, self.sources)) if told else ""
        )
        await self.store.alerts.tell(after, text, self.chats, now)
        for line in text.splitlines():
            log.info("told the operator: %s", line)
        self.wake()
