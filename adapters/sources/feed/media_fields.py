"""Sizes and durations of recordings, as feeds write them."""

from __future__ import annotations

import re

_MAX_BYTES = 1 << 40
_MAX_SECONDS = 7 * 24 * 3600
_BYTES = re.compile(r"[0-9]{1,15}")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,5}):([0-9]{1,2})(?:\.[0-9]*)?")
_SECONDS = re.compile(r"([0-9]{1,7})(?:\.[0-9]*)?\s*(?:s|secs?|seconds)?", re.IGNORECASE)
_ISO_8601 = re.compile(r"PT(?:([0-9]{1,3})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,7})(?:\.[0-9]*)?S)?")


def bytes_of(written: str | None) -> int:
    """Reads a length in bytes; 0 for none and for what is no length."""
    found = _BYTES.fullmatch((written or "").strip().replace(",", ""))
    number = int(found[0]) if found else 0
    return number if number <= _MAX_BYTES else 0


def seconds_of(written: str | None) -> int:
    """Reads a duration: `1:02:03`, `62:03`, `3723`, `PT1H2M3S`; 0 for what is none."""
    text = (written or "").strip()
    found = _CLOCK.fullmatch(text) or _ISO_8601.fullmatch(text)
    if found:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        total = hours * 3600 + minutes * 60 + seconds
    else:
        plain = _SECONDS.fullmatch(text)
        total = int(plain[1]) if plain else 0
    return total if total <= _MAX_SECONDS else 0
