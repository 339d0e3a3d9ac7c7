"""Broad subjects in the store: kept, found anew by a rebuild, and shown as topics."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from stores import open_store, store
from stories import NOW, batch, filed, story

from bot.chat.ports import Store
from bot.i18n import load as load_translations
from bot.ingest.batch import StoryBatch
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.subjects.classifier import SubjectClassifier
from bot.ingest.subjects.names import with_subjects
from bot.ingest.subjects.rebuild import rebuild_subjects, report_outdated_subjects
from bot.ingest.subjects.weights import parse, read_weights, write
from bot.model import Story, Topic
from bot.search.query import Filter

__all__ = ["open_store", "store"]

TOPICS = with_subjects((Topic("Derby", query="derby"),), load_translations("en").gettext)
GAME = story("Striker scores twice as United win the derby", "The coach praised the team's goals.")
SHARES = story("Shares fall after weak profit", "Investors sold the stock as revenue missed.")
QUIET = story("What I did on Tuesday", "I got up, had tea, and looked out of the window.")
STORIES = (GAME, SHARES, QUIET)


def nothing(_done: int, _total: int) -> None:
    """Shows nothing."""


def assigner() -> SubjectAssigner:
    return SubjectAssigner(TOPICS)


async def enrich(store: Store, *stories: Story) -> None:
    enricher = StoryEnricher(TOPICS, subjects=assigner())
    await store.ingest.write(StoryBatch([enricher.enrich(one, NOW) for one in filed(stories)], NOW))


async def topics_of(store: Store, *stories: Story) -> list[tuple[str, ...]]:
    return [one.topics for one in await store.stories.by_ids([each.id for each in stories])]


EXPECTED = [("Derby", "Sports"), ("Business",), ()]


async def test_stories_stand_under_their_subjects(store: Store) -> None:
    await store.ingest.set_topics(TOPICS)
    await enrich(store, *STORIES)
    assert await topics_of(store, *STORIES) == EXPECTED
    (found,) = (await store.stories.latest(Filter(topic="Sports"), 5)).stories
    assert found.id == GAME.id


async def test_subjects_without_stories_are_no_topics_to_readers(store: Store) -> None:
    await store.ingest.set_topics(TOPICS)
    assert await store.stories.topic_counts() == {"Derby": 0}
    await enrich(store, *STORIES)
    assert await store.stories.topic_counts() == {"Derby": 1, "Business": 1, "Sports": 1}


async def test_topics_that_change_leave_subjects_as_they_are(store: Store) -> None:
    await store.ingest.set_topics(TOPICS)
    await enrich(store, *STORIES)
    await store.ingest.set_topics(TOPICS[1:])
    assert await topics_of(store, *STORIES) == [("Sports",), ("Business",), ()]
    await store.ingest.set_topics(())
    assert await topics_of(store, *STORIES) == [(), (), ()]
    await store.ingest.set_topics(TOPICS)
    assert await topics_of(store, *STORIES) == EXPECTED


async def test_a_rebuild_finds_the_subjects_of_stories_from_before(store: Store) -> None:
    await store.ingest.set_topics(TOPICS)
    await store.ingest.write(batch(STORIES, TOPICS))
    assert await topics_of(store, *STORIES) == [("Derby",), (), ()]

    told: list[tuple[int, int]] = []
    done = await rebuild_subjects(store.subjects, TOPICS, assigner(), lambda *now: told.append(now))
    assert (done, told) == (3, [(0, 3), (3, 3)])
    assert await topics_of(store, *STORIES) == EXPECTED
    assert await rebuild_subjects(store.subjects, TOPICS, assigner(), nothing) == 0


async def test_another_table_takes_old_subjects_away_and_no_other_topic(store: Store) -> None:
    await store.ingest.set_topics(TOPICS)
    await enrich(store, *STORIES)
    ignorant = parse("\n".join(write(read_weights()).splitlines()[:3]))
    other = SubjectAssigner(TOPICS, SubjectClassifier(ignorant))
    assert await rebuild_subjects(store.subjects, TOPICS, other, nothing) == 3
    assert await topics_of(store, *STORIES) == [("Derby",), (), ()]


async def test_a_story_that_changes_meanwhile_keeps_what_it_got(store: Store) -> None:
    await store.ingest.set_topics(TOPICS)
    await store.ingest.write(batch([GAME], TOPICS))
    (kept,) = await store.subjects.outdated(assigner().method, 0, 10)
    changed = replace(GAME, paragraphs=SHARES.paragraphs, title="Shares fall after the derby")
    await enrich(store, changed)
    before = await topics_of(store, changed)
    await store.subjects.replace([replace(kept, subject="health", method="old")])
    assert await topics_of(store, changed) == before
    assert await store.subjects.count_outdated(assigner().method) == 0


async def test_the_log_says_what_a_rebuild_would_find(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await store.ingest.write(batch(STORIES))
    await report_outdated_subjects(store.subjects, assigner())
    assert "the subjects of 3 stories are not known" in caplog.text
    caplog.clear()
    await rebuild_subjects(store.subjects, TOPICS, assigner(), nothing)
    await report_outdated_subjects(store.subjects, assigner())
    assert caplog.text == ""
