"""Characters that feeds write as references, in titles and texts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.encoding import join_surrogates
from adapters.sources.feed.model import NotAFeedError, ParsedItem
from adapters.sources.feed.parse import parse_feed

VERSION = "https://jsonfeed.org/version/1"


def only(document: str) -> ParsedItem:
    (item,) = parse_feed(document.encode(), "", "http://e.org/feed").items
    return item


def rss(title: str, description: str = "") -> str:
    return (
        f'<rss version="2.0"><channel><title>t</title><item><title>{title}</title>'
        f"<description>{description}</description></item></channel></rss>"
    )


PAIRS = ["&#55357;&#56832;", "&#xD83D;&#xDE00;", "&#xd83d;&#xde00;", "&amp;#55357;&amp;#56832;"]


@pytest.mark.parametrize("written", PAIRS)
def test_halves_of_a_character_are_joined(written: str) -> None:
    item = only(rss(f"Party {written} tonight", f"<![CDATA[<p>Dance {PAIRS[0]}</p>]]>"))
    assert item.title == "Party 😀 tonight"
    assert item.summary == "Dance 😀"


def test_a_feed_with_halves_of_characters_is_not_called_malformed() -> None:
    feed = parse_feed(rss(f"Party {PAIRS[0]}").encode(), "", "http://e.org/feed")
    assert not feed.problems


@given(sign=st.characters(min_codepoint=0x10000), form=st.sampled_from(["&#{};", "&#x{:x};"]))
def test_any_character_beyond_the_first_plane_can_be_written_in_halves(
    sign: str, form: str
) -> None:
    halves = sign.encode("utf-16-be")
    pair = (int.from_bytes(halves[:2]), int.from_bytes(halves[2:]))
    assert join_surrogates("".join(map(form.format, pair))) == f"&#{ord(sign)};"


@given(text=st.text("&#x0123456789abcdfD;p "))
def test_nothing_but_halves_is_joined(text: str) -> None:
    joined = join_surrogates(text)
    assert joined == text or len(joined) < len(text)


@pytest.mark.parametrize(
    "text", ["&#55357;", "&#56832;&#55357;", "&#55357; &#56832;", "&#65;&#66;"]
)
def test_single_halves_and_other_references_stay(text: str) -> None:
    assert join_surrogates(text) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Mayor calls it a &#8216;joke&#8217; &amp; leaves", "Mayor calls it a ‘joke’ & leaves"),
        ("Caf&eacute; opens", "Café opens"),
        ("Party &#55357;&#56832;", "Party 😀"),
        ("Party \\ud83d\\ude00", "Party 😀"),
        ("AT&T, R&D", "AT&T, R&D"),
        ("Using the <b> tag", "Using the <b> tag"),
        ("5 < 6 & 7 > 6", "5 < 6 & 7 > 6"),
    ],
)
def test_titles_of_json_feeds_may_have_entities(written: str, shown: str) -> None:
    items = [{"id": "1", "title": "?", "summary": "?", "content_html": "<p>x</p>"}]
    document = json.dumps({"version": VERSION, "title": "b", "items": items})
    item = only(document.replace("?", written))
    assert (item.title, item.summary) == (shown, shown)


@pytest.mark.parametrize(
    "document",
    [
        {"version": "https://jsonfeed.org/version/1.1", "title": "Comments"},
        {"version": VERSION},
        {"version": VERSION, "title": "b", "items": None},
        {"version": VERSION, "title": "b", "items": []},
    ],
)
def test_a_json_feed_without_items_is_an_empty_feed(document: dict[str, object]) -> None:
    feed = parse_feed(json.dumps(document).encode(), "", "http://e.org/feed")
    assert (feed.items, feed.problems) == ((), ())


@pytest.mark.parametrize(
    "document", [{}, {"title": "x"}, {"version": "2.0"}, {"items": []}, {"version": 1, "x": []}]
)
def test_other_json_is_no_feed(document: dict[str, object]) -> None:
    with pytest.raises(NotAFeedError):
        parse_feed(json.dumps(document).encode(), "", "http://e.org/feed")
