"""Search by meaning, as readers meet it: `/search` where no story holds all the words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over, titles
from scripted_embedder import ScriptedEmbedder
from stories import NOW, story

from adapters.embedding.service import make_service
from bot.chat.dispatcher import Dispatcher
from bot.commands import REGISTRY
from bot.errors import EmbeddingError
from bot.model import Story
from bot.reply import Reply
from bot.search.meaning.ports import VectorUpkeep

pytestmark = pytest.mark.slow

BIKES = "Should Japan penalize riders?"
SOLD = "China becomes a shareholder of a Tokyo crematorium"
TRAINS = "Railway delays in the north"
SCHOOLS = "Pupils stay at home"
BY_MEANING = "No story contains all of these words. These were found by meaning."
SOME_WORDS = "No story contains all of these words. These contain some of them."


@pytest.fixture
def embedder() -> ScriptedEmbedder:
    return ScriptedEmbedder()


@dataclass
class Newsroom:
    """A desk that searches by meaning, too, and what makes its vectors."""

    desk: TestDesk
    upkeep: VectorUpkeep

    async def has(self, *stories: Story) -> None:
        """Puts stories into the store, and makes their vectors."""
        await self.desk.has(*stories)
        await self.upkeep.make_all()

    async def ask(self, line: str) -> Reply:
        return await self.desk.ask(line)


@asynccontextmanager
async def newsroom_over(path: Path, embedder: ScriptedEmbedder) -> AsyncIterator[Newsroom]:
    async with desk_over(path) as desk:
        meaning = make_service(embedder, desk.store.vectors)
        services = replace(desk.dispatcher.services, meaning=meaning.answers)
        async with aclosing(Dispatcher(services, REGISTRY)) as dispatcher:
            yield Newsroom(replace(desk, dispatcher=dispatcher), meaning.upkeep)


@pytest.fixture
async def desk(tmp_path: Path, embedder: ScriptedEmbedder) -> AsyncIterator[Newsroom]:
    async with newsroom_over(tmp_path / "dateline.db", embedder) as opened:
        await opened.has(
            story(BIKES, "Cyclist", published=NOW - timedelta(days=1)),
            story(SOLD, "Acquired.", published=NOW - timedelta(days=2), source="other"),
            story(TRAINS, "Nobody knows why.", published=NOW - timedelta(days=3)),
            story(SCHOOLS, "A classroom is empty.", published=NOW - timedelta(days=4)),
        )
        yield opened


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bike fines", BIKES),
        ("自転車の罰金", BIKES),
        ("bußgeld fahrrad", BIKES),
        ("gekauft krematorien 火葬場", SOLD),
        ("火葬場を買った", SOLD),
        ("train behind-schedule", TRAINS),
        ("電車の遅れ", TRAINS),
        ("学校", SCHOOLS),
    ],
)
async def test_a_story_is_found_by_other_words_and_in_other_languages(
    desk: Newsroom, asked: str, found: str
) -> None:
    reply = await desk.ask(f"/search {asked}")
    assert titles(reply)[0] == found
    assert reply.notes == (BY_MEANING,)
    assert reply.cards[0].story.summary


@pytest.mark.parametrize("nonsense", ["xyzzy qwrtp", "asdf ghjk", "1234", "zzxcv bnmlk", "hello"])
async def test_nonsense_means_nothing(desk: Newsroom, nonsense: str) -> None:
    reply = await desk.ask(f"/search {nonsense}")
    assert titles(reply) == []


@pytest.mark.parametrize("asked", ["crematorium shareholder", "delays", "pupil", "raylway"])
async def test_what_holds_all_the_words_needs_no_meaning(
    desk: Newsroom, embedder: ScriptedEmbedder, asked: str
) -> None:
    before = len(embedder.asked)
    assert len(titles(await desk.ask(f"/search {asked}"))) == 1
    assert embedder.asked[before:] == []


@pytest.mark.parametrize(
    "asked", ['"bike fines"', "in:title cyclist fines", "bike fines -tokyo", "bike OR jab"]
)
async def test_who_says_what_stories_must_hold_gets_nothing_else(
    desk: Newsroom, embedder: ScriptedEmbedder, asked: str
) -> None:
    before = len(embedder.asked)
    await desk.ask(f"/search {asked}")
    assert embedder.asked[before:] == []


async def test_what_was_found_by_meaning_stands_apart_from_what_holds_some_words(
    desk: Newsroom,
) -> None:
    await desk.has(story("Jab season", "Many a jab."), story("North wind", "Cold."))
    reply = await desk.ask("/search impfung delayed north")
    number = titles(reply).index("Jab season") + 1
    assert reply.notes == (SOME_WORDS, f"Found by meaning: {number}.")


async def test_few_stories_that_hold_most_words_come_before_what_means_the_same(
    desk: Newsroom,
) -> None:
    held = [f"Northern harbour tunnel {number}" for number in ("plan", "map", "cost", "date")]
    await desk.has(*(story(one, key=one) for one in held), story("Punished riders", "Cyclist."))
    found = titles(await desk.ask("/search northern harbour tunnel bike fines"))
    assert {*found[:2]} < {*held}
    assert found[2] == "Punished riders"
    assert not {*found[3:]}.isdisjoint(held), "the rest of them stand behind it"


async def test_filters_hold_for_meaning_too(desk: Newsroom) -> None:
    assert titles(await desk.ask("/search 自転車 source:other")) == []
    assert titles(await desk.ask("/search 火葬場 source:other")) == [SOLD]
    assert titles(await desk.ask("/search 電車 since:2026-11-22")) == []


async def test_the_next_page_is_found_without_asking_again(
    desk: Newsroom, embedder: ScriptedEmbedder
) -> None:
    for _ in range(3):
        await desk.ask("/search 自転車")
    assert embedder.asked.count("自転車") == 1


async def test_a_new_story_and_a_changed_one_are_found_by_what_they_say_now(
    desk: Newsroom,
) -> None:
    await desk.has(story("A gale is coming", key=BIKES.casefold()))
    assert titles(await desk.ask("/search 嵐")) == ["A gale is coming"]
    assert titles(await desk.ask("/search 自転車")) == []


@pytest.mark.parametrize("trouble", ["fails", "hangs"])
async def test_trouble_of_the_model_costs_an_answer_nothing_but_meaning(
    desk: Newsroom, embedder: ScriptedEmbedder, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    caplog.set_level(logging.WARNING)
    if trouble == "fails":
        embedder.failing = EmbeddingError("out of order")
    else:
        embedder.may_answer.clear()
    for asked in ("bike fines", "電車の遅れ", "学校", "delays cost pupils"):
        reply = await desk.ask(f"/search {asked}")
        assert BY_MEANING not in reply.notes
    assert titles(await desk.ask("/search delays")) == [TRAINS]
    told = [r.getMessage() for r in caplog.records if "by meaning" in r.getMessage()]
    reason = "out of order" if trouble == "fails" else "no answer within 1 s"
    assert told == [f"no stories are found by meaning: {reason}"]
    assert len(embedder.asked) <= 1 + _reference_questions(embedder)


def _reference_questions(embedder: ScriptedEmbedder) -> int:
    """How many questions came before anybody asked."""
    return next(
        (at for at, text in enumerate(embedder.asked) if text == "bike fines"), len(embedder.asked)
    )


async def test_before_the_model_is_known_answers_come_without_it(
    tmp_path: Path, embedder: ScriptedEmbedder
) -> None:
    async with newsroom_over(tmp_path / "new.db", embedder) as desk:
        await desk.desk.has(story(BIKES))
        async with asyncio.TaskGroup() as tasks:
            reply = tasks.create_task(desk.ask("/search 自転車"))
        assert titles(reply.result()) == []
    assert embedder.asked == []
