"""The state of the bot, gathered from the store: the same in the process that serves and beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime

from bot.monitoring.heartbeat import running_process
from bot.monitoring.model import Health, Status, StoreStatus
from bot.monitoring.ports import MonitoredStore
from bot.monitoring.source_health import health_of, troubles
from bot.secrets import SECRETS


async def read_status(
    store: MonitoredStore, sources: Iterable[str], now: datetime, paused: Container[str] = ()
) -> Status:
    """Reads the state of the bot.

    Args:
        store: The store.
        sources: The ids of all sources.
        now: The time.
        paused: The ids of those that are not polled for now.

    Raises:
        StoreError: The store cannot be read.
    """
    ids = tuple(sources)
    states = await store.sources.states(rates=False)
    process = await running_process(store.chats, now)
    polls = [states[one].report for one in ids if one in states]
    return Status(
        process=process,
        uptime=now - process.started if process else None,
        sources=Counter(
            Health.PAUSED if one in paused else health_of(states.get(one), now) for one in ids
        ),
        troubles=troubles(states, (one for one in ids if one not in paused), now),
        last_poll=max((report.at for report in polls if report), default=None),
        store=_without_secrets(await store.status.status(now)),
    )


def _without_secrets(status: StoreStatus) -> StoreStatus:
    posts = tuple(
        replace(one, queue=replace(one.queue, reason=SECRETS.hide(one.queue.reason)))
        for one in status.posts
    )
    given_up = tuple(replace(one, reason=SECRETS.hide(one.reason)) for one in status.given_up)
    return replace(status, posts=posts, given_up=given_up)
