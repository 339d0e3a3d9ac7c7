"""Times as readers type them, over stories of three years: a search shows those and no others.

In `data/typed`, each line of `times.tsv` has a language, a question, a part of the titles that are
meant, their first day and their last one; where the question is loose, two more days, between which
stories may be shown as well. Each line of `times_stories.tsv` has a day, a title and a text.
"""

from __future__ import annotations

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


def _stories() -> list[Story]:
    return [
        story(title, text, published=datetime.fromisoformat(day).replace(tzinfo=UTC))
        for day, title, text in _rows("times_stories")
    ]


def _between(word: str, first: str, last: str) -> set[str]:
    return {
        one.title
        for one in _stories()
        if first <= one.published.date().isoformat() <= last and word.lower() in one.title.lower()
    }


@pytest.mark.parametrize("language", ["en", "de", "es"])
async def test_the_stories_of_the_time_that_is_meant_are_shown(
    tmp_path: Path, language: str
) -> None:
    wrong = []
    spoken = SpokenTranslations(load(language))
    async with desk_over(tmp_path / "dateline.db", topics=(), translations=spoken) as desk:
        await desk.has(*_stories())
        assert desk.clock.now() == NOW
        for asked_in, typed, word, first, last, *loose in _rows("times"):
            if asked_in != language:
                continue
            reply = await desk.ask(typed)
            found = titles(reply)
            while any(button.role is Role.NEXT for button in reply.buttons):
                reply = await desk.press(reply, Role.NEXT)
                found += titles(reply)
            meant, allowed = _between(word, first, last), _between(word, *(loose or (first, last)))
            assert meant, typed
            if not meant <= set(found) <= allowed:
                wrong.append((typed, found))

    assert not wrong
