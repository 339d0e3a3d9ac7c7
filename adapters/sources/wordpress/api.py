"""Finds the REST API of a WordPress site, and the part of it that a feed is of.

See https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from adapters.sources.feed.discovery import content_type
from adapters.sources.feed.model import NotAFeedError
from adapters.sources.feed.worker import DocumentParser
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.link_header import linked
from adapters.sources.web.politeness import ACCEPT_HTML
from adapters.sources.web.responses import WebPage
from bot.errors import SourceError
from bot.text.urls import encode_query, join_url, split_url

RELATION = "https://api.w.org/"
"""The relation of links to the API's root."""

# What a feed or a page says of the program that made it.
_GENERATOR = re.compile(
    rb"<generator>https?://wordpress\.(org|com)/|content=[\"']WordPress(?: [\w.]+)?[\"']"
)
_MAX_ANSWER = 256 << 10  # bytes of the terms of one slug
# The archives that WordPress has feeds of: their paths, the API's route and its parameter.
_PARTS = (
    (re.compile(r"/category/(?:[^/]+/)*([^/]+)/feed(?:/\w+)?/?$"), "categories", "categories"),
    (re.compile(r"/tag/([^/]+)/feed(?:/\w+)?/?$"), "tags", "tags"),
    (re.compile(r"/author/([^/]+)/feed(?:/\w+)?/?$"), "users", "author"),
)


@dataclass(frozen=True, slots=True)
class PostsRoute:
    """The posts of a site, or of a part of it.

    Attributes:
        root: The API's root, with a slash at its end.
        parameter: Which part; empty for the whole site.
        value: The id of the part.
    """

    root: str
    parameter: str = ""
    value: str = ""

    def url(self, **query: str) -> str:
        """Returns the URL of posts that were chosen by some parameters."""
        asked = query | ({self.parameter: self.value} if self.parameter else {})
        return route_url(self.root, "wp/v2/posts", asked)


def route_url(root: str, route: str, query: dict[str, str]) -> str:
    """Returns the URL of a route; a site without pretty links has the route as a parameter."""
    return f"{root}{route}{'&' if '?' in root else '?'}{encode_query(query)}"


async def api_root(page: WebPage, parser: DocumentParser) -> str:
    """Returns the API's root, as the headers of any response or a page name it; empty for none.

    Args:
        page: The response.
        parser: Parses a page.
    """
    named = next(iter(linked(page.links, RELATION)), "")
    root = (join_url(page.url, named) or "") if named else ""
    if not root and b"api.w.org" in page.body:
        try:
            await parser.parse(page.body, content_type(page), page.url)
        except NotAFeedError as error:
            root = error.page.api if error.page else ""
    if not root and (found := _GENERATOR.search(page.body)):
        # Beside the feed or the page itself, for a site that is in a folder.
        root = join_url(page.url, "../wp-json/" if found[1] else "wp-json/") or ""
    return root if not root or root.endswith("/") else f"{root}/"


async def find_posts(url: str, fetcher: Fetcher, parser: DocumentParser) -> PostsRoute:
    """Finds the posts that a source brings.

    Args:
        url: The source's.
        fetcher: Asks the site.
        parser: Parses its pages.

    Raises:
        SourceError: The site has no such API, or it cannot be asked.
    """
    for address in dict.fromkeys((url, join_url(url, "/") or url)):
        if root := await api_root(await fetcher.fetch(address, accept=ACCEPT_HTML), parser):
            return await _of_part(root, url, fetcher)
    raise SourceError(
        "its site does not say that it runs WordPress, whose API tells of older stories"
    )


async def _of_part(root: str, url: str, fetcher: Fetcher) -> PostsRoute:
    parts = split_url(url)
    path = parts.path if parts else ""
    for pattern, route, parameter in _PARTS:
        if found := pattern.search(path):
            address = route_url(root, f"wp/v2/{route}", {"slug": found[1], "_fields": "id"})
            answer = await fetcher.fetch(address, accept="application/json", max_bytes=_MAX_ANSWER)
            return PostsRoute(root, parameter, _first_id(answer.body))
    return PostsRoute(root)


def _first_id(answer: bytes) -> str:
    """Returns the id in an answer about one slug.

    Raises:
        SourceError: There is none.
    """
    try:
        return str(int(json.loads(answer)[0]["id"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        raise SourceError("its site's API does not know the part that this feed is of") from None
