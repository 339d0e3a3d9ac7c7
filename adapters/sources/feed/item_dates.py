"""The dates of items: the best of those that each gives, and none that only means none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.sources.feed.dates import FeedDate, read_date
from adapters.sources.feed.model import ParsedItem, RawItem

_FIRST_PAGE = datetime(1991, 8, 6, tzinfo=UTC)  # on the web; no feed is older than all of it


def item_dates(raw: RawItem, language: str) -> dict[str, Any]:
    """Returns the dates of an item, as the fields of `ParsedItem`.

    Args:
        raw: The item.
        language: Such as `pt-BR`; empty when it is not known.
    """
    updated = _first(raw.updated, language)
    published = updated
    if raw.published != raw.updated:
        published = _first(raw.published, language) or updated
    published = published or _first(raw.created, language)
    return {
        "published": published.moment if published else None,
        "updated": updated.moment if updated else None,
        "has_zone": published is None or published.has_zone,
    }


def _first(dates: Iterable[str], language: str) -> FeedDate | None:
    """Returns the first that is a date."""
    for written in dates:
        if date := read_date(written, language):
            return date
    return None


def without_zero_dates(items: Sequence[ParsedItem]) -> tuple[ParsedItem, ...]:
    """Returns the items, without their dates where all of these are older than the web."""
    dates = [item.published for item in items if item.published]
    if not dates or max(dates) >= _FIRST_PAGE:
        return tuple(items)
    return tuple(replace(item, published=None, updated=None) for item in items)
