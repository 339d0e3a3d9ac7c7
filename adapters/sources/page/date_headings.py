"""Dates that stand above several stories, as in a list by days."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.sources.feed.dates import FeedDate
from adapters.sources.page.dates import find_date, whole_date
from adapters.sources.page.document import Element, PageTree, text_of
from adapters.sources.page.records import Record

_TAGS = frozenset("h1 h2 h3 h4 h5 h6 dt th td strong b div p span li time caption".split())
_MAX_TEXT = 40  # characters of a heading that is a date


def dates_above(document: PageTree, records: Sequence[Record]) -> list[FeedDate | None]:
    """Returns for each story the date of the nearest heading above that is one; None for none."""
    starts = {record.element: at for at, record in enumerate(records)}
    dates: list[FeedDate | None] = [None] * len(records)
    current: FeedDate | None = None
    for element in document.root.iter("*"):
        if (at := starts.get(element)) is not None:
            dates[at] = current
        elif element.tag in _TAGS and (date := _heading_date(element, document.language)):
            current = date
    # A single one may be anything: the day of the visit, say.
    return dates if len(set(dates)) > 1 else [None] * len(records)


def _heading_date(element: Element, language: str) -> FeedDate | None:
    if len(element) > 2:  # noqa: PLR2004 - a heading has a link or two in it, at most
        return None
    text = text_of(element)
    if len(text) > _MAX_TEXT or not any(map(str.isdecimal, text)):
        return None
    return whole_date(text, language) or find_date(text, language)
