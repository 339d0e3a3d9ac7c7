from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import TestDesk
from stories import NOW, day, filed, story

from bot.errors import SourceError
from bot.ingest.change_detection import decide
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.fingerprints import fingerprint
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult, Fingerprint, UnreadablePart
from bot.ingest.story_writer import BATCH
from bot.model import Paragraph, Story, story_id
from bot.search.ports import START, WordChanges
from bot.search.query import Filter


def _known(*stories: Story) -> dict[str, Fingerprint]:
    return {one.key: fingerprint(one) for one in stories}


# decide


def test_new_changed_and_unchanged_are_told_apart() -> None:
    same, old, new = story("same", "x"), story("old", "x"), story("new", "y")
    edited = replace(old, paragraphs=(Paragraph("edited"),))
    decision = decide(_known(same, old), [same, edited, new])

    assert [one.story for one in decision.new] == [new]
    assert [one.story for one in decision.changed] == [edited]
    assert decision.unchanged == 1


CHANGES = [
    {"title": "other"},
    {"published": NOW - timedelta(days=1)},
    {"date_only": True},
    {"url": "https://example.org/"},
    {"place": "TOKYO"},
    {"byline": "MU."},
    {"summary": "Other."},
    {"paragraphs": (Paragraph("other"),)},
    {"paragraphs": (Paragraph("text", heading=True),)},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_whatever_readers_see_of_a_story_is_watched(change: dict[str, object]) -> None:
    before = story("title", "text", key="k")
    after = story("title", "text", key="k", **change)
    assert len(decide(_known(before), [after]).changed) == 1


def test_a_retitled_story_keeps_its_id_and_is_not_new() -> None:
    before = story("Titel", "The same text.", key="titel")
    after = story("Title", "The same text.", key="title")
    decision = decide(_known(before), [after])

    (changed,) = decision.changed
    assert (decision.new, changed.story.id, changed.story.title) == ((), before.id, "Title")
    assert (changed.fingerprint.key, changed.fingerprint.id) == ("title", before.id)


def test_a_copy_under_another_title_is_new_while_the_first_is_still_given() -> None:
    one, two = story("One", "The same text.", key="one"), story("Two", "The same text.", key="two")
    assert [f.story.title for f in decide(_known(one), [one, two]).new] == ["Two"]
    empty_one, empty_two = story("One", key="one"), story("Two", key="two")
    assert [f.story.title for f in decide(_known(empty_one), [empty_two]).new] == ["Two"]


def test_a_new_story_never_takes_the_id_of_a_retitled_one() -> None:
    first = story("A", "First text.", key="a")
    retitled = replace(fingerprint(first), key="b")
    newcomer = story("A", "Second text.", key="a")
    decision = decide({"b": retitled}, [story("B", "First text.", key="b"), newcomer])

    (new,) = decision.new
    assert new.story.id not in {first.id, ""}
    assert new.fingerprint.id == new.story.id


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True),
    st.lists(st.sampled_from("abcdefgh"), unique=True),
)
def test_every_fetched_story_is_decided_once_and_ids_stay_unique(
    known: list[str], fetched: list[str]
) -> None:
    decision = decide(
        _known(*(story(name, f"text {ord(name) % 3}", key=name) for name in known)),
        [story(name, f"text {ord(name) % 3}", key=name) for name in fetched],
    )
    written = [*decision.new, *decision.changed]
    assert len(written) + decision.unchanged == len(fetched)
    assert len({one.story.id for one in written}) == len(written)


def test_an_id_is_made_of_source_and_key_alone_and_is_no_number() -> None:
    ids = {story_id("wire", f"key {n}") for n in range(5_000)}
    assert len(ids) == 5_000
    assert all(one[0].isalpha() and one.isalnum() and len(one) == 12 for one in ids)
    assert story_id("wire", "k") == story_id("wire", "k") != story_id("other", "k")


# enrichment


def test_a_date_in_the_future_is_moved_to_the_fetch() -> None:
    (ahead,) = filed([story("t", published=NOW + timedelta(hours=1))])
    assert StoryEnricher().enrich(ahead, NOW).story.published == NOW
    (dated,) = filed([story("t", published=day("2026-12-24"), date_only=True)])
    assert StoryEnricher().enrich(dated, NOW).story.published == day("2026-11-23")


def test_a_dateline_of_tomorrow_is_today_somewhere() -> None:
    late = NOW.replace(hour=20)
    (tomorrow,) = filed([story("t", published=day("2026-11-24"), date_only=True)])
    assert StoryEnricher().enrich(tomorrow, late).story.published == day("2026-11-24")


