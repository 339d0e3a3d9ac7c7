"""Entry point of a worker process that reads pages; see `adapters.sources.feed.worker_main`."""

from __future__ import annotations

import sys

from adapters.sources.feed.worker_main import serve_requests
from adapters.sources.page.reader import read_page

if __name__ == "__main__":
    serve_requests(read_page, int(sys.argv[1]), float(sys.argv[2]))
