"""Links to stories' pages on the website, in what the bot answers and posts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from newsdesk import TestDesk
from posting import ROOM
from stories import NOW, story

from bot.i18n import load
from bot.model import story_id
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.model import Post, PostKind, State
from bot.posting.page_links import PageLinks, story_path, story_slug

BASE = "https://news.example.org/desk"
PAGES = PageLinks(BASE)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Bridge opens at last", "bridge-opens-at-last"),
        ("東京の橋", "東京の橋"),
        ("…?!", ""),
        ("word " * 40, "-".join(["word"] * 16)),
        ("x" * 200, "x" * 80),
        ("a/b?c#d%e", "a-b-c-d-e"),
    ],
)
def test_a_slug_tells_the_story_in_whole_words(title: str, slug: str) -> None:
    assert story_slug(story(title)) == slug


def test_a_path_is_ascii_and_names_the_story_by_its_id_alone() -> None:
    one = story("東京 & co")
    assert story_path(one).isascii()
    assert story_path(one).startswith(f"/s/{story_id(one.source, one.key)}/")
    assert story_path(replace(one, title="?")) == f"/s/{one.id}"


async def test_stories_without_a_link_lead_to_their_pages_in_replies(desk: TestDesk) -> None:
    own, elsewhere = story("Own bridge"), story("Elsewhere tram", url="https://e.example/")
    await desk.has(own, elsewhere)
    services = replace(desk.dispatcher.services, pages=PAGES)
    linked = replace(desk, dispatcher=desk.dispatcher.with_services(services))
    for line in ("/latest", "/search bridge OR tram", "/topic World"):
        shown = {card.story.title: card.story.url for card in (await linked.ask(line)).cards}
        assert shown == {own.title: PAGES.address(own), elsewhere.title: "https://e.example/"}
    assert {card.story.url for card in (await desk.ask("/latest")).cards} == {
        None,
        "https://e.example/",
    }


def test_and_in_posts() -> None:
    own = story("Own")
    post = Post(7, ROOM, own.id, PostKind.STORY, State.DUE, (own.id,), None, NOW, NOW)
    composer = PostComposer(DisplayNames(load("en"), {}, pages=PAGES))
    message = composer.message(post, {own.id: own})
    assert message is not None
    assert message.reply.cards[0].story.url == f"{BASE}{story_path(own)}"
