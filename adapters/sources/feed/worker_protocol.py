"""The protocol between the bot and its worker processes: frames of JSON, validated on arrival.

A worker reads what strangers wrote, so nothing that it answers is executed or believed: an answer
has a size limit, one form, and no URL but those of web pages. It comes in pieces, since the event
loop stands still while one is validated.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from adapters.sources.feed.model import NotAFeedError, PageFacts, ParsedFeed, ParsedItem
from bot.errors import SourceError
from bot.text.urls import is_web_url

LENGTH = struct.Struct(">Q")
"""The length of the frame behind it."""

MAX_ANSWER = 128 << 20
"""Bytes of the longest answer; a feed's text has a limit of its own, far below this."""

READY = LENGTH.pack(0)
"""An empty frame, which a worker sends once it can take requests."""

_BATCH = 100_000  # characters of the texts of items that are validated at once


@dataclass(frozen=True, slots=True)
class ParseRequest:
    """A document to parse.

    Attributes:
        body: Its bytes.
        content_type: The server's header.
        url: Its URL.
    """

    body: bytes
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class ParseResult:
    """The result of a request.

    Attributes:
        retiring: True when the worker ends after this answer.
        feed: What was parsed; None for an error.
        reason: The error's message.
        feeds: For what is no feed, those that it names; None for any other error.
        page: For a web page, what it says of itself.
        batches: How many frames of items follow, while they are not yet in the feed.
    """

    retiring: bool
    feed: ParsedFeed | None = None
    reason: str = ""
    feeds: tuple[str, ...] | None = None
    page: PageFacts | None = None
    batches: int = 0

    def with_items(self, items: Iterable[ParsedItem]) -> ParseResult:
        """Returns it with the items of all batches."""
        feed = None if self.feed is None else replace(self.feed, items=tuple(items))
        return replace(self, feed=feed, batches=0)

    def result(self) -> ParsedFeed:
        """Returns the feed.

        Raises:
            NotAFeedError: The document is something else.
            SourceError: It cannot be parsed.
        """
        if self.feed is not None:
            return self.feed
        if self.feeds is not None:
            raise NotAFeedError(self.reason, self.feeds, self.page)
        raise SourceError(self.reason)


@cache
def _answers() -> TypeAdapter[ParseResult]:
    # Made when the first worker starts, since it takes memory; as the one below.
    return TypeAdapter(ParseResult)


@cache
def _items() -> TypeAdapter[tuple[ParsedItem, ...]]:
    return TypeAdapter(tuple[ParsedItem, ...])


def prepare_decoding() -> None:
    """Makes what `decode_answer` needs; it takes longer than an event loop should stand still."""
    _answers()
    _items()


def encode_request(request: ParseRequest) -> bytes:
    """Returns the frames of a request: a head of JSON, and the document as it is."""
    head = json.dumps([request.content_type, request.url]).encode()
    return b"".join((LENGTH.pack(len(head)), head, LENGTH.pack(len(request.body)), request.body))


def read_request(source: BinaryIO) -> ParseRequest | None:
    """Reads a request; None at the end of the input."""
    head, body = read_frame(source), read_frame(source)
    if head is None or body is None:
        return None
    content_type, url = json.loads(head)
    return ParseRequest(body, content_type, url)


def encode_answer(answer: ParseResult) -> bytes:
    """Returns the frames of an answer: all but the items, then these in batches."""
    batches = [] if answer.feed is None else list(_batches(answer.feed.items))
    head = replace(answer.with_items(()), batches=len(batches))
    messages = (_answers().dump_json(head), *map(_items().dump_json, batches))
    return b"".join(part for each in messages for part in (LENGTH.pack(len(each)), each))


def decode_answer(message: bytes) -> ParseResult:
    """Reads an answer without its items.

    Raises:
        ValueError: It has not the form of one.
    """
    try:
        answer = _answers().validate_json(message, strict=True)
    except ValidationError as error:
        raise ValueError("no answer of a worker") from error
    if answer.page is not None:
        answer = replace(answer, page=_checked_page(answer.page))
    return answer if answer.feed is None else replace(answer, feed=_checked(answer.feed))


def decode_items(message: bytes) -> list[ParsedItem]:
    """Reads a batch of items.

    Raises:
        ValueError: It has not the form of one.
    """
    try:
        return list(map(_checked_item, _items().validate_json(message, strict=True)))
    except ValidationError as error:
        raise ValueError("no items of a worker") from error


def read_frame(source: BinaryIO) -> bytes | None:
    """Reads a frame; None at the end of the input."""
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _checked(feed: ParsedFeed) -> ParsedFeed:
    feed = replace(feed, hubs=tuple(filter(_web, feed.hubs)), self_url=_web(feed.self_url))
    feed = replace(feed, icon=_web(feed.icon))
    return replace(feed, link=_web(feed.link), items=tuple(map(_checked_item, feed.items)))


def _checked_page(page: PageFacts) -> PageFacts:
    feeds = tuple(each for each in page.feeds if is_web_url(each.url))
    return replace(page, feeds=feeds, api=_web(page.api) or "")


def _batches(items: Iterable[ParsedItem]) -> Iterator[tuple[ParsedItem, ...]]:
    batch: list[ParsedItem] = []
    size = 0
    for item in items:
        batch.append(item)
        size += 500 + len(item.summary) + sum(len(part.text) for part in item.paragraphs)
        if size > _BATCH:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _checked_item(item: ParsedItem) -> ParsedItem:
    url, image = _web(item.url), _web(item.image)
    enclosures = tuple(each for each in item.enclosures if is_web_url(each.url))
    same = (url, image, enclosures) == (item.url, item.image, item.enclosures)
    return item if same else replace(item, url=url, image=image, enclosures=enclosures)


def _web(url: str | None) -> str | None:
    return url if url and is_web_url(url) else None
