"""What runs in a worker process that reads pages: see `adapters.sources.feed.worker_main`."""

from __future__ import annotations

import re
import sys

from adapters.sources.feed.article import article
from adapters.sources.feed.model import ParsedFeed, ParsedItem
from adapters.sources.feed.worker_main import serve

_CHARSET = re.compile(r"charset=([\w.:-]+)")


def parse_page(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Reads a page as if it were a feed of one item, which has the page's story as its text."""
    charset = _CHARSET.search(content_type)
    found = article(body, url, charset[1] if charset else "")
    return ParsedFeed(items=(ParsedItem(url=url, paragraphs=found),))


if __name__ == "__main__":
    serve(parse_page, int(sys.argv[1]), float(sys.argv[2]))
