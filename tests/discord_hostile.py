"""Hostile replies as Discord's messages: how they are rendered, and what must be left of them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import hostile as hostile_texts
from discord_reading import foreign_markup
from hypothesis import strategies as st
from servers.discord.component_rules import TEXT, V2, walk
from servers.discord.links_and_pings import boxes, links, pings
from servers.discord.rules import violations
from servers.discord.spec import SPEC, load_spec
from stories import story

from adapters.discord.buttons import render_controls
from adapters.discord.layout import MAX_TEXT
from adapters.discord.markdown import utf16_units
from adapters.discord.render import render
from adapters.discord.rendered_message import RenderContext
from bot.chat.button_tokens import ActionTokens
from bot.i18n import load
from bot.model import Action, Paragraph, Story
from bot.reply import Reply
from bot.text.display import strip_hidden

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))  # `make test EXAMPLES=10000` asks more
RENDER_CONTEXT = RenderContext(load("en"), ZoneInfo("UTC"))
CALLBACK = "/interactions/1/token/callback"

NASTY = (
    *hostile_texts.NASTY,
    "@everyone @here <@123456789012345678> <@!1> <@&5> <#6> </latest:7> <id:guide>",
    "[a bank](https://evil.example) [b](<https://evil.example>) \\[c](https://evil.example)",
    "[d]\n(https://evil.example) [![e](https://x.example/i.png)](https://evil.example)",
    "https://discord.gg/abc discord.gg/abc DISCORD.GG/abc discord.com/invite/abc",
    "https://www.discordapp.com/invite/abc http://x.org/?u=discord.gg/abc discord.gift/abc",
    "javascript:alert(1) javascript://x steam://run/1 discord://app file:///etc/passwd tel:+1",
    "https://example.org/a_b_c*d*e~~f~~|g| https://example.org/(paren) <https://example.org>",
    "(see https://example.org/a_b.) https://example.org/x, https://日本.example/日本",
    "https://ok.example/**bold**",
    "https://x.example/)](https://evil.example)",
    "*a* **b** ***c*** _d_ __e__ ~~f~~ ||g|| `h` ``i`` ```py\nj\n```",
    "# Heading",
    "## Heading\n### Heading\n-# small",
    "> quote\n>>> rest of it is quoted",
    "a\u2028> quote\u2029# heading",
    "- list\n* list\n+ list\n1. list\n7) list\n  - deeper",
    "1. one\n9. nine",
    "<t:0:R> <t:1700000000> <:emoji:123456789012345678> <a:b:1> :smile: a:b:c 10:30:45",
    "\\*not escaped\\* \\\\ \\",
    "¯\\_(ツ)_/¯",
    "zero\u200bwidth \u202eoverride \u2060joiner \ufeff \x00 \x1b[31m",
    "🏳️‍🌈👩‍👩‍👧‍👦🇯🇵 é e\u0301 ก็็็็็",
    "*" * 5000,
    "_" * 1500,
    "<" * 1500,
    "@everyone" * 300,
    "discord.gg/a" * 200,
    "https://" * 300,
    "a" * 5000,
    "🙂" * 3000,
    " ",
    "",
    "\n\n\n",
    "||" * 800,
    "`" * 777,
    "[" * 900 + "](" * 500,
    "www.example.org ftp://x.example mailto:a@b.example a@b.example",
    "<script>alert(1)</script> &lt; &amp;",
    "**",
    "__",
    "***",
    "~~~~",
    "```",
    "`",
    "\\",
    "-#",
    "-# ",
    ">",
    "> ",
    "#",
    "# ",
    "1.",
    "-",
    "<",
    "<@",
)

texts = (
    st.text(max_size=300)
    | st.sampled_from(NASTY)
    | st.lists(
        st.sampled_from(NASTY)
        | st.text("*_~|`[]()<>@#:\\-1. \nhtps/discorg.ev", max_size=40)
        | st.text(max_size=10),
        max_size=8,
    ).map(" ".join)
)


class _Memory:
    """Remembers what buttons ask for."""

    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        del actions


def body_of(reply: Reply) -> dict[str, Any]:
    """A reply as it is sent."""
    chats: Any = _Memory()
    controls = render_controls(reply, 2**63, ActionTokens(chats), RENDER_CONTEXT.words)
    view = render(reply, RENDER_CONTEXT, controls).view()
    return {
        "flags": V2,
        "components": view.to_components(),  # type: ignore[no-untyped-call]
        "allowed_mentions": {"parse": []},
    }


def box_of(reply: Reply) -> str:
    """The text of a reply's only box."""
    (box,) = boxes(body_of(reply))
    return box


def refused(body: dict[str, Any]) -> list[str]:
    spec = load_spec(SPEC)
    callback = {"type": 4, "data": body}
    wrong = spec.violations("POST", CALLBACK, callback) if spec else []
    return wrong or violations("POST", CALLBACK, callback)


def harmless(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Nobody is called, and nothing leads anywhere but to web pages; returns named links."""
    assert refused(body) == []
    assert pings(body) == []
    assert {link.scheme for link in links(body)} <= {"http", "https"}
    plain, named_links = named(body)
    assert not [link for link in links(plain) if link.kind in {"masked", "invite"}]
    shown = [one["content"] for one in walk(plain["components"]) if one["type"] == TEXT]
    assert [foreign_markup(text) for text in shown if foreign_markup(text)] == []
    assert sum(map(utf16_units, shown)) <= MAX_TEXT
    return named_links


# A headline that leads to the story's page: the only link behind words that there is.
NAMED = re.compile(
    r"^(?P<mark>#{2,3} (?:\d+\. )?|• )"
    r"\[(?P<label>(?:\\.|[^\[\]\\])+)\]\((?P<url>https?://[^\s()<>\[\]]+)\)",
    re.MULTILINE,
)


def named(body: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The message with the headlines that are links made plain, and where each leads."""
    found: list[tuple[str, str]] = []

    def bare(match: re.Match[str]) -> str:
        found.append((match["label"], match["url"]))
        return f"{match['mark']}{match['label']}"

    plain = deepcopy(body)
    for one in walk(plain["components"]):
        if one["type"] == TEXT:
            assert isinstance(one, dict)
            one["content"] = NAMED.sub(bare, one["content"])
    return plain, found


def compact(text: str) -> str:
    return "".join(strip_hidden(text).split())


def hostile(text: str, *more: str, **given: object) -> Story:
    """A story that says it everywhere."""
    base = story("x", **given)
    paragraphs = tuple(
        Paragraph(" ".join(strip_hidden(one).split()), index % 3 == 1)
        for index, one in enumerate((text, *more))
    )
    return replace(
        base,
        title=text,
        paragraphs=paragraphs,
        url=f"https://{text}" if len(text) % 2 else "https://example.org/a",
        image=text if len(text) % 3 else "https://example.org/a.png",
        place=text,
        byline=text,
        summary=text,
        topics=(text, *more),
        date_only=len(text) % 2 == 0,
    )
