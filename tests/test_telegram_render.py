"""Any reply whatever, as Telegram's own parser sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hostile import EXAMPLES, HOSTILE, NASTY, seen
from hypothesis import example, given, settings
from hypothesis import strategies as st
from servers.telegram.entities import ParsedText, message_text, utf16_units
from stories import NOW, story

from adapters.telegram.formatted_text import (
    MAX_FORMATS,
    MAX_HTML,
    MAX_MESSAGE,
    FormattedText,
    Run,
    highlight,
    sanitize,
)
from adapters.telegram.links import opened, read_link, search_start, topic_link
from adapters.telegram.render import render
from adapters.telegram.rendered_message import RenderContext
from bot.commands import REGISTRY
from bot.commands.story_pages import split_pages
from bot.i18n import load
from bot.model import Action, Enclosure, Paragraph, Story
from bot.reply import Card, Entry, Reply, Snippet

pytestmark = pytest.mark.timeout(max(120, EXAMPLES // 5))  # seconds; only when so many are tried
RENDER_CONTEXT = RenderContext(load("en"), ZoneInfo("UTC"), "DatelineBot")
WEB = ("https://", "http://")


def parsed(reply: Reply) -> ParsedText:
    """The reply as a reader gets it; it is refused, called or led astray by nothing in it."""
    formatted = message_text(render(reply, RENDER_CONTEXT).html, "HTML")
    assert utf16_units(formatted.text) <= MAX_MESSAGE
    for entity in formatted.entities:
        unwanted = {"mention", "text_mention", "bot_command"}
        assert entity.type not in unwanted, entity.of(formatted.text)
        if entity.type == "url":
            shown = entity.of(formatted.text)
            assert "://" not in shown or shown.lower().startswith(WEB)
        if entity.type == "text_link":
            assert entity.url.startswith(WEB)
    return formatted


def reading(one: Story, page: int = 1) -> Sequence[Reply]:
    """All pages of a story."""
    pages = split_pages(one.paragraphs)
    return [
        Reply("read", cards=(Card(one, "The Wire"),), body=body, page=at, pages=len(pages))
        for at, body in enumerate(pages, page)
    ]


def _hostile(text: str) -> Story:
    return replace(
        story("x", published=NOW),
        title=text or "x",
        summary=text,
        place=text,
        byline=text,
        topics=(text, text[:20]),
        url="https://example.org/?a=1&b='\"<>",
        enclosures=(Enclosure("https://example.org/?a=1&b='\"<>", text),),
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=HOSTILE)
def test_any_title_and_summary_whatever_is_shown(text: str) -> None:
    one = _hostile(text)
    cards = tuple(Card(one, text, number, snippet=None) for number in range(1, 11))
    parsed(Reply("latest", title=text, notes=(text,), text=(text,), cards=cards, pages=3))
    parsed(Reply("topics", entries=tuple(Entry(text, text) for _ in range(9))))
    parsed(Reply("read", cards=(Card(one, text),)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    text=HOSTILE,
    count=st.integers(0, 10),
    more=st.integers(1, 120),
    tail=st.sampled_from(["", "&" * 600, "x" * 5_000, "é" * 240]),
)
def test_a_digest_fits_a_message_whatever_it_says(
    text: str, count: int, more: int, tail: str
) -> None:
    one = replace(_hostile(text), url=f"https://example.org/{tail}")
    cards = tuple(Card(one, text, n + 1, heading=text) for n in range(count))
    rest = tuple(Card(replace(one, url=url), text) for url in (one.url, None))
    reply = Reply("digest", title=text, cards=cards, more=(rest * 60)[:more], pages=2)
    formatted = parsed(reply)
    assert len(render(reply, RENDER_CONTEXT).html.encode()) <= MAX_HTML
    shown = [line for line in formatted.text.split("\n") if line.startswith("• ")]
    told_left = re.search(r"^… and (\d+) more$", formatted.text, re.MULTILINE)
    if told_left:
        written = {"text_link", "bold", "italic"}
        formats = [entity for entity in formatted.entities if entity.type in written]
        assert more <= len(shown) + int(told_left[1])  # a summary may begin with a dot itself
        assert len(formats) <= MAX_FORMATS


def test_more_stories_are_named_with_a_link_each() -> None:
    more = (
        Card(story("A <b> & c", url="https://example.org/?a=1&b"), "The Wire"),
        Card(story("Without a page"), "Wire & Co"),
        Card(story("word " * 60, url=f"https://example.org/{'a' * 500}"), ""),
    )
    reply = Reply(
        "digest", cards=(Card(story("Shown"), "The Wire", heading="Osaka Expo"),), more=more
    )
    formatted = parsed(reply)
    first, *lines = formatted.text.split("\n\n")[1].split("\n")
    assert formatted.text.startswith("Osaka Expo\nShown\nThe Wire · ")
    assert first == "• A <b> & c — The Wire"
    assert lines[0] == "• Without a page — Wire & Co"
    assert lines[1].endswith("word…")
    assert len(lines[1]) <= 122
    read = [read_link("DatelineBot", card.story.id) for card in (*reply.cards, *more)]
    links = [entity.url for entity in formatted.entities if entity.type == "text_link"]
    assert links == [read[0], "https://example.org/?a=1&b", read[2], read[3]]


@pytest.mark.parametrize("count", [1, 3, 10])
def test_what_comes_with_a_story_is_linked(count: int) -> None:
    sound = Enclosure("https://example.org/a.mp3?a=1&b", "audio/mpeg", 0, 2_520)
    film = Enclosure("https://example.org/a.mp4", "video/mp4")
    cards = [Card(story("T", enclosures=(sound, film)), "Wire", n) for n in range(1, count + 1)]
    formatted = parsed(Reply("latest", cards=tuple(cards)))
    links = [each.url for each in formatted.entities if each.type == "text_link"]
    assert links.count(sound.url) == formatted.text.count("Listen (42 min)") == count
    assert links.count(film.url) == formatted.text.count("Watch") == (count if count < 4 else 0)


def test_a_link_to_a_recording_that_is_too_long_is_left_out() -> None:
    sound = Enclosure("https://example.org/" + "a" * 600, "audio/mpeg")
    assert (
        "Listen"
        not in parsed(Reply("latest", cards=(Card(story("T", enclosures=(sound,)), "Wire"),))).text
    )


@pytest.mark.parametrize(
    ("url", "least", "most"),
    [
        ("https://example.org/a", 60, MAX_FORMATS),  # no more links than Telegram makes
        (f"https://example.org/{'a' * 470}", 14, 16),  # nor more bytes of links than it takes
        (f"https://example.org/?{'&' * 90}", 60, 64),
    ],
)
def test_what_has_no_room_is_counted(url: str, least: int, most: int) -> None:
    more = tuple(Card(story(f"Story {n}", url=url), "W") for n in range(150))
    formatted = parsed(Reply("digest", more=more, entries=(Entry("After", "all"),)))
    named, after = formatted.text.split("\n\n")
    *lines, last = named.split("\n")
    assert least <= len(lines) <= most
    assert last == f"… and {150 - len(lines)} more"
    assert after == "After — all"


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts=st.lists(HOSTILE, min_size=1, max_size=6), headings=st.integers(0, 63))
@example(texts=list(NASTY), headings=0)
@example(texts=["x"] * 4_000, headings=0)
@example(texts=["👩‍👩‍👧‍👦" * 300] * 3, headings=7)
def test_a_story_is_read_whole(texts: list[str], headings: int) -> None:
    """Every visible character of a story is on its pages, in order."""
    lines = [" ".join(text.split()) for text in texts]
    paragraphs = tuple(Paragraph(t, bool(headings >> i & 1)) for i, t in enumerate(lines) if t)
    one = replace(story("Title", published=NOW), paragraphs=paragraphs)
    shown = []
    for reply in reading(one):
        lines_shown = parsed(reply).text.split("\n\n")
        end = -1 if reply.pages > 1 else None
        shown.append("".join(lines_shown[1:end]))
    assert seen("".join(shown)) == seen("".join(p.text for p in paragraphs))


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=HOSTILE, limit=st.integers(1, 300))
def test_a_text_is_cut_between_characters(text: str, limit: int) -> None:
    whole = FormattedText(
        (Run(sanitize(text), ("b",)), Run(" and more", ("i",), "https://example.org"))
    )
    cut = whole.truncate(limit)
    assert utf16_units(cut.text) <= limit
    assert cut == whole or cut.text.endswith("…")
    assert whole.text.startswith(cut.text.removesuffix("…").rstrip())
    cut.text.encode("utf-16")  # no half of a pair of surrogates


@pytest.mark.parametrize(
    ("text", "limit", "left"),
    [
        ("Osaka Expo opens", 11, "Osaka Expo…"),
        ("Osaka", 5, "Osaka"),
        ("Osakan", 5, "Osak…"),
        ("ab👩‍👩‍👧cd", 6, "ab…"),
        ("🇯🇵🇫🇷", 7, "🇯🇵…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("👍🏽👍🏽", 7, "👍🏽…"),
        ("🙂🙂", 3, "🙂…"),
    ],
)
def test_no_character_is_broken(text: str, limit: int, left: str) -> None:
    assert FormattedText.of(text).truncate(limit).text == left


@settings(max_examples=EXAMPLES, deadline=None)
@given(HOSTILE, st.integers(0, 40), st.integers(1, 20))
def test_marks_stand_where_they_were(text: str, start: int, length: int) -> None:
    start, end = min(start, len(text)), min(start + length, len(text))
    shown = highlight(text, [(start, end)] if start < end else [], "u")
    assert seen(shown.text) == seen(text)
    snippet = Snippet(text, ((start, end),) if start < end else ())
    parsed(Reply("search", cards=(Card(story("x", published=NOW), "s", 1, snippet=snippet),)))


@given(st.text(min_size=1, max_size=90))
def test_links_lead_back_to_what_they_were_made_of(name: str) -> None:
    start = topic_link("DatelineBot", name).partition("?start=")[2]
    assert len(start) <= 64
    assert set(start) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    assert opened(start, ["other", name], REGISTRY) == Action("topic", (("name", name),))
    words = search_start(name)
    if words is not None:
        assert len(words) <= 64
        encodable = name.encode("utf-8", "replace").decode()
        assert opened(words, [], REGISTRY) == Action("search", (("words", encodable),))
    story_id = story("x").id
    read = read_link("DatelineBot", story_id).partition("?start=")[2]
    assert opened(read, [], REGISTRY) == Action("read", (("story", story_id),))


@given(st.text(max_size=70))
def test_no_parameter_is_an_error(start: str) -> None:
    opened(start, ["Osaka Expo", "大阪"], REGISTRY)


HEADLINES = (
    "/reload",
    "/x@evil_bot",
    "Tap /reload now",
    "(/reload) [/settings] “/reload” '/reload' ./reload",
    "\u200b/reload \u2060/reload e\u0301/reload 👍/reload -/reload",
    " =/reload https:/reload?q=/reload",
    "大阪/reload /reload@DatelineBot //reload </reload> >/reload",
)


@pytest.mark.parametrize("headline", HEADLINES)
def test_commands_in_the_words_of_others_cannot_be_tapped(headline: str) -> None:
    bot = replace(RENDER_CONTEXT, commands=frozenset({"reload", "latest", "help", "start"}))
    one = _hostile(headline)
    card, body = Card(one, headline, 1, heading=headline), (Paragraph(headline),)
    listed = Entry(headline, headline, Action("posts", (("story", one.id),)))
    reply = Reply("read", title=headline, cards=(card,), body=body, entries=(listed,), more=(card,))
    for each in (reply, replace(reply, body=()), Reply("notice", text=(f"“{headline}”",))):
        formatted = message_text(render(each, bot).html, "HTML")
        found = [one.of(formatted.text) for one in formatted.entities if one.type == "bot_command"]
        assert found == []


def test_commands_of_our_own_can_be_tapped() -> None:
    bot = replace(RENDER_CONTEXT, commands=frozenset({"latest", "unsubscribe"}))
    latest = Entry("/latest [topic]", "or /reload", Action("help", (("command", "latest"),)))
    text = (
        "To unsubscribe: /unsubscribe Japan",
        "There is no command /reload.",
        "Of /latest@evil_bot",
    )
    formatted = message_text(render(Reply("help", text=text, entries=(latest,)), bot).html, "HTML")
    found = [one.of(formatted.text) for one in formatted.entities if one.type == "bot_command"]
    assert found == ["/unsubscribe", "/latest"]


def test_other_sources_of_a_story_stand_beside_its_own() -> None:
    card = Card(story("x"), "The Wire", 1, also="also in <Bay> Sport")
    assert "The Wire · also in <Bay> Sport · " in parsed(Reply("latest", cards=(card,))).text
