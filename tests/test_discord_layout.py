"""Layouts of components: what they count, what is left out of them, and the richest that fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from discord import ui
from servers.discord.component_rules import component_violations
from stories import story

from adapters.discord.buttons import render_controls
from adapters.discord.colours import BLUE
from adapters.discord.layout import (
    MAX_COMPONENTS,
    LayoutButton,
    LayoutContainer,
    LayoutGallery,
    LayoutLink,
    LayoutMenu,
    LayoutPicture,
    LayoutRow,
    LayoutRule,
    LayoutSection,
    LayoutText,
    count_components,
    make_view,
    without_addresses,
    without_pictures,
)
from adapters.discord.render import render
from adapters.discord.rendered_message import RenderContext, RenderedMessage
from bot.chat.button_tokens import ActionTokens
from bot.i18n import load
from bot.model import Action, Enclosure, Story
from bot.reply import Button, Card, Reply, Role
from bot.text.colours import stable_colour

CONTEXT = RenderContext(load("en"), ZoneInfo("UTC"), colours={"painted": 0xAABBCC})
PICTURE = LayoutPicture("https://example.org/a.png", "A tram")
BUTTON = LayoutButton("Read 1", "b:1:read?story=x")
LINK = LayoutLink("Open the page", "https://example.org/a")
EVERYTHING = (
    LayoutText("Above"),
    LayoutContainer(
        (
            LayoutGallery((PICTURE, PICTURE)),
            LayoutSection("Pictured", PICTURE),
            LayoutSection("Read", BUTTON),
            LayoutSection("Linked", LINK),
            LayoutRule(),
            LayoutRow((replace(BUTTON, custom_id="b:1:help"), LINK)),
            LayoutRow((LINK,)),
        ),
        BLUE,
    ),
    LayoutRow((LayoutMenu("m0:1", "Choose one", (("One", "1"), ("Two", "2"))),)),
)


class _Memory:
    """Remembers what buttons ask for."""

    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        del actions


def rendered(reply: Reply) -> RenderedMessage:
    chats: Any = _Memory()
    controls = render_controls(reply, 1, ActionTokens(chats), CONTEXT.words)
    return render(reply, CONTEXT, controls)


def listed(*stories: Story, offers: int = 0) -> RenderedMessage:
    """A list of stories, each with a button to read it, and other buttons below."""
    cards = tuple(Card(one, "The Wire", n) for n, one in enumerate(stories, 1))
    read = (
        Button(c.story.title, Action("read", (("story", str(n)),)), Role.READ, n, f"Read {n}")
        for n, c in enumerate(cards, 1)
    )
    more = (Button(f"More {n}", Action("search", (("words", str(n)),))) for n in range(offers))
    return rendered(Reply("latest", title="Latest", cards=cards, buttons=(*read, *more)))


def pictured(count: int) -> list[Story]:
    return [story(f"Story {n}", "x", image="https://example.org/a.png") for n in range(count)]


def kinds(message: RenderedMessage) -> set[type[object]]:
    """The kinds of what stands in the boxes."""
    inside = (one.blocks for one in message.blocks if isinstance(one, LayoutContainer))
    return {type(block) for blocks in inside for block in blocks}


def test_components_are_counted_as_the_library_counts_them() -> None:
    view = make_view(EVERYTHING)
    assert count_components(EVERYTHING) == view.total_children_count
    components: Any = view.to_components()  # type: ignore[no-untyped-call]
    assert component_violations(components, v2=True) == []


def test_without_pictures_texts_and_buttons_stay() -> None:
    _, box, _ = without_pictures(EVERYTHING)
    assert isinstance(box, LayoutContainer)
    assert box.blocks[0] == LayoutText("Pictured")
    assert LayoutSection("Linked", LINK) in box.blocks


def test_without_addresses_only_what_the_bot_answers_stays() -> None:
    _, box, menu = without_addresses(EVERYTHING)
    assert isinstance(box, LayoutContainer)
    assert box.blocks == (
        LayoutText("Pictured"),
        LayoutSection("Read", BUTTON),
        LayoutText("Linked"),
        LayoutRule(),
        LayoutRow((replace(BUTTON, custom_id="b:1:help"),)),
    )
    assert menu == EVERYTHING[2]


def test_what_held_nothing_else_is_gone() -> None:
    assert without_pictures([LayoutContainer((LayoutGallery((PICTURE,)),), BLUE)]) == ()


@pytest.mark.parametrize("count", range(1, 11))
@pytest.mark.parametrize("offers", [0, 5, 20])
def test_each_story_can_be_read_however_many_there_are(count: int, offers: int) -> None:
    message = listed(*pictured(count), offers=offers)
    assert count_components(message.blocks) <= MAX_COMPONENTS
    labels = [one.label for one in message.view().walk_children() if isinstance(one, ui.Button)]
    menus = [one for one in message.view().walk_children() if isinstance(one, ui.Select)]
    read = [label for label in labels if label and label.startswith("Read ")]
    options = [option for menu in menus for option in menu.options]
    assert len(read) == count or len(options) == count


def test_a_list_takes_the_richest_form_that_has_room() -> None:
    assert {LayoutSection, LayoutRow, LayoutRule} == kinds(listed(*pictured(5)))
    assert {LayoutSection, LayoutRule} == kinds(listed(*pictured(8)))
    assert {LayoutSection} == kinds(listed(*pictured(10)))
    assert {LayoutText, LayoutRow} == kinds(listed(*pictured(10), offers=20))
    assert {LayoutSection, LayoutRule} == kinds(listed(story("A", "x"), story("B", "x")))


def test_a_box_has_the_colour_of_the_only_source() -> None:
    def colour(*sources: str) -> int:
        message = listed(*(replace(story("A", "x"), source=one) for one in sources))
        (box,) = (one for one in message.blocks if isinstance(one, LayoutContainer))
        return box.colour

    assert colour("painted", "painted") == 0xAABBCC
    assert colour("wire") == stable_colour("wire") != stable_colour("harbour")
    assert colour("wire", "painted") == BLUE


def test_a_story_that_stands_alone_shows_all_its_pictures() -> None:
    also = (Enclosure("https://example.org/b.png", "image/png"),)
    one = story("A", "x", image="https://example.org/a.png", enclosures=also)
    (box,) = rendered(Reply("post", cards=(Card(one, "The Wire"),))).blocks
    assert isinstance(box, LayoutContainer)
    urls = ("https://example.org/a.png", "https://example.org/b.png")
    assert box.blocks[0] == LayoutGallery(tuple(map(LayoutPicture, urls)))


def test_a_story_has_three_topics_and_how_many_more() -> None:
    topics = ("One", "Two", "Three", "Four", "Five")
    (box,) = rendered(Reply("post", cards=(Card(story("A", "x", topics=topics), "Wire"),))).blocks
    assert isinstance(box, LayoutContainer)
    assert LayoutText("-# One · Two · Three · +2") in box.blocks


def test_stories_under_the_heading_of_a_topic_do_not_name_it_again() -> None:
    topics = ("Transport",), ("Transport", "Japan"), ("Culture",)
    one, two, three = (replace(story(str(n)), topics=t) for n, t in enumerate(topics))
    cards = Card(one, "A", 1, heading="Transport ▁▃▇"), Card(two, "A", 2), Card(three, "A", 3)
    told = "\n".join(render(Reply("digest", cards=cards), CONTEXT).texts)
    assert told.count("Transport") == 1
    assert told.count("Japan") == told.count("Culture") == 1
