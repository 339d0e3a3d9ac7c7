"""Time zones, as people name them: by the whole name, or by a city."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.chat.command import nearest
from bot.chat.request import Request
from bot.chat.settings import TIMEZONE

_NO_PLACES = frozenset({"localtime", "Factory"})  # files beside the zones, which name no place


async def zone_of(request: Request) -> ZoneInfo:
    """The time zone of the chat that asks: what was set there, or else the bot's own.

    Raises:
        StoreError: The store cannot be read.
    """
    services = request.services
    name = await services.settings.get(request.chat.settings, TIMEZONE)
    try:
        return ZoneInfo(name) if name else services.zone
    except (ZoneInfoNotFoundError, ValueError):  # set where the system knew more of them
        return services.zone


async def zones_named(typed: str) -> Sequence[str]:
    """The zones that a text names: one when that is clear, and none when it names none."""
    key = _key(typed)
    zones = await asyncio.to_thread(_zones)
    whole = [zone for zone in zones if _key(zone) == key]
    return whole or [zone for zone in zones if key == _key(_city(zone))]


async def zones_like(typed: str) -> Sequence[str]:
    """The zones that are spelled like a text, the likest first."""
    zones = await asyncio.to_thread(_zones)
    names = {name.replace("_", " "): zone for zone in zones for name in (zone, _city(zone))}
    near = nearest(typed.strip().replace("_", " "), names)
    return tuple(dict.fromkeys(names[name] for name in near))


async def zones_begun(partial: str) -> Sequence[str]:
    """The zones of which a part begins so; none for nothing."""
    key = _key(partial)
    zones = await asyncio.to_thread(_zones) if key else ()
    return [zone for zone in zones if any(part.startswith(key) for part in _starts(zone))]


@cache
def _zones() -> tuple[str, ...]:
    # The first time, the system's files are looked through; that takes a moment.
    return tuple(sorted(available_timezones() - _NO_PLACES))


def _key(text: str) -> str:
    return "_".join(text.casefold().replace("_", " ").split())


def _city(zone: str) -> str:
    return zone.rpartition("/")[2]


def _starts(zone: str) -> Sequence[str]:
    return (_key(zone), *_key(zone).split("/"))
