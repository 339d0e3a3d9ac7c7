"""Vectors are made in the background: the newest first, once each, and while nobody searches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from scripted_embedder import ScriptedEmbedder
from stories import batch, story
from times import FreeTime, settle

from bot.chat.ports import Store
from bot.errors import EmbeddingError, RefusedTextError
from bot.search.meaning.meaning_search import MeaningSearch
from bot.search.meaning.ports import UnembeddedStory
from bot.search.meaning.reference_texts import DECOYS, OTHER_SCRIPTS, SUBJECTS
from bot.search.meaning.vector_maker import VectorMaker, passage_text
from bot.search.query import Filter
from store.sqlite import SqliteStore

REFERENCES = len(SUBJECTS) + len(OTHER_SCRIPTS) + len(DECOYS)


@dataclass
class Bench:
    """A store, an embedder, and what makes the store's vectors with it."""

    store: Store
    embedder: ScriptedEmbedder
    search: MeaningSearch
    maker: VectorMaker
    time: FreeTime

    async def has(self, *titles: str) -> None:
        await self.store.ingest.write(batch([story(one, key=one) for one in titles]))

    @property
    def made(self) -> list[str]:
        """The stories' passages that were embedded, in order."""
        return self.embedder.passages[REFERENCES:]

    async def finds(self, text: str) -> list[str]:
        return [one.candidate.title for one in await self.search.find(text, Filter())]


@asynccontextmanager
async def bench_over(path: Path, embedder: ScriptedEmbedder | None = None) -> AsyncIterator[Bench]:
    embedder, time = embedder or ScriptedEmbedder(), FreeTime()
    async with await SqliteStore.open(path) as store:
        search = MeaningSearch(embedder, store.vectors, monotonic=time.monotonic)
        maker = VectorMaker(embedder, store.vectors, search, time.sleep)
        yield Bench(store, embedder, search, maker, time)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


async def test_all_stories_get_a_vector_the_newest_first(path: Path) -> None:
    async with bench_over(path) as bench:
        await bench.has(*(f"Story {number}" for number in range(8)))
        told: list[tuple[int, int]] = []
        await bench.maker.make_all(lambda made, total: told.append((made, total)))
        assert bench.made == [f"Story {number}" for number in reversed(range(8))]
        assert (told[0], told[-1]) == ((0, 8), (8, 8))
        assert told == sorted(told)
        assert len(told) == len(set(told))


async def test_a_restart_goes_on_where_the_last_run_stopped(path: Path) -> None:
    async with bench_over(path) as bench:
        await bench.has(*(f"Story {number}" for number in range(9)))
        bench.embedder.fails_at = REFERENCES + 6
        with pytest.raises(EmbeddingError):
            await bench.maker.make_all()
    async with bench_over(path) as bench:
        await bench.maker.make_all()
        assert bench.made == ["Story 2", "Story 1", "Story 0"]


async def test_another_model_makes_all_anew(path: Path) -> None:
    async with bench_over(path) as bench:
        await bench.has("A bike", "A ship")
        await bench.maker.make_all()
        assert await bench.finds("自転車") == ["A bike"]
    async with bench_over(path, ScriptedEmbedder("another")) as bench:
        await bench.search.model()
        assert await bench.finds("自転車") == []
        await bench.maker.make_all()
        assert bench.made == ["A ship", "A bike"]
        assert await bench.finds("自転車") == ["A bike"]


async def test_new_and_changed_stories_get_theirs_soon(path: Path) -> None:
    async with bench_over(path) as bench:
        await bench.has("A bike")
        keeping = asyncio.create_task(bench.maker.keep_up())
        await _until(lambda: bench.made == ["A bike"])
        await bench.has("A ship", "A bike")
        await bench.store.ingest.write(batch([story("A jab", key="A bike")]))
        while not await bench.finds("ワクチン"):
            await bench.time.pass_until(bench.time.monotonic() + 15)
        assert sorted(bench.made) == ["A bike", "A jab", "A ship"]
        assert await bench.finds("自転車") == []
        keeping.cancel()
        await asyncio.wait({keeping})


async def _until(reached: object) -> None:
    assert callable(reached)
    while not reached():
        await asyncio.sleep(0.001)


