"""Which stories of a source are new, by cases as feeds bring them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW, story

from bot.ingest.change_detection import Decision, decide
from bot.ingest.fingerprints import fingerprint
from bot.model import Story
from bot.text.canonical_urls import CanonicalUrl, canonical_url

LONG = "A long text that nobody would write in the very same words a second time. " * 4
BEFORE = story(
    "Tram opens",
    LONG,
    key="guid-1",
    url="https://example.org/2026/tram?id=7",
    published=NOW - timedelta(hours=3),
)
OTHER = story("Other", "Other text.", key="guid-9", url="https://example.org/other")


def decided(*now: Story, before: tuple[Story, ...] = (BEFORE, OTHER)) -> Decision:
    return decide({one.key: fingerprint(one) for one in before}, now)


# What becomes of a known story, and whether it is new then.
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "unchanged"),
    "its guid": ({"key": "guid-2"}, "changed"),
    "its link to https": ({"url": "http://www.example.org/2026/tram/?id=7"}, "changed"),
    "its link and its guid": (
        {"key": "guid-2", "url": "http://example.org/2026/tram?id=7&utm_source=rss"},
        "changed",
    ),
    "its link gains a parameter": (
        {"key": "https://example.org/2026/tram?id=7&from=feed"}
        | {"url": "https://example.org/2026/tram?id=7&from=feed"},
        "changed",
    ),
    "its date": ({"published": NOW}, "changed"),
    "its date and its guid": ({"key": "guid-2", "published": NOW}, "changed"),
    "its title": ({"title": "Tram opens at last"}, "changed"),
    "its title and its guid": ({"key": "guid-2", "title": "Tram opens at last"}, "changed"),
    "its text": ({"paragraphs": OTHER.paragraphs}, "changed"),
    "its text and its guid": ({"key": "guid-2", "paragraphs": OTHER.paragraphs}, "changed"),
    "guid, link and title": (
        {"key": "guid-2", "url": "https://other.example/x", "title": "A tram opens"},
        "changed",
    ),
    "guid, link and text": (
        {"key": "guid-2", "url": "https://other.example/x", "paragraphs": OTHER.paragraphs},
        "changed",
    ),
    "guid, text, title and date": (
        {"key": "guid-2", "title": "Rain", "paragraphs": (), "published": NOW},
        "new",  # a page that shows another story each day
    ),
    "guid, link, text and date": (
        {"key": "guid-2", "url": "https://example.org/x", "paragraphs": (), "published": NOW},
        "new",  # a headline that comes again each day
    ),
    "everything": (
        {"key": "guid-2", "url": "https://example.org/x", "title": "Rain", "paragraphs": ()}
        | {"published": NOW},
        "new",
    ),
}


@pytest.mark.parametrize(("change", "expected"), CASES.values(), ids=CASES)
def test_what_becomes_of_a_known_story(change: dict[str, Any], expected: str) -> None:
    after = replace(BEFORE, **change)
    decision = decided(after, OTHER)

    assert (len(decision.new), len(decision.changed)) == {
        "new": (1, 0),
        "changed": (0, 1),
        "unchanged": (0, 0),
    }[expected]
    if decision.changed:
        assert decision.changed[0].story.id == BEFORE.id
        assert decision.changed[0].fingerprint.key == after.key
    assert decision.news == decision.new


def test_a_story_that_is_still_given_is_not_taken_for_another() -> None:
    copy = replace(BEFORE, key="guid-2")
    assert [filed.story.key for filed in decided(BEFORE, copy).new] == ["guid-2"]


def test_rewriting_every_guid_gives_nothing_new() -> None:
    before = tuple(
        story(f"Story {n}", f"{LONG} {n}", key=f"old-{n}", url=f"https://example.org/?p={n}")
        for n in range(50)
    )
    after = [replace(one, key=f"new-{one.key}") for one in before]
    decision = decided(*after, before=before)
    assert (len(decision.new), len(decision.changed), decision.unchanged) == (0, 50, 0)
    assert {filed.story.id for filed in decision.changed} == {one.id for one in before}


def test_the_first_look_at_a_source_is_no_news() -> None:
    items = [story(f"Story {n}", key=str(n)) for n in range(500)]
    decision = decide({}, items, first=True)
    assert (len(decision.new), decision.news) == (500, ())
    assert len(decide({}, items).news) == 500


def test_a_story_without_a_date_keeps_the_one_it_was_first_seen_at() -> None:
    first = story("No date", "Text.", published=NOW, undated=True)
    (filed,) = decide({}, [first]).new
    assert (filed.story.published, filed.story.undated) == (NOW, False)

    known = {first.key: filed.fingerprint}
    later = replace(first, published=NOW + timedelta(hours=1))
    assert decide(known, [later]).unchanged == 1
    edited = replace(later, title="No date!")
    (changed,) = decide(known, [edited]).changed
    assert changed.story.published == NOW


@given(st.lists(st.sampled_from([BEFORE, OTHER]), max_size=2, unique_by=lambda one: one.key))
def test_what_is_given_again_is_unchanged(now: list[Story]) -> None:
    assert decided(*now).unchanged == len(now)


# Pages


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a/b?x=1&y=2",
        "http://www.Example.org:80/a/b/?y=2&x=1",
        "https://example.org/a/b?x=1&utm_source=rss&y=2&fbclid=abc",
    ],
)
def test_the_same_page_is_told_by_many_links(url: str) -> None:
    assert canonical_url(url) == CanonicalUrl(
        "example.org/a/b", frozenset({("x", "1"), ("y", "2")})
    )


@pytest.mark.parametrize(
    "url", ["https://example.org/", "https://example.org", "", "x", "http://["]
)
def test_a_whole_site_is_no_page(url: str) -> None:
    assert canonical_url(url) is None


def test_parameters_and_fragments_tell_pages_apart() -> None:
    assert canonical_url("https://example.org/?p=1") != canonical_url("https://example.org/?p=2")
    assert canonical_url("https://example.org/log#1") != canonical_url("https://example.org/log#2")
    one, more = (
        canonical_url("https://example.org/?p=1"),
        canonical_url("https://example.org/?p=1&from=x"),
    )
    assert one
    assert more
    assert one.extends(more)
    assert not one.extends(CanonicalUrl("example.org", frozenset({("p", "2")})))


@given(st.text(max_size=40))
def test_no_link_is_an_error(url: str) -> None:
    canonical_url(url)
    canonical_url(f"https://{url}")
