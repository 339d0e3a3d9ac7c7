"""Parses a feed of any format: `parse_feed`.

It is pure and takes as long as it takes: on an event loop, use `adapters.sources.feed.worker`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from lxml import etree

from adapters.sources.feed.clean import MAX_ITEMS, clean_feed
from adapters.sources.feed.encoding import (
    decode_document,
    join_surrogates,
    strip_doctype,
    undecoded_feed,
)
from adapters.sources.feed.fast_xml import parse_xml, read_tree
from adapters.sources.feed.fast_xml_elements import NeedsFeedparserError
from adapters.sources.feed.item_repair import repair_items
from adapters.sources.feed.json_feed import read_json
from adapters.sources.feed.model import ParsedFeed, RawFeed
from adapters.sources.feed.not_a_feed import is_page, page_error, unknown_error
from adapters.sources.feed.repair import count_items, limit_items, repair
from bot.errors import SourceError

_LONGEST_REASON = 120


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Parses an RSS, RDF, Atom, CDF or JSON feed.

    An ill-formed document gives what can be read of it, and a line in its `problems`.

    Args:
        body: The document, as it came.
        content_type: The server's header (`text/xml; charset=utf-8`), or an empty text.
        url: The document's URL, the base of those in it.

    Raises:
        NotAFeedError: It is something else; when it is a web page, the error names its feeds.
        SourceError: It is empty, or made to do harm.
    """
    with _no_garbage_collection():
        return _parse(body, content_type, url)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Spares the search for cycles in the midst and right behind: a feed's parts form none.

    They go to the oldest generation, which is searched when it has grown by a quarter.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not _is_frozen():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@cache
def _is_frozen() -> bool:
    """Tells whether what was imported is spared already, as in a worker.

    Once for each process: to count what is spared takes a walk over all of it.
    """
    return gc.get_freeze_count() > 0


def _parse(body: bytes, content_type: str, url: str) -> ParsedFeed:
    raw = _read_undecoded(body, content_type, url) or _read_decoded(body, content_type, url)
    return clean_feed(raw)


def _read_undecoded(body: bytes, content_type: str, url: str) -> RawFeed | None:
    """Reads a document as it came; None for one that has to be looked at, or mended, as text.

    Nearly all are in UTF-8 and well-formed, and to decode them would only be to check that.
    """
    document = undecoded_feed(body, content_type)
    if document is None:
        return None
    try:
        return read_tree(parse_xml(document, url), url)
    except (etree.XMLSyntaxError, NeedsFeedparserError):
        return None


def _read_decoded(body: bytes, content_type: str, url: str) -> RawFeed:
    text, problem, utf8 = decode_document(body, content_type)
    start = text.lstrip("\ufeff \t\r\n\x00")
    if not start:
        raise SourceError("it is empty")
    raw = read_json(start, url) if start[0] in "{[" else _read_xml(start, url, utf8)
    if problem:
        raw.warnings.insert(0, problem)
    return raw


def _read_xml(text: str, url: str, utf8: bytes | None = None) -> RawFeed:
    """Reads a document; to encode it once more is spared where it is at hand in UTF-8."""
    if is_page(text):
        raise page_error(text, url)
    plain = strip_doctype(text)
    try:
        return _read(plain, url, utf8 if plain is text else None)
    except etree.XMLSyntaxError as error:
        reason = " ".join((error.msg or "").split())[:_LONGEST_REASON]
    if (joined := join_surrogates(plain)) != plain:
        return _read_xml(joined, url)
    feed = _read_ill_formed(plain, url)
    is_mended = not feed.problems and len(feed.items) >= count_items(plain)
    (feed.warnings if is_mended else feed.problems).insert(0, f"it is malformed: {reason}")
    return feed


def _read_ill_formed(text: str, url: str) -> RawFeed:
    repaired, problems = repair(text)
    try:
        feed = _read(repaired, url)
    except etree.XMLSyntaxError:
        feed = _use_feedparser(repaired, url)
        feed.problems.clear()  # the first of them is reported already
        if len(feed.items) < min(count_items(repaired), MAX_ITEMS):
            feed = _with_all_items(feed, repaired, url)
    feed.problems += problems
    return feed


def _with_all_items(feed: RawFeed, text: str, url: str) -> RawFeed:
    """Returns the feed with its items read one by one, where those are more."""
    try:
        items = _read(repair_items(text), url).items
    except (etree.XMLSyntaxError, SourceError):
        return feed
    return replace(feed, items=items) if len(items) > len(feed.items) else feed


def _read(text: str, url: str, utf8: bytes | None = None) -> RawFeed:
    # White space before a declaration is an error in XML.
    if utf8 is None or not utf8.startswith(b"<"):
        utf8 = text.encode("utf-8", "replace")
    root = parse_xml(utf8, url)
    try:
        return read_tree(root, url)
    except NeedsFeedparserError:
        return _use_feedparser(text, url)


def _use_feedparser(text: str, url: str) -> RawFeed:
    from adapters.sources.feed.with_feedparser import read_with_feedparser  # noqa: PLC0415 - slow to import

    shorter = limit_items(text, MAX_ITEMS)
    feed = read_with_feedparser(shorter, url)
    if feed is None:
        raise page_error(text, url) if "<body" in text.lower() else unknown_error(text)
    if len(shorter) < len(text):
        feed.problems.append(f"it has many items; {MAX_ITEMS:,} of them were read")
    return feed
