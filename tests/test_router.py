"""Routing of new stories to the chats that follow them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import cast

from outboxes import DAILY, EIGHT, HALL, NOW, ROOM
from stories import story
from typing_extensions import override

from bot.model import Chat, Story
from bot.posting.model import RoutedPost
from bot.posting.ports import SubscriptionChanges
from bot.posting.router import MAX_POSTS, SOON, FloodLimits, SubscriptionRouter
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Rhythm, Timetable

HOURLY = Timetable(Rhythm.HOURLY)
TOPIC = replace(ROOM, thread="topic")


def follows(
    number: int,
    what: str = "wire",
    chat: Chat = ROOM,
    kind: TargetKind = TargetKind.SOURCE,
    **given: object,
) -> Subscription:
    return Subscription(chat, kind, what, id=number, **given)  # type: ignore[arg-type]


@dataclass
class FakeSubscriptions(SubscriptionChanges):
    """Subscriptions of which only the changes are asked for, as a test has put them here.

    Attributes:
        changes: All changes so far.
        asked: The revisions that were asked for.
    """

    changes: list[Subscription] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    @override
    async def since(self, revision: int) -> tuple[int, Sequence[Subscription]]:
        self.asked.append(revision)
        await asyncio.sleep(0)
        return len(self.changes), self.changes[revision:]


def router(
    *subscriptions: Subscription,
    flood_limits: FloodLimits | None = None,
    max_posts: int = MAX_POSTS,
) -> SubscriptionRouter:
    known = FakeSubscriptions([*subscriptions])
    return SubscriptionRouter(known, flood_limits or FloodLimits(), max_posts=max_posts)


def changes(known: SubscriptionRouter, *subscriptions: Subscription) -> None:
    """Subscriptions change in the store."""
    assert isinstance(known.subscriptions, FakeSubscriptions)
    known.subscriptions.changes += subscriptions


async def routed(known: SubscriptionRouter, *stories: Story) -> list[list[RoutedPost]]:
    """The posts of the stories of one poll, story by story."""
    routing = await known.route(stories, NOW, {})
    assert routing.stories == len(stories)
    return [[post for post in routing.posts if post.story == one.id] for one in stories]


def at_once(one: Story, of: Subscription, *also: int) -> RoutedPost:
    return RoutedPost(one.id, of, also, NOW, waiting=False)


def later(one: Story, of: Subscription, due: datetime, *also: int) -> RoutedPost:
    return RoutedPost(one.id, of, also, due, waiting=True)


A = story("A")


async def test_a_story_goes_to_each_chat_that_follows_it() -> None:
    mine, others, neither = follows(1), follows(2, chat=HALL), follows(3, "other", Chat("x", "y"))
    assert await routed(router(mine, others, neither), A) == [
        [at_once(A, mine), at_once(A, others)]
    ]


async def test_three_that_match_in_one_chat_give_one_post() -> None:
    by_source = follows(1)
    by_search = follows(2, "strike", TOPIC, TargetKind.SEARCH)
    by_topic = follows(3, "Rail", kind=TargetKind.TOPIC)
    one = story("Rail strike", "a", topics=("Rail",))
    known = router(by_topic, by_search, by_source)
    assert await routed(known, one) == [[at_once(one, by_source, 2, 3)]]


async def test_who_wants_it_first_has_it() -> None:
    daily, hourly, first = follows(1, when=DAILY), follows(2, when=HOURLY), follows(3)
    assert await routed(router(daily), A) == [[later(A, daily, EIGHT)]]
    hour = NOW + timedelta(hours=1)
    searched = replace(daily, kind=TargetKind.SEARCH, what="a")
    assert await routed(router(searched, hourly), A) == [[later(A, hourly, hour, 1)]]
    other = replace(hourly, kind=TargetKind.SEARCH, what="a")
    assert await routed(router(daily, other, first), A) == [[at_once(A, first, 1, 2)]]


async def test_times_are_those_of_the_chat() -> None:
    tokyo = follows(1, when=Timetable(Rhythm.DAILY, (time(22),)), zone="Asia/Tokyo")
    assert await routed(router(tokyo), A) == [[later(A, tokyo, NOW + timedelta(hours=1))]]


async def test_of_one_poll_ten_go_by_themselves_in_each_chat() -> None:
    mine, others = follows(1), follows(2, chat=HALL)
    also_mine = follows(3, "story", TOPIC, TargetKind.SEARCH)
    known = router(mine, others, also_mine)
    stories = [story(f"Story {n}", source="wire" if n % 2 else "other") for n in range(24)]
    found: dict[Chat, list[RoutedPost]] = {ROOM: [], HALL: []}
    for one in (await known.route(stories, NOW, {})).posts:
        found[one.subscription.chat].append(one)
    waiting = {chat: [one.waiting for one in posts] for chat, posts in found.items()}
    assert waiting == {ROOM: [False] * 10 + [True] * 14, HALL: [False] * 10 + [True] * 2}
    assert {one.due for one in found[ROOM][10:]} == {NOW + SOON}
    assert await routed(known, A) == [[at_once(A, mine), at_once(A, others)]]


async def test_what_was_sent_of_the_same_poll_before_counts() -> None:
    mine, others = follows(1), follows(2, chat=HALL)
    routing = await router(mine, others).route([A], NOW, {ROOM: 10, HALL: 9})
    assert routing.posts == (later(A, mine, NOW + SOON), at_once(A, others))


async def test_what_goes_with_a_digest_anyway_is_not_too_much() -> None:
    known = router(follows(1, when=DAILY), follows(2, "other"))
    stories = [story(f"Story {n}") for n in range(20)]
    assert {one.due for (one,) in await routed(known, *stories)} == {EIGHT}
    last = (await routed(known, *stories, story("A", source="other")))[-1]
    assert not last[0].waiting


async def test_how_many_is_the_operator_s_choice() -> None:
    known = router(follows(1), flood_limits=FloodLimits(burst=0))
    assert await routed(known, A) == [[later(A, follows(1), NOW + SOON)]]


async def test_what_is_late_waits_and_takes_nobody_s_place() -> None:
    known = router(follows(1), flood_limits=FloodLimits(burst=1))
    old = story("Old", published=NOW - timedelta(hours=12, seconds=1))
    just = story("Just", published=NOW - timedelta(hours=12))
    first, second = await routed(known, old, just)
    assert (first[0].due, first[0].waiting) == (NOW + SOON, True)
    assert (second[0].due, second[0].waiting) == (NOW, False)


async def test_what_is_late_goes_with_a_digest_of_its_time() -> None:
    old = story("Old", published=NOW - timedelta(days=3))
    daily = follows(1, when=DAILY)
    assert await routed(router(daily), old) == [[later(old, daily, EIGHT)]]


async def test_what_has_ended_gets_nothing_and_what_is_paused_waits() -> None:
    known = router(follows(1), follows(2, chat=HALL))
    assert len(*await routed(known, A)) == 2
    paused = replace(follows(1), paused="blocked")
    changes(known, paused, replace(follows(2), ended=True))
    assert await routed(known, A) == [[later(A, paused, NOW)]]
    changes(known, follows(1))
    assert await routed(known, A) == [[at_once(A, follows(1))]]


async def test_where_something_is_not_paused_the_story_goes_by_that() -> None:
    paused = follows(1, paused="the topic is closed", chat=TOPIC)
    daily = follows(2, "a", kind=TargetKind.SEARCH, when=DAILY)
    assert await routed(router(paused, daily), A) == [[later(A, daily, EIGHT, 1)]]


async def test_what_is_paused_takes_nobody_s_place_in_a_burst() -> None:
    known = router(follows(1, paused="blocked"), flood_limits=FloodLimits(burst=1))
    stories = [story(f"Story {n}") for n in range(3)]
    assert {one.due for (one,) in await routed(known, *stories)} == {NOW}


async def test_changes_are_read_once_and_their_revision_is_told() -> None:
    known = router(follows(1), follows(2, chat=HALL))
    assert [(await known.route([A], NOW, {})).revision for _ in range(2)] == [2, 2]
    changes(known, replace(follows(2), ended=True))
    assert (await known.route([A], NOW, {})).revision == 3
    assert cast(FakeSubscriptions, known.subscriptions).asked == [0, 2, 2]


async def test_many_polls_at_once_never_go_back_to_what_was() -> None:
    known = router()
    for number in range(1, 30):
        changes(known, follows(number, chat=Chat("scripted", f"room {number}")))
        one, other = await asyncio.gather(*(known.route([A], NOW, {}) for _ in range(2)))
        assert (one.revision, len(other.posts)) == (number, number)


async def test_routing_stops_between_two_stories_when_posts_become_too_many() -> None:
    known = router(*(follows(n, chat=Chat("scripted", f"{n}")) for n in range(1, 5)), max_posts=6)
    routing = await known.route([story(title) for title in "ABCD"], NOW, {})
    assert (routing.stories, len(routing.posts)) == (2, 8)


async def test_many_chats_never_block_the_event_loop_for_long() -> None:
    followers = (follows(n, chat=Chat("scripted", f"{n}")) for n in range(1, 10_001))
    known = router(*followers, max_posts=100_000)
    await known.route([], NOW, {})
    turns = 0
    routing = asyncio.ensure_future(known.route([story(f"{n}") for n in range(10)], NOW, {}))
    while not routing.done():
        turns += 1
        await asyncio.sleep(0.001)
    assert len(routing.result().posts) == 100_000
    assert turns > 5
