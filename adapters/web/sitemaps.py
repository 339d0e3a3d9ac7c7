"""Files for search engines: robots.txt and the sitemap (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from adapters.web.content import Content, NotFoundError
from adapters.web.render import View
from bot.posting.page_links import story_path
from bot.web import directory, sitemap
from bot.web.addresses import source_path

_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = "application/xml; charset=utf-8"
_HOUR = 3_600
_CLOSED = ("/api/", "/search", "/oembed", "/picture/")
_OPEN = ("/search/feed.",)  # first, as some take the first rule that fits, not the longest


async def robots(view: View) -> Content:
    """Tells robots what to leave alone, and where the sitemap is (RFC 9309)."""
    closed = "".join(f"Disallow: {view.file(path)}\n" for path in _CLOSED)
    opened = "".join(f"Allow: {view.file(path)}\n" for path in _OPEN)
    text = f"User-agent: *\n{opened}{closed}\nSitemap: {view.public('/sitemap.xml')}\n"
    return Content(text.encode(), "text/plain; charset=utf-8", max_age=_HOUR)


async def index(view: View) -> Content:
    """The sitemap; where there are many stories, the index of its files."""
    count = await sitemap.part_count(view.site)
    if count == 1:
        return _urls([*await _directories(view), *await _stories(view, 1)])
    files = ["/sitemap/pages.xml", *(f"/sitemap/{number}.xml" for number in range(1, count + 1))]
    parts = "".join(f"<sitemap><loc>{escape(view.public(one))}</loc></sitemap>" for one in files)
    return _xml(f'<sitemapindex xmlns="{_SCHEMA}">{parts}</sitemapindex>')


async def pages(view: View) -> Content:
    """The file of the sitemap that has the pages of topics and sources."""
    return _urls(await _directories(view))


async def part(view: View) -> Content:
    """One of its files of stories."""
    number = int(view.asked.parts["number"][:9])
    if not 1 <= number <= await sitemap.part_count(view.site):
        raise NotFoundError
    return _urls(await _stories(view, number))


async def _stories(view: View, number: int) -> Iterable[str]:
    found = await sitemap.part(view.site, number)
    return [_url(view, story_path(one.story), view.moment(one.story)) for one in found]


async def _directories(view: View) -> Iterable[str]:
    sections = await directory.topic_sections(view.site)
    topics = [one.path for section in sections for one in section.places]
    sources = map(source_path, view.site.services.sources)
    return [_url(view, one) for one in ("/", "/topics", "/sources", "/archive", *topics, *sources)]


def _url(view: View, path: str, modified: str = "") -> str:
    when = f"<lastmod>{modified}</lastmod>" if modified else ""
    return f"<url><loc>{escape(view.public(path))}</loc>{when}</url>"


def _urls(urls: Iterable[str]) -> Content:
    return _xml(f'<urlset xmlns="{_SCHEMA}">{"".join(urls)}</urlset>')


def _xml(text: str) -> Content:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode("utf-8", "replace")
    return Content(body, _XML, max_age=_HOUR)
