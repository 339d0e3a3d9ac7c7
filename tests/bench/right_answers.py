"""Measures how many questions are answered right that are not of English words alone.

By language, whether the right story comes first; of questions with times in them, whether the
right stories come, in their order. The questions are those of the tests.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import facts, show
from language_questions import ASKED, CHINESE, GERMAN, JAPANESE, KOREAN, Told
from newsdesk import TestDesk, desk_over, titles
from stories import story
from time_questions import AS_WORDS, IN_ORDER, IN_PERIODS, NEWS, PERIODS

from bot.search.query import parse

Count = tuple[int, int]
"""How many are right, of how many."""

Check = tuple[str, Callable[[Sequence[str]], bool]]
"""A question, and whether the titles of an answer are right."""

_LANGUAGES: Mapping[str, tuple[dict[str, Told], dict[str, Told]]] = {
    # The stories that are asked for, and all that are searched.
    "Japanese": (JAPANESE, JAPANESE | CHINESE),
    "Chinese": (CHINESE, CHINESE | JAPANESE),
    "Korean": (KOREAN, KOREAN),
    "German": (GERMAN, GERMAN),
}


async def language(desk: TestDesk, name: str) -> Count:
    """Counts the questions in a language whose first result is right."""
    own, everything = _LANGUAGES[name]
    told = [story(*one, key=f"{one[0]} {key}") for key, one in everything.items()]
    await desk.has(*told)
    asked = [(typed, own[key][0]) for stories, typed, key in ASKED if stories is own]
    found = [await desk.dispatcher.services.search.find(parse(typed)) for typed, _ in asked]
    right = (
        bool(one.hits) and one.hits[0].title == meant
        for one, (_, meant) in zip(found, asked, strict=True)
    )
    return sum(right), len(asked)


def _begins(*starts: str) -> Callable[[Sequence[str]], bool]:
    def is_right(found: Sequence[str]) -> bool:
        return len(found) >= len(starts) and all(
            title.startswith(start) for title, start in zip(found, starts, strict=False)
        )

    return is_right


def _is_just(*starts: str) -> Callable[[Sequence[str]], bool]:
    def is_right(found: Sequence[str]) -> bool:
        return len(found) == len(starts) and all(map(str.startswith, sorted(found), sorted(starts)))

    return is_right


_TIMES: Mapping[str, Sequence[Check]] = {
    "words in a period": [(asked, _is_just(*found)) for asked, found in IN_PERIODS if found],
    "a period alone": [(asked, _begins(first)) for asked, first, _ in PERIODS],
    "newest, oldest": [(asked, _begins(*order)) for asked, order in IN_ORDER],
    "no time after all": [(asked, _begins(first)) for asked, first in AS_WORDS],
}


async def times(desk: TestDesk, kind: str) -> Count:
    """Counts the questions of a kind, with times in them, that are answered right."""
    await desk.has(*NEWS)
    right = [is_right(titles(await desk.ask(asked))) for asked, is_right in _TIMES[kind]]
    return sum(right), len(right)


async def in_desk(count: Callable[[TestDesk, str], Awaitable[Count]], name: str) -> Count:
    """Counts in a desk of its own."""
    with TemporaryDirectory() as folder:
        async with desk_over(Path(folder) / "dateline.db") as desk:
            return await count(desk, name)


async def main() -> None:
    """Prints the tables."""
    print(facts())
    for title, count, names in (
        ("Languages: the right story comes first", language, _LANGUAGES),
        ("Times in questions: the right stories come", times, _TIMES),
    ):
        rows = [(name, *map(str, await in_desk(count, name))) for name in names]
        show(title, ("", "right", "of"), rows)


if __name__ == "__main__":
    asyncio.run(main())
