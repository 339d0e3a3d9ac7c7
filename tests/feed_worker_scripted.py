"""A worker whose documents are its script: what it does is what the document says."""

from __future__ import annotations

import os
import sys
import time

from adapters.sources.feed.model import ParsedFeed
from adapters.sources.feed.worker_main import serve_requests


def scripted(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Obeys the document."""
    match body:
        case b"hang":
            time.sleep(600)
        case b"die":
            os._exit(9)
        case b"eat":
            return ParsedFeed(title=str(len(bytearray(1 << 34))))
        case b"raise":
            raise ValueError(content_type)
    return ParsedFeed(title=body.decode(), link=url, language=str(os.getpid()))


if __name__ == "__main__":
    serve_requests(scripted, int(sys.argv[1]), float(sys.argv[2]))
