"""Slips of many kinds, and what they are taken for: kinds of slips, not single words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from newsdesk import TestDesk, titles
from stores import EVERYTHING, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.budget import Budget
from bot.search.engine import SearchEngine
from bot.search.partial_match import CANDIDATES
from bot.search.query import parse
from bot.search.results import SearchResult

__all__ = ["open_store", "store"]


async def search(store: Store, told: Sequence[str], typed: str) -> SearchResult:
    """Searches titles, after a search that has read the vocabulary."""
    await store.ingest.write(
        batch([story(title, key=f"{title} {at}") for at, title in enumerate(told)])
    )
    engine = SearchEngine(store.search)
    await engine.warm()
    return await engine.find(parse(typed), EVERYTHING)


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        # The word one edit away comes before its other forms.
        ("mars pwoer", "Power fails on Mars", "Mars powered by a dam"),
        ("wwe ypdated", "Updated odds for WWE", "WWE update"),
        ("trains delyaed", "Delayed again: two trains", "Trains delay"),
        # A word that lacks its last letter before longer ones that it begins, too.
        ("weaker greenbac", "The weaker greenback", "Weaker greenbackers"),
        # An unknown word that is no form of another in spite of its stem.
        ("missing officeals", "Officials missing since noon", "Missing the office"),
        ("no sevrices", "No services on the line", "No severance"),
    ],
)
async def test_the_nearer_word_comes_first(
    store: Store, typed: str, first: str, second: str
) -> None:
    found = await search(store, [first, second], typed)
    assert found.hits[0].title == first


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("feries", "The ferry leaves at noon"),
        ("paries", "The party of the year"),
        ("coppied", "They copy the old pier"),
        ("runing", "A long run"),
    ],
)
async def test_a_slip_in_a_form_of_which_stories_hold_the_base_alone_is_mended_and_told(
    store: Store, typed: str, told: str
) -> None:
    found = await search(store, [told, "It was very fine weather", "The series of Pisa"], typed)
    assert found.hits[0].title == told
    assert found.hits[0].substitutes
    assert "It was very fine weather" not in [hit.title for hit in found.hits]


@pytest.mark.parametrize(
    ("typed", "meant", "other"),
    [
        ("beautyfull", "A beautiful day", "Beauty fades when glasses are full"),
        ("fullfilling", "A fulfilling life", "Full of hope, filling the hall"),
        ("definatly", "It is definitely over", "DeFi looks at risk"),
        ("everebody", "Everybody sings", "No body was ever found"),
        ("backround", "The background of the case", "They come back for a round"),
        ("readeable", "A readable report", "Able to read again"),
        ("occurrencs", "A rare occurrence", "It occurs to us"),
        ("technicale", "A technical problem", "A technique is lost"),
        ("cloese", "Close to the shore", "Cool and loose"),
        ("oen", "The one that got away", "On and on"),
        ("rememberss", "She remembers the war", "In remembrance"),
    ],
)
async def test_a_slip_is_mended_and_told_before_a_word_is_parted(
    store: Store, typed: str, meant: str, other: str
) -> None:
    found = await search(store, [meant, other], typed)
    assert found.hits[0].title == meant
    assert found.hits[0].substitutes


@pytest.mark.parametrize("typed", ["newslines", "timestaps", "missmanaged"])
async def test_an_english_word_is_not_silently_parted_into_words_that_stand_apart(
    store: Store, typed: str
) -> None:
    told = ["News of two railway lines", "At times she taps her foot", "We miss what he managed"]
    found = await search(store, told, typed)
    assert all(hit.substitutes for hit in found.hits)


async def test_a_german_word_is_parted_in_a_bilingual_archive(store: Store) -> None:
    told = ["Brand in einem Hotel: Gäste werden gerettet", "A brand of the hotel", "News und mehr"]
    found = await search(store, told, "hotelbrand")
    assert found.hits[0].title in told[:2]
    assert not found.hits[0].substitutes


async def test_two_letters_alone_are_initials_only_in_capitals(store: Store) -> None:
    await store.ingest.write(batch([story("A race", "Yosuke Matsumoto wins the cup.")]))
    engine = SearchEngine(store.search)
    await engine.warm()
    assert not (await engine.find(parse("ym"))).hits
    assert (await engine.find(parse("YM"))).hits
    assert not (await engine.find(parse("ym cup"))).partial


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("iowa lesda", "Iowa leads the poll"),  # the same letters in another order
        ("tihkn planet", "Some think it a planet"),
        ("agina doctor", "A doctor of the vagina"),  # the first letter of a longer word
        ("moting doctor", "A doctor at the meeting"),
        ("longterm plan", "The plan for the long term"),
        ("league leaguefinal", "The league final"),
    ],
)
async def test_a_slip_in_a_short_word_is_plausible(store: Store, typed: str, meant: str) -> None:
    found = await search(store, [meant, "The mayor opens a bridge"], typed)
    assert [hit.title for hit in found.hits] == [meant]
    assert found.hits[0].corrected or found.hits[0].title == meant


@pytest.mark.parametrize(
    ("misspelt", "right"), [("marekt", "market"), ("haelth", "health"), ("goverment", "government")]
)
async def test_a_misspelling_that_a_few_stories_hold_is_doubted_beside_a_much_commoner_word(
    store: Store, misspelt: str, right: str
) -> None:
    often = [f"A {right} number {at}" for at in range(200)]
    seldom = [f"A {misspelt} of dogs", f"A {misspelt} of cats", f"A {misspelt} of owls"]
    meant = f"Trams: {right} is out"
    found = await search(store, [*often, *seldom, meant], f"trams {misspelt}")
    assert found.hits[0].title == meant
    assert found.hits[0].corrected == f"trams {right}"


@pytest.mark.parametrize(
    ("typed", "meant", "said"),
    [
        ("leek confirms", "Leak confirms new phone", "leak confirms"),  # English, but in no story
        ("mete institutions", "Two institutions meet", "meet institutions"),
        ("apply wordle", "Apple buys Wordle", "apple wordle"),  # in stories, but not in one
    ],
)
async def test_a_slip_that_made_another_word_is_mended_where_no_story_holds_both(
    store: Store, typed: str, meant: str, said: str
) -> None:
    told = [meant, "Many apply for the post", "The ministry confirms it", "Wordle is fun"]
    found = await search(store, told, typed)
    assert found.hits[0].title == meant
    assert found.hits[0].corrected == said


@pytest.mark.parametrize(
    ("typed", "meant", "said"),
    [
        # Spelled by ear: no word, a word that no story holds, words that stories hold.
        ("hier oil", "Oil goes higher", "higher oil"),
        ("skool strike", "Strike at the school", "school strike"),
        ("grim tail", "A grim tale of power", "grim tale"),
        ("waist dump", "Waste in the dump", "waste dump"),
        ("dragon fairy", "Ferry and dragon collide", "dragon ferry"),
        # Two edits, of which the first leads to a form of a word that nobody searches for.
        ("berng power", "They bring power back", "bring power"),
        ("tram repport", "A report on a tram", "tram report"),
    ],
)
async def test_what_was_spelled_by_ear_is_mended_beside_another_word(
    store: Store, typed: str, meant: str, said: str
) -> None:
    told = [meant, "The tail of a fox", "A fairy came", "He has a waist", "It is being done"]
    found = await search(store, told, typed)
    assert found.hits[0].title == meant
    assert found.hits[0].corrected == said


@pytest.mark.parametrize("typed", ["tail", "hier", "isra", "meti"])
async def test_what_only_sounds_alike_is_not_meant_by_one_word(store: Store, typed: str) -> None:
    found = await search(store, ["A tale of power", "Oil goes higher", "Users meet"], typed)
    assert not found.hits


async def test_two_words_that_only_sound_alike_make_no_find(store: Store) -> None:
    found = await search(store, ["He must pass", "A mast", "They pose"], "mast pose")
    assert not any(hit.corrected == "must pass" for hit in found.hits)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("happens trams", "How would it happen? New trams"),
        ("looking trams", "We look at trams"),
        ("reported trams", "A report on trams"),
    ],
)
async def test_of_stories_without_what_opens_a_question_those_with_a_form_of_it_come_first(
    store: Store, typed: str, first: str
) -> None:
    found = await search(store, [first, "New trams", "Trams again", "More trams"], typed)
    assert found.hits[0].title == first


@pytest.mark.parametrize("typed", ["leek", "mete", "food"])
async def test_an_english_word_alone_is_meant_as_it_stands(store: Store, typed: str) -> None:
    found = await search(store, ["Leak confirms new phone", "Two meet", "They may fold it"], typed)
    assert not found.hits


@pytest.mark.parametrize(
    ("typed", "longer"),
    [
        ("trump", "A trumpet concert"),
        ("car", "The carpet fair"),
        ("rest", "A restaurant opens"),
        ("pen", "Pensions rise"),
        ("elect", "Electricity is dear"),
        ("count", "The county votes"),
        ("star", "A startup fails"),
        ("war", "A warning for sailors"),
        ("tax", "Taxi fares rise"),
        ("port", "A portrait is found"),
    ],
)
async def test_a_whole_word_alone_is_no_beginning_of_another(
    store: Store, typed: str, longer: str
) -> None:
    await store.ingest.write(batch([story(longer)]))
    engine = SearchEngine(store.search)
    assert not (await engine.find(parse(typed))).hits
    (offered, *_) = await engine.near_words(parse(typed))
    assert offered.startswith(typed)
    assert offered in longer.lower()


@pytest.mark.parametrize(
    ("typed", "title"),
    [("invest", "An investment"), ("restaur", "A restaurant"), ("fair carp", "The carpet fair")],
)
async def test_a_form_and_an_unfinished_word_are_found(
    store: Store, typed: str, title: str
) -> None:
    found = await search(store, [title, "The mayor opens a bridge"], typed)
    assert [hit.title for hit in found.hits] == [title]


@pytest.mark.parametrize(
    ("typed", "first", "other"),
    [
        ("economies show", "Economy stumbles, indicators show", "Various economies"),
        ("signed look", "The signs to look for", "Treaty signed"),
        ("tram reports", "Trams: a report", "The tram of the year"),
    ],
)
async def test_what_opens_questions_is_meant_behind_other_words(
    store: Store, typed: str, first: str, other: str
) -> None:
    found = await search(store, [first, other], typed)
    assert found.hits[0].title == first


async def test_it_is_left_out_where_a_question_opens_with_it(store: Store) -> None:
    found = await search(store, ["Various economies", "A show of trams"], "show me economies")
    assert [hit.title for hit in found.hits] == ["Various economies"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Kindergelderhöhung", "Kindergeld steigt auf 255 Euro"),
        ("Lagerhallenbrand", "Feuer in Hamburger Lagerhalle"),
        ("gdl streik", "Lokführerstreik: GDL fordert mehr"),
        ("熊が出た", "熊の出没相次ぐ"),
        ("駅で火事", "駅の近くで大きな火災"),
    ],
)
async def test_parts_of_words_are_found(store: Store, typed: str, meant: str) -> None:
    found = await search(store, [meant, "国会議事堂にけが人なし", "Mietpreisbremse bleibt"], typed)
    assert found.hits[0].title == meant


@pytest.mark.parametrize("word", ["trams", "tramz"])
async def test_the_very_words_are_found_however_many_stories_hold_others_of_them(
    store: Store, word: str
) -> None:
    old = f"Old {word} for Oslo"
    many = [f"A tram for Oslo {at}" for at in range(2 * CANDIDATES + 20)]
    found = await search(store, [old, *many], f"{word} oslo")
    assert found.hits[0].title == old


async def test_the_very_words_are_found_whatever_was_spent_before(store: Store) -> None:
    await store.ingest.write(batch([story("Old trams for Oslo"), story("A tram in Oslo")]))
    engine = SearchEngine(store.search)
    await engine.warm()
    found = await engine.find(parse("trams oslo"), EVERYTHING, Budget(0))
    assert [hit.title for hit in found.hits] == ["Old trams for Oslo"]
    assert found.cut


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("popula february", "Popular phones: February 2022"),
        ("bigest nov", "Biggest gain since Nov 2020"),
        ("lahirri thursday arrives", "Lahiri’s son arrives on Thursday"),
        ("paris foatball january", "Paris football, January 24"),
    ],
)
async def test_a_month_beside_a_misspelt_word_is_a_word_where_a_title_has_both(
    desk: TestDesk, typed: str, meant: str
) -> None:
    others = ("Popular songs", "The biggest fish", "Lahiri sings", "Football in Paris")
    await desk.has(story(meant), *map(story, others))
    assert titles(await desk.ask(typed))[0] == meant


async def test_a_time_that_has_nothing_is_a_word_where_that_finds_anything(desk: TestDesk) -> None:
    await desk.has(story("The size of December"), story("Plans continue"))
    reply = await desk.ask("zise december")
    assert titles(reply) == ["The size of December"]
