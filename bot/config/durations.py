"""Lengths of time and sizes as people write them in the configuration: `15m`, `64MB`."""

from __future__ import annotations

import re
from datetime import timedelta

LONGEST = timedelta(days=366)
"""The longest time that can be written; a longer one is a slip of the keyboard."""

# At most nine digits: what they can say still fits a timedelta, whatever the unit.
_DURATION = re.compile(r"([0-9]{1,9}) ?([smhd])")
_SIZE = re.compile(r"([0-9]{1,9}) ?(B|KB|MB|GB)", re.IGNORECASE)

_SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
_BYTES = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}


def parse_duration(text: str) -> timedelta:
    """The time that `text` says: a whole number and `s`, `m`, `h` or `d`, as in `90s`.

    Raises:
        ValueError: It says no time, or one over `LONGEST`. The message tells what is expected and
            does not repeat `text`.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError('expected a time such as "30s", "15m", "2h" or "1d"')
    duration = timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
    if duration > LONGEST:
        raise ValueError(f"expected a time of at most {LONGEST.days}d")
    return duration


def parse_size(text: str) -> int:
    """The bytes that `text` says: a whole number and `B`, `KB`, `MB` or `GB`, as in `64MB`.

    A KB is 1,024 bytes, an MB 1,024 KB, and so on: as file managers and `ls -h` count.

    Raises:
        ValueError: It says no size. The message tells what is expected and does not repeat `text`.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError('expected a size such as "512KB", "64MB" or "1GB"')
    return int(match[1]) * _BYTES[match[2].upper()]