def test_a_summary_of_the_source_is_kept() -> None:
    given = "The publisher's own words."
    (own,) = filed([story("t", "Text.", summary=given)])
    (none,) = filed([story("t", "Text.")])
    kept, made = (StoryEnricher().enrich(one, NOW) for one in (own, none))
    assert (kept.story.summary, kept.given_summary) == (given, given)
    assert (made.story.summary, made.given_summary) == ("Text.", "")
    assert kept.summary_method == made.summary_method != ""


# the poller


async def _total(desk: TestDesk) -> int:
    return (await desk.store.stories.latest(Filter(), 1)).total


def _poller(desk: TestDesk) -> Poller:
    return desk.dispatcher.services.poller


@pytest.mark.slow
async def test_a_second_load_changes_nothing(desk: TestDesk) -> None:
    many = FetchResult(tuple(story(f"story {n}", f"text {n}") for n in range(BATCH * 2 + 7)))
    desk.wire.gives = [many, many]
    steps: list[tuple[str, int, int]] = []
    (first,) = await _poller(desk).load(["wire"], progress=lambda *step: steps.append(step))
    words = await desk.store.search.words_since(START)
    (second,) = await _poller(desk).load(["wire"])

    assert (first.new, first.changed, first.unchanged) == (1007, 0, 0)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 1007)
    assert await desk.store.search.words_since(words.cursor) == WordChanges({}, words.cursor)
    assert steps == [
        ("wire", 0, 1007),
        ("wire", 500, 1007),
        ("wire", 1000, 1007),
        ("wire", 1007, 1007),
    ]


async def test_a_story_with_a_clamped_date_does_not_change_at_every_poll(desk: TestDesk) -> None:
    ahead = FetchResult((story("t", published=NOW + timedelta(days=400)),))
    desk.wire.gives = [ahead, ahead]
    await _poller(desk).load(["wire"])
    desk.clock.pass_(3600)
    (again,) = await _poller(desk).load(["wire"])
    assert (again.changed, again.unchanged) == (0, 1)


async def test_one_source_in_trouble_does_not_stop_the_others(
    desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.wire.gives = [SourceError("no file"), RuntimeError("a bug")]
    desk.other.gives = [FetchResult((story("a", source="other"),)), FetchResult()]
    reports = await _poller(desk).load()
    assert [(r.source, r.error, r.new) for r in reports] == [
        ("wire", "no file", 0),
        ("other", "", 1),
    ]

    caplog.set_level("DEBUG")
    reports = await _poller(desk).load()
    assert reports[0].error == "unexpected RuntimeError: a bug; --debug shows where"
    assert "Traceback" in caplog.text


async def test_a_source_that_says_it_is_unchanged_keeps_its_report(desk: TestDesk) -> None:
    bad = (UnreadablePart("a.txt", 3, "why"),)
    desk.wire.gives = [
        FetchResult((story("a"),), bad, signature="one"),
        FetchResult(signature="one", unchanged=True),
    ]
    await _poller(desk).load(["wire"])
    (report,) = await _poller(desk).load(["wire"], again=False)

    assert desk.wire.asked == ["", "one"]
    assert (report.unchanged, report.new, report.unreadable) == (1, 0, bad)
    assert (await desk.store.sources.states())["wire"].signature == "one"


async def test_what_was_never_loaded_is_loaded_first(desk: TestDesk) -> None:
    desk.wire.gives = [FetchResult((story("a"),))]
    desk.other.gives = [SourceError("no file"), FetchResult()]
    assert len(await _poller(desk).load_unloaded()) == 2
    assert [r.source for r in await _poller(desk).load_unloaded()] == ["other"]
    assert await _poller(desk).load_unloaded() == []


async def test_sources_are_polled_when_they_are_due(desk: TestDesk) -> None:
    desk.wire.gives = [
        FetchResult((story("a"),), signature="one"),
        FetchResult((story("a"), story("b"))),
    ]
    desk.other.gives = [FetchResult()]
    await _poller(desk).load()
    desk.clock.pass_(15 * 60 - 0.05)  # a hair before both are due
    desk.other.gives = [FetchResult()]
    looking = asyncio.create_task(_poller(desk).keep_polling())
    try:
        await asyncio.sleep(0.02)
        assert desk.wire.asked == [""]
        desk.clock.pass_(0.05)
        async with asyncio.timeout(5):
            while await _total(desk) < 2:
                await asyncio.sleep(0.01)
        assert desk.wire.asked == ["", "one"]
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
