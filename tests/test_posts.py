"""`/posts`: what became of what was to be posted, and why something was not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from following import (
    FORUM,
    GROUP,
    choose,
    end,
    entries,
    follow,
    followed,
    labels,
    news,
    press,
    sent,
)
from newsdesk import TestDesk, seen_at
from stories import MODERATOR, NOW, READER, HandClock, story

from bot.ingest.results import LoadReport
from bot.model import Chat, Story
from bot.posting.model import Deferral, Failure, Retry
from bot.posting.policy import ENOUGH, QUIET
from bot.reply import Action, Reply

HOUR = timedelta(hours=1)
EXPO = story("Osaka Expo opens", "The Osaka Expo.", published=NOW)


async def ask(desk: TestDesk, line: str = "", chat: Chat = GROUP) -> Reply:
    return await desk.ask(f"/posts {line}", MODERATOR, chat)


async def state(desk: TestDesk) -> str:
    """What the list says of the only post."""
    ((title, told),) = entries(await ask(desk))
    assert title == EXPO.title
    return told


def hours(clock: HandClock, count: float) -> None:
    clock.pass_(count * 3600)


# The list


async def test_a_post_is_followed_from_the_outbox_to_the_chat(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await news(desk, EXPO)
    assert await state(desk) == "about to be posted · Osaka Expo"
    soon = desk.clock.now() + timedelta(minutes=2)
    await end(desk, lambda row: Retry(row, soon, "no answer"))
    assert await state(desk) == "retrying in 2 minutes: no answer · Osaka Expo"
    desk.clock.pass_(121)
    assert await state(desk) == "retrying now: no answer · Osaka Expo"
    await sent(desk)
    desk.clock.pass_(300)
    assert await state(desk) == "posted 5 minutes ago · Osaka Expo"


async def test_a_digest_is_told_before_and_after(desk: TestDesk) -> None:
    await desk.ask("/settings timezone tokyo", MODERATOR, GROUP)
    await follow(desk, "osaka expo daily 8", FORUM)
    await news(desk, EXPO, story("Osaka Expo closes", "The Osaka Expo."))
    reply = await ask(desk)
    assert [told for _, told in entries(reply)] == [
        "waiting for the digest at 08:00 · Osaka Expo · in thread 7"
    ] * 2
    hours(desk.clock, 11)  # 08:00 in Tokyo
    await sent(desk)
    desk.clock.pass_(60)
    told = "posted 1 minute ago, in the digest for 08:00 · Osaka Expo · in thread 7"
    assert [told_ for _, told_ in entries(await ask(desk))] == [told] * 2


async def test_a_week_ahead_the_day_is_told_with_the_time(desk: TestDesk) -> None:
    await follow(desk, "osaka expo weekly fri 18:00")
    await news(desk, EXPO)
    assert await state(desk) == "waiting for the digest at Fri, Nov 27, 18:00 · Osaka Expo"


async def test_why_a_post_waits_or_was_given_up_is_told(desk: TestDesk) -> None:
    await follow(desk, "osaka expo quiet:22-7")
    await news(desk, EXPO)
    await end(desk, lambda row: Deferral(row, NOW + 19 * HOUR, QUIET))
    assert await state(desk) == "waiting until 07:00: quiet hours · Osaka Expo"
    hours(desk.clock, 19)
    await end(desk, lambda row: Deferral(row, NOW + 30 * HOUR, ENOUGH))
    assert await state(desk) == "waiting until 18:00: the daily limit was reached · Osaka Expo"
    hours(desk.clock, 11)
    await end(desk, lambda row: Failure(row, "the message is too long"))
    assert await state(desk) == "gave up: the message is too long · Osaka Expo"


async def test_what_is_paused_waits_until_posting_goes_on(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await news(desk, EXPO)
    await desk.store.subscriptions.pause(GROUP, "the bot was blocked", NOW)
    told = "waiting until posting resumes: the bot was blocked · Osaka Expo"
    assert await state(desk) == told


async def test_posts_are_listed_newest_first_in_pages(desk: TestDesk) -> None:
    await follow(desk, "wire daily 8")
    await news(desk, *(story(f"Story {n}") for n in range(25)))
    first = await ask(desk)
    assert (first.page, first.pages) == (1, 2)
    assert [title for title, _ in entries(first)] == [f"Story {n}" for n in range(24, 14, -1)]
    second = await press(desk, first, "Next")
    third = await press(desk, second, "Next")
    assert (third.page, third.pages) == (3, 3)
    assert [title for title, _ in entries(third)] == [f"Story {n}" for n in range(4, -1, -1)]
    beyond = await ask(desk, "page:99999")
    assert beyond.page == 1


async def test_nothing_posted_is_said(desk: TestDesk) -> None:
    reply = await ask(desk)
    assert (reply.ok, reply.entries) == (True, ())
    assert reply.text == (
        "Nothing was posted here in the last week, and nothing is waiting to be posted.",
    )


async def test_only_who_may_say_what_is_posted_sees_it(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await news(desk, EXPO)
    for action in (Action("posts"), Action("posts", (("story", EXPO.id),))):
        refused = await desk.dispatcher.press(action, READER, GROUP)
        assert (refused.ok, refused.entries, refused.cards) == (False, (), ())
    assert (await ask(desk, chat=Chat("telegram", "-200"))).entries == ()


# One story


async def why(desk: TestDesk, one: Story = EXPO) -> tuple[str, ...]:
    reply = await ask(desk, one.id)
    assert reply.ok
    assert [card.story.id for card in reply.cards] == [one.id]
    return reply.text


async def loaded(desk: TestDesk) -> None:
    """Lets the first load of the source have ended an hour before."""
    await desk.store.sources.finish_load(LoadReport("wire", NOW - HOUR), "")


async def test_what_became_of_a_story_is_told_from_the_list_and_by_its_name(
    desk: TestDesk,
) -> None:
    await follow(desk, "osaka expo")
    await news(desk, EXPO)
    await sent(desk)
    desk.clock.pass_(60)
    told = ("Posted 1 minute ago (Osaka Expo)",)
    assert await why(desk) == told
    assert (await ask(desk, "osaka opens")).text == told
    chosen = await choose(desk, await ask(desk), EXPO.title)
    assert chosen.text == told
    assert labels(chosen) == ["Read", "Why?", "All posts"]


async def test_a_name_of_several_stories_is_asked_back(desk: TestDesk) -> None:
    await desk.has(story("Osaka one"), story("Osaka two"))
    reply = await ask(desk, "osaka")
    assert reply.title == "Which of these stories?"
    assert await why(desk, story("Osaka one")) == (await choose(desk, reply, "Osaka one")).text
    unknown = await ask(desk, "zzzz")
    assert not unknown.ok


async def test_a_story_that_fits_nothing_is_told_with_what_it_nearly_fits(desk: TestDesk) -> None:
    one = story("Tower leans", "It leans in Pisa. A road is closed.")
    await desk.has(one)
    assert await why(desk, one) == (
        "It was not posted here because this chat has no subscriptions.",
    )
    for asked in ("osaka expo", "tower rail", "tower -road", '"leans in" rome OR zebra'):
        await follow(desk, asked)
    assert await why(desk, one) == (
        "It was not posted here because it matches nothing this chat follows.",
        "It is from The Wire, with these topics: World.",
        "To match “tower rail”, it would also need “rail”.",
        "It contains the words of “tower -road”, but also “road”, which that search leaves out.",
        'To match "leans in" rome OR zebra, it would also need “rome”.',
    )


async def test_what_came_before_it_was_followed_is_told(desk: TestDesk) -> None:
    await loaded(desk)
    await seen_at(desk.store, NOW - timedelta(minutes=30), EXPO)
    await follow(desk, "osaka expo")
    assert await why(desk) == (
        "It matches what this chat follows: Osaka Expo.",
        "It arrived 30 minutes ago, before this chat subscribed.",
    )


@pytest.mark.parametrize("is_loaded", [True, False])
async def test_what_a_source_began_with_is_told(desk: TestDesk, is_loaded: bool) -> None:
    await follow(desk, "osaka expo")
    await seen_at(desk.store, NOW - 2 * HOUR, EXPO)
    if is_loaded:
        await loaded(desk)
    assert (await why(desk))[1] == (
        "It was already there when The Wire was first checked, and nothing from a first "
        "check is posted."
    )


async def test_what_was_paused_forgotten_or_never_routed_is_told(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await loaded(desk)
    desk.clock.pass_(60)
    await seen_at(desk.store, desk.clock.now(), EXPO)
    desk.clock.pass_(60)
    told = "It arrived 1 minute ago, during a check of the sources that posts nothing."
    assert (await why(desk))[1] == told

    await desk.store.subscriptions.pause(GROUP, "blocked", NOW)
    assert (await why(desk))[1] == "Posting is paused here."
    await desk.store.subscriptions.resume(GROUP, NOW)

    desk.clock.pass_(timedelta(days=8).total_seconds())
    told = (
        "It arrived 1 week ago. I remember posts for a week, so I can't tell whether it was posted."
    )
    assert (await why(desk))[1] == told
    assert len(await followed(desk)) == 1
