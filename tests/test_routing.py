"""Where new stories go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from outboxes import DAILY, EIGHT, HALL, NOW, ROOM
from stories import story

from bot.model import Chat, Story
from bot.posting.model import RoutedPost
from bot.posting.ports import News
from bot.posting.router import SOON, FloodLimits, SubscriptionRouter
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


def router(
    *subscriptions: Subscription, flood_limits: FloodLimits | None = None
) -> SubscriptionRouter:
    known = SubscriptionRouter(flood_limits or FloodLimits())
    known.learn(1, subscriptions)
    return known


def look(known: SubscriptionRouter, *stories: Story) -> list[Sequence[RoutedPost]]:
    """Where the stories of one look go."""
    news = known.news(stories, NOW)
    return [news.router.route(one) for one in stories]


def test_a_story_goes_to_each_chat_that_follows_it() -> None:
    mine, others, neither = follows(1), follows(2, chat=HALL), follows(3, "other", Chat("x", "y"))
    (routed,) = look(router(mine, others, neither), story("A"))
    assert list(routed) == [
        RoutedPost(mine, (), NOW, waiting=False),
        RoutedPost(others, (), NOW, waiting=False),
    ]


def test_three_that_fit_in_one_chat_give_one_post() -> None:
    by_source = follows(1)
    by_search = follows(2, "strike", TOPIC, TargetKind.SEARCH)
    by_topic = follows(3, "Rail", kind=TargetKind.TOPIC)
    known = router(by_topic, by_search, by_source)
    (routed,) = look(known, story("Rail strike", "a", topics=("Rail",)))
    assert list(routed) == [RoutedPost(by_source, (2, 3), NOW, waiting=False)]


def test_who_wants_it_first_has_it() -> None:
    daily, hourly, at_once = follows(1, when=DAILY), follows(2, when=HOURLY), follows(3)
    (story_,) = [story("A")]
    assert look(router(daily), story_) == [[RoutedPost(daily, (), EIGHT, waiting=True)]]
    hour = NOW + timedelta(hours=1)
    searched = replace(daily, kind=TargetKind.SEARCH, what="a")
    assert look(router(searched, hourly), story_) == [
        [RoutedPost(hourly, (1,), hour, waiting=True)]
    ]
    other = replace(hourly, kind=TargetKind.SEARCH, what="a")
    assert look(router(daily, other, at_once), story_) == [
        [RoutedPost(at_once, (1, 2), NOW, waiting=False)]
    ]


def test_times_are_those_of_the_chat() -> None:
    tokyo = follows(1, when=Timetable(Rhythm.DAILY, time(22)), zone="Asia/Tokyo")
    assert look(router(tokyo), story("A")) == [
        [RoutedPost(tokyo, (), NOW + timedelta(hours=1), waiting=True)]
    ]


def test_of_one_look_ten_go_by_themselves_in_each_chat() -> None:
    mine, others = follows(1), follows(2, chat=HALL)
    also_mine = follows(3, "story", TOPIC, TargetKind.SEARCH)
    known = router(mine, others, also_mine)
    stories = [story(f"Story {n}", source="wire" if n % 2 else "other") for n in range(24)]
    found: dict[Chat, list[RoutedPost]] = {ROOM: [], HALL: []}
    for routed in look(known, *stories):
        for one in routed:
            found[one.subscription.chat].append(one)
    waiting = {chat: [one.waiting for one in posts] for chat, posts in found.items()}
    assert waiting == {ROOM: [False] * 10 + [True] * 14, HALL: [False] * 10 + [True] * 2}
    assert {one.due for one in found[ROOM][10:]} == {NOW + SOON}
    assert look(known, story("Next")) == [
        [RoutedPost(mine, (), NOW, waiting=False), RoutedPost(others, (), NOW, waiting=False)]
    ]


def test_what_goes_with_a_digest_anyway_is_not_too_much() -> None:
    known = router(follows(1, when=DAILY), follows(2, "other"))
    stories = [story(f"Story {n}") for n in range(20)]
    assert {one.due for (one,) in look(known, *stories)} == {EIGHT}
    assert not look(known, *stories, story("A", source="other"))[-1][0].waiting


def test_how_many_is_the_operator_s_choice() -> None:
    known = router(follows(1), flood_limits=FloodLimits(burst=0))
    assert look(known, story("A")) == [[RoutedPost(follows(1), (), NOW + SOON, waiting=True)]]


def test_what_is_late_waits_and_takes_nobody_s_place() -> None:
    known = router(follows(1), flood_limits=FloodLimits(burst=1))
    old = story("Old", published=NOW - timedelta(hours=12, seconds=1))
    just = story("Just", published=NOW - timedelta(hours=12))
    first, second = look(known, old, just)
    assert (first[0].due, first[0].waiting) == (NOW + SOON, True)
    assert (second[0].due, second[0].waiting) == (NOW, False)


def test_what_is_late_goes_with_a_digest_of_its_time() -> None:
    old = story("Old", published=NOW - timedelta(days=3))
    known = router(follows(1, when=DAILY))
    assert look(known, old) == [[RoutedPost(follows(1, when=DAILY), (), EIGHT, waiting=True)]]


def test_what_is_paused_or_has_ended_gets_nothing() -> None:
    known = router(follows(1), follows(2, chat=HALL))
    known.learn(2, [replace(follows(1), paused="blocked"), replace(follows(2), ended=True)])
    assert known.revision == 2
    assert look(known, story("A")) == [[]]
    known.learn(3, [follows(1)])
    assert look(known, story("A")) == [[RoutedPost(follows(1), (), NOW, waiting=False)]]


def test_a_look_learns_for_all_looks() -> None:
    known = router()
    one, other = known.news([], NOW), known.news([], NOW)
    one.router.learn(7, [follows(1)])
    assert (other.router.revision, known.revision) == (7, 7)
    assert list(other.router.route(story("A"))) == [RoutedPost(follows(1), (), NOW, waiting=False)]


def test_news_says_what_is_new_and_whether_headlines_are_mended() -> None:
    both = [story("A"), story("B")]
    known = router(flood_limits=FloodLimits(edits=False))
    news = known.news(both, NOW)
    assert isinstance(news, News)
    assert (news.stories, news.now, news.edits) == (
        frozenset(one.id for one in both),
        NOW,
        False,
    )
    assert router().news([], NOW).edits
