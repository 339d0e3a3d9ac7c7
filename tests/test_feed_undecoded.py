"""Feeds that are given to the XML parser as they came read as they do by way of their text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.encoding import undecoded_feed
from adapters.sources.feed.model import ParsedFeed
from adapters.sources.feed.parse import parse_feed

URL = "https://e.org/feed"
RSS = "<rss version='2.0'><channel><title>Bay</title>{}</channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Bay</title>{}</feed>"
ITEM = "<item><title>{0}</title><description>&lt;p&gt;{0}&lt;/p&gt;</description></item>"
ENTRY = "<entry><title>{0}</title><id>tag:e.org,2024:{0}</id></entry>"


def read(body: bytes, content_type: str = "") -> ParsedFeed:
    return parse_feed(body, content_type, URL)


@pytest.mark.parametrize(
    "head",
    [
        "",
        "<?xml version='1.0'?>",
        "<?xml version='1.0' encoding='UTF-8'?>\n",
        "<?xml version='1.0' encoding='iso-8859-1'?>\r\n",
        "<?xml version='1.0' encoding='no-such'?>",
        "<?xml version='1.0'?><?xml-stylesheet href='/a.xsl'?>\n<!-- <rss> by > hand -->\n",
    ],
)
@pytest.mark.parametrize(
    "feed", [RSS.format(ITEM.format("Möwe 橋 &amp; 🌉")), ATOM.format(ENTRY.format("Pier"))]
)
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_feed_reads_alike_undecoded_and_decoded(head: str, feed: str, mark: bytes) -> None:
    body = mark + (head + feed).encode()
    assert undecoded_feed(body) is not None
    assert read(body) == read(feed.encode("utf-16"))


@pytest.mark.slow
@given(words=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20))
def test_any_words_read_alike_undecoded_and_decoded(words: str) -> None:
    written = words.translate({ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"})
    feed = RSS.format(ITEM.format(written))
    assert read(feed.encode()).items == read(feed.encode("utf-16")).items


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", ""),
        (b"", ""),
        (b"\n\x00<rss/>", ""),
        (b"<html><rss></rss></html>", ""),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss></rss>", ""),
        (b"<!-- <rss> ", ""),
        (b"<?xml version='1.0' encoding='windows-1251'?><rss></rss>", ""),
        (b"<rss></rss>", "text/xml; charset=shift_jis"),
        ("<rss></rss>".encode("utf-16"), ""),
        (b"<?a?>" * 100_000, ""),
    ],
)
def test_what_has_to_be_looked_at_is_decoded(body: bytes, content_type: str) -> None:
    assert undecoded_feed(body, content_type) is None


@pytest.mark.parametrize(("label", "is_told"), [("", True), ("utf-8", True), ("latin-1", False)])
@pytest.mark.parametrize("odd", [b"M\xf6we", b"caf\xe9", b"\x93pier\x94", b"\xed\xa0\x80"])
def test_bytes_that_are_no_utf8_are_read_by_way_of_their_text(
    label: str, odd: bytes, *, is_told: bool
) -> None:
    head = f"<?xml version='1.0' encoding='{label}'?>".encode() if label else b""
    body = head + RSS.format(ITEM.format("@")).encode().replace(b"@", odd, 1)
    assert undecoded_feed(body) is not None
    feed = read(body)
    assert feed.items[0].title
    assert bool(feed.warnings) is is_told
