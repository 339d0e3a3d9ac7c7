"""Ill-formed feeds: what is wrong with one item costs no other."""

from __future__ import annotations

import pytest

from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.repair import split_items


def _made(*items: str, head: str = "<rss version='2.0'><channel><title>B</title>") -> bytes:
    return (head + "".join(items) + "</channel></rss>").encode()


GOOD = "<item><title>T2</title><link>http://b.example/2</link></item>"
FAULTY = {
    "a misspelt end": "<item><title>T1</title><description>one</descripton></item>",
    "no end of a tag": "<item><title>T1</title><description><b>one</description></item>",
    "an end too many": "<item><title>T1</title></p></b><description>one</description></item>",
    "a section without an end": (
        "<item><title>T1</title><description><![CDATA[one</description></item>"
    ),
    "ends that cross": "<item><title>T1</title><description><i><b>one</i></b></description></item>",
    "a tag in a tag": "<item><title>T1</title><description <b>>one</description></item>",
}


@pytest.mark.parametrize("faulty", FAULTY.values(), ids=FAULTY)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_fault_in_one_item_costs_no_other(faulty: str, *, is_first: bool) -> None:
    rows = (faulty, GOOD, GOOD.replace("2", "3"))
    found = parse_feed(_made(*(rows if is_first else rows[::-1])), "", "http://b.example/feed")
    assert sorted(one.title for one in found.items) == ["T1", "T2", "T3"]
    assert not found.problems
    assert found.warnings


def test_an_item_that_is_whole_is_not_cut_off_where_only_the_end_of_the_feed_is_missing() -> None:
    whole = _made(GOOD, GOOD.replace("2", "3"))
    for missing in ("</rss>", "</channel></rss>"):
        found = parse_feed(whole.removesuffix(missing.encode()), "", "http://b.example/feed")
        assert (len(found.items), found.problems) == (2, ())
        assert found.warnings


@pytest.mark.parametrize(
    "names", ["item", "title", "channel", "item title link", "rss channel item title"]
)
def test_names_in_capital_letters_lose_no_item(names: str) -> None:
    body = _made(GOOD, GOOD.replace("2", "3")).decode()
    for name in names.split():
        body = body.replace(f"<{name}", f"<{name.upper()}").replace(
            f"</{name}", f"</{name.upper()}"
        )
    found = parse_feed(body.encode(), "", "http://b.example/feed")
    assert sorted(one.title for one in found.items) == ["T2", "T3"]


@pytest.mark.parametrize("stray", ["</item>", "</item></item></item>", "</entry>\n</item>"])
def test_halves_of_a_document_are_shorter_whatever_ends_before_anything_begins(stray: str) -> None:
    head = f"<rss version={stray}><channel><title>A feed</title>"
    text = f"{head}<item><title>One</title></item><item><title>Two</title></item></channel></rss>"
    halves = split_items(text)
    assert halves
    assert all(len(half) < len(text) for half in halves)
    assert [split_items(half) for half in halves] == [None, None]
