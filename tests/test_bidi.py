"""What is read from right to left is isolated wherever it stands beside other text."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW, story

from adapters.discord import cards as discord_cards
from adapters.discord.buttons import render_controls
from adapters.discord.layout import LayoutMenu
from adapters.discord.render import render as discord_render
from adapters.discord.rendered_message import RenderContext as DiscordContext
from adapters.telegram.render import render
from adapters.telegram.rendered_message import RenderContext as TelegramContext
from bot.chat.button_tokens import ActionTokens
from bot.chat.prompts import read_question
from bot.i18n import load, tell_in
from bot.reply import Action, Button, Card, Entry, Reply, Role
from bot.text.bidi import drop_isolates, isolate
from bot.text.display import add_quotes, strip_hidden
from store.sqlite import SqliteStore

HEBREW, ARABIC = "הרכבת הקלה נפתחה", "افتتاح خط الترام"
UTC = ZoneInfo("UTC")


def held(text: str) -> str:
    return f"\u2068{text}\u2069"


@pytest.mark.parametrize("text", [HEBREW, ARABIC, f"NTT {HEBREW}", "ܫܠܡܐ", "𐤀𐤁", "12 שעות"])
def test_a_text_with_such_letters_is_isolated(text: str) -> None:
    assert isolate(text) == held(text)
    assert isolate(isolate(text)) == held(text)
    assert drop_isolates(held(text)) == text
    assert strip_hidden(held(text)) == held(text)


@pytest.mark.parametrize("text", ["", "Osaka", "東京", "2026", "naïve café", "한국", "٣", "«x»"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert isolate(text) == text


@pytest.mark.parametrize(
    "text", ["a\u2068b", "a\u2069b", "\u2068\u2068a\u2069\u2069", "\u2069\u2068"]
)
def test_an_isolate_that_others_wrote_and_did_not_close_is_gone(text: str) -> None:
    assert not {"\u2068", "\u2069"} & set(strip_hidden(text))


@given(st.text(alphabet="a\u05d0\u2068\u2069\u202e 1"))
def test_what_is_shown_never_has_an_open_isolate(text: str) -> None:
    shown = strip_hidden(text)
    assert shown.count("\u2068") == shown.count("\u2069")
    assert "\u202e" not in shown


@pytest.mark.parametrize("language", ["en", "ja", "de"])
def test_what_fills_a_message_is_isolated(language: str) -> None:
    words = load(language)
    told = words.gettext("There is no topic {name}.").format(name=HEBREW)
    assert held(HEBREW) in told
    plain = words.gettext("There is no topic {name}.").format(name="Osaka")
    assert "\u2068" not in plain
    counted = words.ngettext("{names} and {count} more", "{names} and {count} more", 2)
    assert held(ARABIC) in counted.format(names=ARABIC, count=2)


@pytest.mark.parametrize(
    ("language", "quoted"),
    [("en", "“{}”"), ("ja", "「{}」"), ("de", "„{}“"), ("es", "«{}»")],
)
def test_words_in_quotes_are_isolated_in_the_marks_of_the_language(
    language: str, quoted: str
) -> None:
    said = tell_in(load(language), lambda: add_quotes(HEBREW) + add_quotes("osaka"))
    assert said == quoted.format(held(HEBREW)) + quoted.format("osaka")


def test_a_question_gives_back_what_it_named() -> None:
    assert read_question("Call “{name}” what?", f"Call “{held(HEBREW)}” what?") == {"name": HEBREW}


def _card(number: int | None) -> Card:
    told = story(HEBREW, "Text.", summary="Text.", place="חיפה", topics=("תחבורה",), published=NOW)
    return Card(told, ARABIC, number)


def test_a_card_on_telegram_isolates_each_of_its_parts() -> None:
    context = TelegramContext(load("en"), UTC, "bot", frozenset())
    html = render(Reply("latest", cards=(_card(1), _card(2))), context).html
    for part in (HEBREW, ARABIC, "חיפה", "תחבורה"):
        assert html.count(held(part)) == html.count(part) == 2


def test_a_headline_alone_in_its_line_needs_no_isolation() -> None:
    context = TelegramContext(load("en"), UTC, "bot", frozenset())
    html = render(Reply("read", cards=(_card(None),)), context).html
    assert held(HEBREW) not in html
    assert held("חיפה") in html


def test_a_card_on_discord_isolates_each_of_its_parts() -> None:
    context = DiscordContext(load("en"), UTC)
    shown = discord_cards.card_text(_card(1), context, 4_000)
    for part in (HEBREW, ARABIC, "חיפה", "תחבורה"):
        assert held(part) in shown
    assert held(HEBREW) not in discord_cards.card_head(_card(None), context, 4_000)


async def test_lists_and_menus_isolate_names(tmp_path: Path) -> None:
    entries = (Entry(HEBREW, "12 stories"), Entry("Osaka", ARABIC))
    reply = Reply("topics", entries=entries)
    html = render(reply, TelegramContext(load("en"), UTC, "bot", frozenset())).html
    shown = "\n".join(discord_render(reply, DiscordContext(load("en"), UTC)).texts)
    for text in (html, shown):
        assert held(HEBREW) in text
        assert held(ARABIC) in text
    store = await SqliteStore.open(tmp_path / "dateline.db")
    read = Button(HEBREW, Action("read", (("story", "b"),)), Role.READ, 1)
    controls = render_controls(
        Reply("latest", buttons=(read,)), 0, ActionTokens(store.chats), load("en")
    )
    assert controls.menu is not None
    (menu,) = controls.menu.items
    assert isinstance(menu, LayoutMenu)
    assert [label for label, _ in menu.options] == [f"1. {held(HEBREW)}"]
    await store.aclose()


def test_words_in_quotes_are_not_isolated_again_with_their_marks() -> None:
    told = load("en").gettext("There is no topic {name}.").format(name=add_quotes(HEBREW))
    assert told == f"There is no topic “{held(HEBREW)}”."
