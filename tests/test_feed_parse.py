from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

import pytest
from feedparser.mixin import _FeedParserMixin
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed import parse
from adapters.sources.feed.fast_xml import parse_xml, read_tree
from adapters.sources.feed.fast_xml_elements import (
    NeedsFeedparserError,
    meaning_of,
)
from adapters.sources.feed.html_text import clean_line
from adapters.sources.feed.model import NotAFeedError, ParsedFeed, ParsedItem
from adapters.sources.feed.parse import parse_feed
from bot.errors import SourceError
from bot.model import Enclosure, Paragraph

URL = "https://e.org/feed.xml"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(items: str, head: str = "<title>Paper</title><link>https://e.org/</link>") -> bytes:
    return f'<rss version="2.0" {NAMESPACES}><channel>{head}{items}</channel></rss>'.encode()


def atom(entries: str, head: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'.encode()


def read(body: bytes, kind: str = "application/xml") -> ParsedFeed:
    return parse_feed(body, kind, URL)


def only(body: bytes) -> ParsedItem:
    (item,) = read(body).items
    return item


def is_ordinary(body: bytes) -> bool:
    text = body.decode()
    try:
        read_tree(parse_xml(text.encode(), URL), URL)
    except NeedsFeedparserError:
        return False
    return True


def test_an_rss_item_gives_all_its_parts() -> None:
    body = rss(
        "<item><title>One &amp;amp; two</title><link>/1?utm_source=rss</link><guid>g1</guid>"
        "<description>A &lt;b&gt;lead&lt;/b&gt;.</description>"
        "<content:encoded><![CDATA[<h2>Head</h2><p>Text.</p><img src='/p.jpg'>]]></content:encoded>"
        "<pubDate>Wed, 29 Nov 2023 12:00:00 GMT</pubDate><dc:creator>Ann</dc:creator>"
        "<author>bob@e.org (Bob)</author><category>News</category><category>News</category>"
        "<enclosure url='https://e.org/a.mp3' type='audio/mpeg' length='1'/></item>",
        "<title>Paper</title><link>https://e.org/</link><language>en-us</language>",
    )
    noon = datetime(2023, 11, 29, 12, tzinfo=UTC)
    item = ParsedItem(
        guid="g1",
        url="https://e.org/1",
        title="One & two",
        summary="A lead.",
        paragraphs=(Paragraph("Head", heading=True), Paragraph("Text.")),
        published=noon,
        authors=("Ann", "Bob"),
        categories=("News",),
        image="https://e.org/p.jpg",
        enclosures=(Enclosure("https://e.org/a.mp3", "audio/mpeg", 1),),
    )
    assert read(body) == ParsedFeed("Paper", "https://e.org/", "en-us", (item,))
    assert is_ordinary(body)


def test_an_atom_entry_gives_all_its_parts() -> None:
    body = atom(
        "<entry xml:base='https://b.org/x/'>"
        "<title type='html'>A &amp;lt;i&amp;gt;b&amp;lt;/i&amp;gt;</title><id>tag:1</id>"
        "<link href='1'/><link rel='enclosure' type='image/png' href='p.png'/>"
        "<updated>2023-11-30T00:00:00Z</updated><published>2023-11-29T00:00:00Z</published>"
        "<author><name>Ann</name></author><category term='t' label='Topic'/><summary>S</summary>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One</p><p>Two</p></div>"
        "</content></entry>",
        "<title>Blog</title><link rel='self' href='/self'/><link href='https://e.org/'/>",
    )
    item = only(body)
    assert (item.title, item.url, item.guid) == ("A b", "https://b.org/x/1", "tag:1")
    assert (item.image, item.summary) == ("https://b.org/x/p.png", "S")
    assert item.paragraphs == (Paragraph("One"), Paragraph("Two"))
    assert (item.published, item.updated) == (
        datetime(2023, 11, 29, tzinfo=UTC),
        datetime(2023, 11, 30, tzinfo=UTC),
    )
    assert (item.authors, item.categories) == (("Ann",), ("Topic",))
    assert read(body).link == "https://e.org/"
    assert is_ordinary(body)


def test_rdf_is_read() -> None:
    item = only(
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b'<channel rdf:about="https://e.org/"><title>P</title></channel>'
        b'<item rdf:about="https://e.org/1"><title>T</title><link>https://e.org/1</link>'
        b"<dc:date>2023-11-29</dc:date></item></rdf:RDF>"
    )
    assert (item.guid, item.published) == ("https://e.org/1", datetime(2023, 11, 29, tzinfo=UTC))


def test_cdf_is_read() -> None:
    item = only(
        b'<CHANNEL HREF="https://e.org/"><TITLE>C</TITLE>'
        b'<ITEM HREF="https://e.org/1" LASTMOD="2023-11-29"><TITLE>T</TITLE></ITEM></CHANNEL>'
    )
    assert (item.title, item.url) == ("T", "https://e.org/1")


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>https://e.org/1</link>", "https://e.org/1"),
        ("<guid>https://e.org/1</guid>", "https://e.org/1"),
        ("<guid isPermaLink='false'>https://e.org/1</guid>", None),
        ("<guid isPermaLink='true'>/1</guid>", "https://e.org/1"),
        ("<guid>1</guid>", None),
        ("<atom:link href='/1'/>", "https://e.org/1"),
        ("<atom:link rel='self' href='/1'/>", None),
        (
            "<link>/~r/x</link><feedburner:origLink>https://e.org/1</feedburner:origLink>",
            "https://e.org/1",
        ),
        ("<link>javascript:alert(1)</link>", None),
    ],
)
def test_where_an_item_leads(inside: str, url: str | None) -> None:
    assert only(rss(f"<item><title>T</title>{inside}</item>")).url == url


