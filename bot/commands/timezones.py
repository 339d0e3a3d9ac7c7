"""Time zones by name or by city, with suggestions for typos and prefixes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

from babel.core import Locale, get_global
from rapidfuzz import fuzz, process

from bot.chat.local_time import in_own_zone, zone_of

_OFFERED = 3
_MOST_OF_COUNTRY = 8
_OFFSET = re.compile(r"(?:utc|gmt)? ?[+-] ?\d.*", re.IGNORECASE)
_SIMILAR = 75.0  # how alike (of 100) a name must be to be offered
__all__ = ["find_zones", "in_own_zone", "similar_zones", "zone_of", "zones_by_prefix"]

_NO_PLACES = frozenset({"localtime", "Factory"})  # files beside the zones, which name no place


async def find_zones(typed: str, language: str = "en") -> Sequence[str]:
    """Finds the zones that a text names: one when that is clear, none when it names none.

    Args:
        typed: A zone, a city that has one, or a country.
        language: The language in which countries are named, beside English.
    """
    key = _key(typed)
    zones = await asyncio.to_thread(_zones)
    whole = [zone for zone in zones if _key(zone) == key]
    cities = [zone for zone in zones if key == _key(_city(zone))]
    return whole or cities or await asyncio.to_thread(_zones_of_country, typed, language)


def _zones_of_country(typed: str, language: str) -> Sequence[str]:
    """Returns the zones of the country that a text names, the commonest first, a few of many."""
    key = typed.strip().casefold()
    for one in dict.fromkeys((language, "en")):
        named = Locale.parse(one.replace("-", "_")).territories
        code = next((code for code, name in named.items() if name.casefold() == key), None)
        if code:
            zones: Sequence[str] = get_global("territory_zones").get(code, [])
            return zones[:_MOST_OF_COUNTRY]
    return ()


async def similar_zones(typed: str) -> Sequence[str]:
    """Finds zones with names similar to a text, the likest first."""
    if _OFFSET.fullmatch(typed.strip()):
        return ()  # `UTC+2` is no slip of `UTC`
    zones = await asyncio.to_thread(_zones)
    names = {name.replace("_", " "): zone for zone in zones for name in (zone, _city(zone))}
    # A part of a name is no slip of it, as it may be elsewhere: "mars" is no place of ours.
    near = process.extract(
        typed.strip().replace("_", " "),
        list(names),
        scorer=fuzz.ratio,
        processor=str.casefold,
        limit=_OFFERED,
        score_cutoff=_SIMILAR,
    )
    return tuple(dict.fromkeys(names[name] for name, _, _ in near))


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
