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
from bot.ingest.results import Fingerprint
from bot.ingest.similarity import sketch
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
    return decide({one.key: as_kept(one) for one in before}, now)


def as_kept(one: Story) -> Fingerprint:
    return replace(fingerprint(one), sketch=sketch(one.text))


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


def alert(title: str, text: str, hours: float, url: str | None = None, **other: Any) -> Story:
    """A feed's only story, which says what is in force now."""
    published = NOW + timedelta(hours=hours)
    return story(title, text, key="current", url=url, published=published, **other)


TORNADO = ("Tornado warning for Bay county", "Go to the cellar at once and stay away from windows.")
FLOOD = ("Water rises along the lower river", "Boats and cars are to be moved to higher ground.")
HEAT = ("Heat expected until Sunday", "Drink enough, and look after your neighbours this week.")


@pytest.mark.parametrize("url", [None, "https://a.org/now"])
@pytest.mark.parametrize("texts", [True, False])
def test_the_only_story_of_a_feed_is_another_when_all_but_its_key_is(
    url: str | None, *, texts: bool
) -> None:
    known: dict[str, Fingerprint] = {}
    for hours, (title, text) in enumerate((TORNADO, FLOOD, HEAT)):
        given_now = alert(title, text if texts else "", hours, url)
        found = decide(known, [given_now])
        assert len(found.new) == 1
        known |= {one.story.key: one.fingerprint for one in found.new}
        again = decide(known, [given_now])
        assert (again.new, again.changed) == ((), ())


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TORNADO[0], FLOOD[1]),
        (TORNADO[0] + " is extended", TORNADO[1] + " Until nine."),
        ("All clear", TORNADO[1] + " This is over since nine."),
        ("Tornado warning for the Bay county", FLOOD[1]),
    ],
)
def test_the_only_story_of_a_feed_is_changed_when_it_is_plainly_the_same(
    title: str, text: str
) -> None:
    first, second = alert(*TORNADO, 0), alert(title, text, 3)
    found = decided(second, before=(first,))
    assert (len(found.new), len(found.changed)) == (0, 1)


def test_the_second_of_two_stories_of_one_key_is_edited_as_itself() -> None:
    known: dict[str, Fingerprint] = {}
    for one in (alert(*TORNADO, 0), alert(*FLOOD, 2)):
        known |= {each.story.key: each.fingerprint for each in decide(known, [one]).new}
    found = decide(known, [alert(FLOOD[0] + " now", FLOOD[1] + " Soon.", 4)])
    assert not found.new
    assert [one.story.id for one in found.changed] == [list(known.values())[1].id]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Schools shut after water pipe bursts", LONG.replace("nobody", "no one", 1)),
        ("610 seals on the sandbanks", LONG + "It was said on Monday."),
    ],
)
def test_another_title_at_the_same_moment_with_nearly_the_same_text_is_a_correction(
    title: str, text: str
) -> None:
    now = replace(BEFORE, key="guid-2", title=title, url="https://example.org/2026/corrected")
    older = replace(OTHER, published=NOW - timedelta(hours=9))
    now = replace(now, paragraphs=story("", text).paragraphs)
    found = decided(now, older, before=(BEFORE, older))
    assert (len(found.new), len(found.changed)) == (0, 1)


WARNING = "Flood warning for {} and all villages around it"


@pytest.mark.parametrize("later", [timedelta(), timedelta(hours=2)])
@pytest.mark.parametrize(
    ("title", "is_new"),
    [
        (WARNING.format("Lake"), True),
        (WARNING.format("Old Ravno"), True),
        (WARNING.format("Hill and Lake"), False),
        (WARNING.format("Hyll"), False),
        (WARNING.format("Hill").replace("all villages", "every village"), False),
        (WARNING.format("Hill").title(), False),
    ],
)
def test_what_is_in_force_elsewhere_is_no_correction_of_what_was(
    title: str, later: timedelta, *, is_new: bool
) -> None:
    """A list of alerts in force, of which one has ended in the midst, and one is new."""
    text = "Rivers near {} may rise at once. " + LONG
    older, hill, newer = (
        story(WARNING.format(name), text.format(name), key=name, url=f"https://a.org/{name}")
        for name in ("Mill", "Hill", "Bay")
    )
    older = replace(older, published=NOW - timedelta(hours=9))
    hill = replace(hill, published=NOW - timedelta(hours=5))
    given_now = replace(hill, key="next", title=title, url="https://a.org/next")
    given_now = replace(given_now, published=hill.published + later)
    given_now = replace(given_now, paragraphs=story("", text.format("the lake")).paragraphs)
    found = decided(given_now, newer, older, before=(older, hill, newer))
    assert len(found.new) == int(is_new)


@pytest.mark.parametrize("form", ["{} | Town News", "Town News: {}"])
def test_a_new_engine_may_add_the_name_of_the_site_to_all_titles(form: str) -> None:
    titles = ("Cranes sold by the board", "Water main bursts again", "Bakery shuts its doors")
    before = tuple(
        story(one, f"{one}: a teaser…", key=f"old-{at}", url=f"https://example.org/{at}")
        for at, one in enumerate(titles)
    )
    before = tuple(
        replace(one, published=NOW - timedelta(hours=at)) for at, one in enumerate(before)
    )
    now = (
        replace(
            one,
            key=f"new-{at}",
            title=form.format(one.title),
            url=f"https://example.org/new/{at}",
            paragraphs=story("", f"{at} {LONG}").paragraphs,
        )
        for at, one in enumerate(before)
    )
    found = decided(*now, before=before)
    assert (len(found.new), len(found.changed)) == (0, 3)


def test_a_story_of_last_week_is_no_news_where_the_newest_one_was_deleted() -> None:
    newest = replace(BEFORE, published=NOW - timedelta(minutes=5))
    week = story("Seals", LONG, key="guid-3", published=NOW - timedelta(days=8))
    other = replace(OTHER, published=NOW - timedelta(hours=9))
    known = {one.key: as_kept(one) for one in (newest, other)}
    found = decide(known, [other, week], now=NOW)
    assert len(found.new) == 1
    assert not found.news


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