@pytest.mark.parametrize(
    ("inside", "image"),
    [
        ("<media:content url='/a.jpg' medium='image'/>", "/a.jpg"),
        ("<media:content url='/a.mp4' type='video/mp4'/>", None),
        (
            "<media:thumbnail url='/t.jpg'/><media:content url='/s.jpg' width='9' medium='image'/>",
            "/t.jpg",
        ),
        (
            "<media:group><media:content url='/s.jpg' width='90' medium='image'/>"  # noqa: ISC004
            "<media:content url='/l.jpg' width='900' type='image/jpeg'/></media:group>",
            "/l.jpg",
        ),
        ("<media:thumbnail url='/t.jpg' width='75'/>", "/t.jpg"),
        ("<enclosure url='/e.png' type='image/png'/>", "/e.png"),
        ("<itunes:image href='/i.jpg'/>", "/i.jpg"),
        ("<description>&lt;img src='/d.jpg'&gt;</description>", "/d.jpg"),
        ("<description>&lt;img src='/d.gif' width='1' height='1'&gt;</description>", None),
        ("<image><url>/u.jpg</url></image>", "/u.jpg"),
        ("<media:content url='javascript:x' medium='image'/>", None),
    ],
)
def test_which_picture_stands_for_an_item(inside: str, image: str | None) -> None:
    body = rss(f"<item><title>T</title>{inside}</item>")
    assert only(body).image == (f"https://e.org{image}" if image else None)
    assert is_ordinary(body)


@pytest.mark.parametrize(
    "inside",
    [
        "<description type='application/octet-stream'>eA==</description>",
        "<title mode='base64'>eA==</title>",
        "<description base='https://e.org/a/'>x</description>",
        "<link rel='alternate'>https://e.org/a</link>",
        "<pubDate>2023<b>-11-29</b></pubDate>",
        "<item><title>inner</title></item>",
        "<guid>1</guid><box xmlns='urn:x'><guid xmlns=''>2</guid></box>",
    ],
)
def test_what_only_feedparser_understands_goes_to_it(inside: str) -> None:
    assert not is_ordinary(rss(f"<item>{inside}</item>"))


