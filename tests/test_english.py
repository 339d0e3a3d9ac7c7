"""Common English words that no story holds: they are no typos of what stories hold."""

from __future__ import annotations

import pytest
from newsdesk import TestDesk, titles
from stories import story
from tools.english_words import PATH, english_words

from bot.reply import Role
from bot.text.english import is_english_word, is_spelling_variant

STORIES = (
    story("Electric buses for the residents", "They may fold their bicycles."),
    story("Painters print posters", "The riders sent a card to the centre."),
    story("Utility privatization begins", "Its color is gray."),
)


@pytest.fixture
async def news(desk: TestDesk) -> TestDesk:
    await desk.has(*STORIES)
    return desk


def test_the_list_has_plain_words_in_order() -> None:
    text = PATH.read_text("ascii")
    assert text.splitlines() == english_words([text])


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("election", True), ("river", True), ("metre", True), ("electoin", False), ("ele", False)],
)
def test_a_word_is_looked_up_whole(word: str, is_one: bool) -> None:
    assert is_english_word(word) is is_one


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("privatisation", "privatization"),
        ("organised", "organized"),
        ("analyse", "analyze"),
        ("colours", "colors"),
        ("theatre", "theater"),
        ("defence", "defense"),
        ("catalogue", "catalog"),
        ("travelling", "traveling"),
        ("cancelled", "canceled"),
        ("fuelled", "fueled"),
        ("modelling", "modeling"),
        ("neighbours", "neighbors"),
        ("behaviour", "behavior"),
        ("harbour", "harbor"),
        ("foetus", "fetus"),
        ("oestrogen", "estrogen"),
        ("paediatric", "pediatric"),
        ("programme", "program"),
    ],
)
def test_spelling_variants_are_one_word(british: str, american: str) -> None:
    assert is_spelling_variant(british, american)
    assert is_spelling_variant(american, british)


@pytest.mark.parametrize(
    "pair",
    [
        ("fold", "food"),
        ("bare", "bear"),
        ("wise", "wide"),
        ("filing", "filling"),
        ("tiled", "tilled"),
        ("four", "for"),
        ("tour", "tor"),
        ("shoe", "she"),
        ("poet", "pet"),
        ("canoes", "canes"),
    ],
)
def test_other_words_are_no_variants(pair: tuple[str, str]) -> None:
    assert not is_spelling_variant(*pair)


@pytest.mark.parametrize("typed", ["election", "president", "food", "painting", "senate"])
async def test_a_common_word_that_no_story_holds_is_not_replaced(
    news: TestDesk, typed: str
) -> None:
    reply = await news.ask(typed)
    assert not reply.cards
    assert reply.text[0] == f"Nothing found for “{typed}”."


async def test_what_is_one_edit_away_is_offered(news: TestDesk) -> None:
    reply = await news.ask("food")
    assert [b.label for b in reply.buttons if b.role is Role.OFFER][:1] == ["“fold”"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("electrci", "Electric buses for the residents"),
        ("residants", "Electric buses for the residents"),
        ("privatisation", "Utility privatization begins"),
        ("colour", "Utility privatization begins"),
        ("center", "Painters print posters"),
    ],
)
async def test_typos_and_variants_are_still_mended(news: TestDesk, typed: str, found: str) -> None:
    assert titles(await news.ask(typed)) == [found]
