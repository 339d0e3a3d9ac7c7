"""Sizes in bytes, as people read them."""

from __future__ import annotations

from babel.numbers import format_decimal

_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_STEP = 1_024  # as the configuration, file managers and `ls -h` count


def format_size(size: float, language: str) -> str:
    """Formats a size in the unit that makes a short number of it: `3.2 GB`."""
    unit = 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    number = format_decimal(size, "#,##0.#" if unit else "#,##0", locale=language)
    return f"{number} {_UNITS[unit]}"