@pytest.mark.parametrize(
    "inside",
    [
        "<x:y xmlns:x='urn:x'>1</x:y>",
        "<x:y xmlns:x='urn:x'><x:z>1</x:z></x:y>",
        "<post-id>5</post-id>",
        "<slash:comments xmlns:slash='http://purl.org/rss/1.0/modules/slash/'>3</slash:comments>",
        "<itunes:episodeType>full</itunes:episodeType><itunes:season>1</itunes:season>",
        "<itunes:isClosedCaptioned>No</itunes:isClosedCaptioned><itunes:complete>Yes</itunes:complete>",
        "<itunes:new-feed-url>x</itunes:new-feed-url><itunes:whatever>x</itunes:whatever>",
        "<p:transcript url='/t.vtt' xmlns:p='https://podcastindex.org/namespace/1.0'/>",
        "<p:person xmlns:p='https://podcastindex.org/namespace/1.0' role='host'>Ann</p:person>",
        "<g:explicit xmlns:g='http://www.google.com/schemas/play-podcasts/1.0'>no</g:explicit>",
        "<og xmlns='https://ogp.me/ns#'><title>x</title><image>/x.jpg</image></og>",
        "<dc:rightsHolder>x</dc:rightsHolder><dc:unknown>x</dc:unknown>",
        "<t:alternative xmlns:t='http://purl.org/dc/terms/'>x</t:alternative>",
        "<feedburner:origEnclosureLink>https://e.org/a.mp3</feedburner:origEnclosureLink>",
        "<updated>2023-11-29</updated><subtitle>x</subtitle><body>x</body><fullitem>x</fullitem>",
        "<TITLE>x</TITLE><PubDate>2023-11-29</PubDate>",
        "<description>inline <p>markup</p></description>",
    ],
)
def test_what_means_nothing_costs_nothing(inside: str) -> None:
    assert is_ordinary(rss(f"<item><title>T</title>{inside}</item>"))


@pytest.mark.parametrize(
    "names",
    [
        {"itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd"},
        {"itunes": "https://www.itunes.com/dtds/podcast-1.0.dtd"},
        {"itunes": "urn:unknown"},
        {"dc": "http://purl.org/dc/elements/1.1"},
        {"media": "http://www.rssboard.org/media-rss"},
        {"media": "http://search.yahoo.com/mrss"},
        {"content": "http://purl.org/rss/1.0/modules/content"},
    ],
)
def test_namespaces_are_known_however_they_are_written(names: dict[str, str]) -> None:
    namespaces = NAMESPACES
    for prefix, address in names.items():
        namespaces = re.sub(f'xmlns:{prefix}="[^"]*"', f'xmlns:{prefix}="{address}"', namespaces)
    body = (
        f"<rss {namespaces}><channel><item><itunes:summary>S</itunes:summary><dc:creator>Ann"
        "</dc:creator><media:thumbnail url='/t.jpg'/><content:encoded>&lt;p>One</content:encoded>"
        "</item></channel></rss>"
    ).encode()
    item = only(body)
    assert is_ordinary(body)
    assert (item.summary, item.authors, item.image) == ("S", ("Ann",), "https://e.org/t.jpg")
    assert item.paragraphs == (Paragraph("One"),)


@pytest.mark.parametrize(
    "root",
    [
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#">{}</feed>',
        "<feed>{}</feed>",
        '<feed xmlns="http://www.w3.org/2005/Atom/">{}</feed>',
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns="http://www.w3.org/2005/Atom">{}</a:feed>',
    ],
)
def test_every_version_of_atom_is_ordinary(root: str) -> None:
    body = root.format(
        "<title>Paper</title><entry><title mode='escaped'>A &amp;amp; B</title><id>tag:e.org,1</id>"
        "<link rel='alternate' type='text/html' href='/1'/><issued>2003-12-31T10:14:55Z</issued>"
        "<content type='text/html' mode='escaped'>&lt;p>One</content></entry>"
    ).encode()
    item = only(body)
    assert is_ordinary(body)
    assert (item.title, item.url) == ("A & B", "https://e.org/1")
    assert (item.paragraphs, item.published) == (
        (Paragraph("One"),),
        datetime(2003, 12, 31, 10, 14, 55, tzinfo=UTC),
    )


def test_what_an_item_says_itself_goes_before_what_stands_in_unknown_elements() -> None:
    inside = "<title>Inner</title><link>/inner</link><category>Inner</category>"
    item = only(
        rss(f"<item><box>{inside}</box><title>Outer</title><category>Outer</category></item>")
    )
    assert (item.title, item.url) == ("Outer", "https://e.org/inner")
    assert item.categories == ("Outer", "Inner")


