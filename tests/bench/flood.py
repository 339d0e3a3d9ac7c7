"""Measures what honest readers wait for while others flood the bot with the dearest questions."""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import desk_over
from bench.headlines import STORIES, Corpus, cached_store, fill, read_or_invent
from bench.tables import facts, memory_mib, ms, percentile, show
from long_queries import long_queries

from bot.chat.dispatcher import Dispatcher
from bot.model import Chat, Person

_HONEST, _PAUSE = 8, 0.15  # readers, and the seconds that each thinks before a question
_CHAT = Chat("bench", "room")


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of honest readers, in seconds, and what the process used meanwhile.

    Attributes:
        seconds: One for each answer.
        memory: MiB that the process has grown by.
        others: Questions of the flood that were answered.
    """

    seconds: Sequence[float]
    memory: float
    others: int = 0


def common_words(corpus: Corpus) -> list[str]:
    """The words that stand in the most stories."""
    return [word for word, _ in corpus.counts.most_common(250)]


def honest_questions(corpus: Corpus, count: int) -> list[str]:
    """Words out of titles, as a reader remembers them."""
    chance = random.Random(7)  # noqa: S311 - repeatable text, no secret
    titles = chance.choices([one.title for one in corpus.headlines], k=count)
    return [" ".join(title.split()[:4]) for title in titles]


async def _ask(desk: Dispatcher, text: str, person: str) -> float:
    start = time.perf_counter()
    await desk.dispatch("search", {"words": text}, Person(person, "Ada"), _CHAT)
    return time.perf_counter() - start


async def _read(desk: Dispatcher, texts: Sequence[str], reader: int) -> list[float]:
    waits = []
    for text in texts[reader::_HONEST]:
        await asyncio.sleep(_PAUSE)
        waits.append(await _ask(desk, text, f"honest{reader}"))
    return waits


async def _flood(desk: Dispatcher, texts: Sequence[str], every: float, done: list[str]) -> None:
    """Asks one question after another, each so many seconds after the answer to the last."""
    while True:
        for text in texts:
            await _ask(desk, text, "flood")
            done.append(text)
            await asyncio.sleep(every)


async def measure(path: Path, honest: Sequence[str], flood: Sequence[str], every: float) -> Waits:
    """Measures the waits of honest readers, with a flood beside them or, without texts, alone."""
    async with desk_over(path) as desk:
        await desk.services.search.warm()
        await asyncio.gather(*(_read(desk, honest[:80], reader) for reader in range(_HONEST)))
        before, done = memory_mib(), list[str]()
        flooding = asyncio.create_task(_flood(desk, flood, every, done)) if flood else None
        found = await asyncio.gather(*(_read(desk, honest, one) for one in range(_HONEST)))
        if flooding:
            flooding.cancel()
            with suppress(asyncio.CancelledError):
                await flooding
        waits = [seconds for some in found for seconds in some]
        return Waits(waits, memory_mib() - before, len(done))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def worst(path: Path, texts: Sequence[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """Returns the dearest questions by CPU, and prints them."""
    costs = []
    async with desk_over(path) as desk:
        await desk.services.search.warm()
        for name, text in texts:
            before = _cpu()
            await _ask(desk, text, "flood")
            costs.append((_cpu() - before, name, text))
    costs.sort(reverse=True)
    rows = [(name, ms(cost)) for cost, name, _ in costs[:count]]
    show("The dearest questions", ("", "CPU ms"), rows)
    return [(name, text) for _, name, text in costs[:count]]


def _show_waits(alone: Waits, flooded: Waits) -> None:
    rows = []
    for name, percent in (("p50", 50), ("p90", 90), ("p99", 99), ("max", 100)):
        without, beside = (percentile(one.seconds, percent) for one in (alone, flooded))
        rows.append((name, ms(without), ms(beside), f"{beside / without:.2f}"))
    head = ("ms", "alone", "beside the flood", "ratio")
    show(f"Waits of {_HONEST} honest readers, beside {flooded.others} questions", head, rows)
    print(
        f"\nMemory grown: {alone.memory:.0f} MiB alone, {flooded.memory:.0f} MiB beside the flood"
    )


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--stories",
        type=Path,
        default=STORIES,
        help="a file of stories; without one, they are made up",
    )
    parser.add_argument("--limit", type=int, help="read only so many stories")
    parser.add_argument("--repeat-to", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=800, help="of the honest readers")
    parser.add_argument("--every", type=float, default=0.5, help="seconds between two of a flood")
    options = parser.parse_args()
    corpus = read_or_invent(options.stories, options.limit, options.repeat_to)
    path = cached_store(corpus)
    if not path.exists():
        asyncio.run(fill(path, corpus))
    print(f"{facts()}; {corpus.total:,} stories")
    common = common_words(corpus)
    texts = [*long_queries(common), *long_queries(common[100:])]
    dearest = [text for _, text in asyncio.run(worst(path, texts, 12))]
    honest = honest_questions(corpus, options.questions)
    alone = asyncio.run(measure(path, honest, (), options.every))
    _show_waits(alone, asyncio.run(measure(path, honest, dearest, options.every)))


if __name__ == "__main__":
    main()