async def test_it_waits_while_somebody_searches(path: Path) -> None:
    async with bench_over(path) as bench:
        await bench.has("A bike")
        await bench.search.model()
        bench.search.note_question()
        making = asyncio.create_task(bench.maker.make_all())
        await _until(lambda: bench.time._sleepers)  # noqa: SLF001 - nothing else tells that it waits
        assert bench.made == []
        await bench.time.pass_until(1.0)
        bench.search.note_question()
        await bench.time.pass_until(2.5)
        await settle()
        assert bench.made == []
        await bench.time.pass_until(9.0)
        await making
        assert bench.made == ["A bike"]


async def test_a_text_that_the_model_refuses_costs_no_other_its_vector(path: Path) -> None:
    async with bench_over(path, ScriptedEmbedder(refused="unspeakable")) as bench:
        await bench.has("A bike", "An unspeakable thing", "A ship")
        await bench.maker.make_all()
        assert await bench.finds("自転車") == ["A bike"]
        assert await bench.store.vectors.count_vectors(await bench.search.model()) == (3, 3)
        before = len(bench.made)
        await bench.maker.make_all()
        assert len(bench.made) == before


async def test_a_model_that_refuses_everything_leaves_all_for_later(path: Path) -> None:
    async with bench_over(path) as bench:
        await bench.has("A bike", "A ship")
        await bench.search.model()
        bench.embedder.refused = " "
        with pytest.raises(RefusedTextError):
            await bench.maker.make_all()
        bench.embedder.refused = ""
        await bench.maker.make_all()
        assert await bench.finds("自転車") == ["A bike"]


async def test_a_model_that_is_replaced_under_its_name_is_noticed(path: Path) -> None:
    async with bench_over(path) as bench:
        await bench.has("A bike", "A ship")
        await bench.maker.make_all()
        bench.embedder.longer = 2
        await bench.has("A jab")
        with pytest.raises(EmbeddingError, match="another length"):
            await bench.maker.make_all()
        await bench.maker.make_all()
        assert await bench.finds("ワクチン") == ["A jab"]
        assert await bench.finds("自転車") == ["A bike"]


async def test_the_log_tells_the_beginning_and_the_end(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with bench_over(path) as bench:
        await bench.has("A bike", "A ship")
        for _ in range(2):
            keeping = asyncio.create_task(bench.maker.keep_up())
            await _until(lambda: bench.time._sleepers)  # noqa: SLF001 - nothing else tells of it
            keeping.cancel()
            await asyncio.wait({keeping})
            bench.time._sleepers.clear()  # noqa: SLF001
    told = [r.getMessage() for r in caplog.records if r.name.startswith("bot.search")]
    assert told == [
        "0 of 2 stories can be found by meaning; adding the rest",
        "all 2 stories can be found by meaning",
    ]


async def test_an_embedder_that_is_down_is_asked_again_and_the_log_says_so_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench_over(path) as bench:
        await bench.has("A bike")
        bench.embedder.failing = EmbeddingError("out of order")
        keeping = asyncio.create_task(bench.maker.keep_up())
        await _until(lambda: bench.time._sleepers)  # noqa: SLF001 - nothing else tells of it
        for _ in range(5):
            await bench.time.pass_until(bench.time.monotonic() + 600)
        assert await bench.finds("自転車") == []
        bench.embedder.failing = None
        while not await bench.finds("自転車"):
            await bench.time.pass_until(bench.time.monotonic() + 600)
        keeping.cancel()
        await asyncio.wait({keeping})
    told = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert told == ["new stories cannot be found by meaning: out of order"]


@pytest.mark.parametrize(
    ("title", "summary", "text"),
    [
        ("A bike", "", "A bike"),
        ("A  bike\n", "It is red. It is fast.", "A bike. It is red."),
        ("自転車", "新しい規則。罰金もある。", "自転車. 新しい規則。"),
        ("A" * 300, "B" * 300, f"{'A' * 200}. {'B' * 120}"),
        ("Prices", "At 3.50 a litre, fuel is dear. Why?", "Prices. At 3.50 a litre, fuel is dear."),
    ],
)
def test_what_is_embedded_of_a_story(title: str, summary: str, text: str) -> None:
    assert passage_text(UnembeddedStory(1, 1, title, summary)) == text