def test_the_names_that_feedparser_reads_are_known() -> None:
    handlers = [name for name in dir(_FeedParserMixin) if name.startswith("_start_")]
    names = {name.removeprefix("_start_").lower() for name in handlers}
    parts = set("name email uri url homepage width height".split())  # of people and pictures
    structure = {"rss", "feed", "channel", "item", "entry"}
    places = {"where", "georssgeom"}  # where on Earth, which is no part of a story
    plain = {name for name in names if "_" not in name} - parts - structure - places
    assert {name for name in plain if not meaning_of(name, None)} == set()
    nothing = {"email", "name", "rating", "credit", "restriction", "license", "player"}
    for group in ("dc", "itunes", "media", "content"):
        known = {name.removeprefix(f"{group}_") for name in names if name.startswith(f"{group}_")}
        assert {name for name in known if not meaning_of(f"{{urn:x}}{name}", group)} <= nothing


def test_json_feeds_are_read() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "home_page_url": "https://e.org/",
        "items": [
            {
                "id": 7,
                "url": "/7",
                "title": "T",
                "content_html": "<p>One</p><p>Two</p>",
                "summary": "S",
                "date_published": "2023-11-29T12:00:00Z",
                "authors": [{"name": "Ann"}],
                "author": {"name": "Bob"},
                "tags": ["a", 3],
                "image": "/i.jpg",
                "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg"}],
            },
            {"id": "8", "content_text": "One\n\nTwo", "date_published": 1701259200},
            "no item",
        ],
    }
    feed = read(json.dumps(document).encode())
    first, second, third = feed.items
    assert third == ParsedItem()
    assert feed.problems == ("item 3 was left out: it has a part that cannot be read",)
    assert (feed.title, first.guid, first.url) == ("J", "7", "https://e.org/7")
    assert (first.authors, first.categories) == (("Ann", "Bob"), ("a",))
    assert first.paragraphs == second.paragraphs == (Paragraph("One"), Paragraph("Two"))
    assert first.published == second.published
    assert first.image == "https://e.org/i.jpg"
    assert first.enclosures == (Enclosure("https://e.org/a.mp3", "audio/mpeg"),)
    cut = read(json.dumps(document).encode()[:-40])
    assert len(cut.items) == 1
    assert cut.problems


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<rss><channel><item><title>Ünï’s</title></item></channel></rss>".encode(), ""),
        ("<rss><channel><item><title>Ünï’s</title></item></channel></rss>".encode("cp1252"), ""),
        (
            '<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Ünï’s</title>'
            "</item></channel></rss>".encode("cp1252"),
            "",
        ),
        (
            '<?xml version="1.0" encoding="utf-8"?><rss><channel><item><title>Ünï’s</title>'
            "</item></channel></rss>".encode("cp1252"),
            "text/xml; charset=utf-8",
        ),
        (
            '<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Ünï’s</title>'
            "</item></channel></rss>".encode(),
            "text/xml; charset=nonsense",
        ),
        ("<rss><channel><item><title>Ünï’s</title></item></channel></rss>".encode("utf-8-sig"), ""),
        ("<rss><channel><item><title>Ünï’s</title></item></channel></rss>".encode("utf-16"), ""),
        ("<rss><channel><item><title>Ünï’s</title></item></channel></rss>".encode("utf-16-le"), ""),
        ("<rss><channel><item><title>Ünï’s</title></item></channel></rss>".encode("utf-32"), ""),
        (b"<rss><channel><item><title>&Uuml;n&#239;&rsquo;s</title></item></channel></rss>", ""),
        (b"<rss><channel><item><title>&#xdc;n&#239;&#146;s</title></item></channel></rss>", ""),
    ],
)
def test_letters_are_right_whatever_the_label_says(body: bytes, kind: str) -> None:
    assert [item.title for item in read(body, kind).items] == ["Ünï’s"]


def test_one_wrong_byte_costs_one_letter() -> None:
    body = "<rss><channel><item><title>Ünïcödé ".encode() + b"\x92s</title></item></channel></rss>"
    assert only(body).title == "Ünïcödé ’s"


ITEMS = "".join(f"<item><title>T{n}</title></item>" for n in range(3))


