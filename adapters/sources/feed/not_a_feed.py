"""Tells web pages from feeds, and makes the errors for what is no feed."""

from __future__ import annotations

import re

from adapters.sources.feed.model import NotAFeedError
from adapters.sources.feed.page_facts import read_page_facts

_BEFORE_ROOT = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s[^>\[]*(?:\[[^\]]*\]\s*)?>)*", re.DOTALL
)
_HTML = re.compile(r"<(?:html|head|body|meta|script|title|div|p|h1|center)[\s>/]", re.IGNORECASE)
_NAME = re.compile(r"<((?:[\w.\-]+:)?[\w.\-]+)")


def is_page(text: str) -> bool:
    """Returns True for a text that begins as a web page does."""
    return _HTML.match(text, _root_at(text)) is not None


def page_error(text: str, url: str) -> NotAFeedError:
    """Makes the error for a web page, with the feeds that the page names."""
    page = read_page_facts(text, url)
    feeds = tuple(each.url for each in page.feeds if not each.is_linked)
    hint = f"; it names {feeds[0]} as its feed" if feeds else ""
    return NotAFeedError(f"this is a web page, not a feed{hint}", feeds, page)


def unknown_error(text: str) -> NotAFeedError:
    """Makes the error for a document that is neither a feed nor a page."""
    root = _NAME.match(text, _root_at(text))
    if root is None:
        return NotAFeedError("this is not a feed")
    return NotAFeedError(f"this is an XML document ({root[1][:50]}), not a feed")


def _root_at(text: str) -> int:
    found = _BEFORE_ROOT.match(text)
    return found.end() if found else 0
