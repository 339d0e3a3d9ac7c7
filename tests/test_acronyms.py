"""Abbreviations in capitals, end to end: they stand for themselves and for names alone."""

from __future__ import annotations

import pytest
from newsdesk import TestDesk, titles
from stories import story

pytestmark = pytest.mark.slow

NEWS = [
    story("Paper counts its readers", "The New York Times has more of them."),
    story("Nothing is not something", "Under an understanding, even that will do."),
    story("Airport opens", "An event for everyone. It is unlisted."),
    story("AI writes a poem", "It is even good."),
    story("Evening of the chefs", "They met at a metro station."),
    story("Charges rise", "Fees for parks are paid by feeling alone."),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("NYT", ["Paper counts its readers"]),
        ("N.Y.T.", ["Paper counts its readers"]),
        ("New York Times (NYT)", ["Paper counts its readers"]),
        ("UN", []),
        ("EV", []),
        ("un", []),
        ("AI", ["AI writes a poem"]),
        ("NATO", []),
    ],
)
async def test_an_abbreviation_is_no_other_word(
    desk: TestDesk, typed: str, found: list[str]
) -> None:
    await desk.has(*NEWS)
    reply = await desk.ask(typed)
    assert titles(reply) == found
    assert not reply.notes


async def test_in_small_letters_it_comes_before_a_word_that_nobody_means(desk: TestDesk) -> None:
    await desk.has(*NEWS)
    assert titles(await desk.ask("nyt"))[0] == "Paper counts its readers"


async def test_a_question_in_capitals_is_mended_all_the_same(desk: TestDesk) -> None:
    await desk.has(*NEWS)
    reply = await desk.ask("AIRPROT OPENS")
    assert titles(reply)[0] == "Airport opens"


async def test_what_stories_hold_in_another_form_is_not_unfinished(desk: TestDesk) -> None:
    await desk.has(*NEWS, story("Gloom", "A feeling in the city of parks."))
    reply = await desk.ask("city parks fee tower")
    assert not any("feeling" in note for note in reply.notes)


async def test_notes_spell_words_as_stories_do_each_once(desk: TestDesk) -> None:
    await desk.has(
        story("Müllabfuhr in Köln streikt", "Tonnen bleiben stehen."),
        story("Mietpreisbremse wird verlängert", "Der Rat stimmte zu."),
    )
    (note,) = (await desk.ask("Muellabfuhr Kölner")).notes
    assert "“müllabfuhr köln”" in note
    (note,) = (await desk.ask("Mietbremse")).notes
    assert note.count("mietpreisbremse") == 1


@pytest.mark.parametrize("typed", ["Bahn für Kühe", "wann wird die Kuh grün", "la vaca sobre todo"])
async def test_function_words_alone_lead_to_no_story(desk: TestDesk, typed: str) -> None:
    await desk.has(
        story("Strom für alle", "Der Preis wird sinken."),
        story("El tren", "Todo sobre la línea."),
    )
    assert not titles(await desk.ask(typed))


async def test_a_function_word_that_may_be_a_name_is_one(desk: TestDesk) -> None:
    await desk.has(story("Las Vegas floods", "Rain."), story("Uber sued", "A court."))
    for typed in ("las vegas resteurant", "uber payment"):
        assert titles(await desk.ask(typed)), typed
