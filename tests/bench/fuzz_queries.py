"""Fuzzes questions with atheris: none may take more CPU or memory than its bound.

Options of libFuzzer follow our own, such as `-max_total_time=60`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["bot.search", "bot.text.tokenizer", "store.fts_query"]):
    from bench.question_costs import Asked, QuestionCosts, desk_running
from bench.flood import common_words
from bench.headlines import STORIES, cached_store, fill, read_or_invent
from long_queries import JOINERS

_CPU, _MEMORY = 0.1, 20 << 20  # seconds and bytes of one question
_SUSPECT = 0.06  # seconds with the fuzzer's instruments, from which on it is asked without them
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


class PlainProcess:
    """Another process of the same store without the fuzzer's instruments, which slow each line."""

    def __init__(self, store: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("question_costs.py")), str(store)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def cost(self, asked: Asked) -> float:
        """Returns the seconds of CPU that a question costs there, the cheapest of several times."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()


class Fuzzer:
    """Asks a desk questions, and measures each."""

    def __init__(self, costs: QuestionCosts, plain: PlainProcess, common: list[str]) -> None:
        self._costs = costs
        self._plain = plain
        self._common = common
        self.worst = 0.0
        self.asked = 0

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
        asked = Asked(is_whole, name, option, question(data, self._common))
        cost = self._costs.once(asked)
        if cost > _SUSPECT:
            cost = self._plain.cost(asked)
        self.asked += 1
        if cost > self.worst:
            self.worst = cost
            dearest = f"{cost * 1_000:.0f} ms: {name} {asked.text[:_PRINTED]!a}"
            print(f"{self.asked:,} asked; the dearest: {dearest}", file=sys.stderr)
        assert cost <= _CPU, (asked, cost)
        assert self.asked % 50 or self._costs.memory(asked) <= _MEMORY, asked


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
    with desk_running(path) as costs, closing(PlainProcess(path)) as plain:
        atheris.Setup(
            [sys.argv[0], "-len_control=0", "-max_len=600", *rest],
            Fuzzer(costs, plain, common_words(corpus)),
        )
        atheris.Fuzz()  # ends by SystemExit


if __name__ == "__main__":
    main()
