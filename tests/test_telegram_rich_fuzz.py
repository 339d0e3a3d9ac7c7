"""Hostile stories and replies: every rich message of them is one that Telegram takes, and whole."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from hostile import EXAMPLES, HOSTILE, seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich_replies import CONTEXT, reading
from servers.telegram.rich import check_rich, detected, links
from servers.telegram.rich import reading as what_is_read
from servers.telegram.spec import SPEC, load_spec
from servers.telegram.typed_models import has_models, model_violation
from stories import story

from adapters.telegram.rich.buttons import ButtonMaker
from adapters.telegram.rich.limits import measure
from adapters.telegram.rich.render import render_rich
from adapters.telegram.rich.serialization import message_json
from bot.chat.button_tokens import ActionTokens
from bot.model import Action, Enclosure, Paragraph, Story
from bot.posting.digest import DisplayNames, digest
from bot.reply import Button, Card, Entry, Reply, Role, Snippet

LETTERS = st.one_of(
    st.sampled_from("aZ 0.-/@#:<>&\"'•“”\u200f\u202e\u2060\ud800\x00\n\t😀🏳🌈日本שלוםمرحبا/read"),
    st.characters(),
)
WORDS = st.text(LETTERS, max_size=40)
URLS = st.one_of(
    st.sampled_from(
        (
            "https://example.org/a?b=c&d=<e>",
            "http://[",
            "https://example.org/" + "x" * 3_000,
            "https://",
            "javascript:alert(1)",
            "https://example.org/ ü\ud800",
            "https://user@xn--bcher-kva.example:8080/ä",
            "https://t.me/DatelineBot?start=a.b",
        )
    ).filter(lambda url: not url.startswith("https://t.me")),
    st.builds("https://example.org/{}".format, WORDS),
)
ENCLOSURES = st.lists(
    st.builds(
        Enclosure,
        URLS,
        st.sampled_from(("audio/mpeg", "image/png", "video/mp4", "application/pdf", "")),
        st.integers(0, 10**12),
        st.integers(0, 10**6),
        WORDS,
    ),
    max_size=6,
)
TIMES = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants these


def stories(texts: st.SearchStrategy[str], times: tuple[int, ...]) -> st.SearchStrategy[Story]:
    """Stories of such texts, whose paragraphs come so many times."""
    paragraphs = st.lists(
        st.builds(
            lambda text, bullet, heading: Paragraph(("• " if bullet else "") + text, heading),
            texts,
            st.booleans(),
            st.booleans(),
        ),
        max_size=12,
    )
    return st.builds(
        Story,
        id=st.text("abcdefgh23", min_size=1, max_size=12),
        source=st.just("wire"),
        key=WORDS,
        title=texts,
        published=TIMES,
        date_only=st.booleans(),
        paragraphs=st.builds(lambda some, n: tuple(some) * n, paragraphs, st.sampled_from(times)),
        url=st.none() | URLS,
        place=WORDS,
        byline=WORDS,
        summary=texts,
        topics=st.lists(WORDS, max_size=9).map(tuple),
        image=st.none() | URLS,
        image_alt=WORDS,
        language=st.sampled_from(("", "ar", "en")),
        enclosures=ENCLOSURES.map(tuple),
    )


def repeated(*times: int) -> st.SearchStrategy[str]:
    """Long texts of few draws: what is tried is where they are cut."""
    return st.builds(lambda text, many: text * many, WORDS, st.sampled_from(times))


LONG, MODEST = repeated(1, 1, 30, 400), repeated(1, 1, 9)
REPORTS, STORIES = stories(LONG, (1, 1, 7, 40)), stories(MODEST, (1,))
ACTIONS = st.builds(
    Action,
    st.sampled_from(("read", "latest", "search")),
    st.lists(st.tuples(st.sampled_from(("story", "words", "page")), WORDS), max_size=2).map(tuple),
)
BUTTONS = st.lists(
    st.builds(Button, MODEST, ACTIONS, st.sampled_from(list(Role)), st.none() | st.integers(1, 6)),
    max_size=12,
).map(tuple)
ENTRIES = st.builds(
    lambda some, times: tuple(some) * times,
    st.lists(
        st.builds(Entry, MODEST, MODEST, st.none() | ACTIONS, WORDS, WORDS, st.none() | st.just(3)),
        max_size=6,
    ),
    st.sampled_from((1, 2, 80)),
)


NAMES = DisplayNames(CONTEXT.words, {"wire": "The @Wire /read"})
FUZZ = settings(
    max_examples=EXAMPLES // 10,  # each has many texts, all of which are checked thrice
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class _Memory:
    """Remembers nothing of what buttons ask for."""

    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        del actions


async def checked(reply: Reply, *, pictures: bool = True) -> str:
    """Renders a reply, has all who know the API check it, and returns what is read."""
    chats: Any = _Memory()
    tokens = ActionTokens(chats)
    buttons = ButtonMaker(tokens, asker=5_000_000_001)
    message = render_rich(reply, CONTEXT, buttons, pictures=pictures)
    await tokens.flush()
    assert measure(message).fits
    body = message_json(message)
    check_rich(body)
    call = {"chat_id": 5, "rich_message": json.dumps(body)}
    # The description is made of the typed methods, and takes far longer.
    spec = None if has_models() else load_spec(SPEC)
    if spec and spec.knows("sendRichMessage"):
        assert not spec.call_violation("sendRichMessage", call)
    assert not model_violation("sendRichMessage", call)
    assert all(link.startswith(("https://", "http://")) for link in links(body))
    assert not [one for one in detected(body).entities if one.type in {"mention", "text_mention"}]
    return what_is_read(body)


def end_of(text: str, shown: str, at: int) -> int:
    """Returns where a text ends in what is shown, torn where a message ends; -1 if it is not."""
    while text:
        found = shown.find(text[:20], at)
        if found < 0:
            return -1
        pairs = zip(text, shown[found:], strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        text, at = text[same:], found + same
    return at


@FUZZ
@given(one=REPORTS)
async def test_a_story_is_whole_whatever_it_holds(one: Story) -> None:
    read = await checked(reading(one))
    found = re.search(r"^Page 1 of (\d+)$", read, re.MULTILINE)
    for page in range(2, int(found[1]) + 1 if found else 0):
        read += await checked(replace(reading(one), page=page))
    shown, at = seen(read), 0
    for paragraph in one.paragraphs:
        at = end_of(seen(paragraph.text.removeprefix("• ")), shown, at)
        assert at >= 0, paragraph


@FUZZ
@given(
    some=st.lists(STORIES, min_size=1, max_size=8),
    buttons=BUTTONS,
    entries=ENTRIES,
    words=st.lists(HOSTILE | MODEST, max_size=3).map(tuple),
    marks=st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=3).map(tuple),
    pages=st.integers(1, 9),
)
async def test_a_list_is_taken_whatever_it_holds(
    some: Sequence[Story],
    buttons: tuple[Button, ...],
    entries: tuple[Entry, ...],
    words: tuple[str, ...],
    marks: tuple[tuple[int, int], ...],
    pages: int,
) -> None:
    found = Snippet(some[0].summary, marks)
    cards = tuple(
        Card(
            one, one.place, at, snippet=found if at == 1 else None, heading=one.byline, also=one.key
        )
        for at, one in enumerate(some, 1)
    )
    reply = Reply(
        "search",
        title="".join(words[:1]),
        notes=words,
        text=words,
        cards=cards,
        entries=entries,
        buttons=buttons,
        more=cards * 20,
        pages=pages,
    )
    read = seen(await checked(reply))
    blocks = 5 * len(cards) + 2 * len(entries) + len(buttons) + len(words)
    if len(read) < 25_000 and blocks < 150:  # beside those that are named only
        for card in cards[1:]:
            assert seen(card.story.title) in read
            assert seen(card.story.summary) in read
    await checked(replace(reply, cards=(), more=()), pictures=False)
    await checked(Reply("post", cards=(replace(cards[0], number=None),), buttons=buttons))


@FUZZ
@given(some=st.lists(STORIES, min_size=2, max_size=12, unique_by=lambda one: one.id))
async def test_a_digest_names_every_story(some: Sequence[Story]) -> None:
    read = seen(await checked(digest(some, NAMES)))
    for one in some:
        assert seen(one.title)[:20] in read  # the limits may shorten it


@FUZZ
@given(text=HOSTILE | MODEST)
async def test_the_words_of_others_notify_nobody_and_offer_no_command(text: str) -> None:
    one = story("x", title=text or "x", summary=text)
    entry = Entry(text, text, Action("posts", (("story", one.id),)))
    for said in ("Nothing", "To see more, type /read or /search"):
        reply = Reply("posts", text=(said,), cards=(Card(one, text, 1),), entries=(entry,))
        chats: Any = _Memory()
        tokens = ActionTokens(chats)
        body = message_json(render_rich(reply, CONTEXT, ButtonMaker(tokens)))
        await tokens.flush()
        found = detected(body)
        assert not [each for each in found.entities if each.type in {"mention", "text_mention"}]
        commands = [each.of(found.text) for each in found.entities if each.type == "bot_command"]
        assert commands == (["/read", "/search"] if "/" in said else [])
