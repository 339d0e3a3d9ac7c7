"""Feed autodiscovery: tells web pages from feeds, and finds the feeds that a page names."""

from __future__ import annotations

import re

from lxml import etree

from adapters.sources.feed.links import absolute_url
from adapters.sources.feed.model import NotAFeedError

_MAX_SEARCHED = 512 << 10  # characters of a page in which its feeds are searched for
_BEFORE_ROOT = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s[^>\[]*(?:\[[^\]]*\]\s*)?>)*", re.DOTALL
)
_HTML = re.compile(r"<(?:html|head|body|meta|script|title|div|p|h1|center)[\s>/]", re.IGNORECASE)
_NAME = re.compile(r"<((?:[\w.\-]+:)?[\w.\-]+)")
_FEED_TYPES = frozenset(
    "application/rss+xml application/atom+xml application/rdf+xml application/feed+json "
    "application/x.atom+xml application/x-atom+xml text/rss+xml text/atom+xml".split()
)
_MAYBE_FEED_TYPES = frozenset(("application/xml", "text/xml", "application/json"))
_MAX_FEEDS = 20


def is_page(text: str) -> bool:
    """Returns True for a text that begins as a web page does."""
    return _HTML.match(text, _root_at(text)) is not None


def page_error(text: str, url: str) -> NotAFeedError:
    """Makes the error for a web page, with the feeds that the page names."""
    feeds = _advertised_feeds(text, url)
    hint = f"; it names {feeds[0]} as its feed" if feeds else ""
    return NotAFeedError(f"this is a web page, not a feed{hint}", feeds)


def unknown_error(text: str) -> NotAFeedError:
    """Makes the error for a document that is neither a feed nor a page."""
    root = _NAME.match(text, _root_at(text))
    if root is None:
        return NotAFeedError("this is not a feed")
    return NotAFeedError(f"this is an XML document ({root[1][:50]}), not a feed")


def _root_at(text: str) -> int:
    found = _BEFORE_ROOT.match(text)
    return found.end() if found else 0


def _advertised_feeds(text: str, url: str) -> tuple[str, ...]:
    root = etree.fromstring(
        text[:_MAX_SEARCHED].replace("\x00", ""), etree.HTMLParser(no_network=True)
    )
    if root is None:
        return ()
    base = next((absolute_url(each.get("href", ""), url) for each in root.iter("base")), "") or url
    links = [each for each in root.iter("link") if _is_alternate(each)]
    sure = [link for link in links if _type(link) in _FEED_TYPES]
    maybe = [link for link in links if _type(link) in _MAYBE_FEED_TYPES]
    addresses = (absolute_url(link.get("href", ""), base) for link in sure or maybe)
    return tuple(dict.fromkeys(each for each in addresses if each))[:_MAX_FEEDS]


def _is_alternate(link: etree._Element) -> bool:
    return bool({"alternate", "feed"} & set(link.get("rel", "").lower().split()))


def _type(link: etree._Element) -> str:
    return str(link.get("type", "")).partition(";")[0].strip().lower()
