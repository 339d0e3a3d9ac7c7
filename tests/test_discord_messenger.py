"""Posts on Discord: what is sent, and how fast."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from discord_posting import (
    STORY,
    Postman,
    by,
    news,
    newsroom,
    only,
    post,
    postman,
    story_reply,
    titles,
)
from newsdesk import TestDesk
from servers.discord.component_rules import V2
from servers.discord.limits import Limits
from servers.discord.server import Server, server
from servers.discord.world import SILENT, Channel, Guild
from stories import story

from adapters.discord.layout import MAX_TEXT
from adapters.discord.messenger import RATE_LIMITS
from bot.errors import (
    ChatGoneError,
    RejectedError,
    RetryLaterError,
)
from bot.model import Chat
from bot.posting.rate_limiter import Rate

__all__ = ["by", "news", "newsroom", "server"]  # fixtures

MESSAGES = "/channels/*/messages"
ROLE = 123456789012345678


# What arrives


async def test_a_post_arrives_without_the_channel_being_asked_for(
    server: Server, news: Channel, by: Postman
) -> None:
    before = len(server.calls)
    sent = await by.send(post(news))
    (call,) = server.calls[before:]
    assert call.path == f"/channels/{news.id}/messages"
    assert sent == str(only(news).id)
    assert only(news).boxes[0].startswith(f"## [{STORY.title}]({STORY.url})\n-# The Wire · ")
    assert only(news).pictures == [STORY.image]
    assert [one.url for one in only(news).links if one.kind == "button"] == [STORY.url]
    assert call.body["enforce_nonce"] is True
    assert 1 <= len(call.body["nonce"]) <= 25
    assert call.body["allowed_mentions"] == {"parse": []}
    assert call.body["flags"] == V2
    assert server.accepted[0][:2] == (news.id, int(sent))
    assert server.accepted[0].says == (STORY.title,)


async def test_a_post_of_one_story_has_a_button_and_stories_of_one_number_a_menu(
    news: Channel, by: Postman
) -> None:
    await by.send(post(news))
    button, page = only(news).buttons
    assert (button["label"], button["style"]) == ("Read", 2)
    assert (page["label"], page["url"]) == ("Open the page", STORY.url)
    assert button["custom_id"] == f"b:0:read?story={STORY.id}"
    assert not only(news).menus
    one = story_reply()
    both = (*one.buttons, *story_reply(story("More", "x")).buttons)
    many = replace(one, cards=one.cards * 2, buttons=both)
    await by.send(replace(post(news, key="digest"), reply=many))
    digest = news.seen[1]
    assert not digest.buttons
    assert [option["label"] for option in digest.menus[0]["options"]] == ["Read", "Read"]


async def test_the_same_post_is_there_once(server: Server, newsroom: Guild, by: Postman) -> None:
    news, more = newsroom.channels
    first = await by.send(post(news))
    assert await by.send(post(news)) == first
    assert await by.send(post(news, key="another")) != first
    assert await by.send(post(more)) != first
    assert [len(one.seen) for one in newsroom.channels] == [2, 1]
    assert len(server.called("POST", MESSAGES)) == 4
    assert len({one.nonce for one in server.accepted}) == 3


@pytest.mark.parametrize("after", [False, True])
async def test_what_was_cut_off_is_sent_again_and_is_there_once(
    server: Server, news: Channel, by: Postman, after: bool
) -> None:
    server.drops("POST", MESSAGES, after=after)
    with pytest.raises(RetryLaterError) as caught:
        await by.send(post(news))
    assert caught.value.in_doubt
    sent = await by.send(post(news, since=by.ago(seconds=5)))
    assert sent == str(only(news).id)
    assert not server.called("GET", MESSAGES)


async def test_only_the_role_that_was_chosen_is_called(
    server: Server, news: Channel, by: Postman
) -> None:
    server.may_call.add(ROLE)
    loud = story(f"@everyone <@&{ROLE}>", f"<@{news.id}> <@&{ROLE + 1}> @here")
    await by.send(post(news, loud, role=str(ROLE)))
    message = only(news)
    assert message.content == f"<@&{ROLE}>"
    assert message.pings == [f"<@&{ROLE}>"]
    assert message.body["allowed_mentions"] == {"parse": [], "roles": [ROLE]}


async def test_a_role_is_called_before_the_text_that_fits_beside_it(
    server: Server, news: Channel, by: Postman
) -> None:
    server.may_call.add(ROLE)
    lines = [f"{n}: {'x' * 480}" for n in range(10)]
    digest = replace(
        post(news, role=str(ROLE)), reply=replace(story_reply(), title="New", text=tuple(lines))
    )
    await by.send(digest)
    text = only(news).content
    assert text.startswith(f"<@&{ROLE}>\n## New\n\n0: xxx")
    assert text.endswith("x")
    assert sum(map(len, (text, *only(news).boxes))) <= MAX_TEXT


async def test_a_silent_post_rings_no_bell(news: Channel, by: Postman) -> None:
    await by.send(post(news, silent=True))
    assert only(news).flags == SILENT | V2


async def test_a_post_without_pictures(news: Channel, by: Postman) -> None:
    await by.send(post(news, picture=False))
    assert titles(news) == [STORY.title]
    assert only(news).pictures == []


async def test_an_address_that_discord_refuses_costs_only_the_link(
    server: Server, news: Channel, by: Postman
) -> None:
    server.fails("POST", MESSAGES, 400, 50035)
    await by.send(post(news))
    assert titles(news) == [STORY.title]
    assert only(news).pictures == []
    assert only(news).labels == ["Read"]
    first, second = server.called("POST", MESSAGES)
    assert first.body["nonce"] == second.body["nonce"]


async def test_a_thread_that_is_archived_is_opened_by_a_post(
    server: Server, news: Channel, by: Postman
) -> None:
    thread = server.thread(news, "talk")
    thread.archived = True
    await by.send(post(thread))
    assert titles(thread) == [STORY.title]
    assert not thread.archived


# Direct messages


async def test_a_person_is_written_to_alone(server: Server, newsroom: Guild, by: Postman) -> None:
    ada = server.person("Ada", newsroom)
    chat = by.messenger.direct(str(ada.id))
    assert chat is not None
    assert chat.id == f"user:{ada.id}"
    first = await by.send(post(chat))
    await by.send(post(chat, key="another"))
    assert len(server.called("POST", "/users/@me/channels")) == 1
    own = server.world.dm(ada)
    assert titles(own) == [STORY.title] * 2
    await by.messenger.edit(post(chat, story("Later", "x")), first)
    assert titles(own)[0] == "Later"
    assert by.messenger.direct("somebody") is None


async def test_a_person_who_cannot_be_written_to(server: Server, by: Postman) -> None:
    ada = server.person("Ada")
    ada.blocks = True
    with pytest.raises(ChatGoneError, match=r"does not accept direct messages.*50007"):
        await by.send(post(Chat("discord", f"user:{ada.id}")))
    with pytest.raises(ChatGoneError, match="10013"):
        await by.send(post(Chat("discord", "user:5")))
    server.fails("POST", "/users/@me/channels", 503)
    ben = server.person("Ben")
    with pytest.raises(RetryLaterError) as caught:
        await by.send(post(Chat("discord", f"user:{ben.id}")))
    assert not caught.value.in_doubt


# Edits


async def test_a_post_is_edited(news: Channel, by: Postman) -> None:
    shown = await by.send(post(news))
    await by.messenger.edit(post(news, replace(STORY, title="Tram line is open")), shown)
    assert titles(news) == ["Tram line is open"]
    assert only(news).labels == ["Read", "Open the page"]
    assert len(only(news).edits) == 1


async def test_an_edited_post_keeps_its_mention(server: Server, news: Channel, by: Postman) -> None:
    server.may_call.add(ROLE)
    shown = await by.send(post(news, role=str(ROLE)))
    await by.messenger.edit(post(news, story("Later", "x"), role=str(ROLE)), shown)
    assert only(news).content == f"<@&{ROLE}>"
    assert only(news).edits[0]["allowed_mentions"] == {"parse": []}


async def test_an_edit_without_what_discord_refuses(
    server: Server, news: Channel, by: Postman
) -> None:
    shown = await by.send(post(news))
    server.fails("PATCH", "/channels/*", 400, 50035)
    await by.messenger.edit(post(news, replace(STORY, title="Later")), shown)
    assert only(news).headlines[0] == "Later"
    assert only(news).labels == ["Read"]


async def test_what_cannot_be_edited(server: Server, news: Channel, by: Postman) -> None:
    with pytest.raises(RejectedError, match="10008"):
        await by.messenger.edit(post(news), "5")
    thread = server.thread(news, "talk")
    shown = await by.send(post(thread))
    thread.archived = True
    with pytest.raises(RejectedError, match="archived"):
        await by.messenger.edit(post(thread), shown)
    another = server.world.add_message(news, server.person("Another"), {"content": "x"})
    with pytest.raises(RejectedError, match="50005"):
        await by.messenger.edit(post(news), str(another.id))
    server.drops("PATCH", "/channels/*", after=True)
    with pytest.raises(RetryLaterError):
        await by.messenger.edit(post(news), str(another.id))


# The pace


async def test_posts_keep_to_what_discord_takes(server: Server, desk: TestDesk) -> None:
    channels = server.channels(90)
    async with postman(desk) as by:
        server.limits = Limits()

        async def send(one: Channel) -> None:
            await by.messenger.rate_limiter.acquire_post(str(one.id))
            await by.send(post(one))

        await asyncio.gather(*map(send, channels))
    assert server.too_many == 0
    assert [len(one.seen) for one in channels] == [1] * 90


def test_a_pace_for_discord() -> None:
    assert RATE_LIMITS.overall == Rate(50, 1.0)
    assert 0.95 * 50 <= RATE_LIMITS.posts.count / RATE_LIMITS.posts.seconds < 50
    assert RATE_LIMITS.chat_posts("1") == RATE_LIMITS.chat("1") == Rate(5, 5.0)


async def test_a_post_in_doubt_is_found_with_and_without_its_mention(
    server: Server, news: Channel, by: Postman
) -> None:
    server.may_call.add(ROLE)
    await by.send(post(news, role=str(ROLE)))
    sent = await by.send(post(news, story("Later", "x"), role=str(ROLE)))
    by.clock.pass_(300)
    again = post(news, story("Later", "x"), role=str(ROLE), since=by.ago(minutes=5))
    assert await by.send(again) == sent
    assert len(news.seen) == 2
