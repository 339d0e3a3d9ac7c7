"""Where the links of whole feeds lead: what they are resolved by, and what stands in for them."""

from __future__ import annotations

import json

import pytest

from adapters.sources.feed.parse import parse_feed

FEED = "http://feeds.example/made/feed.xml"
PREFIXED = '<x:extra xmlns:x="urn:x"><title>inner</title></x:extra>'


def link(document: str) -> str | None:
    (item,) = parse_feed(document.encode(), "", FEED).items
    return item.url


def rss(written: str, head: str = "<link>http://bay.example/news/</link>", more: str = "") -> str:
    return (
        f'<rss version="2.0"><channel><title>t</title>{head}<item><title>a</title>'
        f"<link>{written}</link>{more}</item></channel></rss>"
    )


@pytest.mark.parametrize("more", ["", PREFIXED, "<fullitem>x</fullitem>", "<P>x</P>"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/2026/a", "http://bay.example/2026/a"),
        ("2026/a", "http://bay.example/news/2026/a"),
        ("?p=3", "http://bay.example/news/?p=3"),
        ("../a", "http://bay.example/a"),
        ("//cdn.example/a", "http://cdn.example/a"),
        ("https://other.example/a", "https://other.example/a"),
    ],
)
def test_relative_links_of_rss_are_the_sites_not_the_feeds(
    written: str, expected: str, more: str
) -> None:
    assert link(rss(written, more=more)) == expected


@pytest.mark.parametrize("head", ["", "<link></link>", "<link>nonsense:x</link>"])
def test_the_feeds_own_address_is_the_last_resort(head: str) -> None:
    assert link(rss("/a", head)) == "http://feeds.example/a"


def test_a_base_of_xml_goes_before_the_site() -> None:
    document = rss("a").replace("<item>", '<item xml:base="http://base.example/b/">')
    assert link(document) == "http://base.example/b/a"


def test_rdf_and_json_are_resolved_by_the_site_too() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><channel><title>t</title>'
        "<link>http://bay.example/</link></channel>"
        "<item><title>a</title><link>/2026/a</link></item></rdf:RDF>"
    )
    feed = {"version": "https://jsonfeed.org/version/1.1", "home_page_url": "http://bay.example/"}
    items = [{"id": "1", "title": "a", "url": "/2026/a"}]
    assert link(rdf) == "http://bay.example/2026/a"
    assert link(json.dumps({**feed, "items": items})) == "http://bay.example/2026/a"


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>a</title>{}</entry></feed>'


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ('<link rel="related" href="http://bay.example/r"/>', "http://bay.example/r"),
        ('<link rel="via" href="http://bay.example/v"/>', "http://bay.example/v"),
        (
            (
                '<link rel="enclosure" href="http://bay.example/e.mp3"/>'
                '<link rel="related" href="http://bay.example/r"/>'
            ),
            "http://bay.example/r",
        ),
        (
            '<link rel="related" href="http://bay.example/r"/><link href="http://bay.example/a"/>',
            "http://bay.example/a",
        ),
        ('<link rel="self" href="http://bay.example/self"/>', None),
        ('<link rel="edit" href="http://bay.example/edit"/>', None),
    ],
)
def test_what_an_entry_is_about_stands_in_for_its_page(links: str, expected: str | None) -> None:
    assert link(ATOM.format(links)) == expected


@pytest.mark.parametrize("more", ["", PREFIXED])
def test_redirectors_in_feeds_are_left_out(more: str) -> None:
    wrapped = "https://www.google.com/url?sa=t&amp;url=https://gazette.example/a%3Futm_source%3Drss&amp;ct=ga"
    assert link(rss(wrapped, more=more)) == "https://gazette.example/a"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<link rel="http://www.iana.org/assignments/relation/alternate" href="/a"/>', "/a"),
        ('<link rel="http://www.iana.org/assignments/relation/related" href="/r"/>', "/r"),
        ('<link rel=" Alternate " href="/a"/><link rel="related" href="/r"/>', "/a"),
        ('<content src="/whole" type="text/html"/>', "/whole"),
        ('<content src="/whole" type="text/html"/><link href="/a"/>', "/a"),
        ('<link href="feed:http://feeds.example/a"/>', "/a"),
    ],
)
def test_relations_may_be_whole_iris_and_a_content_may_stand_elsewhere(
    inside: str, expected: str
) -> None:
    entry = f"<entry><title>a</title><id>x:1</id>{inside}</entry>"
    document = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{entry}</feed>'
    assert link(document) == f"http://feeds.example{expected}"
