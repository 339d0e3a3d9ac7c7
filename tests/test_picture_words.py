"""Pictures in words: where each platform shows them, and that an export keeps them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from discord_hostile import body_of, refused
from hypothesis import given, settings
from hypothesis import strategies as st
from rich_replies import reading
from servers.discord.component_rules import GALLERY, SECTION, walk
from servers.telegram.rich import check_rich
from stories import story
from template_cases import rich_post

from adapters.discord.cards import card_pictures
from adapters.discord.layout import MAX_DESCRIPTION
from adapters.discord.markdown import utf16_units
from bot.exchange.story_lines import read_story, story_line
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import StoryRecord
from bot.model import Enclosure, Story
from bot.reply import Card, Reply

MORE = Enclosure("https://e.org/b.png", "image/png", alt="A *ship*")
PIER = story("Bridge", "It is open.", image="https://e.org/a.jpg", image_alt="Two cranes")
BOTH = replace(PIER, enclosures=(MORE,))


def described(reply: Reply) -> list[str | None]:
    """What Discord's readers are told of the pictures."""
    body = body_of(reply)
    assert refused(body) == []
    found: list[str | None] = []
    for one in walk(body["components"]):
        if one["type"] == GALLERY:
            found += [item.get("description") for item in one["items"]]
        elif one["type"] == SECTION and "media" in one["accessory"]:
            found.append(one["accessory"].get("description"))
    return found


def test_galleries_and_thumbnails_of_discord_have_them() -> None:
    assert described(Reply("post", cards=(Card(BOTH, "The Wire"),))) == ["Two cranes", "A *ship*"]
    assert described(Reply("latest", cards=(Card(BOTH, "The Wire", 1),))) == ["Two cranes"]


def test_a_picture_of_which_nobody_says_anything_has_none() -> None:
    bare = replace(PIER, image_alt="")
    assert described(Reply("latest", cards=(Card(bare, "The Wire", 1),))) == [None]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=40).map(lambda text: text * 60))
def test_they_are_one_line_that_discord_takes_however_long(alt: str) -> None:
    for one in card_pictures(replace(BOTH, image_alt=alt)):
        assert utf16_units(one.description) <= MAX_DESCRIPTION
        assert "\n" not in one.description


def captions(body: dict[str, Any]) -> list[str]:
    blocks = [one for each in body["blocks"] for one in (each, *each.get("blocks", ()))]
    return [one["caption"]["text"] for one in blocks if one.get("caption")]


def test_a_story_that_is_read_on_telegram_has_them_as_captions_and_a_list_has_none() -> None:
    read = rich_post(reading(BOTH, pages=1))
    check_rich(read)
    assert captions(read) == ["Two cranes", "A *ship*"]
    assert captions(rich_post(Reply("latest", cards=(Card(BOTH, "The Wire", 1),)))) == []
    assert captions(rich_post(reading(BOTH, pages=1), pictures=False)) == []


@pytest.mark.parametrize("one", [BOTH, PIER, story("Bridge")])
def test_an_export_keeps_them(one: Story) -> None:
    assert read_story(story_line(StoryRecord(one, fingerprint(one)))).story == replace(
        one, topics=(), language=one.language
    )


def test_an_export_of_before_has_none() -> None:
    line = story_line(StoryRecord(BOTH, fingerprint(BOTH)))
    older = line.replace(b'"image_alt":"Two cranes",', b"").replace(b',"alt":"A *ship*"', b"")
    assert older != line
    read = read_story(older).story
    assert (read.image, read.image_alt, read.enclosures[0].alt) == (PIER.image, "", "")
