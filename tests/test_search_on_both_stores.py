"""The same questions, in every language and with every slip, have the same answers everywhere."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from language_questions import CHINESE, GERMAN, JAPANESE, KOREAN
from newsdesk import TestDesk, desk_over, titles
from postgres_server import find_binaries
from stores import each_store
from stories import NOW, story
from time_questions import NEWS

from bot.model import Person, Story

pytestmark = [
    pytest.mark.server,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(not find_binaries(), reason="PostgreSQL's server is not installed"),
]

_PLACES = ("Osaka", "Zurich", "Lyon", "Warsaw", "Tromsø", "Kraków")
_THINGS = ("harbour", "tunnel", "tramway", "library", "aqueduct", "velodrome", "brewery", "theatre")
_DEEDS = ("opens", "closes early", "is delayed again", "costs twice as much", "will be rebuilt")
_WHYS = (
    "The council’s vote was close.",
    "It's a well-known story, says the mayor.",
    "Engineers of C++ and R&D fame were asked.",
    "An aqueduct and a velodrome stand near it.",
    "Strikes of the drivers’ union went on.",
)
_FILLERS = 240

QUESTIONS = (
    # As they stand, in any order, in other forms, and with what a grammar takes.
    "harbour tunnel",
    "tunnels of the harbour in osaka",
    '"tunnel costs twice"',
    '"costs twice" OR "opens" library -lyon',
    "in:title aqueduct warsaw",
    "velodrom",
    "it's well known",
    "c++ engineers",
    # With slips.
    "habrour tunel lyon",
    "velodroem tromso delayd",
    "brewrey krakow rebuilt",
    "the aqueduct was sold to a stranger",
    # With filters and times.
    "harbour source:other",
    "topic:world expo",
    "source:wire velodrome -strikes",
    "osaka expo in october 2023",
    "china last week",
    "latest on osaka expo",
    "oldest osaka expo",
    "what happened yesterday?",
    "tramway since november 10",
    # In other languages.
    "大阪万博",
    "ﾏｲﾅﾝﾊﾞｰ",
    "マイナンバーの誤登緑",
    "米の値段 過去最高",
    "住宅價格",
    "電動車銷量",
    "日本排放核污水",
    "서울지하철 인상",
    "Waermepumpe Förderung",
    "Brand Lager Hamburg",
)


def _fillers() -> Iterator[Story]:
    """Yields many stories of the same few words, so that of equally good ones an order shows."""
    chance = random.Random(20)  # noqa: S311 - no secret
    for number in range(_FILLERS):
        thing, place, deed = map(chance.choice, (_THINGS, _PLACES, _DEEDS))
        yield story(
            f"{place}’s {thing} {deed}",
            f"{chance.choice(_WHYS)}\n{chance.choice(_WHYS)}",
            key=str(number),
            source=chance.choice(("wire", "other")),
            published=NOW - timedelta(hours=7 * (number % 90)),
        )


def _everything() -> Sequence[Story]:
    languages: Sequence[Mapping[str, tuple[str, str]]] = (JAPANESE, CHINESE, KOREAN, GERMAN)
    told = [story(*one) for language in languages for one in language.values()]
    return [*NEWS, *told, *_fillers()]


async def _answer(desk: TestDesk, asked: str, number: int) -> tuple[Sequence[str], Sequence[str]]:
    """Asks as one of many readers; returns the titles and the notes."""
    reply = await desk.ask(f"/search {asked}", Person(f"reader{number}", "Ada"))
    return titles(reply), reply.notes


async def test_all_stores_give_the_same_first_answers(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    stories = _everything()
    answers = list[dict[str, tuple[Sequence[str], Sequence[str]]]]()
    async with each_store(tmp_path_factory) as opened, AsyncExitStack() as stack:
        for store in opened:
            desk = await stack.enter_async_context(desk_over(store))
            for start in range(0, len(stories), 60):
                await desk.has(*stories[start : start + 60])
            answers.append(
                {
                    asked: await _answer(desk, asked, number)
                    for number, asked in enumerate(QUESTIONS)
                }
            )
    first, *others = answers
    assert [asked for asked, (found, _) in first.items() if not found] == []
    for other in others:
        assert other == first
