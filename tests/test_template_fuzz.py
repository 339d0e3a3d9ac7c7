"""Hostile stories through all templates: nobody is called, nothing is refused or led astray."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from discord_hostile import refused
from discord_reading import HOLE, foreign_markup
from hostile import EXAMPLES, HOSTILE
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich_replies import CONTEXT as ON_TELEGRAM
from servers.discord.component_rules import TEXT, walk
from servers.discord.links_and_pings import links, pings
from servers.telegram.entities import message_text
from servers.telegram.rich import check_rich, detected
from servers.telegram.typed_models import model_violation
from stories import NOW, story
from template_cases import TEMPLATES, composed, discord_post, rich_post

from adapters.discord.layout import MAX_TEXT
from adapters.discord.markdown import utf16_units
from adapters.telegram.formatted_text import MAX_FORMATS, MAX_HTML, MAX_MESSAGE
from adapters.telegram.render import render
from bot.model import Enclosure, Paragraph, Story
from bot.post_layout import ROOM
from bot.posting.messenger import Message

pytestmark = [pytest.mark.slow, pytest.mark.timeout(max(120, EXAMPLES))]

PAGE = "https://example.org/a_(b)?x=*y*"
TITLES = HOSTILE | st.sampled_from(
    (
        "@everyone <@123456789012345678> <@&5> everyone",
        "everyone",
        "here and there",
        "durov",
        "//evil.example",
        "gg/abcdef",
        "{title} {{summary}} {?place}{/} {line} {link}",
        "x" * 4_000,
        "word " * 800,
        "@everyone" * 444,
        "e\u0301\u0302\u0303" * 400,
        "\u202eevil\u202c \u2066x\u2069 \u2068",
        "# head\n-# small\n---\n> quote",
        "**bold** *it* [a](https://evil.example) `code` ||x||",
        "<b>x</b> &amp; <a href='tg://user?id=1'>y</a>",
        "\\",
        "*",
    )
)
# The link of a headline, which may stand anywhere in a template, and what stands in italics.
_OWN_LINK = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(https://example\.org/[^\s()<>\[\]]*\)")
_ITALIC = frozenset({"styled"})
_MENTIONS = frozenset({"mention", "text_mention", "bot_command"})


def hostile(title: str, other: str) -> Story:
    return story(
        "x",
        key=title,
        title=title or "x",
        published=NOW,
        paragraphs=(Paragraph(other), Paragraph(title)),
        summary=title,
        place=other,
        byline=title,
        url=PAGE,
        topics=(title, other, title[:9], "2025"),
        image="https://example.org/a.png",
        enclosures=(Enclosure("https://example.org/b_(c).png", "image/png"),),
    )


def check_discord(name: str, message: Message) -> None:
    body = discord_post(message)
    assert refused(body) == []
    assert pings(body) == []
    assert pings({**body, "allowed_mentions": None}) == []
    shown = [one["content"] for one in walk(body["components"]) if one["type"] == TEXT]
    assert all(text.strip() for text in shown)
    assert sum(map(utf16_units, shown)) <= min(MAX_TEXT, ROOM + 100)
    found = links(body)
    assert {link.scheme for link in found} <= {"http", "https"}
    assert not [link for link in found if link.kind == "invite"]
    assert all(
        link.url.startswith("https://example.org/") for link in found if link.kind == "masked"
    )
    if name not in _ITALIC:
        plain = [_OWN_LINK.sub(rf"{HOLE}\1{HOLE}", text) for text in shown]
        assert [markup for text in plain for markup in foreign_markup(text)] == []


def check_classic(message: Message) -> None:
    html = render(message.reply, ON_TELEGRAM).html
    assert len(html.encode()) <= MAX_HTML
    read = message_text(html, "HTML")
    assert read.text.strip()
    assert utf16_units(read.text) <= MAX_MESSAGE
    assert not [one.type for one in read.entities if one.type in _MENTIONS]
    written = [one for one in read.entities if one.type in {"text_link", "bold", "italic"}]
    assert len(written) <= MAX_FORMATS
    assert all(one.url.startswith("https://") for one in written if one.type == "text_link")


def check_rich_message(message: Message) -> None:
    body = rich_post(message.reply)
    check_rich(body)
    assert not model_violation("sendRichMessage", {"chat_id": 5, "rich_message": json.dumps(body)})
    assert not [one.type for one in detected(body).entities if one.type in _MENTIONS]


@settings(
    max_examples=EXAMPLES // 30,  # each goes through all templates, in all forms
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(title=TITLES, other=TITLES)
@example(title="everyone", other="@")
@example(title="gg/abcdef", other="123456789012345678")
@example(title="//evil.example", other="here")
@example(title="\\", other="**")
@example(title="`](", other="")
def test_hostile_stories_call_nobody_by_any_template(title: str, other: str) -> None:
    one = hostile(title, other)
    for name, template in TEMPLATES.items():
        message = composed(one, template)
        check_discord(name, message)
        check_classic(message)
        check_rich_message(message)


@given(title=st.sampled_from(("{summary}", "{{link}}", "{?place}{/}", "{line}{title}", "{prefix}")))
def test_placeholders_in_titles_stay_what_they_are(title: str) -> None:
    one = story("x", key=title, title=title, summary="The summary.", url=PAGE)
    for name in ("simple", "rich", "compact", "headline", "article", "tagged"):
        message = composed(one, TEMPLATES[name])
        body: Any = discord_post(message)
        shown = "".join(c["content"] for c in walk(body["components"]) if c["type"] == TEXT)
        assert title in shown.replace("\\", "").replace("\u2060", "")
        assert title in message_text(render(message.reply, ON_TELEGRAM).html, "HTML").text
