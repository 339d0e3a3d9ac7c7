"""Lists of feeds: read as feed readers write them, and written so that they can be read."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.addresses import feed_address
from bot.config.feeds import UnusableFeed, compare_feeds, feed_key, source_block, toml_text
from bot.config.load import read_config
from bot.config.opml import MAX_OPML, Feed, read_opml, write_opml
from bot.config.schema import SourceConfig
from bot.errors import NotOpmlError

WHEREVER = "https://a.example/feed"


def listed(body: str, version: str = "2.0") -> str:
    return f'<opml version="{version}"><head/><body>{body}</body></opml>'


def one(body: str) -> Feed:
    (feed,) = read_opml(listed(body).encode())
    return feed


def refusal(data: bytes) -> str:
    with pytest.raises(NotOpmlError) as error:
        read_opml(data)
    assert "\n" not in str(error.value)
    return str(error.value)


# Reading


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_folders_lie_in_each_other_and_become_topics(version: str) -> None:
    body = """
      <outline text="News" title="News">
        <outline text="Japan">
          <outline type="rss" text="The Prospect" xmlUrl="https://p.example/rss"/>
        </outline>
        <outline type="rss" text="Lantern" xmlUrl="https://l.example/rss"></outline>
      </outline>
      <outline type="rss" text="Alone" xmlUrl="https://x.example/atom.xml"/>
      <outline text="Only a line of text"/>"""
    assert read_opml(listed(body, version).encode()) == [
        Feed("The Prospect", "https://p.example/rss", ("News", "Japan")),
        Feed("Lantern", "https://l.example/rss", ("News",)),
        Feed("Alone", "https://x.example/atom.xml"),
    ]


def test_names_are_taken_in_any_case() -> None:
    written = f'<OPML><Body><Outline TEXT="A" XMLURL=" {WHEREVER} "/></Body></OPML>'
    assert read_opml(written.encode()) == [Feed("A", WHEREVER)]


def test_a_title_is_the_text_or_the_title_or_none() -> None:
    assert one(f'<outline text="T" title="U" xmlUrl="{WHEREVER}"/>').title == "T"
    assert one(f'<outline text=" " title="U" xmlUrl="{WHEREVER}"/>').title == "U"
    assert one(f'<outline xmlUrl="{WHEREVER}"/>').title == ""


def test_escapes_of_html_and_bare_ampersands_are_understood() -> None:
    feed = one(
        '<outline text="Tom &amp;amp; Jerry&amp;#8217;s" xmlUrl="https://a.example/?a=1&b=2"/>'
    )
    assert feed == Feed("Tom & Jerry’s", "https://a.example/?a=1&b=2")
    bare = one(f'<outline text="R&D caf&eacute;s &nbsp; AT&amp;T" xmlUrl="{WHEREVER}"/>')
    assert bare.title == "R&D cafés AT&T"


def test_a_number_that_is_no_character_does_no_harm() -> None:
    title = f"&#{'9' * 5_000};"
    feed = one(f'<outline text="{title.replace("&", "&amp;")}" xmlUrl="{WHEREVER}"/>')
    assert feed.title == title


def test_categories_are_topics_and_each_topic_comes_once() -> None:
    body = (
        f'<outline text="News"><outline category="/news/Asia,/Rail" xmlUrl="{WHEREVER}"/></outline>'
    )
    assert one(body).topics == ("News", "Asia", "Rail")


def test_what_lies_below_a_feed_is_no_folder_of_its_name() -> None:
    body = (
        f'<outline text="A" xmlUrl="{WHEREVER}"><outline text="B" xmlUrl="{WHEREVER}"/></outline>'
    )
    assert [feed.topics for feed in read_opml(listed(body).encode())] == [(), ()]


def test_a_feed_without_an_address_is_told_of() -> None:
    assert one('<outline type="rss" text="A"/>') == Feed("A", "")


def test_a_feed_knows_its_line() -> None:
    text = '\n<?xml version="1.0"?>\n' + listed(f'\n<outline xmlUrl="{WHEREVER}"/>')
    assert read_opml(text.encode())[0].line == 4


@pytest.mark.parametrize(
    ("declared", "stored"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("ISO-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16-be"),
        ("utf-16", "utf-8"),  # what .NET writes
        ("utf-32", "utf-32"),
        ("us-ascii", "utf-8"),
    ],
)
def test_encodings(declared: str, stored: str) -> None:
    text = f"<?xml version='1.0' encoding='{declared}'?>\n"
    text += listed(f'<outline text="Café d’Or" xmlUrl="{WHEREVER}"/>')
    assert read_opml(text.encode(stored)) == [Feed("Café d’Or", WHEREVER)]


@pytest.mark.parametrize("stored", ["shift_jis", "euc_jp", "gb18030", "koi8-r"])
def test_encodings_that_expat_does_not_know(stored: str) -> None:
    title = "Новости" if stored == "koi8-r" else "東京の新聞"
    text = f'<?xml version="1.0" encoding="{stored}"?>'
    text += listed(f'<outline text="{title}" xmlUrl="{WHEREVER}"/>')
    assert read_opml(text.encode(stored))[0].title == title


def test_a_wrong_byte_costs_a_letter() -> None:
    body = listed(f'<outline text="Caf%" xmlUrl="{WHEREVER}"/>').encode().replace(b"%", b"\xe9\x0b")
    assert read_opml(body) == [Feed("Caf\ufffd", WHEREVER)]


@pytest.mark.parametrize("encoding", ["klingon", "punycode", "idna", "unicode_escape", "undefined"])
def test_an_encoding_that_is_none(encoding: str) -> None:
    told = refusal(f'<?xml version="1.0" encoding="{encoding}"?>{listed("")}'.encode())
    assert told == f'its encoding, "{encoding}", is unknown'
    assert "base64" in refusal(f'<?xml version="1.0" encoding="base64"?>{listed("")}'.encode())


REFUSED = {
    b"": "this is not OPML: line 1, column 1: no element found",
    b"my diary": "this is not OPML: line 1, column 1: syntax error",
    b"<!DOCTYPE html>\n<html><p></html>": "this is not OPML: it begins with <html>",
    b"<rss/>": "this is not OPML: it begins with <rss> (the feed itself?)",
    b"<opml>\n<body></opml>": "this is not OPML: line 2, column 9: mismatched tag",
    b"<opml><body>": "this is not OPML: line 1, column 13: no element found",
    b"<opml/><opml/>": "this is not OPML: line 1, column 8: junk after document element",
    b"\0\x01\x02": "this is not OPML: line 1, column 1: no element found",
}


@pytest.mark.parametrize(("data", "told"), REFUSED.items())
def test_what_is_no_opml(data: bytes, told: str) -> None:
    assert refusal(data) == told


def test_what_is_too_large_or_too_deep() -> None:
    assert refusal(b" " * (MAX_OPML + 1)) == "larger than 5 MB"
    assert read_opml(listed("").ljust(MAX_OPML).encode()) == []
    deep = "<outline text='x'>" * 50_000 + "</outline>" * 50_000
    assert "nested more than" in refusal(listed(deep).encode())


# What a DOCTYPE declares


def test_a_doctype_is_passed_over() -> None:
    data = '<!DOCTYPE opml SYSTEM "http://127.0.0.1:9/opml.dtd">'
    data += listed(f'<outline text="A" xmlUrl="{WHEREVER}"/>')
    assert read_opml(data.encode()) == [Feed("A", WHEREVER)]


def test_an_entity_brings_no_file_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the token", "utf-8")
    data = f"""<!DOCTYPE opml [
      <!ENTITY file SYSTEM "{secret.as_uri()}">
      <!ENTITY % more SYSTEM "{secret.as_uri()}"> %more;
      <!ATTLIST outline xmlUrl CDATA "https://evil.example/">
    ]>{listed(f'<outline text="A &file; B" xmlUrl="{WHEREVER}">&file;</outline><outline/>')}"""
    assert read_opml(data.encode()) == [Feed("A &file; B", WHEREVER)]


def test_entities_do_not_multiply() -> None:
    bomb = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 20))
    data = f'<!DOCTYPE opml [<!ENTITY x0 "lol">{bomb}]>'
    data += listed(f'<outline text="&x19;" xmlUrl="{WHEREVER}">&x19;</outline>')
    assert read_opml(data.encode()) == [Feed("&x19;", WHEREVER)]


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: listed(text).encode()))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(NotOpmlError):
        assert all(isinstance(feed, Feed) for feed in read_opml(data))


# Sources


@pytest.mark.parametrize(
    "same",
    [
        "http://example.org/feed",
        "https://www.example.org/feed/",
        "HTTPS://WWW.Example.ORG/feed",
        "https://example.org:443/feed",
        "http://example.org:80/feed",
    ],
)
def test_addresses_that_are_taken_for_one(same: str) -> None:
    assert feed_key(same) == feed_key("https://example.org/feed")


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/Feed",
        "https://example.org/feed?a",
        "https://example.org:8443/feed",
        "https://news.example.org/feed",
        "https://me@example.org/feed",
        "https://example.org/",
    ],
)
def test_addresses_that_are_not(other: str) -> None:
    assert feed_key(other) != feed_key("https://example.org/feed")


def test_a_feed_in_two_folders_is_one_source_with_both_topics() -> None:
    feeds = [
        Feed("", "https://a.example/", ("News",)),
        Feed("A", "http://www.a.example", ("news", "Rail")),
    ]
    found = compare_feeds(feeds, ())
    assert found.known == 0
    (source,) = found.sources
    assert (source.id, source.name, source.url) == ("a", "A", "https://a.example/")
    assert source.topics == ("News", "Rail")


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed://x.example/rss", "http://x.example/rss"),
        ("feed:https://x.example/rss", "https://x.example/rss"),
        ("FEED://www.x.example/rss", "http://www.x.example/rss"),
    ],
)
def test_the_scheme_of_feeds_is_that_of_the_web(written: str, url: str) -> None:
    (source,) = compare_feeds([Feed("X", written)], ()).sources
    assert source.url == url
    assert feed_address(written) == url
    assert not compare_feeds([Feed("X", written)], (source,)).sources


def test_what_is_known_and_what_cannot_be_used_is_told() -> None:
    there = SourceConfig(id="a", kind="feed", url="http://a.example/x/")
    saved = SourceConfig(id="s", kind="feed", paths=("x",))
    ftp, none = Feed("F", "ftp://a.example/", (), 3), Feed("N", "")
    found = compare_feeds([Feed("A", "https://A.example/x"), ftp, ftp, none], (there, saved))
    assert (found.sources, found.known) == ((), 1)
    expected = "expected an address that begins with http:// or https://"
    assert found.unusable == (UnusableFeed(ftp, expected), UnusableFeed(none, "it has no address"))


@pytest.mark.parametrize(
    ("title", "host", "made"),
    [
        ("The Gullhaven Lantern", "l.example", "the-gullhaven-lantern"),
        ("Today’s Café — Ærø!", "c.example", "todays-cafe-r"),
        ("東京新聞", "www.tokyo.example", "tokyo-example"),
        ("2024", "n.example", "n-example"),
        ("", "[::1]", "feed"),
        ("A very long name of a newspaper, indeed", "x", "a-very-long-name-of-a-newspaper"),
        ("Known", "x", "known-2"),
    ],
)
def test_ids(title: str, host: str, made: str) -> None:
    known = SourceConfig(id="known", kind="archive", paths=("x",))
    (source,) = compare_feeds([Feed(title, f"http://{host}/")], (known,)).sources
    assert source.id == made


def test_many_feeds_of_one_title_have_ids_of_their_own() -> None:
    feeds = [Feed("RSS " * 20, f"https://a.example/{number}") for number in range(2_000)]
    ids = [source.id for source in compare_feeds(feeds, ()).sources]
    assert ids[0] == "rss-rss-rss-rss-rss-rss-rss-rss"
    assert len(set(ids)) == 2_000
    assert max(map(len, ids)) == 32


@given(st.text())
def test_any_text_in_quotes_is_the_same_text_in_toml(text: str) -> None:
    assert tomllib.loads(f"x = {toml_text(text)}")["x"] == text


# There and back

NAMES = st.text(max_size=200)
URLS = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["http", "https", "ftp"]),
    st.sampled_from(["a.example", "www.a.example", "b.example:8080", "[::1]"]),
    st.text(max_size=20),
)
FEEDS = st.lists(st.builds(Feed, NAMES, URLS, st.lists(NAMES, max_size=3).map(tuple)), max_size=8)


@given(FEEDS)
def test_whatever_a_list_says_becomes_sources_that_are_accepted(feeds: list[Feed]) -> None:
    sources = compare_feeds(feeds, ()).sources
    assert tomllib.loads("".join(map(source_block, sources))).get("sources", []) == [
        {
            "id": source.id,
            "kind": "feed",
            **({"name": source.name} if source.name else {}),
            "url": source.url,
            **({"topics": list(source.topics)} if source.topics else {}),
        }
        for source in sources
    ]


@given(feeds=FEEDS)
def test_sources_are_read_back_as_they_were_made(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]
) -> None:
    path = tmp_path_factory.getbasetemp() / "made.toml"
    sources = compare_feeds(feeds, ()).sources
    path.write_bytes("\n".join(map(source_block, sources)).encode())
    assert read_config(path, {}).sources == sources


@given(FEEDS)
def test_what_is_written_brings_nothing_new_when_it_is_read(feeds: list[Feed]) -> None:
    sources = compare_feeds(feeds, ()).sources
    data = write_opml("List", [Feed(one.name or one.id, one.url, one.topics) for one in sources])
    again = compare_feeds(read_opml(data), sources)
    assert (again.sources, again.known, again.unusable) == ((), len(sources), ())


@given(st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=3)), max_size=5), NAMES)
def test_what_is_written_is_well_formed_for_any_names(
    names: list[tuple[str, list[str]]], title: str
) -> None:
    data = write_opml(title, [Feed(name, WHEREVER, tuple(topics)) for name, topics in names])
    ET.fromstring(data)  # noqa: S314 - it is our own


# What a list cannot keep: escapes of HTML in titles are undone, for others write them; white space
# at a title's ends, and a blank name of a folder.
PLAIN = st.text(st.characters(exclude_characters="&", exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(st.tuples(PLAIN, st.lists(PLAIN, max_size=3, unique_by=str.casefold)), max_size=5))
def test_titles_addresses_and_topics_survive(names: list[tuple[str, list[str]]]) -> None:
    feeds = [
        Feed(name, f"https://{number}.example/?a=1&b=<'\">", tuple(topics))
        for number, (name, topics) in enumerate(names)
    ]
    there = {(feed.title, feed.url, topic) for feed in feeds for topic in feed.topics or [""]}
    back = {
        (feed.title, feed.url, topic)
        for feed in read_opml(write_opml("", feeds))
        for topic in feed.topics or [""]
    }
    fold = str.casefold
    assert {(a, b, fold(c)) for a, b, c in back} == {(a, b, fold(c)) for a, b, c in there}
