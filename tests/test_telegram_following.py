"""Subscriptions of a forum on Telegram: created, listed and ended over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from newsdesk import TestDesk
from servers.telegram.people import Person
from servers.telegram.server import Server, ada
from stories import NOW, story
from telegram_bot import serving

from bot.model import Chat

__all__ = ["ada"]


@pytest.fixture
async def server(desk: TestDesk) -> AsyncIterator[Server]:
    expo = story("Osaka Expo opens", "The Osaka Expo.", published=NOW - timedelta(hours=2))
    await desk.has(expo)
    async with Server(patience=20) as api, serving(api, desk):
        yield api


async def test_a_topic_of_a_forum_follows_something_when_an_administrator_says_so(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    forum, bob = server.forum("Readers"), server.person("Bob")
    sports = forum.topic("Sports")
    server.make(ada, "administrator", forum)
    place = Chat("telegram", str(forum.id))

    asked = await bob.says(forum, "/subscribe osaka expo", thread=sports)
    (refused,) = await server.replies(forum, after=asked)
    assert refused.text == "Only moderators can use /subscribe."

    asked = await ada.says(forum, "/subscribe osaka expo daily 8:00", thread=sports)
    (preview,) = await server.replies(forum, after=asked)
    assert preview.thread == sports
    assert preview.text.startswith(
        "Subscribe to Osaka Expo?\n"
        "\n"
        "In the last week this would have posted 1 story in 1 digest.\n"
        "\n"
        "New stories would be posted as one digest, daily at 08:00 (UTC), in this thread, "
        "the next one on Tue, Nov 24, 08:00.\n"
        "\n"
        "1. Osaka Expo opens\n"
    )
    told = await bob.presses(preview, "Subscribe")
    assert (told.text, told.alert) == ("Only moderators can use /subscribe.", True)
    assert await desk.store.subscriptions.of(place) == []

    await ada.presses(preview, "Subscribe")
    assert (await server.edited(preview)).text.startswith("Subscribed to Osaka Expo.")
    (one,) = await desk.store.subscriptions.of(place)
    assert (one.chat.thread, one.owner) == (str(sports), str(ada.id))


async def test_everybody_sees_what_is_followed_and_administrators_may_change_it(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    group, bob = server.group("Readers"), server.person("Bob")
    server.make(ada, "administrator", group)
    asked = await ada.says(group, "/subscribe wire silent:on confirm:on")
    await server.replies(group, after=asked)
    place = Chat("telegram", str(group.id))
    await desk.store.subscriptions.pause(place, "the bot was removed", NOW)

    asked = await bob.says(group, "/subscriptions")
    (seen,) = await server.replies(group, after=asked)
    assert "1. The Wire — at once · nothing posted yet · paused" in seen.text
    assert "Resume" not in str(seen.markup)
    asked = await ada.says(group, "/subscriptions")
    (seen,) = await server.replies(group, after=asked)
    assert "at once · silently · nothing posted yet · paused 1 minute ago: the bot" in seen.text
    told = await bob.presses(seen, "Resume")
    assert (told.text, told.alert) == ("Only moderators can resume posting.", True)
    await ada.presses(seen, "Resume")
    assert (await server.edited(seen)).text.startswith(
        "Subscriptions in this chat\n\nPosting has resumed."
    )
    (one,) = await desk.store.subscriptions.of(place)
    assert not one.paused
