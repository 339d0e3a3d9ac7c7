"""Questions as readers type them, over whole archives: the story that is meant comes first.

In `data/typed`, each line of `NAME.tsv` is a question and the beginning of a title; each of
`NAME_stories.tsv` a day, a title and a text. What is typed of `NAME_wide.tsv` is searched for among
all stories of a language, many of which are on the same subjects.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsdesk import WIRE, desk_over, titles
from stories import story
from test_samples import stories as sample_stories

from adapters.sources.archive.source import ArchiveSource
from bot.model import Story

pytestmark = pytest.mark.slow

_DATA = Path(__file__).parent / "data"
_NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def _rows(name: str) -> list[list[str]]:
    lines = (_DATA / "typed" / f"{name}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines]


async def _stories(name: str) -> Sequence[Story]:
    if name == "samples":
        return await sample_stories()
    if name == "prospect":
        pattern = str(_DATA / "archives" / "the-prospect.txt")
        return (await ArchiveSource(WIRE, pattern=pattern, link=None).fetch()).stories
    language, _, kind = name.partition("_")
    names = [name] if kind != "wide" else [language, f"{language}_more", name]
    return [
        story(title, text, published=datetime.fromisoformat(day).replace(tzinfo=UTC))
        for one in names
        for day, title, text in _rows(f"{one}_stories")
    ]


_LANGUAGES = ("japanese", "chinese", "korean", "german")


@pytest.mark.parametrize(
    "name",
    [
        *("prospect", "samples", *_LANGUAGES),
        *(f"{one}_more" for one in _LANGUAGES),
        *(f"{one}_wide" for one in _LANGUAGES),
    ],
)
async def test_the_story_that_is_meant_comes_first(tmp_path: Path, name: str) -> None:
    wrong = []
    async with desk_over(tmp_path / "dateline.db", topics=(), now=_NOW) as desk:
        await desk.has(*await _stories(name))
        for typed, meant in _rows(name):
            found = titles(await desk.ask(typed))
            if not (found and found[0].casefold().startswith(meant.casefold())):
                wrong.append((typed, meant, found[:1]))

    assert not wrong
