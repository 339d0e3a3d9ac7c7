"""Finds the topics of an archive that its user names, and prints them and what that costs.

The archive is what `dateline` takes for one, or JSON lines (also gzipped) with `title` and `body`
or `desc`. Beside the milliseconds a story stands a floor in the same run: to cut the same texts
into their words.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import facts, show

from adapters.sources.archive.source import ArchiveSource
from bot.clock import SystemClock
from bot.ingest.batch import StoryBatch
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import StoryRecord
from bot.ingest.topics.activity import TopicActivity
from bot.ingest.topics.candidates import story_names
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.model import Paragraph, Source, Story, story_id
from bot.text.tokenizer import words
from store.sqlite import SqliteStore

_BATCH = 500
_SOURCE = Source("bench", "The Bench", "archive", timedelta(hours=1))


def read_stories(path: Path, limit: int) -> Sequence[Story]:
    """Reads the stories of an archive, or of JSON lines."""
    if ".jsonl" in path.name:
        return list(_json_stories(path, limit))
    source = ArchiveSource(_SOURCE, pattern=(str(path),), link=None)
    return asyncio.run(source.fetch()).stories[:limit]


def _json_stories(path: Path, limit: int) -> Iterator[Story]:
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    start = datetime(2020, 1, 1, tzinfo=UTC)
    for at, line in enumerate(lines[:limit]):
        given = json.loads(line)
        text = given.get("body") or given.get("desc") or ""
        paragraphs = tuple(Paragraph(one.strip()) for one in text.splitlines() if one.strip())
        published = start + timedelta(minutes=5 * at)
        yield Story(
            story_id("bench", str(at)),
            "bench",
            str(at),
            given["title"],
            published,
            paragraphs=paragraphs,
        )


def _per_story(stories: Sequence[Story], work: Callable[[Story], object]) -> float:
    """Returns the milliseconds of processor time that some work takes for a story."""
    work(stories[0])  # what is loaded once is no part of it
    start = time.process_time()
    for story in stories:
        work(story)
    return (time.process_time() - start) * 1_000 / len(stories)


async def find(stories: Sequence[Story], path: Path) -> tuple[Sequence[TopicActivity], float]:
    """Returns the topics of stories, as a store has them, and the seconds of the last selection."""
    async with await SqliteStore.open(path) as store:
        catalogue, clock = TopicCatalogue(()), SystemClock()
        upkeep = TopicUpkeep(store.topics, catalogue, clock)
        enricher = StoryEnricher(catalogue=catalogue)
        for start in range(0, len(stories), _BATCH):
            records = [
                enricher.enrich(StoryRecord(one, fingerprint(one)), clock.now())
                for one in stories[start : start + _BATCH]
            ]
            await store.ingest.write(StoryBatch(records, clock.now()))
            await upkeep.settle()
        begun = time.perf_counter()
        await upkeep.settle(at_once=True)
        took = time.perf_counter() - begun
        return await store.topics.activity(stories[-1].published), took


def report(stories: Sequence[Story], folder: Path, most: int) -> None:
    """Measures, and prints the tables."""
    finding = _per_story(stories, story_names)
    floor = _per_story(stories, lambda one: words(f"{one.title}\n{one.text}"))
    topics, took = asyncio.run(find(stories, folder / "topics.db"))
    print(f"{facts()}; {len(stories):,} stories")
    rows = [
        ("Names of a story", f"{finding:.2f} ms", f"{finding / floor:.1f}"),
        ("Floor: its words", f"{floor:.2f} ms", "1.0"),
        ("Selection over all", f"{took * 1_000:.0f} ms", ""),
    ]
    show("Finding topics", ("What", "time", "x floor"), rows)
    ranked = sorted(topics, key=lambda one: -one.stories)[:most]
    show(
        f"{len(topics)} topics",
        ("Topic", "from", "stories", "this week"),
        [(one.name, one.origin.value, str(one.stories), str(one.recent)) for one in ranked],
    )


def main() -> None:
    """Reads the options, and measures in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(description="Find the topics of an archive.")
    parser.add_argument("archive", type=Path)
    parser.add_argument("--stories", type=int, default=20_000, help="at most so many")
    parser.add_argument("--topics", type=int, default=100, help="how many are printed")
    options = parser.parse_args()
    stories = read_stories(options.archive, options.stories)
    with tempfile.TemporaryDirectory() as folder:
        report(stories, Path(folder), options.topics)


if __name__ == "__main__":
    main()
