"""A site of WordPress with a feed and the REST API of posts, after its reference."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

NEWEST = datetime(2026, 11, 23, 8, tzinfo=UTC)
LOCAL = timedelta(hours=9)
"""The site's own clock, in which `before` and `after` are compared by old versions."""


@dataclass(frozen=True)
class Post:
    """A post; the newest has the number 1."""

    number: int

    @property
    def at(self) -> datetime:
        return NEWEST - timedelta(hours=7 * (self.number - 1))

    def link(self, site: str) -> str:
        return f"{site}/2026/story-{self.number}/"

    def json(self, site: str) -> dict[str, object]:
        local = self.at + LOCAL
        return {
            "id": self.number,
            "date": local.strftime("%Y-%m-%dT%H:%M:%S"),
            "date_gmt": self.at.strftime("%Y-%m-%dT%H:%M:%S"),
            "guid": {"rendered": f"{site}/?p={self.number}"},
            "link": self.link(site),
            "title": {"rendered": f"Story {self.number} &#8211; a harbour&#8217;s tale"},
            "excerpt": {"rendered": f"<p>How story {self.number} begins [&hellip;]</p>"},
            "content": {"rendered": f"<p>The whole text of story number {self.number}.</p>" * 3},
            "_embedded": {"author": [{"name": "Ann Pilot"}], "wp:featuredmedia": [{"code": "x"}]},
        }

    def item(self, site: str) -> str:
        when = self.at.strftime("%a, %d %b %Y %H:%M:%S +0000")
        return (
            f"<item><title>Story {self.number} – a harbour’s tale</title>"
            f"<link>{self.link(site)}?utm_source=rss</link>"
            f'<guid isPermaLink="false">{site}/?p={self.number}</guid><pubDate>{when}</pubDate>'
            f"<description>How story {self.number} begins, as the feed has it.</description></item>"
        )


@dataclass
class WordPressSite:
    """The site.

    Attributes:
        posts_count: How many posts it has.
        category: Those of the category `fish`, whose id is 7.
        asked: The paths and queries that were asked for.
        largest: Posts a page from which on the site fails.
        failures: Statuses and headers of the next answers of the API, before it works again.
        has_api: False for a home page that does not name the API.
        generator: What the feed says of the program that made it.
    """

    posts_count: int = 130
    category: list[Post] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    largest: int = 100
    failures: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    has_api: bool = True
    generator: str = ""
    port: int = 0

    @property
    def posts(self) -> list[Post]:
        """All of them, the newest first."""
        return [Post(number) for number in range(1, self.posts_count + 1)]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[WordPressSite]:
        app = web.Application()
        app.router.add_get("/", self._home)
        app.router.add_get("/feed/", self._feed)
        app.router.add_get("/category/fish/feed/", self._feed_of_category)
        app.router.add_get("/wp-json/wp/v2/posts", self._posts)
        app.router.add_get("/wp-json/wp/v2/categories", self._categories)
        runner = web.AppRunner(app, shutdown_timeout=0.001)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _home(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        named = f'<link rel="https://api.w.org/" href="{self.url}/wp-json/">'
        text = f"<html><head>{named if self.has_api else ''}</head><body></body></html>"
        return web.Response(text=text, content_type="text/html")

    async def _feed(self, request: web.Request) -> web.Response:
        return self._rss(request, self.posts)

    async def _feed_of_category(self, request: web.Request) -> web.Response:
        return self._rss(request, self.category)

    def _rss(self, request: web.Request, posts: list[Post]) -> web.Response:
        self.asked.append(request.path_qs)
        items = "".join(post.item(self.url) for post in posts[:10])
        text = (
            f'<rss version="2.0"><channel><title>Bay</title>{self.generator}{items}</channel></rss>'
        )
        return web.Response(text=text, content_type="application/rss+xml")

    async def _categories(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        return web.json_response([{"id": 7}] if request.query["slug"] == "fish" else [])

    async def _posts(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        if self.failures:
            status, headers = self.failures.pop(0)
            return web.Response(status=status, headers=headers)
        size, page = int(request.query["per_page"]), int(request.query.get("page", 1))
        if size > self.largest:
            return web.Response(status=500)
        chosen = self._chosen(request)
        pages = -(-len(chosen) // size)
        if page > max(pages, 1):
            error = {"code": "rest_post_invalid_page_number"}
            return web.json_response(error, status=400)
        shown = [post.json(self.url) for post in chosen[size * (page - 1) : size * page]]
        totals = {"X-WP-Total": str(len(chosen)), "X-WP-TotalPages": str(pages)}
        return web.json_response(shown, headers=totals)

    def _chosen(self, request: web.Request) -> list[Post]:
        posts = self.category if request.query.get("categories") == "7" else self.posts
        # As versions before 5.3 did: the zone that is written is not heeded.
        before, after = (_local(request.query.get(name)) for name in ("before", "after"))
        return [
            post
            for post in posts
            if (before is None or post.at + LOCAL < before)
            and (after is None or post.at + LOCAL > after)
        ]


def _local(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
