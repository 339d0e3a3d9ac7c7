"""Types of settings that are the operator's own affair: what is kept, and who is told of trouble.

Rules raise as those of `bot.config.values`.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Strict

from bot.config.values import parse_duration

_ONE_WEEK = timedelta(weeks=1)  # what is younger is still compared, grouped and edited
_FEWEST_KEPT, _MOST_KEPT = 100, 100_000_000  # stories


def _keep(value: object) -> timedelta | None:
    if value == "":
        return None
    duration = parse_duration(value if isinstance(value, str) else "")
    if duration < _ONE_WEEK:
        raise ValueError("expected a time of at least 7d, or an empty text to keep all")
    return duration


def _keep_number(number: int) -> int:
    if number != 0 and not _FEWEST_KEPT <= number <= _MOST_KEPT:
        raise ValueError(
            f"expected a number from {_FEWEST_KEPT} to {_MOST_KEPT:,}, or 0 to keep all"
        )
    return number


def _told_chat(text: str) -> str:
    platform, _, id_ = text.partition(":")
    is_known = {
        "telegram": re.fullmatch(r"-?[1-9]\d{0,18}", id_),
        "discord": re.fullmatch(r"(user:)?[1-9]\d{0,19}", id_),
    }.get(platform)
    if not is_known:
        raise ValueError('expected a chat such as "telegram:123456789" or "discord:user:1234"')
    return text


Keep = Annotated[timedelta | None, BeforeValidator(_keep)]
KeepNumber = Annotated[int, Strict(), AfterValidator(_keep_number)]
ToldChat = Annotated[str, AfterValidator(_told_chat)]
