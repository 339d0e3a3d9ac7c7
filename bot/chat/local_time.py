"""A chat's own time: its zone, the clock of its answers, and how long ago something was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.chat.request import Request
from bot.chat.settings import TIMEZONE
from bot.dates import ago, mark_moment, until
from bot.model import Capability
from bot.reply import LocalClock


async def zone_of(request: Request) -> ZoneInfo:
    """Returns the time zone of the chat that asks: its setting, or else the bot's own.

    Raises:
        StoreError: The store cannot be read.
    """
    return (await clock_of(request)).zone


async def clock_of(request: Request) -> LocalClock:
    """Returns the clock of the chat that asks, by which its answer tells times.

    Raises:
        StoreError: The store cannot be read.
    """
    services, now = request.services, request.services.clock.now()
    name = await services.settings.get(request.chat.settings, TIMEZONE)
    try:
        own = ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):  # set where the system knew more of them
        own = None
    return LocalClock(own or services.zone, is_own=own is not None, now=now)


async def in_own_zone(request: Request) -> Request:
    """Returns the request with the time zone of its chat for all that services do with times.

    Raises:
        StoreError: The store cannot be read.
    """
    zone = await zone_of(request)
    if zone == request.services.zone:
        return request
    return replace(request, services=replace(request.services, zone=zone))


def tell_ago(request: Request, at: datetime) -> str:
    """Tells the time since something; where the reader's client can, it counts on by itself."""
    if request.chat.can(Capability.TIMESTAMPS):
        return mark_moment(at)
    services = request.services
    return ago(at, services.clock.now(), services.translations.language)


def tell_until(request: Request, at: datetime) -> str:
    """Tells the time until something, as `tell_ago` does."""
    if request.chat.can(Capability.TIMESTAMPS):
        return mark_moment(at)
    services = request.services
    return until(at, services.clock.now(), services.translations.language)