@pytest.mark.parametrize(
    "body",
    [
        rss(ITEMS)[: -len("</channel></rss>")],
        rss(ITEMS + "<item><title>cut of")[: -len("</channel></rss>")],
        rss(ITEMS) + b"<!-- cached --><script>x()</script>",
        b"\n<br/>Warning: x in y.php\n<?xml version='1.0'?>" + rss(ITEMS),
        rss(ITEMS, "<title>A & B &nbsp; \x00\x0b</title>"),
        rss(ITEMS, "<title>&#0;&#xFFFF;</title>"),
    ],
)
def test_an_ill_formed_document_keeps_its_good_items_and_says_so(body: bytes) -> None:
    feed = read(body)
    assert [item.title for item in feed.items] == ["T0", "T1", "T2"]
    told = (*feed.problems, *feed.warnings)
    assert told
    assert all("\n" not in problem for problem in told)
    assert bool(feed.problems) is (b"cut of" in body)


@pytest.mark.parametrize("space", [" ", "\n", " \t\r\n "])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_space_behind_a_namespace_costs_nothing(space: str, quote: str) -> None:
    name = f"xmlns:geo={quote}http://www.georss.org/georss{space}{quote}"
    body = rss("<item><title>T</title><geo:point>1 2</geo:point></item>").replace(
        b"<rss ", f"<rss {name} ".encode(), 1
    )
    feed = read(body)
    assert [item.title for item in feed.items] == ["T"]
    assert feed.warnings
    assert not feed.problems


def test_a_base_is_one_only_as_an_attribute() -> None:
    item = "<item><!-- no xml:base here --><title>xml:base</title><link>/1</link></item>"
    assert only(rss(item)) == only(rss(item.replace("<!-- no xml:base here -->", "")))


def test_a_page_is_no_feed_but_names_its_own() -> None:
    page = (
        b"<!DOCTYPE html><html><head><base href='https://e.org/blog/'>"
        b"<link rel='alternate' type='application/rss+xml' href='feed.xml'>"
        b"<link rel='alternate' type='application/atom+xml' href='/atom.xml'>"
        b"<link rel='stylesheet' href='x.css'></head><body>x</body></html>"
    )
    with pytest.raises(NotAFeedError, match="this is a web page, not a feed") as error:
        read(page)
    assert error.value.feeds == ("https://e.org/blog/feed.xml", "https://e.org/atom.xml")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is empty"),
        (b" \n ", "it is empty"),
        (b"<urlset><url/></urlset>", r"this is an XML document \(urlset\), not a feed"),
        (b"Not found", "this is not a feed"),
        (b'{"a": 1}', "this is JSON, but not a feed"),
        (b"{nonsense", "this looks like JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a feed"),
    ],
)
def test_what_is_no_feed_is_told_in_words(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read(body)


def test_an_xhtml_doctype_over_a_feed_does_no_harm() -> None:
    assert len(read(b"<!DOCTYPE html><rss><channel><item/></channel></rss>").items) == 1


@pytest.mark.slow
def test_no_more_than_so_many_items_are_read() -> None:
    items = "".join(f"<item><title>T{n}</title></item>" for n in range(50_000))
    feed = read(rss(items))
    assert (len(feed.items), feed.items[0].title) == (2_000, "T0")
    assert feed.problems == ("it has 50,000 items; 2,000 of them were read",)


def test_of_too_many_items_with_dates_the_newest_are_read() -> None:
    items = "".join(
        f"<item><title>T{n}</title><pubDate>{1_600_000_000 + n}</pubDate></item>"
        for n in range(3_000)
    )
    assert read(rss(items)).items[0].title == "T1000"


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf"], exclude_characters="<&\ufffe\uffff"),
    max_size=40,
)


@given(titles=st.lists(TEXT, max_size=4), guid=TEXT, author=TEXT)
def test_what_was_written_is_read(titles: list[str], guid: str, author: str) -> None:
    items = "".join(
        f"<item><title>{escape(title)}</title><guid isPermaLink='false'>{escape(guid)}</guid>"
        f"<category domain={quoteattr(author)}>{escape(title)}</category></item>"
        for title in titles
    )
    feed = read(rss(items))
    assert [item.title for item in feed.items] == [clean_line(title) for title in titles]
    assert len(feed.problems) == sum(not clean_line(title) for title in titles)


def test_ordinary_feeds_never_need_feedparser() -> None:
    assert "feedparser" not in vars(parse)
