"""The site's addresses, and what makes the page at each.

What needs a login is beside these: `adapters.web.desk`, whose paths begin with `/desk` and
`/api/desk`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from adapters.web import api, api_description, feeds, pages, sitemaps
from adapters.web.content import Content
from adapters.web.render import View

Make: TypeAlias = Callable[[View], Awaitable[Content]]
"""Makes the answer to a request."""

_FEED = r"/feed\.(?:atom|json)"
_STORY = "(?P<story>[a-z0-9]{1,32})"
_YEAR, _MONTH, _DAY = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{2})", r"(?P<day>[0-9]{2})"

_PAGES: Mapping[str, Make] = {
    "/": pages.front,
    _FEED: feeds.everything,
    f"/s/{_STORY}(?:/(?P<slug>.*))?": pages.story,
    "/topics": pages.topics,
    f"/topic/(?P<topic>.+){_FEED}": feeds.topic,
    "/topic/(?P<topic>.+)": pages.topic,
    "/sources": pages.sources,
    f"/source/(?P<source>[^/]+){_FEED}": feeds.source,
    "/source/(?P<source>[^/]+)": pages.source,
    "/search": pages.search,
    f"/search{_FEED}": feeds.search,
    "/archive": pages.years,
    f"/archive/{_YEAR}": pages.months,
    f"/archive/{_YEAR}/{_MONTH}": pages.days,
    f"/archive/{_YEAR}/{_MONTH}/{_DAY}": pages.day,
    r"/robots\.txt": sitemaps.robots,
    r"/sitemap\.xml": sitemaps.index,
    r"/sitemap/pages\.xml": sitemaps.pages,
    r"/sitemap/(?P<number>[0-9]{1,9})\.xml": sitemaps.part,
    "/api/search": api.search,
    "/api/latest": api.latest,
    f"/api/story/{_STORY}": api.story,
    "/api/suggest": api.suggest,
    "/api/site": api.site,
    r"/api/openapi\.json": api_description.openapi,
    "/oembed": api.oembed,
}
PICTURE = re.compile(f"/picture/{_STORY}")
"""The address of a story's picture."""

_ROUTES = tuple((re.compile(path, re.DOTALL), make) for path, make in _PAGES.items())


def route(path: str) -> tuple[Make, Mapping[str, str]] | None:
    """Returns what makes the page at a path, with the parts that the path names; None for none."""
    for pattern, make in _ROUTES:
        if match := pattern.fullmatch(path):
            return make, {name: part or "" for name, part in match.groupdict().items()}
    return None


def is_for_programs(path: str) -> bool:
    """Tells whether an address is one that programs ask, which no page of HTML helps."""
    return path.startswith(("/api/", "/oembed"))
