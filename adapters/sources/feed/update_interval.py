"""The time that a feed asks to leave between two polls: RSS's `ttl`, and the module Syndication."""

from __future__ import annotations

import re

SYNDICATION = "{http://purl.org/rss/1.0/modules/syndication/}"

_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*")
_MINUTE = 60.0
_PERIODS = {
    "hourly": 3_600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
_LONGEST = 86_400.0  # a feed that wants to be polled more seldom than that is hardly alive


def update_interval(ttl: str = "", period: str = "", frequency: str = "") -> float:
    """Returns the seconds between two polls, a day at most; 0 when nothing sensible is said.

    Args:
        ttl: Minutes, as in `<ttl>` (https://www.rssboard.org/rss-specification#ltttlgtSubelementOfLtchannelgt).
        period: Such as `hourly`, as in `<sy:updatePeriod>`.
        frequency: Updates in a period, as in `<sy:updateFrequency>`; once without it
            (https://web.resource.org/rss/1.0/modules/syndication/).
    """
    minutes, times = _number(ttl), _number(frequency) or 1
    longest = max(minutes * _MINUTE, _PERIODS.get(period.strip().lower(), 0.0) / times)
    return min(longest, _LONGEST)


def _number(text: str) -> int:
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else 0
