"""Entry point of a worker process that parses pages; see `adapters.sources.feed.worker_main`."""

from __future__ import annotations

import re
import sys

from adapters.sources.feed.article import extract_article
from adapters.sources.feed.model import ParsedFeed, ParsedItem
from adapters.sources.feed.worker_main import serve_requests

_CHARSET = re.compile(r"charset=([\w.:-]+)")


def parse_page(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Parses a page into a feed of one item, whose text is the page's story."""
    charset = _CHARSET.search(content_type)
    found = extract_article(body, url, charset[1] if charset else "")
    return ParsedFeed(items=(ParsedItem(url=url, paragraphs=found),))


if __name__ == "__main__":
    serve_requests(parse_page, int(sys.argv[1]), float(sys.argv[2]))
