"""Parsers of feeds and pages that work in the test's own process: as the workers do, but sooner."""

from __future__ import annotations

from typing_extensions import override

from adapters.sources.feed.model import ParsedFeed
from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.worker import DocumentParser
from adapters.sources.page.reader import read_page


class FeedsHere(DocumentParser):
    """Parses feeds."""

    @override
    def prepare(self) -> None:
        """No process has to be started."""

    @override
    async def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed:
        return parse_feed(body, content_type, url)


class PagesHere(DocumentParser):
    """Reads pages by their structure."""

    @override
    def prepare(self) -> None:
        """No process has to be started."""

    @override
    async def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed:
        return read_page(body, content_type, url)
