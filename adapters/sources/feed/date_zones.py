"""Time zones of dates: offsets, abbreviations, and names of the tz database."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache

# Zones by their hours from UTC. Where a name has several meanings, the one in most feeds.
_HOURS: dict[str, float] = {
    name: hours
    for hours, names in {
        -11: "sst",
        -10: "hst",
        -9: "akst hdt",
        -8: "pst akdt",
        -7: "mst pdt",
        -6: "cst mdt",
        -5: "est cdt cot pet ect",
        -4: "ast edt clt bot vet amt",
        -3.5: "nst",
        -3: "adt brt art uyt clst gft pmst",
        -2.5: "ndt",
        -2: "brst pmdt",
        -1: "azot cvt",
        0: "utc gmt ut z wet azost",
        1: "bst cet met mez west wat",
        2: "cest mest mesz eet sast cat iset",
        3: "eest msk trt eat idt",
        3.5: "irst",
        4: "msd samt gst azt get mut",
        4.5: "irdt aft",
        5: "pkt yekt uzt tmt mvt",
        5.5: "ist slst",
        5.75: "npt",
        6: "omst bdt btt",
        6.5: "mmt",
        7: "wib ict krat novt hovt",
        8: "hkt sgt pht awst myt wita irkt ulat bnt",
        9: "jst kst wit yakt",
        9.5: "acst",
        10: "aest vlat chst pgt",
        10.5: "acdt",
        11: "aedt magt sakt sret nct",
        12: "nzst pett fjt anat",
        12.75: "chast",
        13: "nzdt tot phot",
        13.75: "chadt",
    }.items()
    for name in names.split()
}
# Abbreviations for a zone in summer and winter alike.
_BOTH_SEASONS = {
    "et": "america/new_york",
    "ct": "america/chicago",
    "mt": "america/denver",
    "pt": "america/los_angeles",
}
KOREA = timezone(timedelta(hours=9))
"""The zone of dates in Korean, which is written in one zone, and mostly without naming it."""

_OFFSET = (
    r"(?:[a-z]{1,4})?\s{0,3}(?P<sign>[+\-−])\s{0,3}(?P<hours>[0-9]{1,2}):?(?P<minutes>[0-9]{2})?"
    r"(?::?[0-9]{2})?"
)
_ZONE = re.compile(
    rf"[\s(\[,;]{{0,5}}(?:{_OFFSET}|(?P<name>[a-z]+(?:/[a-z0-9_+\-]+)+)|(?P<short>[a-z]{{1,5}})(?![^\W\d_]))"
)


def find_zone(text: str) -> tuple[tzinfo | None, str]:
    """Finds the zone that a text begins with.

    Args:
        text: What stands behind a time, in small letters.

    Returns:
        The zone, None where there is none that is known, and the rest of the text.
    """
    found = _ZONE.match(text)
    zone = _zone(found) if found else None
    return (None, text) if found is None or zone is None else (zone, text[found.end() :])


def zone_of_name(name: str) -> tzinfo | None:
    """Returns a zone of the tz database by its name in small letters; None for no such."""
    key = _database().get(name)
    return zoneinfo.ZoneInfo(key) if key else None


def _zone(found: re.Match[str]) -> tzinfo | None:
    if found["sign"]:
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        return timezone(timedelta(minutes=minutes if found["sign"] == "+" else -minutes))
    short = found["short"] or ""
    if short in _HOURS:
        return timezone(timedelta(hours=_HOURS[short])) if _HOURS[short] else UTC
    return zone_of_name(_BOTH_SEASONS.get(short) or found["name"] or short)


@cache
def _database() -> dict[str, str]:
    return {key.lower(): key for key in zoneinfo.available_timezones()}
