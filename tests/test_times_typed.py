"""Times as readers type them, over stories of three years: a search shows those and no others.

In `data/typed`, each line of `times.tsv` and of `times_new_year.tsv` has a language, a question, a
part of the titles that are meant, their first day and their last one; where the question is loose,
two more days, between which stories may be shown as well. Each line of their stories has a day, a
title and a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsdesk import desk_over, titles
from stories import NOW, story

from bot.i18n import SpokenTranslations, load
from bot.model import Story
from bot.reply import Role

pytestmark = pytest.mark.slow

_DATA = Path(__file__).parent / "data" / "typed"


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (_DATA / f"{name}.tsv").read_text("utf-8").splitlines()]


def _stories(name: str) -> list[Story]:
    return [
        story(title, text, published=datetime.fromisoformat(day).replace(tzinfo=UTC))
        for day, title, text in _rows(f"{name}_stories")
    ]


def _between(stories: Sequence[Story], word: str, first: str, last: str) -> set[str]:
    return {
        one.title
        for one in stories
        if first <= one.published.date().isoformat() <= last and word.lower() in one.title.lower()
    }


_SETS = [("times", NOW), ("times_new_year", datetime(2027, 1, 14, 15, tzinfo=UTC))]


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize(("name", "now"), _SETS)
async def test_the_stories_of_the_time_that_is_meant_are_shown(
    tmp_path: Path, language: str, name: str, now: datetime
) -> None:
    wrong, stories = [], _stories(name)
    spoken = SpokenTranslations(load(language))
    async with desk_over(tmp_path / "dateline.db", topics=(), translations=spoken, now=now) as desk:
        await desk.has(*stories)
        for asked_in, typed, word, first, last, *loose in _rows(name):
            if asked_in != language:
                continue
            reply = await desk.ask(typed)
            found = titles(reply)
            while any(button.role is Role.NEXT for button in reply.buttons):
                reply = await desk.press(reply, Role.NEXT)
                found += titles(reply)
            meant = _between(stories, word, first, last)
            allowed = _between(stories, word, *(loose or (first, last)))
            assert meant, typed
            if not meant <= set(found) <= allowed:
                wrong.append((typed, found))

    assert not wrong
