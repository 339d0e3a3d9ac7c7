"""Stories that come while a chat is paused wait, and go as one digest or are read instead."""

from __future__ import annotations

from datetime import timedelta

from following import GROUP, HOST, button, entries, follow, labels, news, posts, press, sent
from newsdesk import TestDesk
from stories import MODERATOR, NOW, READER, story

from bot.model import Chat
from bot.posting.model import PostKind, Retry, State
from bot.posting.router import SOON
from bot.reply import Action, Reply

EXPO = story("Osaka Expo opens", "The Osaka Expo.", published=NOW)
CLOSES = story("Osaka Expo closes", "The Osaka Expo.", published=NOW)


async def paused(desk: TestDesk, chat: Chat = GROUP) -> None:
    """A chat is paused, and two stories come that it follows."""
    await follow(desk, "osaka expo", chat)
    await desk.store.subscriptions.pause(chat, "the bot was removed", desk.clock.now())
    await news(desk, EXPO, CLOSES)


async def resumed(desk: TestDesk) -> Reply:
    return await press(desk, await desk.ask("/subscriptions", MODERATOR, GROUP), "Resume")


async def test_what_came_meanwhile_is_told_with_the_pause(desk: TestDesk) -> None:
    await paused(desk)
    assert await posts(desk) == []
    told = [text for _, text in entries(await desk.ask("/posts", MODERATOR, GROUP))]
    assert told == ["waiting until posting resumes: the bot was removed · Osaka Expo"] * 2


async def test_it_goes_as_one_digest_and_the_pause_is_remembered(desk: TestDesk) -> None:
    await paused(desk)
    reply = await resumed(desk)
    assert reply.text == (
        "Posting has resumed.",
        "2 stories came in meanwhile and will be posted as one digest in two minutes.",
    )
    await desk.store.outbox.gather(GROUP.platform, desk.clock.now())
    assert await posts(desk) == []
    desk.clock.pass_(SOON.total_seconds())
    await desk.store.outbox.gather(GROUP.platform, desk.clock.now())
    (digest,) = await posts(desk)
    assert (digest.kind, set(digest.stories)) == (PostKind.DIGEST, {EXPO.id, CLOSES.id})
    await sent(desk)
    desk.clock.pass_(60)
    (told,) = (await desk.ask(f"/posts {EXPO.id}", MODERATOR, GROUP)).text
    assert told == (
        "Posted 1 minute ago, in the digest for 12:02, after waiting: posting was paused "
        "(Osaka Expo)"
    )


