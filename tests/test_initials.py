from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import EVERYTHING, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.engine import SearchEngine
from bot.search.query import parse
from bot.text.initials import LONGEST, MARK, SHORTEST, abbreviations, initials

__all__ = ["open_store", "store"]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Japan’s Ministry of Economy, Trade and Industry said so.", "meti"),
        ("He left Tokyo Electric Power Company in May.", "tepco"),
        ("the Japan Fair Trade Commission", "jftc"),
        ("the National Police Agency", "npa"),
        ("since World War II ended", "ww2"),
        ("since World War Two ended", "ww2"),
        ("the United Nations", "un"),
        ("the Ministry of Health, Labour and Welfare", "mhlw"),
        ("the Bank of Japan", "boj"),
        ("Japan’s Ministry of Finance", "mof"),
        ("the U.S. Department of Justice", "doj"),
        ("its Ministry of Foreign Affairs", "mofa"),
    ],
)
def test_names_are_known_by_their_initials(text: str, short: str) -> None:
    assert f"{MARK}{short}" in initials(text)


@pytest.mark.parametrize("text", ["it rained all day", "", "TOKYO ELECTRIC POWER COMPANY", "Tokyo"])
def test_what_is_no_name_has_none(text: str) -> None:
    assert initials(text) == []


@given(st.text() | st.lists(st.sampled_from(["A", "Bee", "of", ",", "II"])).map(" ".join))
def test_any_text_gives_short_tokens_each_once(text: str) -> None:
    found = initials(text)
    assert len(found) == len(set(found))
    assert all(SHORTEST <= len(one) - len(MARK) <= LONGEST for one in found)


STORIES = [
    story("Subsidies for chips", "The Ministry of Economy, Trade and Industry will pay for it."),
    story("A plant is to start again", "Tokyo Electric Power Company waits for the town."),
    story("Search giant warned", "The Japan Fair Trade Commission spoke up."),
    story("Fines for riders", "The National Police Agency (NPA) has a plan."),
    story("NPA counts bicycles", "It counts them all."),
    story("A diary found", "It was written in World War II."),
    story("Budget delayed", "The Ministry of Finance has no time."),
    story("Nothing of the kind", "Rain is met with care by the tea company."),
]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("METI", "Subsidies for chips"),
        ("meti chips", "Subsidies for chips"),
        ("TEPCO", "A plant is to start again"),
        ("jftc", "Search giant warned"),
        ("WW2 diary", "A diary found"),
        ("ww2", "A diary found"),
        ("NPA", "NPA counts bicycles"),
        ("N.P.A. bicycles", "NPA counts bicycles"),
        ("M.E.T.I.", "Subsidies for chips"),
        ("MOF", "Budget delayed"),
        ("Ministry of Finance (MOF)", "Budget delayed"),
        ("national police agency", "Fines for riders"),
    ],
)
async def test_a_story_that_spells_a_name_is_found_by_its_abbreviation(
    store: Store, typed: str, title: str
) -> None:
    await store.ingest.write(batch(STORIES))
    found = await SearchEngine(store.search).find(parse(typed), EVERYTHING)
    assert found.hits, typed
    assert found.hits[0].title == title


async def test_initials_are_no_word_of_a_story(store: Store) -> None:
    spelt = story("Cup won", "The Maple Eagles Team of Iowa and Ann Smith have it.")
    await store.ingest.write(batch([spelt, story("Two leaders met", "They spoke.")]))
    hits = (await SearchEngine(store.search).find(parse("met"))).hits
    assert [hit.title for hit in hits] == ["Two leaders met"]
    hits = (await SearchEngine(store.search).find(parse("MET"))).hits
    assert [hit.title for hit in hits] == ["Two leaders met", "Cup won"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ministry of economy trade and industry", ["METI issues a ruling"]),
        ("the fair trade commission ruling", ["FTC issues a ruling"]),
        ("tokyo electric power company", ["TEPCO issues a ruling"]),
        ("bank of japan", ["BOJ issues a ruling"]),
        ("many open bakeries", []),  # `mob` is a word of stories, and no name's abbreviation
        ("ministry of finance officials", []),  # two words are no name to shorten
    ],
)
async def test_a_name_finds_stories_that_have_its_abbreviation_alone(
    store: Store, typed: str, found: list[str]
) -> None:
    told = [
        story(f"{one} issues a ruling", "People spoke.") for one in ("METI", "FTC", "TEPCO", "BOJ")
    ]
    spelt = (
        "The Ministry of Economy, Trade and Industry (METI) and the Fair Trade Commission met the "
        "Tokyo Electric Power Company. They saw the Bank of Japan, too. "
        "Many open bakeries are of no concern to them."
    )
    others = [story("Who met whom", spelt), story("A MOB and the MOFO", "With bread.")]
    await store.ingest.write(batch([*told, *others]))
    hits = (await SearchEngine(store.search).find(parse(typed))).hits
    rulings = [hit.title for hit in hits if not hit.partial and "ruling" in hit.title]
    assert rulings == found


def test_abbreviations_of_a_long_row_are_bounded() -> None:
    assert len(list(abbreviations(["word"] * 100))) < 1_000


async def test_the_mark_of_initials_is_shown_to_nobody(store: Store) -> None:
    await store.ingest.write(batch([story("A warning", "The Japan Fair Trade Commission spoke.")]))
    found = await SearchEngine(store.search).find(parse("jftc waring"))
    assert found.corrected == "jftc warning"
