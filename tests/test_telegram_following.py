"""Subscriptions of a forum on Telegram: created, listed and ended over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from newsdesk import TestDesk
from servers.telegram.people import Person
from servers.telegram.server import Server, ada
from stories import NOW, story
from telegram_bot import platform, serving

from bot.model import Chat
from bot.subscriptions.model import Subscription, TargetKind

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
    assert (
        refused.text
        == "Only moderators can use /subscribe here. In a private chat with me, you can."
    )

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
    assert (told.text, told.alert) == (
        "Only moderators can use /subscribe here. In a private chat with me, you can.",
        True,
    )
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


# Setup out of sight


@pytest.fixture
def ed(server: Server) -> Person:
    editor = server.person("Ed")
    server.private(editor)
    return editor


async def test_in_a_channel_the_talk_is_gone_when_all_is_done(
    server: Server, desk: TestDesk, ed: Person
) -> None:
    channel = server.channel("Harbour News", admins=[ed])
    asked = await ed.says(channel, "/subscribe osaka expo, ntt weekdays 9:00")
    (preview,) = await server.replies(channel, after=asked)
    assert preview.text.startswith("Subscribe to Osaka Expo and “ntt”?")
    await ed.presses(preview, "At once")
    await server.edited(preview)
    told = await ed.presses(preview, "Subscribe")
    assert told.alert
    assert told.text.startswith(
        "Subscribed to Osaka Expo and “ntt”. New stories are posted at once"
    )
    assert (asked.deleted, preview.deleted) == (True, True)
    kept = await desk.store.subscriptions.of(Chat("telegram", str(channel.id)))
    assert [one.what for one in kept] == ["Osaka Expo", "ntt"]
    assert (server.refused, server.unmodelled) == ([], [])


async def test_where_nothing_can_be_deleted_it_is_set_up_in_private(
    server: Server, desk: TestDesk, ed: Person
) -> None:
    channel, private = server.channel("Harbour News", admins=[ed]), server.private(ed)
    await ed.lets_bot_delete(channel, may=False)
    asked = await ed.says(channel, "/subscribe osaka expo daily 8:00 silent")
    (offer,) = await server.replies(channel, after=asked)
    assert offer.text.startswith("Let's do that in private: here, all readers would see it.")
    (button,) = offer.buttons
    opened = await ed.opens(button.url)
    (preview,) = await server.replies(private, after=opened)
    assert preview.text.startswith("Subscribe to Osaka Expo?")
    assert "daily at 08:00 (UTC), silently, in Harbour News, the next one on" in preview.text
    await ed.presses(preview, "Subscribe")
    assert (await server.edited(preview)).text.startswith(
        "For Harbour News:\n\nSubscribed to Osaka Expo."
    )
    place = Chat("telegram", str(channel.id))
    (one,) = await desk.store.subscriptions.of(place)
    assert (one.what, one.silent, one.place, one.owner) == (
        "Osaka Expo",
        True,
        "Harbour News",
        str(ed.id),
    )
    assert await desk.store.subscriptions.of(Chat("telegram", str(private.id))) == []
    await ed.presses(preview, "Unsubscribe")
    await server.edited(preview, times=2)
    assert await desk.store.subscriptions.of(place) == []
    assert (server.refused, server.unmodelled) == ([], [])


async def test_a_command_that_needs_no_talk_is_tidied_up_when_its_answer_was_read(
    desk: TestDesk,
) -> None:
    async with Server(patience=20) as server:
        ed = server.person("Ed")
        channel = server.channel("Harbour News", admins=[ed])
        place = Chat("telegram", str(channel.id))
        await desk.store.subscriptions.put(Subscription(place, TargetKind.SOURCE, "wire", made=NOW))
        bot = replace(platform(server, desk), shown_for=0.05)
        async with serving(server, desk, serve=bot):
            asked = await ed.says(channel, "/unsubscribe wire")
            (answer,) = await server.replies(channel, after=asked)
            assert answer.text.startswith("Unsubscribed from The Wire.")
            await server.called("deleteMessage", times=2, status=200)
            assert (asked.deleted, answer.deleted) == (True, True)
            listed = await ed.says(channel, "/subscriptions")
            (shown,) = await server.replies(channel, after=listed)
        assert (listed.deleted, shown.deleted) == (False, False)
        assert await desk.store.subscriptions.of(place) == []


async def test_a_link_gives_nobody_a_right(server: Server, desk: TestDesk, ed: Person) -> None:
    channel, eve = server.channel("Harbour News", admins=[ed]), server.person("Eve")
    room = server.private(eve)
    await ed.lets_bot_delete(channel, may=False)
    asked = await ed.says(channel, "/subscribe")
    (offer,) = await server.replies(channel, after=asked)
    opened = await eve.opens(offer.buttons[0].url)
    (refused,) = await server.replies(room, after=opened)
    assert refused.text == "Only administrators of Harbour News can set that up."
    typed = await eve.says(room, f"/subscribe osaka expo channel:{channel.id} confirm:on")
    (refused,) = await server.replies(room, after=typed)
    assert refused.text == "Only administrators of Harbour News can set that up."
    assert await desk.store.subscriptions.of(Chat("telegram", str(channel.id))) == []


async def test_a_channel_is_set_up_from_the_private_chat_by_its_name(
    server: Server, desk: TestDesk, ed: Person
) -> None:
    channel = server.channel("Harbour News", admins=[ed], username="harbour_news")
    private = server.private(ed)
    previews = []
    for named in ("@harbour_news", "https://t.me/harbour_news", str(channel.id)):
        asked = await ed.says(private, f"/subscribe wire every 2 hours channel:{named}")
        previews += await server.replies(private, after=asked)
        assert "every 2 hours (UTC), in Harbour News" in previews[-1].text, named
    preview = previews[-1]
    await ed.presses(preview, "Subscribe")
    await server.edited(preview)
    asked = await ed.says(private, "/subscriptions channel:@harbour_news")
    (listed,) = await server.replies(private, after=asked)
    assert "1. The Wire — every 2 hours (UTC)" in listed.text
    asked = await ed.says(private, "/unsubscribe wire channel:@harbour_news")
    (ended,) = await server.replies(private, after=asked)
    assert ended.text.startswith("For Harbour News:\n\nUnsubscribed from The Wire.")
    assert await desk.store.subscriptions.of(Chat("telegram", str(channel.id))) == []
    assert server.sent(channel) == []


@pytest.mark.parametrize("named", ["@nowhere_at_all", "-1009999999999", "harbour", "12", "?"])
async def test_a_chat_that_the_bot_does_not_see_is_told(
    server: Server, ed: Person, named: str
) -> None:
    private = server.private(ed)
    asked = await ed.says(private, f"/subscribe wire channel:{named}")
    (refused,) = await server.replies(private, after=asked)
    assert refused.text.startswith("I can't see that chat. Make me an administrator there")


async def test_in_a_group_no_other_chat_can_be_chosen(server: Server, ed: Person) -> None:
    group, channel = server.group("Readers"), server.channel("Harbour News", admins=[ed])
    server.make(ed, "administrator", group)
    asked = await ed.says(group, f"/subscribe wire channel:{channel.id}")
    (refused,) = await server.replies(group, after=asked)
    assert refused.text == "Another channel can't be chosen here."


async def test_an_administrator_who_lost_the_right_to_post_sets_up_nothing(
    server: Server, desk: TestDesk, ed: Person
) -> None:
    owner = server.person("Owner")
    channel, private = server.channel("Harbour News", admins=[owner, ed]), server.private(ed)
    asked = await ed.says(private, f"/subscribe wire channel:{channel.id}")
    (preview,) = await server.replies(private, after=asked)
    server.make(ed, "member", channel)
    told = await ed.presses(preview, "Subscribe")
    assert (told.text, told.alert) == ("Only administrators of Harbour News can set that up.", True)
    assert await desk.store.subscriptions.of(Chat("telegram", str(channel.id))) == []
