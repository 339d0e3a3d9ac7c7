"""Times of subscriptions in the bot's own language: a catalogue's words, and names of days."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from chats import telegram_chat
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import TestDesk, desk_over
from stories import story

from bot.i18n import Translations, load
from bot.model import Person
from bot.subscriptions.timetable_lexicon import WORDS, TimetableLexicon

ALONE = Person("reader", "Ada", host=True)
GERMAN = {
    "daily": "täglich; jeden Tag",
    "weekdays": "werktags; an Werktagen",
    "every": "jeden; jede; alle",
    "hours": "Stunden",
    "at": "um",
    "o'clock": "Uhr",
    "and": "und",
    "to": "bis",
    "morning": "morgens; jeden Morgen",
    "evening": "abends",
    "at once": "sofort",
    "silent": "lautlos",
}
JAPANESE = {"daily": "毎日", "weekdays": "平日", "morning": "毎朝", "o'clock": "時", "and": "と"}


def _speaking(folder: Path, language: str, words: dict[str, str]) -> Translations:
    """Compiles a catalogue that has these words of timetables."""
    path = folder / language / "LC_MESSAGES" / "dateline.mo"
    path.parent.mkdir(parents=True)
    catalogue = Catalog(locale=None)
    for english, own in words.items():
        catalogue.add(WORDS[english], own)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    return load(language, folder)


async def _kept(desk: TestDesk, line: str) -> tuple[str, str, bool]:
    """What a line subscribes to: the words, the time, and whether silently."""
    chat = telegram_chat("1")
    reply = await desk.ask(f"/subscribe {line}", ALONE, chat)
    kept = await desk.dispatcher.press(reply.buttons[0].action, ALONE, chat)
    assert kept.ok, kept.text
    one = (await desk.store.subscriptions.of(chat))[-1]
    return one.what, str(one.when), one.silent


@pytest.mark.parametrize(
    ("line", "what", "when"),
    [
        ("batterie täglich 8 Uhr", "batterie", "daily 08:00"),
        ("batterie täglich um 8 und 18", "batterie", "daily 08:00 18:00"),
        ("batterie montags", "batterie", "weekly monday 08:00"),
        ("dienstags und freitags um 9 batterie", "batterie", "weekly tuesday,friday 09:00"),
        ("batterie Montag 9:00", "batterie", "weekly monday 09:00"),
        ("batterie mo, do 8:00", "batterie", "weekly monday,thursday 08:00"),
        ("batterie werktags 7:30", "batterie", "weekdays 07:30"),
        ("batterie alle 2 Stunden", "batterie", "every 2 hours"),
        ("batterie jeden Freitag", "batterie", "weekly friday 08:00"),
        ("batterie Montag bis Mittwoch 8:00", "batterie", "weekly monday,tuesday,wednesday 08:00"),
        ("batterie jeden Morgen", "batterie", "daily 08:00"),
        ("batterie sofort", "batterie", "at once"),
        ("batterie weekdays 9:00", "batterie", "weekdays 09:00"),  # English all the same
        ("Montag und Brot täglich", "Montag und Brot", "daily 08:00"),
        ('"täglich brot" abends', '"täglich brot"', "daily 18:00"),
    ],
)
async def test_a_catalogues_words_are_times(
    tmp_path: Path, line: str, what: str, when: str
) -> None:
    words = _speaking(tmp_path, "de", GERMAN)
    async with desk_over(tmp_path / "x.db", words) as desk:
        await desk.has(story("Batterie aus Salz", "Montag und Brot. Es gibt täglich Brot."))
        assert await _kept(desk, line) == (what, when, False)


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("電池 毎日8:00", "daily 08:00"),
        ("電池 毎朝", "daily 08:00"),
        ("電池 平日 9時", "weekdays 09:00"),
        ("電池 月曜日と木曜日 8:00", "weekly monday,thursday 08:00"),
    ],
)
async def test_words_without_spaces_are_times_too(tmp_path: Path, line: str, when: str) -> None:
    words = _speaking(tmp_path, "ja", JAPANESE)
    async with desk_over(tmp_path / "x.db", words) as desk:
        await desk.has(story("電池の話", "電池"))
        assert await _kept(desk, line) == ("電池", when, False)


async def test_an_option_by_name_and_a_slip_are_understood(tmp_path: Path) -> None:
    words = _speaking(tmp_path, "de", GERMAN)
    async with desk_over(tmp_path / "x.db", words) as desk:
        await desk.has(story("Batterie"))
        assert await _kept(desk, 'batterie when:"Dienstag 8 Uhr"') == (
            "batterie",
            "weekly tuesday 08:00",
            False,
        )
        asked = await desk.ask("/subscribe batterie täglich 25 Uhr", ALONE, telegram_chat("1"))
        assert not asked.ok
        assert "täglich 25" in asked.text[0]


async def test_in_english_no_word_is_another_languages(desk: TestDesk) -> None:
    await desk.has(story("Mardi Gras", "Lundi gras."))
    assert await _kept(desk, "mardi gras") == ("mardi gras", "at once", False)


@given(st.text(max_size=40))
def test_a_line_without_such_words_stays_and_any_can_be_restored(line: str) -> None:
    lexicon = TimetableLexicon(load("en"))
    assert lexicon.english(line).text == line
    assert lexicon.english(line).restore(line) == line
