"""Reads a page without a feed as if it had one: `read_page`.

It is pure and takes as long as it takes: on an event loop, use a `FeedParser` that runs
`PAGE_PARSER` (`adapters.sources.page.source`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time

from adapters.sources.feed.dates import FeedDate
from adapters.sources.feed.images import image_alt
from adapters.sources.feed.model import NotAFeedError, ParsedFeed, ParsedItem
from adapters.sources.page.date_headings import dates_above
from adapters.sources.page.dates import date_in_url, marked_date, month_order, worded_date
from adapters.sources.page.document import PageTree, read_document, text_of
from adapters.sources.page.fields import byline_of, picture_of, summary_of, title_of
from adapters.sources.page.records import Record
from adapters.sources.page.scoring import LEAST
from adapters.sources.page.story_lists import find_stories
from adapters.sources.page.telegram import channel_title, is_telegram, telegram_items
from bot.model import Paragraph
from bot.text.urls import split_url

_MAX_STORIES = 200
_NO_LIST = "this page does not look like a list of stories"


def read_page(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Reads the stories that a page lists, in its order.

    Args:
        body: The page, as it came.
        content_type: The server's header.
        url: The page's URL.

    Raises:
        NotAFeedError: It does not look like a list of stories.
    """
    document = read_document(body, content_type, url)
    if document is None:
        raise NotAFeedError(_NO_LIST)
    if is_telegram(document):
        items = tuple(telegram_items(document))
        return ParsedFeed(title=channel_title(document), link=url, items=items)
    items = tuple(_items(document))
    if len(items) < LEAST:
        raise NotAFeedError(_NO_LIST)
    return ParsedFeed(title=document.title(), link=url, language=document.language, items=items)


def _items(document: PageTree) -> Iterator[ParsedItem]:
    records = find_stories(document)[0][:_MAX_STORIES]
    titles = [title_of(record)[0] for record in records]
    dates = _dates(document, records, titles)
    for record, title, date in zip(records, titles, dates, strict=True):
        if title:
            yield _item(document, record, title, date)


def _item(document: PageTree, record: Record, title: str, date: FeedDate | None) -> ParsedItem:
    summary = summary_of(record, title)
    byline = byline_of(record)
    picture = picture_of(record, document)
    return ParsedItem(
        guid=f"https://{record.key}",
        url=record.links[0].url,
        title=title,
        summary=summary,
        paragraphs=(Paragraph(summary),) if summary else (),
        published=date.moment if date else None,
        authors=(byline,) if byline else (),
        image=picture.url if picture else None,
        image_alt=image_alt(picture),
        has_zone=date.has_zone if date else True,
        date_only=bool(date and not date.has_zone and date.moment.time() == time()),
    )


def _dates(
    document: PageTree, records: Sequence[Record], titles: Sequence[str]
) -> list[FeedDate | None]:
    """Returns each story's date: from its part of the page, a heading above it, its address."""
    parts = split_url(document.url)
    words = [text_of(element) for record in records for element in record.elements]
    order = month_order(words, (parts.hostname or "") if parts else "")
    language = order or document.language
    marked = [
        marked_date(record.elements, language)
        or date_in_url(record.links[0].url)
        or marked_date(record.elsewhere, language)
        for record in records
    ]
    worded = [
        date or worded_date([*record.elements, *record.elsewhere], title, language)
        for date, record, title in zip(marked, records, titles, strict=True)
    ]
    # What few of them name in their words is rather what they are about.
    found = worded if sum(map(bool, worded)) > len(records) / 2 else marked
    return found if any(found) else dates_above(document, records)
