"""Discovery of hubs: in Link headers and in feeds of every format."""

from __future__ import annotations

import io
import json

import pytest

from adapters.sources.feed.hub_discovery import discover_hubs
from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.worker_protocol import (
    ParseResult,
    decode_answer,
    encode_answer,
    read_frame,
)
from adapters.sources.web.link_header import linked
from adapters.sources.web.responses import WebPage
from bot.ingest.websub.model import HubLinks

URL = "https://news.example/feeds/all"
HUB, SELF = "https://hub.example/", "https://news.example/feed.xml"
ATOM = "http://www.w3.org/2005/Atom"
ITEM = "<item><title>One</title><link>https://news.example/1</link></item>"
ENTRY = "<entry><title>One</title><id>1</id></entry>"


def rss(links: str, attributes: str = "", item: str = ITEM) -> str:
    return f'<rss version="2.0" {attributes}><channel><title>t</title>{links}{item}</channel></rss>'


FEEDS = {
    "Atom": (
        f'<feed xmlns="{ATOM}"><title>t</title><link rel="hub" href="{HUB}"/>'
        f'<link rel="self" type="application/atom+xml" href="{SELF}"/>{ENTRY}</feed>'
    ),
    "RSS": rss(
        f'<atom:link rel="self" href="{SELF}"/><atom:link rel="hub" href="{HUB}"/>',
        f'xmlns:atom="{ATOM}"',
    ),
    "RSS of FeedBurner": rss(
        f'<atom10:link xmlns:atom10="{ATOM}" rel="self" href="{SELF}"/>'
        f'<atom10:link xmlns:atom10="{ATOM}" rel="hub" href="{HUB}"/>'
    ),
    "RSS that feedparser reads": rss(
        f'<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="{SELF}"/>',
        f'xmlns:atom="{ATOM}"',
        "<item><title>One</title><textinput>x</textinput></item>",
    ),
    "RSS that is cut off": rss(
        f'<a:link rel="hub" href="{HUB}"/><a:link rel="self" href="{SELF}"/>', f'xmlns:a="{ATOM}"'
    )[:-20],
    "RDF": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        f' xmlns="http://purl.org/rss/1.0/" xmlns:a="{ATOM}"><channel><title>t</title>'
        f'<a:link rel="hub" href="{HUB}"/><a:link rel="self" href="{SELF}"/></channel>'
        f"{ITEM}</rdf:RDF>"
    ),
    "relative": (
        f'<feed xmlns="{ATOM}"><title>t</title><link rel="hub" href="//hub.example/"/>'
        f'<link rel="self" href="/feed.xml"/>{ENTRY}</feed>'
    ),
    "JSON Feed": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "t",
            "feed_url": SELF,
            "hubs": [
                {"type": "rssCloud", "url": "https://cloud.example/"},
                {"type": "WebSub", "url": HUB},
                {"type": "WebSub"},
                "https://odd.example/",
                {"type": 5, "url": 5},
            ],
            "items": [{"id": "1", "title": "One"}],
        }
    ),
}


def discovered(document: str, *links: str) -> HubLinks:
    """What is found in a feed, as a worker process hands it on, and in the headers with it."""
    feed = parse_feed(document.encode(), "", URL)
    stream = io.BytesIO(encode_answer(ParseResult(retiring=False, feed=feed)))
    answer = decode_answer(read_frame(stream) or b"")
    return discover_hubs(WebPage(url=URL, links=links), answer.result())


@pytest.mark.parametrize("document", FEEDS.values(), ids=FEEDS)
def test_the_hub_of_a_feed_is_found(document: str) -> None:
    assert discovered(document) == HubLinks((HUB,), SELF)


@pytest.mark.parametrize("document", FEEDS.values(), ids=FEEDS)
def test_link_headers_come_first(document: str) -> None:
    hub, topic = "https://other.example/hub", "https://news.example/canonical"
    found = discovered(document, f'<{hub}>; rel="hub", <{topic}>; rel="self"')
    assert found == HubLinks((hub,), topic)
    assert discovered(document, f'<{topic}>; rel="self"') == HubLinks((HUB,), topic)
    assert discovered(document, f"<{hub}>; rel=hub") == HubLinks((hub,), SELF)


def test_a_feed_without_its_own_url_is_known_by_the_one_it_came_from() -> None:
    links = f'<a:link xmlns:a="{ATOM}" rel="hub" href="{HUB}"/>'
    assert discovered(rss(links)) == HubLinks((HUB,), URL)
    assert discovered(rss(""), f"<{HUB}>; rel=hub") == HubLinks((HUB,), URL)


@pytest.mark.parametrize(
    "href", ["", "javascript:alert(1)", "mailto:hub@example.org", "ftp://hub.example/", "http://["]
)
def test_what_is_no_address_on_the_web_is_no_hub(href: str) -> None:
    links = f'<a:link xmlns:a="{ATOM}" rel="hub" href="{href}"/>'
    assert discovered(rss(links)) == HubLinks()
    assert discovered(rss(""), f"<{href}>; rel=hub") in {HubLinks(), HubLinks((URL,), URL)}


def test_an_item_names_no_hub() -> None:
    item = f'<item><title>One</title><a:link xmlns:a="{ATOM}" rel="hub" href="{HUB}"/></item>'
    assert discovered(rss("", item=item)) == HubLinks()


def test_https_is_tried_before_http_and_few_hubs_are_enough() -> None:
    links = "".join(
        f'<a:link xmlns:a="{ATOM}" rel="hub" href="{url}"/>'
        for url in ("http://a.example/hub", "http://b.example:8080/", "https://a.example/hub")
    )
    assert discovered(rss(links)).hubs == (
        "https://a.example/hub",
        "http://a.example/hub",
        "http://b.example:8080/",
    )
    many = ", ".join(f"<https://h{n}.example/>; rel=hub" for n in range(50))
    assert len(discovered(rss(""), many).hubs) == 5


LINKS = {
    '<https://h.example/>; rel="hub"': ["https://h.example/"],
    "<https://h.example/>;rel=hub": ["https://h.example/"],
    "<https://h.example/> ; REL = HUB": ["https://h.example/"],
    '<https://h.example/>; rel="hub self"': ["https://h.example/"],
    '<https://h.example/?a,b;c>; title="x, y; rel=self"; rel=hub': ["https://h.example/?a,b;c"],
    '<https://h.example/>; title="rel=hub"; rel=self': [],
    '<https://h.example/>; rel=self; rel="hub"': [],
    '<https://h.example/>; title="a \\" b"; rel=hub': ["https://h.example/"],
    "<https://a.example/>; rel=hub, <https://b.example/>; rel=hub": [
        "https://a.example/",
        "https://b.example/",
    ],
    '</hub>; rel="hub"; type="text/html"': ["/hub"],
    "https://h.example/; rel=hub": [],
    "<https://h.example/>": [],
    "<https://h.example/>; rel": [],
    '<https://h.example/>; rel="hub': [],
    "<https://h.example/>; rev=hub": [],
    "<https://h.example/>; rel=hubs": [],
    "": [],
    "<>; rel=hub": [""],
}


@pytest.mark.parametrize(("header", "hubs"), LINKS.items())
def test_link_headers_are_read_as_they_are_written(header: str, hubs: list[str]) -> None:
    assert list(linked([header], "hub")) == hubs
    assert list(linked([header, "<https://z.example/>; rel=hub"], "hub"))[-1:] in (
        ["https://z.example/"],
        [],  # what ends in the middle takes the rest with it
    )
