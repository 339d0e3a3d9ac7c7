"""An address becomes a source: feeds, pages that name feeds, usual places, and pages without."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from feed_server import Answer, FeedServer
from page_parsers import FeedsHere, PagesHere
from stories import HandClock

from adapters.sources.finder.finder import WebSourceFinder
from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from bot.errors import SourceError
from bot.ingest.source_finder import Discovery, NoSourceError, SourceKind

HTML = {"Content-Type": "text/html; charset=utf-8"}
NOT_FOUND = Answer(status=404)


def rss(title: str, *numbers: int) -> Answer:
    items = "".join(
        f"<item><title>Story {n}</title><link>https://news.example/{n}</link>"
        f"<pubDate>Mon, 0{n} Nov 2026 08:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    body = f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


def page(head: str = "", body: str = "<p>Welcome.</p>", title: str = "The Bay") -> Answer:
    text = f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body>"
    return Answer(text.encode(), headers=HTML)


def alternate(href: str, title: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


HEADLINES = "".join(
    f'<li><h3><a href="/news/2026/11/0{n}/the-harbour-wall-{n}">The harbour wall, part {n} of a '
    f"long story</a></h3><time>2026-11-0{n}</time></li>"
    for n in range(1, 7)
)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def finder(server: FeedServer) -> AsyncIterator[WebSourceFinder]:
    async with Fetcher(Politeness(pause=0.0, timeout=5.0)) as fetcher:
        allowed = AllowedHosts([server.host])
        yield WebSourceFinder(fetcher, FeedsHere(), PagesHere(), HandClock(), allowed)


async def test_a_feed_is_itself(server: FeedServer, finder: WebSourceFinder) -> None:
    address = server.answers("/rss", rss("The Bay", 1, 3, 2, 4))
    (found,) = await finder.find(address)
    assert (found.url, found.kind, found.title) == (address, SourceKind.FEED, "The Bay")
    assert found.discovery is Discovery.GIVEN
    assert [story.title for story in found.stories] == ["Story 4", "Story 3", "Story 2"]
    assert len(server.asked) == 1


async def test_a_page_names_its_feeds(server: FeedServer, finder: WebSourceFinder) -> None:
    links = (
        alternate("/comments/feed/", "The Bay » Comments Feed")
        + alternate("feed.atom", "News - Atom", "application/atom+xml")
        + alternate("feed.rss", "News - RSS")
        + alternate("//" + server.host + "/sport", "Sport", "text/rss+xml;charset=utf-8")
    )
    described = '<meta name="description" content="News from the bay."><base href="/en/">'
    address = server.answers("/home", page(described + links))
    server.answers("/en/feed.atom", rss("Bay News", 1, 2))
    server.answers("/sport", rss("", 3))
    news, sport, comments = await finder.find(address)
    assert (news.url, news.title) == (server.url("/en/feed.atom"), "Bay News")
    assert (news.discovery, news.description) == (Discovery.NAMED, "News from the bay.")
    assert (sport.title, [story.title for story in sport.stories]) == ("Sport", ["Story 3"])
    assert (comments.comments, comments.stories) == (True, ())
    assert len(server.asked) == 3  # a twin in another format is not asked for, nor are comments


@pytest.mark.parametrize(
    "header",
    [
        '</feed>; rel="alternate"; type="application/rss+xml"; title="News"',
        '<{url}/feed>; rel=alternate; type="application/atom+xml", </x>; rel=next',
    ],
)
async def test_a_header_names_a_feed(
    header: str, server: FeedServer, finder: WebSourceFinder
) -> None:
    headers = {**HTML, "Link": header.format(url=server.url("").rstrip("/"))}
    address = server.answers("/home", Answer(page().body, headers=headers))
    server.answers("/feed", rss("News", 1))
    (found,) = await finder.find(address)
    assert (found.url, found.discovery) == (server.url("/feed"), Discovery.NAMED)


async def test_alternates_that_are_no_feeds_are_left_alone(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    links = (
        alternate("/wp-json/wp/v2/pages/2", "JSON", "application/json")
        + alternate("/wp-json/oembed/1.0/embed?url=x&format=xml", "oEmbed", "text/xml+oembed")
        + '<link rel="alternate" hreflang="de" href="/de/">'
        + '<link rel="alternate stylesheet" type="text/css" href="/big.css">'
        + '<a href="/rss.xml">RSS</a>'
    )
    address = server.answers("/home", page(links))
    server.answers("/rss.xml", rss("News", 1))
    (found,) = await finder.find(address)
    assert found.url == server.url("/rss.xml")
    assert {one.path for one in server.asked} == {"/home", "/rss.xml"}


async def test_a_site_of_wordpress_can_fill_its_past_in(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    links = '<link rel="https://api.w.org/" href="/wp-json/">' + alternate("/feed/", "Bay » Feed")
    address = server.answers("/", page(links))
    server.answers("/feed/", rss("Bay", 1))
    (found,) = await finder.find(address)
    assert (found.service, found.backfill) == ("WordPress", server.url("/wp-json/"))


async def test_a_category_of_a_site_has_its_own_feed_first(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    links = alternate("/feed/", "Bay » Feed") + alternate("/category/fish/feed/", "Bay » Fish Feed")
    address = server.answers("/category/fish/", page(links))
    server.answers("/feed/", rss("Bay", 1))
    server.answers("/category/fish/feed/", rss("Bay Fish", 1))
    found = await finder.find(address)
    assert [one.title for one in found] == ["Bay Fish", "Bay"]


@pytest.mark.parametrize("path", ["/feed", "/blog/rss.xml", "/atom.xml"])
async def test_a_feed_that_nothing_names_is_found_where_feeds_usually_are(
    path: str, server: FeedServer, finder: WebSourceFinder
) -> None:
    address = server.answers("/blog/", page())
    server.answers(path, rss("Bay", 1))
    (found,) = await finder.find(address)
    assert (found.url, found.discovery) == (server.url(path), Discovery.USUAL)
    assert len(server.asked) <= 10


async def test_a_page_without_a_feed_is_a_source_by_itself(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    address = server.answers("/press", page(body=f"<ul>{HEADLINES}</ul>", title="Town Hall"))
    (found,) = await finder.find(address)
    assert (found.url, found.kind) == (address, SourceKind.PAGE)
    assert (found.discovery, found.title) == (Discovery.STRUCTURE, "Town Hall")
    assert found.stories[0].title == "The harbour wall, part 6 of a long story"
    assert len(server.asked) <= 10


async def test_beside_a_feed_that_was_only_guessed_the_page_is_offered_too(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    address = server.answers("/press", page(body=f"<ul>{HEADLINES}</ul>"))
    server.answers("/feed", rss("The whole town", 1))
    found = await finder.find(address)
    assert [one.kind for one in found] == [SourceKind.FEED, SourceKind.PAGE]


async def test_a_named_feed_that_is_gone_is_not_offered(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    links = alternate("/old-feed", "Old") + alternate("/page", "A page")
    address = server.answers("/", page(links, f"<ul>{HEADLINES}</ul>"))
    server.answers("/page", page())
    (found,) = await finder.find(address)
    assert (found.kind, found.url) == (SourceKind.PAGE, address)


async def test_what_has_moved_for_good_is_known_by_its_new_address(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    new = server.answers("/new", rss("Bay", 1))
    (moved,) = await finder.find(server.redirects("/old", new, 301))
    (for_now,) = await finder.find(server.redirects("/now", new, 302))
    assert (moved.url, for_now.url) == (new, server.url("/now"))


async def test_a_program_of_the_fediverse_is_told_by_its_feed(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    address = server.answers("/@harbour", page())
    server.answers("/@harbour.rss", rss("Harbour", 1, 2))
    (found,) = await finder.find(address)
    assert (found.url, found.service) == (server.url("/@harbour.rss"), "Mastodon")


async def test_an_address_without_a_scheme_may_be_of_plain_http(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    address = server.answers("/rss", rss("Bay", 1))
    (found,) = await finder.find(address.removeprefix("http://"))
    assert found.url == address


async def test_a_page_that_is_no_list_is_refused_in_words(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    address = server.answers("/about", page(body="<h1>About us</h1><p>We fish.</p>"))
    with pytest.raises(NoSourceError, match=r"no feed was found .* does not look like a list"):
        await finder.find(address)
    assert len(server.asked) <= 10


async def test_a_wall_against_bots_is_named(server: FeedServer, finder: WebSourceFinder) -> None:
    address = server.answers("/", page(title="Just a moment..."))
    with pytest.raises(SourceError, match="Cloudflare"):
        await finder.find(address)


async def test_what_cannot_be_asked_is_told(server: FeedServer, finder: WebSourceFinder) -> None:
    with pytest.raises(SourceError, match="404"):
        await finder.find(server.answers("/gone", NOT_FOUND))
    with pytest.raises(SourceError, match="loopback"):
        await finder.find("http://127.0.0.1:9/feed")
    with pytest.raises(SourceError, match="link-local"):
        await finder.find("http://169.254.169.254/latest/meta-data/")
    with pytest.raises(NoSourceError, match="private channel"):
        await finder.find("https://t.me/+abcdef")


async def test_no_link_of_a_page_leads_to_a_private_host(
    server: FeedServer, finder: WebSourceFinder
) -> None:
    address = server.answers("/", page(alternate("http://127.0.0.1:9/feed", "Inside")))
    with pytest.raises(NoSourceError):
        await finder.find(address)
