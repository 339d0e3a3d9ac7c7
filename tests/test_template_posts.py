"""Posts by templates on both platforms; and that a preview is the post, byte for byte."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from following import CHANNEL, GROUP, follow, labels, news, press
from newsdesk import TestDesk, seen_at
from posting import ROOM, posting
from rich_replies import CONTEXT as ON_TELEGRAM
from servers.discord.component_rules import walk
from stories import MODERATOR, NOW, story
from template_cases import (
    TEMPLATES,
    composed,
    discord_post,
    discord_reply,
    rich_post,
)

from adapters.telegram.outgoing import link_preview
from adapters.telegram.render import render
from bot.chat.settings import LANGUAGE
from bot.commands.subscriptions.template_options import template_action
from bot.model import Enclosure
from bot.post_layout import PicturePlace
from bot.posting.digest import PostComposer
from bot.posting.messenger import Message
from bot.posting.templates.presets import PRESETS
from bot.subscriptions.post_template import STANDARD, PostTemplate

EXPO = story(
    "Osaka Expo *opens*",
    "The Osaka Expo opened.\nBuses run every ten minutes.",
    summary="The Osaka Expo opened.",
    url="https://example.org/expo",
    image="https://example.org/expo.jpg",
    enclosures=(
        Enclosure("https://example.org/2.jpg", "image/jpeg"),
        Enclosure("https://example.org/1.mp3", "audio/mpeg", 900, 60),
    ),
    place="OSAKA",
    byline="MU.",
    topics=("Osaka Expo", "World"),
    published=NOW,
)
ALL = {"standard": STANDARD, **TEMPLATES}


def texts(body: dict[str, Any]) -> str:
    return "\n".join(one["content"] for one in walk(body["components"]) if one["type"] == 10)


def without_buttons(node: Any) -> Any:
    """A message without its buttons: those of a reply are its asker's."""
    if isinstance(node, list):
        return [without_buttons(one) for one in node if not _is_button_row(one)]
    if isinstance(node, dict):
        return {name: without_buttons(one) for name, one in node.items() if name != "id"}
    return node


def _is_button_row(one: Any) -> bool:
    return isinstance(one, dict) and one.get("type") in {1, "buttons"}


# Each preset on each platform


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("simple", "**Osaka Expo \\*opens\\***\n<https://example.org/expo>"),
        (
            "rich",
            (
                "## [Osaka Expo \\*opens\\*](https://example.org/expo)\n**MU.**\n"
                "The Osaka Expo opened. Buses run every ten minutes."
            ),
        ),
        ("compact", "**Osaka Expo \\*opens\\***\nThe Osaka Expo opened."),
        ("gallery", "**Osaka Expo \\*opens\\***\nThe Osaka Expo opened."),
        ("headline", "[Osaka Expo \\*opens\\*](https://example.org/expo) — The Wire"),
        (
            "article",
            (
                "## [Osaka Expo \\*opens\\*](https://example.org/expo)\n"
                f"-# The Wire · OSAKA · <t:{int(NOW.timestamp())}:R> · MU.\n\n"
                "The Osaka Expo opened. Buses run every ten minutes.\n\n-# Osaka Expo · World"
            ),
        ),
    ],
)
def test_presets_on_discord(name: str, shown: str) -> None:
    assert texts(discord_post(composed(EXPO, PRESETS[name].template))) == shown


def kinds(body: dict[str, Any]) -> list[int]:
    return [one["type"] for one in walk(body["components"])]


SECTION, THUMBNAIL, GALLERY, RULE, BOX = 9, 11, 12, 14, 17


@pytest.mark.parametrize(
    ("name", "has", "lacks"),
    [
        ("simple", (), (BOX, GALLERY, THUMBNAIL, RULE, 2)),
        ("rich", (BOX, SECTION, THUMBNAIL, RULE, 2), (GALLERY,)),
        ("compact", (BOX, SECTION, THUMBNAIL, 2), (GALLERY, RULE)),
        ("gallery", (BOX, GALLERY, 2), (SECTION, THUMBNAIL)),
        ("headline", (), (BOX, GALLERY, THUMBNAIL, 2)),
        ("article", (BOX, GALLERY, 2), (THUMBNAIL,)),
    ],
)
def test_the_pictures_and_boxes_of_presets_on_discord(
    name: str, has: tuple[int, ...], lacks: tuple[int, ...]
) -> None:
    found = set(kinds(discord_post(composed(EXPO, PRESETS[name].template))))
    assert found.issuperset(has)
    assert found.isdisjoint(lacks)


@pytest.mark.parametrize(
    ("name", "html", "preview"),
    [
        ("simple", "<b>Osaka Expo *opens*</b>\nhttps://example.org/expo", None),
        ("compact", "<b>Osaka Expo *opens*</b>\nThe Osaka Expo opened.", False),
        ("gallery", "<b>Osaka Expo *opens*</b>\nThe Osaka Expo opened.", True),
        (
            "headline",
            '<a href="https://example.org/expo">Osaka Expo *opens*</a> — The Wire',
            None,
        ),
    ],
)
def test_presets_as_classic_messages_on_telegram(
    name: str, html: str, *, preview: bool | None
) -> None:
    rendered = render(composed(EXPO, PRESETS[name].template).reply, ON_TELEGRAM)
    assert rendered.html == html
    options = link_preview(rendered)
    assert bool(options.is_disabled) is (preview is None)
    assert bool(options.prefer_large_media) is bool(preview)


