"""Measures what questions cost a desk; as a program, those that are written to it, a line each.

A line is a list in JSON, see `Asked`; the answer is a number, seconds of CPU.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import resource
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import desk_over

from bot.chat.dispatcher import Dispatcher
from bot.model import Chat, Person

_REFERENCE = "the price of it"
"""A question that is asked again and again, to tell how slow a busy machine makes each."""

_TRIES = 5  # the cheapest of so many counts: the machine may be busy with something else


class Asked(NamedTuple):
    """What is asked.

    Attributes:
        is_whole: True for a question; False for one that is completed.
        command: Its command.
        option: The option that the text is of.
        text: What was typed.
    """

    is_whole: bool
    command: str
    option: str
    text: str


class QuestionCosts:
    """Costs of questions to a desk, in CPU and memory."""

    def __init__(self, desk: Dispatcher, loop: asyncio.AbstractEventLoop) -> None:
        self._desk = desk
        self._loop = loop
        self._floor = math.inf  # the least cost of the reference

    def once(self, asked: Asked) -> float:
        """Returns the seconds of CPU that a question costs now."""
        before = resource.getrusage(resource.RUSAGE_SELF)
        self._ask(asked)
        after = resource.getrusage(resource.RUSAGE_SELF)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def least(self, asked: Asked) -> float:
        """Returns the seconds of CPU that a question costs on this machine when it is quiet."""
        return min(self.once(asked) for _ in range(_TRIES)) / self._slowness()

    def memory(self, asked: Asked) -> int:
        """Returns the bytes that a question needs at once."""
        tracemalloc.start()
        self._ask(asked)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    def _ask(self, asked: Asked) -> None:
        person, chat = Person("fuzz", "Ada"), Chat("bench", "room")
        if asked.is_whole:
            options = {asked.option: asked.text}
            self._loop.run_until_complete(self._desk.dispatch(asked.command, options, person, chat))
        else:
            completing = self._desk.complete(asked.command, asked.option, asked.text, person)
            self._loop.run_until_complete(completing)

    def _slowness(self) -> float:
        """Returns how many times the CPU that it takes on this machine a question takes now."""
        reference = Asked(is_whole=True, command="search", option="words", text=_REFERENCE)
        now = min(self.once(reference) for _ in range(_TRIES))
        self._floor = min(self._floor, now)
        return now / self._floor


@contextmanager
def desk_running(store: Path) -> Iterator[QuestionCosts]:
    """Serves a desk over a store, and closes it: the store's threads would keep the process."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            desk = runner.run(stack.enter_async_context(desk_over(store)))
            runner.run(desk.services.search.warm())
            yield QuestionCosts(desk, runner.get_loop())
        finally:
            runner.run(stack.aclose())


def main() -> None:
    """Answers each line of the standard input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, help="the file of a store")
    with desk_running(parser.parse_args().store) as costs:
        for line in sys.stdin:
            print(costs.least(Asked(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
