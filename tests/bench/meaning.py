"""Measures what the search by meaning finds of paraphrases, how fast, and in how much memory."""

from __future__ import annotations

import asyncio
import random
import string
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.cached_embedder import CachedEmbedder
from bench.corpus import desk_over
from bench.headlines import Corpus, Headline
from bench.own_search import EngineAnswers, ask_all, ask_each, in_new_process
from bench.plain_model import measure_plain_model
from bench.search_queries import SearchQuery, statistics_by_kind
from bench.tables import memory_mib, show

from adapters.embedding.bundled_model import BundledEmbedder
from adapters.embedding.service import make_service
from store.sqlite import SqliteStore

PARAPHRASES = Path(__file__).with_name("paraphrases.tsv")
"""Lines of a kind, the number of a story, and a question that shares few words with it.

Those that are held out were written before weights and limits were chosen; what was chosen was
looked at with them all the same.
"""

NONSENSE = "nonsense"
_NONSENSE = 200
_WARM = [SearchQuery("", "krematorium soldd", "", 0, frozenset())]
_SHOWN_EVERY = 500  # stories
_COPIES = 1_000  # that are given vectors at once
_VECTORS = Path(tempfile.gettempdir()) / "dateline-bench" / "vectors.db"


def read_paraphrases(corpus: Corpus) -> list[SearchQuery]:
    """The questions that stories of the corpus answer, and nonsense that none does."""
    known = {one.number for one in corpus.headlines}
    lines = PARAPHRASES.read_text(encoding="utf-8").splitlines()
    given = [(kind, int(number), text) for kind, number, text in (x.split("\t") for x in lines)]
    asked = [
        SearchQuery(kind, text, text, number, frozenset({number}))
        for kind, number, text in given
        if number in known
    ]
    return [*asked, *_nonsense()]


def _nonsense() -> Iterator[SearchQuery]:
    chance = random.Random(5)  # noqa: S311 - repeatable nonsense, no secret
    for at in range(_NONSENSE):
        words = [_mash(chance) if at % 2 else _invent(chance) for _ in range(chance.randint(1, 3))]
        yield SearchQuery(NONSENSE, " ".join(words), "", 0, frozenset())


def _mash(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=chance.randint(4, 8)))


def _invent(chance: random.Random) -> str:
    return "".join(
        chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(3, 4))
    )


def make_pool(corpus: Corpus, size: int, total: int) -> Corpus:
    """Takes so many stories out of a corpus, those that are asked for among them.

    Args:
        corpus: The corpus.
        size: How many stories are taken, from all over it; the same ones first for each size.
        total: How many there are to be with copies, which have vectors without a meaning.
    """
    taken = {one.number for one in _asked_first(corpus)[:size]}
    kept = [one for one in corpus.headlines if one.number in taken]
    return Corpus(f"{corpus.name}-pool-{size}-{total}", kept, max(total, len(kept)), corpus.counts)


def _asked_first(corpus: Corpus) -> Sequence[Headline]:
    """Returns the stories in a chance order that is always the same, those asked for first."""
    asked = {query.target for query in read_paraphrases(corpus)}
    order = list(corpus.headlines)
    random.Random(0).shuffle(order)  # noqa: S311 - a repeatable sample, no secret
    return sorted(order, key=lambda one: one.number not in asked)


async def prepare(path: Path, corpus: Corpus) -> None:
    """Makes the vectors of the stories that were read, and random ones for their copies."""
    embedder = CachedEmbedder(BundledEmbedder(), _VECTORS)
    try:
        async with await SqliteStore.open(path) as store:
            service = make_service(embedder, store.vectors)
            await service.answers.prepare()
            await _fill_copies(store, corpus, f"{embedder.model} 384")
            await service.upkeep.make_all(_show_progress)
    finally:
        await embedder.aclose()


def _show_progress(made: int, total: int) -> None:
    if made % _SHOWN_EVERY < 64:
        print(f"{made:,} of {total:,} stories have a vector", file=sys.stderr)


async def _fill_copies(store: SqliteStore, corpus: Corpus, model: str) -> None:
    read = {one.story.id for one in corpus.headlines}
    chance = random.Random(1)  # noqa: S311 - as above
    below: int | None = None
    while corpus.repeated and (batch := await store.vectors.unembedded(model, below, _COPIES)):
        below = batch[-1].number
        found = await store.vectors.candidates_by_number([one.number for one in batch])
        copies = [one for one in batch if found[one.number].id not in read]
        await store.vectors.keep_vectors(model, {one: chance.randbytes(384) for one in copies})


def measure_meaning(path: Path, corpus: Corpus) -> None:
    """Asks with the search by meaning and without, and prints the tables."""
    queries = read_paraphrases(corpus)
    asyncio.run(prepare(path, corpus))
    words = in_new_process(ask_all, path, queries)
    meant, worker = in_new_process(ask_by_meaning, path, queries)
    _show(words, meant)
    plain = [query for query in queries if query.kind != NONSENSE]
    asyncio.run(measure_plain_model(_asked_first(corpus), plain, _VECTORS))
    print(
        f"\nMemory: {words.memory:.0f} MiB without, {meant.memory + worker:.0f} MiB with:"
        f" {meant.memory + worker - words.memory:.0f} MiB more, of which the model's process has"
        f" {worker:.0f}."
    )
    if corpus.repeated:
        print(
            f"{len(corpus.headlines):,} stories were read and embedded; their copies have vectors"
            " without a meaning, for time and memory only."
        )


def ask_by_meaning(path: Path, queries: Sequence[SearchQuery]) -> tuple[EngineAnswers, float]:
    """Asks every query by meaning; returns the MiB of the model's process beside the answers."""
    return asyncio.run(_ask_by_meaning(path, queries))


async def _ask_by_meaning(
    path: Path, queries: Sequence[SearchQuery]
) -> tuple[EngineAnswers, float]:
    before = memory_mib()
    embedder = BundledEmbedder()
    try:
        async with desk_over(path, embedder) as desk:
            await ask_each(desk, _WARM)
            outcomes = await ask_each(desk, queries)
            return EngineAnswers(outcomes, memory_mib() - before), _children_mib()
    finally:
        await embedder.aclose()


def _children_mib() -> float:
    """The memory of all child processes, in MiB; 0 where the system does not tell."""
    total = 0
    for listed in Path("/proc/self/task").glob("*/children"):
        for child in listed.read_text(encoding="ascii").split():
            status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
            (size,) = (x.split()[1] for x in status.splitlines() if x.startswith("VmRSS:"))
            total += int(size)
    return total / (1 << 10)


def _show(words: EngineAnswers, meant: EngineAnswers) -> None:
    rows = []
    for label, answers in (("by words", words), ("and by meaning", meant)):
        for kind, found in statistics_by_kind(answers.outcomes).items():
            some = [one for one in answers.outcomes if one.asked.kind == kind]
            rows.append(
                (
                    f"{kind}, {label}",
                    f"{len(some)}",
                    f"{sum(one.right(1) for one in some)}",
                    f"{sum(one.right(5) for one in some)}",
                    f"{sum(not one.found for one in some)}",
                    f"{found['p50_ms']:.1f}",
                    f"{found['p99_ms']:.1f}",
                )
            )
    head = ("", "queries", "first", "in five", "nothing", "p50 ms", "p99")
    show("Search by meaning", head, rows)
