"""Pages without a feed are read by their repeated structure, whatever that is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.sources.feed.model import NotAFeedError, ParsedFeed
from adapters.sources.page.reader import read_page

FOLDER = Path(__file__).parent / "data" / "pages"
INDEX: dict[str, dict[str, Any]] = json.loads((FOLDER / "index.json").read_text("utf-8"))
LISTS = [name for name, page in INDEX.items() if page["titles"]]
OTHERS = [name for name, page in INDEX.items() if not page["titles"]]
DATED = [name for name in LISTS if "dates" in INDEX[name]]


def read(name: str) -> ParsedFeed:
    return read_page((FOLDER / f"{name}.html").read_bytes(), "", INDEX[name]["url"])


def titles(feed: ParsedFeed) -> list[str]:
    return [item.title or item.paragraphs[0].text for item in feed.items]


@pytest.mark.parametrize("name", LISTS)
def test_the_stories_of_a_page_are_found_and_nothing_else(name: str) -> None:
    feed = read(name)
    assert titles(feed) == INDEX[name]["titles"]
    assert len({item.url for item in feed.items}) == len(feed.items)
    assert all(item.url and item.url.startswith("http") for item in feed.items)


@pytest.mark.parametrize("name", DATED)
def test_their_dates_are_read(name: str) -> None:
    dates = [f"{item.published:%Y-%m-%d}" if item.published else "" for item in read(name).items]
    assert dates == INDEX[name]["dates"]


@pytest.mark.parametrize("name", [name for name in LISTS if "first" in INDEX[name]])
def test_summaries_and_pictures_are_read(name: str) -> None:
    first = read(name).items[0]
    found = {field: getattr(first, field) for field in INDEX[name]["first"]}
    assert found == INDEX[name]["first"]


@pytest.mark.parametrize("name", OTHERS)
def test_a_page_that_is_no_list_is_refused_in_words(name: str) -> None:
    with pytest.raises(NotAFeedError, match="does not look like a list of stories"):
        read(name)


def test_a_story_with_a_box_of_others_is_no_list() -> None:
    paragraph = (
        "<p>The ferry left at nine, and the quay was as quiet as it is on any Sunday in winter.</p>"
    )
    box = "".join(
        f'<div class=more><h4><a href="/2026/11/another-story-{n}-of-the-bay">Another story of the '
        f"bay and its boats, part {n}</a></h4></div>"
        for n in range(6)
    )
    page = f"<h1>The last ferry</h1><article>{paragraph * 40}</article><section>{box}</section>"
    with pytest.raises(NotAFeedError):
        read_page(page.encode(), "", "https://e.org/2026/11/the-last-ferry")
    short = page.replace(paragraph * 40, paragraph)
    assert len(read_page(short.encode(), "", "https://e.org/bay").items) == 6
