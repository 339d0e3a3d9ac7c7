"""The icon of a source before its name: on every platform, in lists, digests and posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_fake import UTC_ZONE, WORDS
from discord_hostile import RENDER_CONTEXT as ON_DISCORD
from discord_hostile import harmless
from newsdesk import TestDesk
from rich_replies import CONTEXT as ON_TELEGRAM
from servers.discord.component_rules import V2
from servers.telegram.entities import message_text
from servers.telegram.rich import reading as what_is_read
from stories import MODERATOR, NOW, story
from template_cases import rich_post

from adapters.console.render import render_plain
from adapters.discord.buttons import NO_CONTROLS
from adapters.discord.render import render as render_discord
from adapters.telegram.render import render as render_telegram
from bot.config.added_sources import SourceSettingError, read_source
from bot.errors import SourceError
from bot.model import Paragraph, Source
from bot.post_layout import ROOM
from bot.posting.digest import DisplayNames
from bot.posting.templates.compose import lay_out
from bot.reply import Card, Reply
from bot.subscriptions.post_template import PostField, PostTemplate

BRIDGE = story("Bridge opens", "It is open.", summary="It is open.", published=NOW)
CARD = Card(BRIDGE, "The Wire", icon="🗞️")
SITE = "<:dl_0123456789ab_0123456789ab:42>"
REPLIES = {
    "post": Reply("post", cards=(CARD,)),
    "list": Reply("latest", cards=(replace(CARD, number=1),)),
    "digest": Reply("digest", cards=(replace(CARD, number=1),), more=(CARD,)),
    "read": Reply("read", cards=(CARD,), body=BRIDGE.paragraphs),
}


def by_template(text: str, card: Card = CARD, **template: object) -> Reply:
    layout = lay_out(card, PostTemplate(text=text, **template), has_picture=False)  # type: ignore[arg-type]
    return Reply("post", cards=(replace(card, layout=layout),))


def on_discord(reply: Reply, **icons: str) -> str:
    """A reply's text, which is sure to lead nobody astray."""
    rendered = render_discord(reply, replace(ON_DISCORD, icons=icons), NO_CONTROLS)
    components = rendered.view().to_components()  # type: ignore[no-untyped-call]
    if not icons:
        harmless({"flags": V2, "components": components, "allowed_mentions": {"parse": []}})
    return "\n".join(rendered.texts).replace("\xa0", " ")


def without_icon(reply: Reply) -> Reply:
    cards = tuple(replace(one, icon="") for one in reply.cards)
    return replace(reply, cards=cards, more=tuple(replace(one, icon="") for one in reply.more))


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_the_emoji_stands_before_the_name(reply: Reply) -> None:
    shown = len((*reply.cards, *reply.more))
    for text in (
        on_discord(reply),
        render_telegram(reply, ON_TELEGRAM).html,
        what_is_read(rich_post(reply)),
        render_plain(reply, WORDS, UTC_ZONE),
    ):
        assert text.count("🗞️ The Wire") == shown, text


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_discord_shows_the_sites_icon_where_the_source_has_no_emoji(reply: Reply) -> None:
    shown = on_discord(without_icon(reply), wire=SITE)
    assert shown.count(f"{SITE} The Wire") == len((*reply.cards, *reply.more))
    assert on_discord(reply, wire=SITE) == on_discord(reply)
    assert SITE not in on_discord(without_icon(reply), other=SITE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{title} — {source}", "Bridge opens — {} The Wire"),
        ("**{source}**\n{title}", "**{} The Wire**"),
        ("{source|time}\n{title}", "{} The Wire · "),
        ("{?source}from {source}{/} {title}", "from {} The Wire"),
        ("{title:6} {source:6}", "{} The W…"),
    ],
)
def test_templates_have_it_with_the_source(text: str, expected: str) -> None:
    reply = by_template(text)
    assert expected.format("🗞️") in on_discord(reply)
    assert "🗞️ The" in what_is_read(rich_post(reply))
    classic = message_text(render_telegram(reply, ON_TELEGRAM).html, "HTML")
    assert "🗞️ The" in classic.text
    bare = by_template(text, without_icon(REPLIES["post"]).cards[0])
    assert expected.format(SITE) in on_discord(bare, wire=SITE)
    assert expected.format("").replace("  ", " ").strip("* ") in on_discord(bare)


def test_a_source_that_is_hidden_has_no_icon() -> None:
    reply = by_template("{title} {source}", hidden=frozenset({PostField.SOURCE}))
    assert "🗞️" not in on_discord(reply)


def test_an_icon_parts_no_sign_from_what_would_make_a_mention_with_it() -> None:
    hostile = replace(CARD, source="everyone", icon="")
    assert "@everyone" not in on_discord(by_template("{title} @{source}", hostile))
    assert "@everyone" not in on_discord(by_template("{title} @{source}", hostile), wire=SITE)


def test_many_icons_beside_a_long_text_have_room() -> None:
    long = replace(BRIDGE, paragraphs=(Paragraph("A tram runs. " * 900),))
    reply = by_template("{source} " * 18 + "\n{text}\n{title}", Card(long, "The Wire"))
    told = on_discord(reply, wire=SITE)
    assert told.count(SITE) == 18
    assert len(told) <= ROOM
    assert told.endswith("Bridge opens")


def test_names_give_cards_the_icons_of_their_sources() -> None:
    names = DisplayNames(WORDS, {"wire": "The Wire"}, icons={"wire": "⚓", "other": "📰"})
    assert names.card(BRIDGE).icon == "⚓"
    assert names.card(replace(BRIDGE, source="third")).icon == ""


@pytest.mark.parametrize("icon", ["🗞️", " ⚓ ", "🇯🇵", "👩‍💻"])
def test_an_emoji_can_be_set(icon: str) -> None:
    source = read_source("bay", {"kind": "feed", "url": "https://e.org/f", "icon": icon}).source()
    assert source == Source("bay", "bay", "feed", timedelta(minutes=15), icon=icon.strip())


@pytest.mark.parametrize("icon", ["news", "📰📰", ":news:", "<:news:1>", "@", "x📰"])
def test_anything_else_is_refused(icon: str) -> None:
    with pytest.raises(SourceSettingError, match='expected one emoji, such as "🗞️"'):
        read_source("bay", {"kind": "feed", "url": "https://e.org/f", "icon": icon})


async def test_lists_of_sources_have_the_icons_too(desk: TestDesk) -> None:
    services = desk.dispatcher.services
    named = {**services.sources, "wire": replace(services.sources["wire"], icon="🗞️")}
    services.sources = named
    desk.wire.gives.append(SourceError("it is gone", gone=True))
    await services.poller.load(["wire"])
    for line in ("/sources", "/status"):
        names = [one.name for one in (await desk.ask(line, MODERATOR)).entries]
        assert "🗞️ The Wire" in names, line
        assert "The Wire" not in names
