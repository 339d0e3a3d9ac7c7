"""Facts that a web page tells of itself, and feed autodiscovery: the feeds that it names.

What names a feed is a link of the relation `alternate` with a feed's type
(https://www.rssboard.org/rss-autodiscovery); where a page has none such, visible links count that
look as if they led to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from adapters.sources.feed.feed_types import is_feed_type
from adapters.sources.feed.html_text import clean_line
from adapters.sources.feed.links import absolute_url
from adapters.sources.feed.model import NamedFeed, PageFacts
from bot.text.urls import split_url

_MAX_SEARCHED = 1 << 20  # characters of a page in which its feeds are searched for
_MAX_FEEDS = 20
_MAX_TEXT = 300
_MAX_PIECES = 20  # of text in a link
_MAYBE_FEED_TYPES = frozenset(("", "application/xml", "text/xml", "application/json", "text/html"))
# Alternates that describe the page itself for programs; WordPress names them at every page.
_NO_FEED = re.compile(r"/wp-json/|oembed|/sitemap[^/]*\.xml|opensearch|/manifest\.json|xmlrpc\.php")
_FEED_URL = re.compile(
    r"/(?:rss|atom|feeds?)(?:/|/?[?#].*|)$|\.(?:rss|atom|rdf)(?:$|[?#])|"
    r"(?:^|[/_.-])(?:rss|atom|feed|index)(?:2|[_-]?\w{1,20})?\.(?:xml|rdf)(?:$|[?#])|"
    r"feed\.json(?:$|[?#])|[?&](?:feed|format|alt)=(?:rss2?|atom|feed)\b|"
    r"//feeds?\.feedburner\.com/|/feeds?/\w[\w-]{0,60}/?$",
    re.IGNORECASE,
)
_FEED_WORDS = re.compile(
    r"(?:.{0,40}\b)?(?:rss|atom)(?:\s?[0-9.]+)?(?:[\s-]*(?:feeds?|abonnieren|フィード|配信))?",
    re.IGNORECASE,
)
_WORDPRESS_API = "https://api.w.org/"
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
_YOUTUBE = frozenset(("youtube.com", "m.youtube.com"))


def read_page_facts(text: str, url: str) -> PageFacts:
    """Reads what a page says of itself.

    Args:
        text: The page.
        url: Its URL, the base of those in it.
    """
    markup = text[:_MAX_SEARCHED].replace("\x00", "").encode("utf-8", "replace")
    root = etree.fromstring(markup, etree.HTMLParser(no_network=True, encoding="utf-8"))
    if root is None:
        return PageFacts()
    base = next((absolute_url(each.get("href", ""), url) for each in root.iter("base")), "") or url
    metas = dict(_metas(root))
    return PageFacts(
        title=_line(metas.get("og:site_name") or _title(root) or metas.get("og:title", "")),
        description=_line(metas.get("description") or metas.get("og:description", "")),
        generator=_line(metas.get("generator", "")),
        feeds=_order([*_named_feeds(root, base), *_channel_feeds(metas, url)], url),
        api=_api(root, base),
    )


def _order(feeds: Iterable[NamedFeed], page: str) -> tuple[NamedFeed, ...]:
    """Returns each feed once: those of the page's own part of the site first, comments last."""
    once = list({each.url: each for each in reversed(list(feeds))}.values())[::-1]
    parts = split_url(page)
    own = parts.path.rstrip("/") if parts else ""

    def rank(feed: NamedFeed) -> tuple[bool, bool]:
        found = split_url(feed.url)
        is_own = bool(own and found and found.path.startswith(f"{own}/"))
        return feed.has_comments, not is_own

    return tuple(sorted(once, key=rank)[:_MAX_FEEDS])


def _named_feeds(root: etree._Element, base: str) -> list[NamedFeed]:
    """Returns what surely names feeds; where nothing does, what may."""
    links = [each for each in root.iter("link", "a") if _is_alternate(each)]
    sure = [link for link in links if is_feed_type(link.get("type", ""))]
    maybe = [link for link in links if _may_be_feed(link)]
    named = list(_feeds(sure or maybe, base, is_linked=False))
    return named or list(_feeds(_visible_links(root), base, is_linked=True))


def _feeds(links: Iterable[etree._Element], base: str, *, is_linked: bool) -> Iterator[NamedFeed]:
    for link in links:
        href = str(link.get("href", "")).strip()
        address = absolute_url(href, base) if href and not _NO_FEED.search(href) else ""
        if address:
            title = link.get("title") or _text(link)
            yield NamedFeed(address, _line(title), is_linked)


def _is_alternate(link: etree._Element) -> bool:
    relations = set(str(link.get("rel", "")).lower().split())
    return bool({"alternate", "feed"} & relations) and "stylesheet" not in relations


def _may_be_feed(link: etree._Element) -> bool:
    """Tells if an alternate of another type may be a feed: one of XML, or by its URL."""
    kind = str(link.get("type", "")).partition(";")[0].strip().lower()
    if kind not in _MAYBE_FEED_TYPES:
        return False
    is_data = kind in {"application/xml", "text/xml", "application/json"}
    return is_data or "feed" in link.get("rel", "").lower() or _has_feed_url(link)


def _visible_links(root: etree._Element) -> Iterator[etree._Element]:
    for link in root.iter("a"):
        text = (link.get("title") or _text(link)).strip()[:_MAX_TEXT]
        if _has_feed_url(link) or (text and _FEED_WORDS.fullmatch(text)):
            yield link


def _has_feed_url(link: etree._Element) -> bool:
    return _FEED_URL.search(str(link.get("href", "")).strip()) is not None


def _channel_feeds(metas: dict[str, str], url: str) -> Iterator[NamedFeed]:
    """Yields the feed of the channel that a page of YouTube is of, by the channel's id."""
    parts = split_url(url)
    host = (parts.hostname or "").removeprefix("www.") if parts else ""
    told = " ".join(metas.get(name, "") for name in ("channelid", "identifier", "og:url"))
    if host in _YOUTUBE and (found := _CHANNEL.search(told)):
        yield NamedFeed(f"https://www.youtube.com/feeds/videos.xml?channel_id={found[0]}")


def _api(root: etree._Element, base: str) -> str:
    for link in root.iter("link"):
        if _WORDPRESS_API in str(link.get("rel", "")).lower().split():
            return absolute_url(link.get("href", ""), base)
    return ""


def _metas(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yields names and contents of the page's metadata, of two of a name the first last."""
    for meta in reversed(list(root.iter("meta"))):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        yield str(name).strip().lower(), str(meta.get("content", ""))


def _text(link: etree._Element) -> str:
    """Returns the words of a link; of one that was never closed only the first."""
    return "".join(islice(link.itertext(), _MAX_PIECES))


def _title(root: etree._Element) -> str:
    return next(("".join(each.itertext()) for each in root.iter("title")), "")


def _line(text: str) -> str:
    return clean_line(text[: _MAX_TEXT * 4])[:_MAX_TEXT]
