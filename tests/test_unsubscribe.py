"""`/unsubscribe` and `/subscriptions`: what is followed, and what is followed no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chats import TERMINAL, telegram_chat
from following import (
    CHANNEL,
    FORUM,
    GROUP,
    HOST,
    ROLE,
    button,
    choose,
    entries,
    follow,
    followed,
    labels,
    news,
    press,
    sent,
)
from newsdesk import TestDesk
from stories import MODERATOR, NOW, READER, story

from bot.model import Action, Chat
from bot.posting.model import State
from bot.reply import Reply
from bot.subscriptions.model import Subscription, TargetKind

OWN = telegram_chat("55")
TOWER = (
    "weekly on Friday at 18:00 (UTC) · in thread 7 · nothing posted yet · next on Fri, Nov 27, "
    "18:00"
)


async def what(desk: TestDesk, chat: Chat = GROUP) -> list[str]:
    return [one.what for one in await followed(desk, chat)]


async def three(desk: TestDesk) -> None:
    for asked in ("osaka expo", "wire daily 8", '"cloud service" -amazon'):
        await follow(desk, asked)


async def ask(desk: TestDesk, line: str = "", chat: Chat = GROUP) -> Reply:
    return await desk.ask(f"/unsubscribe {line}", MODERATOR, chat)


# /unsubscribe


async def test_without_anything_one_chooses_from_a_numbered_list(desk: TestDesk) -> None:
    await three(desk)
    reply = await ask(desk)
    assert reply.text == ("Which subscription do you want to end?",)
    assert entries(reply) == [
        ("1. Osaka Expo", "at once"),
        ("2. The Wire", "daily at 08:00 (UTC)"),
        ('3. "cloud service" -amazon', "at once"),
    ]
    ended = await choose(desk, reply, "2. The Wire")
    told = "Unsubscribed from The Wire. Posts that were still waiting will not be sent."
    assert ended.text == (told,)
    assert await what(desk) == ["Osaka Expo", '"cloud service" -amazon']

    twice = await choose(desk, reply, "2. The Wire")
    assert (twice.ok, twice.text) == (False, ("This chat no longer follows that.",))


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("osaka EXPO", "Osaka Expo"),
        ("osakka expo", "Osaka Expo"),
        ("1", "Osaka Expo"),
        ("#2", "wire"),
        ("the wire", "wire"),
        ("Wire", "wire"),
        ('"cloud service" -amazon', '"cloud service" -amazon'),
        ('"cloud servise" -amazon', '"cloud service" -amazon'),
    ],
)
async def test_one_is_named_by_what_it_follows_by_number_or_nearly_so(
    desk: TestDesk, line: str, gone: str
) -> None:
    await three(desk)
    before = await what(desk)
    assert (await ask(desk, line)).ok
    assert await what(desk) == [one for one in before if one != gone]


@pytest.mark.parametrize("line", ["cloud", "expo", "4", "0", "nothing like it", "②"])
async def test_nothing_ends_that_was_not_surely_meant(desk: TestDesk, line: str) -> None:
    await three(desk)
    reply = await ask(desk, line)
    assert len(reply.entries) in {1, 3}
    assert len(await followed(desk)) == 3


async def test_of_several_alike_one_is_chosen(desk: TestDesk) -> None:
    await follow(desk, "tower")
    await follow(desk, "tower daily 8", FORUM)
    reply = await ask(desk, "tower")
    assert reply.text == ("Which one do you mean by “tower”?",)
    assert entries(reply) == [
        ("1. “tower”", "at once"),
        ("2. “tower”", "daily at 08:00 (UTC) · in thread 7"),
    ]
    ended = await choose(desk, reply, "2. “tower”")
    assert "Subscribe again" not in labels(ended)  # here is not where it was
    assert [one.chat.thread for one in await followed(desk)] == [""]


async def test_all_end_after_a_second_look(desk: TestDesk) -> None:
    await three(desk)
    reply = await ask(desk, "all")
    assert reply.text == ("End all 3 subscriptions in this chat?",)
    assert len(await followed(desk)) == 3
    ended = await press(desk, reply, "End all")
    assert [name for name, _ in entries(ended)] == [
        "Osaka Expo",
        "The Wire",
        '"cloud service" -amazon',
    ]
    assert await followed(desk) == []
    await choose(desk, ended, "The Wire")
    assert await what(desk) == ["wire"]


async def test_it_is_followed_again_just_as_it_was(desk: TestDesk) -> None:
    before = await follow(
        desk, f"tower weekly fri 18:00 quiet:22-7 most:2 role:{ROLE} picture:off silent:on", CHANNEL
    )
    ended = await ask(desk, "tower", CHANNEL)
    again = await press(desk, ended, "Subscribe again", chat=CHANNEL)
    assert again.ok
    (after,) = await followed(desk, CHANNEL)
    assert after.id != before.id
    assert (after.when, after.quiet, after.most) == (before.when, before.quiet, before.most)
    assert (after.role, after.picture, after.silent) == (ROLE, False, True)


async def test_without_any_it_is_said_how_to_follow_something(desk: TestDesk) -> None:
    told = "This chat has no subscriptions."
    for line in ("/unsubscribe", "/unsubscribe all", "/unsubscribe tower", "/subscriptions"):
        reply = await desk.ask(line, MODERATOR, GROUP)
        assert reply.ok
        assert reply.text[0].startswith(f"{told} To get new stories posted here, type /subscribe")
    reader = await desk.ask("/subscriptions", READER, GROUP)
    assert reader.text == (f"{told} Moderators can get new stories posted here with /subscribe.",)
    terminal = await desk.ask("/subscriptions", MODERATOR, TERMINAL)
    assert "only on Telegram and Discord" in terminal.text[0]


async def test_nobody_ends_what_another_chat_follows(desk: TestDesk) -> None:
    one = await follow(desk, "tower")
    await follow(desk, "rail", OWN, HOST)
    forged = Action("unsubscribe", (("subscription", str(one.id)),))
    assert not (await desk.dispatcher.press(forged, HOST, OWN)).ok
    for action in (forged, Action("unsubscribe", (("which", "all"), ("confirm", "on")))):
        refused = await desk.dispatcher.press(action, READER, GROUP)
        assert (refused.ok, refused.text) == (
            False,
            ("Only moderators can use /unsubscribe here. In a private chat with me, you can.",),
        )
    assert await what(desk) == ["tower"]
    for number in ("-1", "x", str(2**70), "١"):
        action = Action("unsubscribe", (("subscription", number),))
        assert not (await desk.dispatcher.press(action, MODERATOR, GROUP)).ok


async def test_what_is_followed_is_completed(desk: TestDesk) -> None:
    await three(desk)

    async def values(partial: str, chat: Chat | None = GROUP) -> list[str]:
        found = await desk.dispatcher.complete("unsubscribe", "which", partial, MODERATOR, chat)
        return [choice.value for choice in found]

    assert await values("") == ["Osaka Expo", "wire", '"cloud service" -amazon']
    assert await values("osak") == ["Osaka Expo"]
    assert await values("the w") == ["wire"]
    assert await values("", CHANNEL) == []
    assert await values("", None) == []


# /subscriptions


async def test_everybody_sees_what_is_followed_and_how_it_goes(desk: TestDesk) -> None:
    await follow(desk, "osaka expo quiet:22-7 silent:on")
    await follow(desk, "tower weekly fri 18:00", FORUM)
    await news(desk, story("Osaka Expo opens", "The Osaka Expo."))
    await sent(desk)
    desk.clock.pass_(300)
    reply = await desk.ask("/subscriptions", READER, GROUP)
    assert reply.title == "Subscriptions in this chat"
    assert entries(reply) == [
        ("1. Osaka Expo", "at once · last posted 5 minutes ago"),
        ("2. “tower”", TOWER),
    ]
    assert labels(reply) == []
    hosts = await desk.ask("/subscriptions", MODERATOR, GROUP)
    assert entries(hosts)[0][1] == (
        "at once · quiet 22:00-07:00 (UTC) · silently · last posted 5 minutes ago"
    )
    assert labels(hosts) == ["Unsubscribe", "How posts look", "Pause"]


async def test_a_line_of_the_list_shows_its_stories(desk: TestDesk) -> None:
    await three(desk)
    await desk.has(
        story("Osaka Expo cost", "The Osaka Expo."), story("Cloud service", "A cloud service.")
    )
    reply = await desk.ask("/subscriptions", READER, GROUP)
    for name, title in [
        ("1. Osaka Expo", "Osaka Expo"),
        ("2. The Wire", "Latest stories: The Wire"),
        ('3. "cloud service" -amazon', 'Stories about "cloud service" -amazon · newest first'),
    ]:
        shown = await choose(desk, reply, name, READER)
        assert (shown.title, bool(shown.cards)) == (title, True)


async def test_what_is_paused_is_told_and_hosts_let_it_go_on(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await desk.store.subscriptions.pause(GROUP, "the bot was removed", NOW)
    await news(desk, story("Osaka Expo opens", "The Osaka Expo."))
    desk.clock.pass_(3600)

    reader = await desk.ask("/subscriptions", READER, GROUP)
    assert entries(reader)[0][1] == "at once · nothing posted yet · paused"
    assert labels(reader) == []
    host = await desk.ask("/subscriptions", MODERATOR, GROUP)
    assert entries(host)[0][1].endswith("paused 1 hour ago: the bot was removed")

    forged = await desk.dispatcher.press(button(host, "Resume"), READER, GROUP)
    assert (forged.ok, forged.text) == (False, ("Only moderators can resume posting.",))
    assert (await followed(desk))[0].paused

    resumed = await press(desk, host, "Resume")
    assert resumed.text == (
        "Posting has resumed.",
        "1 story came in meanwhile and will be posted in two minutes.",
    )
    assert "Resume" not in labels(resumed)
    assert not (await followed(desk))[0].paused
    again = await press(desk, host, "Resume")
    assert again.text == ("Nothing was paused.",)


async def test_many_are_shown_in_pages_and_keep_their_numbers(desk: TestDesk) -> None:
    for number in range(23):
        one = Subscription(GROUP, TargetKind.SEARCH, f"tower{number}", made=NOW)
        await desk.store.subscriptions.put(one)
    reply = await desk.ask("/subscriptions page:3", READER, GROUP)
    assert (reply.page, reply.pages) == (3, 3)
    assert [name for name, _ in entries(reply)] == [f"{n}. “tower{n - 1}”" for n in (21, 22, 23)]
    await ask(desk, "22")
    assert "tower21" not in await what(desk)


async def test_what_waited_is_not_posted(desk: TestDesk) -> None:
    await follow(desk, "osaka expo daily 8")
    one = story("Osaka Expo opens", "The Osaka Expo.")
    await news(desk, one)
    await ask(desk, "osaka expo")
    desk.clock.pass_(timedelta(days=2).total_seconds())
    assert await desk.store.outbox.gather("telegram", desk.clock.now()) == 0
    post = await desk.store.outbox.of_story(GROUP, one.id)
    assert post
    assert (post.state, post.reason) == (State.FAILED, "unsubscribed")


@pytest.mark.parametrize(
    ("typed", "ended"),
    [
        ("from world", "World"),
        ("me from the wire", "The Wire"),
        ("from russia with love", "“from russia with love”"),
        ("me", ""),
    ],
)
async def test_a_from_before_the_name_is_left_out(desk: TestDesk, typed: str, ended: str) -> None:
    for what in ("world", "wire", "from russia with love"):
        await follow(desk, what)
    reply = await desk.ask(f"/unsubscribe {typed}", MODERATOR, GROUP)
    if ended:
        assert reply.text[0].startswith(f"Unsubscribed from {ended}.")
    else:
        assert reply.text == ("Which subscription do you want to end?",)
    assert len(await followed(desk)) == 3 - bool(ended)