async def test_one_story_alone_remembers_it_too(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await desk.store.subscriptions.pause(GROUP, "the bot was removed", desk.clock.now())
    await news(desk, EXPO)
    assert (await resumed(desk)).text[1].startswith("1 story came in meanwhile")
    desk.clock.pass_(SOON.total_seconds())
    await sent(desk)
    ((_, told),) = entries(await desk.ask("/posts", MODERATOR, GROUP))
    assert "after waiting: posting was paused" in told


async def test_it_can_be_read_instead(desk: TestDesk) -> None:
    await paused(desk)
    read = await press(desk, reply := await resumed(desk), "Read them instead")
    assert {card.story.id for card in read.cards} == {EXPO.id, CLOSES.id}
    desk.clock.pass_(SOON.total_seconds())
    assert await desk.store.outbox.gather(GROUP.platform, desk.clock.now()) == 0
    post = await desk.store.outbox.of_story(GROUP, EXPO.id)
    assert post
    assert post.state is State.FAILED
    again = await press(desk, reply, "Read them instead")
    assert again.text == ("Nothing is waiting any longer: it has been posted.",)
    refused = await desk.dispatcher.press(button(reply, "Read them instead"), READER, GROUP)
    assert not refused.ok


async def test_where_nothing_waited_nothing_is_said_of_it(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await desk.store.subscriptions.pause(GROUP, "the bot was removed", desk.clock.now())
    reply = await resumed(desk)
    assert reply.text == ("Posting has resumed.",)
    assert "Read them instead" not in labels(reply)


async def test_a_chat_that_stays_paused_keeps_no_story_for_more_than_a_week(
    desk: TestDesk,
) -> None:
    await paused(desk)
    desk.clock.pass_(timedelta(days=7, seconds=1).total_seconds())
    await news(desk, story("Osaka Expo again", "The Osaka Expo.", published=desk.clock.now()))
    await desk.store.outbox.prune(desk.clock.now())
    counts = await desk.store.outbox.counts(GROUP.platform)
    assert (counts["failed"], counts["paused"]) == (2, 1)
    told = await desk.ask(f"/posts {EXPO.id}", MODERATOR, GROUP)
    assert told.text[0].startswith("Gave up: it was paused for more than a week")


async def test_what_is_unsubscribed_while_paused_is_not_posted(desk: TestDesk) -> None:
    await paused(desk)
    (one,) = await desk.store.subscriptions.of(GROUP)
    await desk.store.subscriptions.end(one.id, desk.clock.now())
    post = await desk.store.outbox.of_story(GROUP, EXPO.id)
    assert post
    assert (post.state, post.reason) == (State.FAILED, "unsubscribed")


async def test_whoever_subscribed_resumes_from_a_notice_and_nobody_else(desk: TestDesk) -> None:
    await paused(desk)
    (one,) = await desk.store.subscriptions.of(GROUP)
    action = Action("subscriptions", (("resume", "on"), ("chat", GROUP.id)))
    private = Chat(GROUP.platform, "42")
    refused = await desk.dispatcher.press(action, HOST, private)
    assert not refused.ok
    assert await desk.store.subscriptions.of(GROUP) == [one]
    reply = await desk.dispatcher.press(action, MODERATOR, private)
    assert reply.text == (
        "Posting has resumed there.",
        "Stories that came in meanwhile will be posted as one digest.",
    )
    assert (await desk.store.subscriptions.of(GROUP))[0].paused == ""
    again = await desk.dispatcher.press(action, MODERATOR, private)
    assert again.text == ("Nothing was paused.",)


async def test_failing_posts_are_shown_to_moderators(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await news(desk, EXPO, CLOSES)
    assert (await desk.ask("/posts", MODERATOR, GROUP)).text == ()
    (post,) = await posts(desk)
    await desk.store.outbox.claim(post.chat.platform, [post.id], desk.clock.now())
    soon = desk.clock.now() + timedelta(minutes=5)
    await desk.store.outbox.mark([Retry(post.id, soon, "no answer", outage=True)], soon)
    desk.clock.pass_(120)
    assert (await desk.ask("/posts", MODERATOR, GROUP)).text == (
        "2 posts cannot be sent right now: no answer. The oldest came in 2 minutes ago.",
    )


# pauses by people


async def test_moderators_pause_until_somebody_resumes_whatever_comes_meanwhile(
    desk: TestDesk,
) -> None:
    await follow(desk, "osaka expo")
    listed = await press(desk, await desk.ask("/subscriptions", MODERATOR, GROUP), "Pause")
    assert listed.text[0].startswith("Posting is paused.")
    assert "paused 1 minute ago: on request" in listed.entries[0].text
    assert "Pause" not in labels(listed)
    await news(desk, EXPO)
    assert await desk.store.subscriptions.resume(GROUP, NOW) == 0  # as the bot is let in again
    again = await desk.ask("/subscriptions pause:on", MODERATOR, GROUP)
    assert again.text == ("Everything is paused already.",)
    assert await posts(desk) == []
    assert (await resumed(desk)).text[0] == "Posting has resumed."
    done = [text for text, _ in entries(await desk.ask("/audit", MODERATOR, GROUP))]
    assert done[:2] == ["Resumed posting", "Paused posting"]


async def test_readers_pause_nothing(desk: TestDesk) -> None:
    one = await follow(desk, "osaka expo")
    assert "Pause" not in labels(await desk.ask("/subscriptions", READER, GROUP))
    refused = await desk.ask("/subscriptions pause:on", READER, GROUP)
    assert (refused.ok, refused.text) == (False, ("Only moderators can pause posting.",))
    assert await desk.store.subscriptions.of(GROUP) == [one]
