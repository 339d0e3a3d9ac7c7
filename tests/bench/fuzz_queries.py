"""Fuzzes questions with atheris: none may take more CPU or memory than its bound.

Options of libFuzzer follow our own, such as `-max_total_time=60`.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import resource
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["bot.search", "bot.text.tokenizer", "store.fts_query"]):
    from bench.corpus import desk_over
from bench.flood import common_words
from bench.headlines import STORIES, cached_store, fill, read_or_invent
from long_queries import JOINERS

from bot.chat.dispatcher import Dispatcher
from bot.model import Chat, Person

_CPU, _MEMORY = 0.1, 20 << 20  # seconds and bytes of one question
_REFERENCE = "the price of it"
"""A question that is asked again and again, to tell how slow a busy machine makes each."""

_TRIES = 5  # the cheapest of so many counts: the machine may be busy with something else
_LENGTH, _PRINTED = 1_200, 600  # signs of a question, and of one that is printed
_SIGNS = [*JOINERS.values(), '"', ' "', " ", " -", " OR ", "in:title ", "sort:new ", "万博", "大"]
_COMMANDS = (("search", "words"), ("related", "story"), ("read", "story"))
_COMPLETED = (("search", "words"), ("read", "story"))


def question(data: Any, common: list[str]) -> str:
    """Makes a question of words and signs, or of any text."""
    if data.ConsumeIntInRange(0, 9) == 0:
        return str(data.ConsumeUnicodeNoSurrogates(_LENGTH))
    joiner = str(_SIGNS[data.ConsumeIntInRange(0, len(_SIGNS) - 1)])
    times = data.ConsumeIntInRange(1, 40)
    pieces: list[str] = []
    while data.remaining_bytes() > 1 and sum(map(len, pieces)) < _LENGTH:
        at = data.ConsumeIntInRange(0, 2 * len(common) - 1)
        pieces.append(common[at] if at < len(common) else _SIGNS[at % len(_SIGNS)])
    return joiner.join(pieces * times)[:_LENGTH]


class Fuzzer:
    """Asks a desk questions, and measures each."""

    def __init__(
        self, desk: Dispatcher, loop: asyncio.AbstractEventLoop, common: list[str]
    ) -> None:
        self._desk = desk
        self._loop = loop
        self._common = common
        self.worst = 0.0
        self.asked = 0
        self._floor = math.inf  # the least cost of the reference

    def __call__(self, given: bytes) -> None:
        """Makes a question of bytes and asks it.

        Raises:
            AssertionError: It took more than its bound.
        """
        data = atheris.FuzzedDataProvider(given)
        choices: list[tuple[bool, str, str]] = [
            *((True, *one) for one in _COMMANDS),
            *((False, *one) for one in _COMPLETED),
        ]
        is_whole, name, option = choices[data.ConsumeIntInRange(0, len(choices) - 1)]
        text = question(data, self._common)
        cost = self._cost(is_whole, name, option, text)
        for _ in range(_TRIES if cost > _CPU else 0):
            cost = min(cost, self._cost(is_whole, name, option, text))
        if cost > _CPU or self.asked % 50 == 0:
            cost /= self._slowness()
        self.asked += 1
        if cost > self.worst:
            self.worst = cost
            dearest = f"{cost * 1_000:.0f} ms: {name} {text[:_PRINTED]!a}"
            print(f"{self.asked:,} asked; the dearest: {dearest}", file=sys.stderr)
        assert cost <= _CPU, (name, text, cost)
        assert self.asked % 50 or self._memory(is_whole, name, option, text) <= _MEMORY, (
            name,
            text,
        )

    def _ask(self, is_whole: bool, command: str, option: str, text: str) -> None:
        person, chat = Person("fuzz", "Ada"), Chat("bench", "room")
        if is_whole:
            asked = self._desk.dispatch(command, {option: text}, person, chat)
            self._loop.run_until_complete(asked)
        else:
            self._loop.run_until_complete(self._desk.complete(command, option, text, person))

    def _cost(self, is_whole: bool, command: str, option: str, text: str) -> float:
        before = resource.getrusage(resource.RUSAGE_SELF)
        self._ask(is_whole, command, option, text)
        after = resource.getrusage(resource.RUSAGE_SELF)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def _slowness(self) -> float:
        """Returns how many times the CPU that it takes on this machine a question takes now."""
        now = min(
            self._cost(is_whole=True, command="search", option="words", text=_REFERENCE)
            for _ in range(_TRIES)
        )
        self._floor = min(self._floor, now)
        return now / self._floor

    def _memory(self, is_whole: bool, command: str, option: str, text: str) -> int:
        tracemalloc.start()
        self._ask(is_whole, command, option, text)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak


def main() -> None:
    """Runs the fuzzer until it is stopped, or for as long as libFuzzer is told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--stories",
        type=Path,
        default=STORIES,
        help="a file of stories; without one, they are made up",
    )
    parser.add_argument("--repeat-to", type=int, default=100_000)
    options, rest = parser.parse_known_args()
    corpus = read_or_invent(options.stories, None, options.repeat_to)
    path = cached_store(corpus)
    if not path.exists():
        asyncio.run(fill(path, corpus))
    with asyncio.Runner() as runner, closing_with(runner) as stack:
        desk = runner.run(stack.enter_async_context(desk_over(path)))
        runner.run(desk.services.search.warm())
        atheris.Setup(
            [sys.argv[0], "-len_control=0", "-max_len=600", *rest],
            Fuzzer(desk, runner.get_loop(), common_words(corpus)),
        )
        atheris.Fuzz()  # ends by SystemExit


@contextmanager
def closing_with(runner: asyncio.Runner) -> Iterator[AsyncExitStack]:
    """Closes what was opened by a runner: the store's threads would keep the process."""
    stack = AsyncExitStack()
    try:
        yield stack
    finally:
        runner.run(stack.aclose())


if __name__ == "__main__":
    main()
