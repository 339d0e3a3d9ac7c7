"""The protocol between the bot and its worker processes: frames of JSON, validated on arrival.

A worker reads what strangers wrote, so nothing that it answers is executed or believed: an answer
has a size limit, one form, and no URL but those of web pages.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, replace
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from adapters.sources.feed.model import NotAFeedError, ParsedFeed, ParsedItem
from bot.errors import SourceError
from bot.text.urls import is_web_url

LENGTH = struct.Struct(">Q")
"""The length of the frame behind it."""

MAX_ANSWER = 128 << 20
"""Bytes of the longest answer; a feed's text has a limit of its own, far below this."""


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
    """

    retiring: bool
    feed: ParsedFeed | None = None
    reason: str = ""
    feeds: tuple[str, ...] | None = None

    def result(self) -> ParsedFeed:
        """Returns the feed.

        Raises:
            NotAFeedError: The document is something else.
            SourceError: It cannot be parsed.
        """
        if self.feed is not None:
            return self.feed
        if self.feeds is not None:
            raise NotAFeedError(self.reason, self.feeds)
        raise SourceError(self.reason)


_ANSWER = TypeAdapter(ParseResult)


def encode_request(request: ParseRequest) -> bytes:
    """Returns the frames of a request: a head of JSON, and the document as it is."""
    head = json.dumps([request.content_type, request.url]).encode()
    return b"".join((LENGTH.pack(len(head)), head, LENGTH.pack(len(request.body)), request.body))


def read_request(source: BinaryIO) -> ParseRequest | None:
    """Reads a request; None at the end of the input."""
    head, body = _read_frame(source), _read_frame(source)
    if head is None or body is None:
        return None
    content_type, url = json.loads(head)
    return ParseRequest(body, content_type, url)


def encode_answer(answer: ParseResult) -> bytes:
    """Returns the frame of an answer."""
    message = _ANSWER.dump_json(answer)
    return LENGTH.pack(len(message)) + message


def decode_answer(message: bytes) -> ParseResult:
    """Reads an answer.

    Raises:
        ValueError: It has not the form of one.
    """
    try:
        answer = _ANSWER.validate_json(message, strict=True)
    except ValidationError as error:
        raise ValueError("no answer of a worker") from error
    return answer if answer.feed is None else replace(answer, feed=_checked(answer.feed))


def _read_frame(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _checked(feed: ParsedFeed) -> ParsedFeed:
    return replace(feed, link=_web(feed.link), items=tuple(map(_checked_item, feed.items)))


def _checked_item(item: ParsedItem) -> ParsedItem:
    url, image = _web(item.url), _web(item.image)
    enclosures = tuple(each for each in item.enclosures if is_web_url(each.url))
    same = (url, image, enclosures) == (item.url, item.image, item.enclosures)
    return item if same else replace(item, url=url, image=image, enclosures=enclosures)


def _web(url: str | None) -> str | None:
    return url if url and is_web_url(url) else None
