"""Replies on Discord: valid bodies, text shown as it is, no foreign markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from discord_desk import serving
from discord_hostile import (
    EXAMPLES,
    NASTY,
    body_of,
    box_of,
    compact,
    harmless,
    hostile,
    texts,
)
from discord_reading import foreign_markup, visible_text
from hypothesis import example, given, settings
from hypothesis import strategies as st
from newsdesk import TestDesk
from servers.discord.component_rules import TEXT, text_above, walk
from servers.discord.links_and_pings import boxes, headlines
from servers.discord.server import discord_server
from stories import NOW, story

from adapters.discord.cards import TITLE
from adapters.discord.links import web_url
from adapters.discord.markdown import escape_markdown, highlight, plain_text, truncate, utf16_units
from bot.chat.ports import Store
from bot.commands.story_pages import split_pages
from bot.model import Action, Enclosure, Story
from bot.reply import Button, Card, Entry, Reply, Role, Snippet
from bot.text.display import strip_hidden
from store.sqlite import SqliteStore


def listed(stories: Sequence[Story], text: str) -> Reply:
    cards = [
        Card(one, text, n, None, Snippet(text, ((0, len(text)),)))
        for n, one in enumerate(stories, 1)
    ]
    cards[-1:] = [replace(cards[-1], snippet=None)]
    read = [
        Button(text, Action("read", (("story", text),)), Role.READ, n)
        for n in range(1, len(cards) + 1)
    ]
    offers = [Button(text, Action("search", (("words", text + str(n)),))) for n in range(12)]
    turns = [
        Button(text, Action("latest", (("page", str(n)),)), role) for n, role in enumerate(Role)
    ]
    return Reply(
        "search",
        title=text,
        notes=(text, text),
        text=(text, text),
        cards=tuple(cards),
        page=2,
        pages=3,
        buttons=(*turns, *read, *offers),
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=texts)
def test_text_is_shown_as_it_is(text: str) -> None:
    shown = escape_markdown(text)
    assert foreign_markup(shown) == []
    assert visible_text(shown) == compact(text)
    assert utf16_units(shown) <= 2 * utf16_units(strip_hidden(text)) + 2
    assert foreign_markup(escape_markdown(text, links=False)) == []
    assert "<http" not in escape_markdown(text, links=False)


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=texts, limit=st.integers(1, 300))
def test_text_is_cut_without_tearing_anything(text: str, limit: int) -> None:
    for form in (escape_markdown, plain_text):
        cut = truncate(text, limit, form)
        assert utf16_units(cut) <= limit
    cut = truncate(text, limit)
    assert cut or not strip_hidden(text)
    assert foreign_markup(cut) == []
    kept = visible_text(cut).removesuffix("…")
    assert compact(text).startswith(kept)


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=texts, start=st.integers(0, 50), length=st.integers(1, 50))
def test_found_words_are_bold(text: str, start: int, length: int) -> None:
    text = strip_hidden(text)
    marks = ((start, min(start + length, len(text))),) if start < len(text) else ()
    assert visible_text(highlight(text, marks)) == compact(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=texts, count=st.integers(1, 10))
async def test_a_list_is_taken_whatever_it_says(text: str, count: int) -> None:
    body = body_of(listed([hostile(text)] * count, text))
    harmless(body)
    assert len(headlines(body)) == count
    entries = tuple(
        Entry(text, text, Action("topic", (("name", text + str(n)),))) for n in range(20)
    )
    harmless(body_of(Reply("topics", title=text, entries=entries)))
    harmless(body_of(Reply("help", text=(text,) * 30, ok=False)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=texts, count=st.integers(0, 10), more=st.integers(1, 60))
async def test_a_digest_is_taken_whatever_it_says(text: str, count: int, more: int) -> None:
    cards = tuple(Card(hostile(text), text, n + 1, heading=text) for n in range(count))
    rest = tuple(
        Card(replace(hostile(text), url=url), text)
        for url in (f"https://{text}", "https://a.org/a_b", None)
    )
    body = body_of(Reply("digest", title=text, cards=cards, more=(rest * 20)[:more]))
    named_links = harmless(body)
    assert all(foreign_markup(label) == [] for label, _ in named_links)
    assert all(web_url(url) for _, url in named_links)
    lines = boxes(body)[0].splitlines()
    told_left = re.fullmatch(r"-# … and (\d+) more", lines[-1])
    shown = sum(line.startswith("•") for line in lines)
    assert shown + int(told_left[1] if told_left else 0) == max(0, count - 9) + more


@settings(max_examples=EXAMPLES, deadline=None)
@given(first=texts, more=st.lists(texts, max_size=6))
@example(first="*" * 5_000, more=["_" * 1_500, "~" * 1_499, "[" * 199] * 3)
@example(first="\N{GRINNING FACE}" * 2_000, more=["`" * 1_500] * 3)
async def test_a_story_is_read_whole_over_its_pages(first: str, more: list[str]) -> None:
    one = hostile(first, *more)
    pages = split_pages(one.paragraphs)
    read = ""
    for number, page in enumerate(pages, 1):
        reply = Reply("read", cards=(Card(one, first),), body=page, page=number, pages=len(pages))
        body = body_of(reply)
        harmless(body)
        told = [one["content"] for one in walk(body["components"]) if one["type"] == TEXT]
        # Between the headline, with where it is from, and the topics, with the page's number.
        has_end = bool(one.topics) or len(pages) > 1
        read += "".join(map(visible_text, told[1 : -1 if has_end else None]))
    assert read == "".join(compact(paragraph.text) for paragraph in one.paragraphs)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://[::1", False),
        ("https://a b.example", False),
        ("https://" + "x" * 2100 + ".example", False),
        ("ftp://example.org", False),
        (None, False),
    ],
)
def test_only_web_pages_are_linked(url: str | None, kept: bool) -> None:
    assert web_url(url) == (url if kept else None)


def test_addresses_stay_links_where_that_is_safe() -> None:
    assert escape_markdown("See https://example.org/a_b_c. Or not.") == (
        "See <https://example.org/a_b_c>. Or not."
    )
    assert escape_markdown("(https://example.org/?q=1&x=2)") == "(<https://example.org/?q=1&x=2>)"


def test_times_are_relative_and_dates_are_dates() -> None:
    dated, timed = (story("x", date_only=only) for only in (True, False))
    stamp = int(NOW.timestamp())
    for one, when in ((dated, "Nov 23, 2026"), (timed, f"<t:{stamp}:R>")):
        assert f"-# Wire · {when}" in box_of(Reply("latest", cards=(Card(one, "Wire", 1),)))


def test_what_comes_with_a_story_is_linked_in_lists_and_where_it_is_read() -> None:
    sound = Enclosure("https://example.org/a.mp3?x=(1)", "audio/mpeg", 0, 2_520)
    film = Enclosure("https://example.org/a.mp4", "video/mp4")
    one = story("x", "Text.", summary="long " * 300, enclosures=(sound, film))
    links = "[Listen (42 min)](https://example.org/a.mp3?x=%281%29) · [Watch]("
    for number, body in ((1, ()), (None, ()), (None, one.paragraphs)):
        assert links in box_of(Reply("latest", cards=(Card(one, "Wire", number),), body=body))


OFFERED = re.compile(r"\[Listen \(1 min\)\]\(https?://[^\s()<>\[\]]+\)")


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=texts)
def test_a_link_to_a_recording_harms_nobody_whatever_its_address_is(text: str) -> None:
    sound = Enclosure(f"https://example.org/{text}", "audio/mpeg", 0, 60)
    cards = (Card(story("x", enclosures=(sound,)), "Wire", 1),)
    body = body_of(Reply("latest", cards=cards))
    for one in walk(body["components"]):
        if one["type"] == TEXT:
            assert isinstance(one, dict)
            one["content"] = OFFERED.sub("Listen", one["content"])
    harmless(body)


def test_more_stories_are_named_with_links_to_their_pages() -> None:
    long = f"https://example.org/{'a' * 600}"
    urls = ("https://example.org/a_b?c=(d)&e=f|g", None, long, "https://discord.gg/abc")
    more = tuple(
        Card(story(f"[{n}] A *star*", url=url), "The Wire") for n, url in enumerate(urls, 1)
    )
    assert box_of(Reply("digest", more=more)).splitlines() == [
        r"• [(1) A \*star\*](https://example.org/a_b?c=%28d%29&e=f%7Cg) — The Wire",
        r"• \[2\] A \*star\* — The Wire",
        r"• \[3\] A \*star\* — The Wire",
        r"• (4) A \*star\* — The Wire",
    ]


def test_more_stories_take_what_room_there_is_and_the_rest_is_counted() -> None:
    cards = tuple(
        Card(story(f"Story {n}", summary="word " * 300), "The Wire", n) for n in range(1, 11)
    )
    more = tuple(Card(story(f"Named {n}", url="https://example.org/a"), "Wire") for n in range(200))
    body = body_of(Reply("digest", cards=cards, more=more))
    assert [one[:2] for one in headlines(body)] == [f"{n}." for n in range(1, 10)]
    lines = [line for line in boxes(body)[0].splitlines() if line.startswith(("•", "-# …"))]
    first, *lines, last = lines
    assert first == "• Story 10 — The Wire"
    assert len(lines) >= 25
    assert last == f"-# … and {200 - len(lines)} more"
    assert len(box_of(Reply("digest", more=more[:30])).splitlines()) == 30


def test_a_heading_stands_above_where_and_when() -> None:
    one = story("x", "Text.", date_only=True)
    for body in ((), one.paragraphs):
        card = Card(one, "Wire", heading="Osaka *Expo*")
        box = box_of(Reply("digest", cards=(card,), body=body))
        assert re.match(r"-# \*\*Osaka \\\*Expo\\\*\*\*\n##+ x\n-# Wire · Nov 23, 2026", box)


def test_a_long_title_is_cut() -> None:
    (title,) = headlines(body_of(Reply("latest", cards=(Card(story("word " * 99), "Wire", 12),))))
    assert title.startswith("12. word word")
    assert title.endswith("word…")
    assert len(title) <= TITLE


@pytest.mark.parametrize(
    "sign", ["🇯🇵", "👩‍👩‍👧‍👦", "e\u0301", "\U0001f468\U0001f3fd\u200d\U0001f680"]
)
def test_what_readers_see_as_one_character_is_whole(sign: str) -> None:
    for limit in range(40, 60):
        kept = truncate(sign * 50, limit).removesuffix("…")
        assert utf16_units(kept) > limit - 1 - 2 * utf16_units(sign)
        assert kept == sign * (len(kept) // len(sign))


def test_a_reply_that_says_nothing() -> None:
    assert text_above(body_of(Reply("latest"))) == "Nothing to show."


async def test_every_nasty_story_is_listed_and_read(desk: TestDesk) -> None:
    nasty = [
        replace(
            story(f"N{n} {' '.join(strip_hidden(text).split())}"[:400], strip_hidden(text)[:3000]),
            image=f"https://example.org/{n}.png",
        )
        for n, text in enumerate(NASTY)
    ]
    await desk.has(*nasty)
    store: Store = desk.store
    assert isinstance(store, SqliteStore)
    async with discord_server() as server, serving(server, desk):
        ada = server.person("Ada")
        page = await ada.command(None, "latest")
        for _ in range(len(NASTY) // 5):
            desk.clock.pass_(100)
            harmless(page.shown.body)
            for label in [one for one in page.labels if one.startswith("Read ")]:
                desk.clock.pass_(5)
                (button,) = (one for one in page.shown.buttons if one.get("label") == label)
                wanted = button["custom_id"].partition("=")[2]
                read = await ada.command(None, "read", story=wanted)
                harmless(read.shown.body)
            await ada.presses(page, "Next")


def test_other_sources_of_a_story_stand_beside_its_own() -> None:
    card = Card(story("x"), "Wire", 1, also="also in *Bay* Sport")
    box = box_of(Reply("latest", cards=(card,)))
    assert "-# Wire · also in \\*Bay\\* Sport · " in box