def block_types(body: dict[str, Any]) -> list[str]:
    return [block["type"] for block in body["blocks"]]


@pytest.mark.parametrize(
    ("name", "blocks"),
    [
        ("simple", ["paragraph", "paragraph"]),
        ("rich", ["photo", "heading", "paragraph", "divider", "paragraph", "buttons"]),
        ("compact", ["photo", "paragraph", "paragraph", "buttons"]),
        ("gallery", ["paragraph", "paragraph", "collage", "buttons"]),
        ("headline", ["paragraph"]),
    ],
)
def test_presets_as_rich_messages_on_telegram(name: str, blocks: list[str]) -> None:
    assert block_types(rich_post(composed(EXPO, PRESETS[name].template).reply)) == blocks


def test_hashtags_can_be_tapped_on_telegram_and_make_nothing_else_so() -> None:
    tagged = PostTemplate(text="{title} {hashtags}")
    hostile = replace(EXPO, title="@durov wrote /start")
    body = rich_post(composed(hostile, tagged).reply)
    assert not body.get("skip_entity_detection")
    said = json.dumps(body, ensure_ascii=False)
    assert "@\u2060durov wrote /\u2060start" in said
    assert "#OsakaExpo" in said
    assert rich_post(composed(EXPO, PRESETS["compact"].template).reply)["skip_entity_detection"]


def test_posts_show_no_picture_where_a_subscription_has_none() -> None:
    for template in ALL.values():
        message = composed(EXPO, template, picture=False)
        assert not {GALLERY, THUMBNAIL} & set(kinds(discord_post(message)))
        types = block_types(rich_post(message.reply, pictures=message.picture))
        assert not {"photo", "collage"} & set(types)


def test_a_template_that_cannot_be_read_costs_no_post() -> None:
    broken = PostTemplate(text="{nothing}")
    assert composed(EXPO, broken).reply.cards == composed(EXPO, STANDARD).reply.cards


def test_without_a_template_a_post_is_as_it_was() -> None:
    (card,) = composed(EXPO, STANDARD).reply.cards
    assert card.layout is None
    assert PostTemplate() == STANDARD


# The preview


async def waiting(desk: TestDesk) -> Message:
    """The message of the post that waits to be sent, composed as the sender does it."""
    (post,) = await desk.store.outbox.due(CHANNEL.platform, desk.clock.now(), 9)
    stories = await desk.store.stories.by_ids(post.stories)
    composer = PostComposer(desk.dispatcher.services.names)
    message = composer.message(post, {one.id: one for one in stories})
    assert message
    return message


@pytest.mark.parametrize(
    ("name", "options"),
    [*((name, "") for name in ALL), *((name, " picture:no") for name in ("standard", "rich"))],
)
async def test_a_preview_is_what_is_posted_byte_for_byte(
    desk: TestDesk, name: str, options: str
) -> None:
    one = await follow(desk, f"osaka expo{options}", CHANNEL)
    await news(desk, EXPO)
    action = template_action("template", one.id, ALL[name])
    shown = await desk.dispatcher.press(action, MODERATOR, CHANNEL)
    if ALL[name] != STANDARD:
        assert (await press(desk, shown, "Save", chat=CHANNEL)).ok
    message = await waiting(desk)
    assert shown.clock == message.reply.clock

    post = discord_post(message)["components"]
    found = discord_reply(shown)["components"]
    assert without_buttons(found[1 : 1 + len(post)]) == without_buttons(post)

    html = render(message.reply, ON_TELEGRAM).html
    assert render(shown, ON_TELEGRAM).html.endswith(f"\n\n{html}")

    said = without_buttons(rich_post(message.reply, pictures=message.picture)["blocks"])
    whole = without_buttons(rich_post(shown, pictures=message.picture)["blocks"])
    above = 1 + len(shown.text)
    assert whole[above : above + len(said)] == said


async def test_a_preview_is_in_the_language_of_the_posts(desk: TestDesk) -> None:
    settings = desk.dispatcher.services.settings
    await settings.set(GROUP.settings, LANGUAGE, "de")
    one = await follow(desk, "osaka expo", GROUP)
    await seen_at(desk.store, NOW, EXPO)
    action = template_action("template", one.id, PRESETS["compact"].template)
    shown = await desk.dispatcher.press(action, MODERATOR, GROUP)
    assert "Speichern" in labels(shown)


async def test_posts_are_sent_by_the_template_of_their_subscription(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        one = await parts.follow(ROOM)
        assert await parts.store.subscriptions.set_template(one.id, PRESETS["headline"].template)
        await parts.brings(EXPO)
        await parts.until(lambda: bool(parts.messenger.sent))
        (message,) = parts.messenger.sent
        layout = message.reply.cards[0].layout
        assert layout
        assert layout.picture is PicturePlace.NONE
