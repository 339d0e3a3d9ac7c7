"""Time zones by name or by city, with suggestions for typos and prefixes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.chat.request import Request
from bot.chat.settings import TIMEZONE
from bot.text.similar_names import similar_names

_NO_PLACES = frozenset({"localtime", "Factory"})  # files beside the zones, which name no place


async def zone_of(request: Request) -> ZoneInfo:
    """Returns the time zone of the chat that asks: its setting, or else the bot's own.

    Raises:
        StoreError: The store cannot be read.
    """
    services = request.services
    name = await services.settings.get(request.chat.settings, TIMEZONE)
    try:
        return ZoneInfo(name) if name else services.zone
    except (ZoneInfoNotFoundError, ValueError):  # set where the system knew more of them
        return services.zone


async def in_own_zone(request: Request) -> Request:
    """Returns the request with the time zone of its chat for all that services do with times.

    Raises:
        StoreError: The store cannot be read.
    """
    zone = await zone_of(request)
    if zone == request.services.zone:
        return request
    return replace(request, services=replace(request.services, zone=zone))


async def find_zones(typed: str) -> Sequence[str]:
    """Finds the zones that a text names: one when that is clear, none when it names none."""
    key = _key(typed)
    zones = await asyncio.to_thread(_zones)
    whole = [zone for zone in zones if _key(zone) == key]
    return whole or [zone for zone in zones if key == _key(_city(zone))]


async def similar_zones(typed: str) -> Sequence[str]:
    """Finds zones with names similar to a text, the likest first."""
    zones = await asyncio.to_thread(_zones)
    names = {name.replace("_", " "): zone for zone in zones for name in (zone, _city(zone))}
    near = similar_names(typed.strip().replace("_", " "), names)
    return tuple(dict.fromkeys(names[name] for name in near))


async def zones_by_prefix(partial: str) -> Sequence[str]:
    """Finds zones of which a part begins with a prefix; none for an empty one."""
    key = _key(partial)
    zones = await asyncio.to_thread(_zones) if key else ()
    return [zone for zone in zones if any(part.startswith(key) for part in _prefix_keys(zone))]


@cache
def _zones() -> tuple[str, ...]:
    # The first time, the system's files are looked through; that takes a moment.
    return tuple(sorted(available_timezones() - _NO_PLACES))


def _key(text: str) -> str:
    return "_".join(text.casefold().replace("_", " ").split())


def _city(zone: str) -> str:
    return zone.rpartition("/")[2]


def _prefix_keys(zone: str) -> Sequence[str]:
    return (_key(zone), *_key(zone).split("/"))
