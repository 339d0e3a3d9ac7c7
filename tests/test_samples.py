"""The stories that the bot serves before it is configured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import bot
from adapters.sources.archive.source import ArchiveSource
from bot.config.load import read_config
from bot.model import Story
from bot.search.query import Query, Term, parse
from bot.text.tokenizer import words

SAMPLES = Path(bot.__file__).parent / "samples"
WRITTEN = datetime(2026, 11, 23, tzinfo=UTC)


async def stories() -> list[Story]:
    """Every sample story, read as the configuration says."""
    found: list[Story] = []
    for each in read_config(SAMPLES / "config.toml", {}).sources:
        source = ArchiveSource(each.source(), pattern=each.paths, link=None, encoding=each.encoding)
        fetched = await source.fetch()
        assert fetched.unreadable == ()
        found += fetched.stories
    return found


def holds(story: Story, terms: Iterable[Term]) -> bool:
    text = f" {' '.join(words(f'{story.title} {story.text}'))} "
    return all(f" {' '.join(term.words)} " in text for term in terms)


def matching(found: list[Story], asked: Query) -> list[Story]:
    return [
        story
        for story in found
        if any(holds(story, group) for group in asked.alternatives)
        and not any(holds(story, [term]) for term in asked.without)
    ]


async def test_the_samples_are_two_papers_with_a_dozen_stories() -> None:
    found = await stories()
    assert len(found) >= 12
    assert {story.source for story in found} == {"lantern", "copperline"}
    assert len({story.id for story in found}) == len(found)


async def test_the_samples_lie_between_a_few_days_and_two_years_back() -> None:
    days = sorted((WRITTEN - story.published).days for story in await stories())
    assert 2 <= days[0] <= 7
    assert 600 <= days[-1] <= 800
    assert len(set(days)) == len(days)


async def test_the_samples_are_worth_reading() -> None:
    for story in await stories():
        texts = [paragraph.text for paragraph in story.paragraphs if not paragraph.heading]
        assert 3 <= len(texts) <= 6, story.title
        assert all(text.endswith((".", "”")) and len(text) > 40 for text in texts), story.title
        assert len(story.place) > 3


async def test_the_samples_show_what_an_archive_can_hold() -> None:
    found = await stories()
    assert any(paragraph.heading for story in found for paragraph in story.paragraphs)
    assert {story.byline for story in found} == {"", "R.A.", "SJ/HK"}
    everything = "".join(story.title + story.place + story.text for story in found)
    assert set("’“”éÍÜ") <= set(everything)


async def test_every_sample_topic_has_several_stories_but_not_all() -> None:
    found = await stories()
    topics = read_config(SAMPLES / "config.toml", {}).topics
    assert len(topics) >= 3
    for topic in topics:
        assert 2 <= len(matching(found, parse(topic.query))) <= len(found) // 2 + 1, topic.name


async def test_what_a_sample_topic_leaves_out_makes_a_difference() -> None:
    found = await stories()
    topics = read_config(SAMPLES / "config.toml", {}).topics
    excluding = [asked for topic in topics if (asked := parse(topic.query)).without]
    assert excluding
    for asked in excluding:
        assert len(matching(found, asked)) < len(matching(found, replace(asked, without=()))), asked
