"""`/why`: a story's way into a chat, as a moderator reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from following import GROUP, HOST, choose, end, entries, follow, followed, news, sent
from newsdesk import TestDesk, seen_at
from stories import MODERATOR, NOW, READER, filed, story
from typing_extensions import override

from bot.chat.directories import ChatDirectory
from bot.ingest.batch import StoryBatch
from bot.ingest.events.placement import Placement
from bot.ingest.results import LoadReport, Refusal, RefusalReason
from bot.model import Chat, Person
from bot.posting.model import Deferral, Failure, Pause, Retry, RoutedPost
from bot.posting.policy import QUIET
from bot.reply import Action, Reply

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EXPO = story(
    "Osaka Expo opens",
    "The Osaka Expo is open, says the mayor.",
    published=NOW - 3 * HOUR,
    url="https://wire.example/osaka-expo-opens",
)


class Links(ChatDirectory):
    """A directory that knows where messages are."""

    @property
    @override
    def shared(self) -> str:
        return "-*"

    @override
    async def managed(self, person: Person, known: Sequence[Chat]) -> Sequence[Chat]:
        return ()

    @override
    async def find(self, id: str, person: Person) -> tuple[Person, Chat]:
        raise AssertionError(id)

    @override
    def in_private(self, person: Person) -> Person:
        return person

    @override
    def message_link(self, chat: Chat, message: str) -> str:
        return f"https://chat.example/{chat.id}/{message}"


@pytest.fixture
async def ready(desk: TestDesk) -> TestDesk:
    """A desk whose sources were loaded an hour ago, and whose chat follows something."""
    desk.dispatcher.services.directories.register(GROUP.platform, Links())
    for source in ("wire", "other"):
        await desk.store.sources.finish_load(LoadReport(source, NOW - HOUR), "")
    for asked in ("osaka expo", "tower rail", "other"):
        await follow(desk, asked)
    desk.clock.pass_(60)
    return desk


async def why(desk: TestDesk, asked: str, person: Person = MODERATOR) -> Reply:
    return await desk.ask(f"/why {asked}", person, GROUP)


def stage(reply: Reply, heading: str) -> dict[str, str]:
    """What stands under a heading."""
    found: dict[str, str] = {}
    under = ""
    for one in reply.entries:
        under = one.heading or under
        if under == heading:
            found[one.name] = one.text
    return found


async def test_a_post_is_told_stage_by_stage(ready: TestDesk) -> None:
    await news(ready, EXPO)
    soon = ready.clock.now() + MINUTE
    await end(ready, lambda row: Retry(row, soon, "Telegram: 502 Bad Gateway"))
    ready.clock.pass_(61)
    await sent(ready)
    ready.clock.pass_(600)
    reply = await why(ready, "osaka expo opens")
    assert (reply.title, reply.text) == (EXPO.title, ("Posted 10 minutes ago (Osaka Expo)",))
    assert stage(reply, "Sources") == {
        "Published": "09:00",
        "Came from The Wire": "12:01 · 3 hours after it was published · as a new story",
    }
    assert stage(reply, "Topics") == {
        "Osaka Expo": "the story contains “osaka expo”",
        "World": "all stories of The Wire are on it",
    }
    assert stage(reply, "Subscriptions") == {
        "Osaka Expo": "matches",
        "“tower rail”": "the story lacks “tower”, “rail”",
        "Other News": "follows another source",
    }
    assert stage(reply, "Its post") == {
        "Queued": "12:01 · Osaka Expo",
        "Held up": "Telegram: 502 Bad Gateway",
        "Tried": "2 times",
        "Posted": "12:02",
    }
    links = {one.name: one.url for one in reply.entries if one.url}
    assert links == {
        "Came from The Wire": EXPO.url,
        "Posted": f"https://chat.example/{GROUP.id}/m1",
    }


@pytest.mark.parametrize(
    "asked",
    [
        "1",
        EXPO.id,
        "osaka opens",
        "https://wire.example/osaka-expo-opens",
        "https://www.wire.example/osaka-expo-opens?utm_source=feed",
    ],
)
async def test_a_story_is_named_in_any_way(ready: TestDesk, asked: str) -> None:
    await news(ready, EXPO)
    await ready.ask("/latest", MODERATOR, GROUP)
    assert (await why(ready, asked)).title == EXPO.title


async def test_what_is_still_to_come_is_told(ready: TestDesk) -> None:
    await news(ready, EXPO)
    assert stage(await why(ready, EXPO.id), "Its post")["Now"] == "about to be posted"
    await end(ready, lambda row: Deferral(row, NOW + 19 * HOUR, QUIET))
    told = stage(await why(ready, EXPO.id), "Its post")
    assert told["Put into a digest"] == "after it had been held up"
    assert told["Now"] == "waiting until 07:00: quiet hours"


async def test_all_that_held_a_post_up_is_told_once(ready: TestDesk) -> None:
    await news(ready, EXPO)
    for reason in ("Telegram: 502 Bad Gateway", "asked to wait", "Telegram: 502 Bad Gateway"):
        await end(ready, partial(Retry, due=ready.clock.now(), reason=reason))
    await sent(ready)
    told = stage(await why(ready, EXPO.id), "Its post")
    assert told["Held up"] == "Telegram: 502 Bad Gateway · asked to wait"
    assert told["Tried"] == "4 times"


async def test_what_was_given_up_or_waits_for_a_pause_is_told(ready: TestDesk) -> None:
    two = story("Osaka Expo closes", "The Osaka Expo.", published=NOW)
    await news(ready, EXPO)
    await end(ready, lambda row: Failure(row, "the message is too long"))
    told = stage(await why(ready, EXPO.id), "Its post")
    assert told["Now"] == "gave up: the message is too long"
    await news(ready, two)
    await end(ready, lambda row: Pause(row, "the bot was blocked"))
    await ready.store.subscriptions.pause(GROUP, "the bot was blocked", NOW)
    reply = await why(ready, two.id)
    assert stage(reply, "Its post")["Now"] == "waiting until posting resumes: the bot was blocked"
    assert stage(reply, "Subscriptions")["Osaka Expo"] == "matches · paused: the bot was blocked"


async def test_a_story_that_was_posted_as_two_is_told_with_what_differs(ready: TestDesk) -> None:
    again = replace(
        story("Osaka Expo opens", "The Osaka Expo opened.", published=NOW, key="again"),
        url="https://wire.example/second-page",
    )
    for one in (EXPO, again):
        await news(ready, one)
        await sent(ready)
    reply = await why(ready, again.id)
    told = stage(reply, "Posted here, too")
    signs = "another story: another page, another text, another date"
    assert told == {"Osaka Expo opens": f"The Wire · 12:01 · {signs}"}
    assert (await why(ready, EXPO.id)).title == (await choose(ready, reply, EXPO.title)).title


async def test_a_story_that_joined_another_s_post_is_told_with_that(ready: TestDesk) -> None:
    one, other = story("Quake hits Chile"), story("Chile hit by quake", source="other")
    (follows, *_) = await followed(ready)
    for each in (one, other):
        routed = RoutedPost(each.id, follows, (), NOW, waiting=False, once=True)
        place = {each.id: Placement(one.id, one.id)}
        await ready.store.ingest.write(StoryBatch(filed([each]), NOW, [routed], places=place))
    reply = await why(ready, other.id)
    assert reply.text == ("Told in another post, which says the same (Osaka Expo)",)
    told = stage(reply, "Its post")
    assert told["Told in the post of another story, which says the same"] == one.title
    name = "Told in the post of another story, which says the same"
    assert (await choose(ready, reply, name)).title == one.title


async def test_a_second_source_is_told_with_when_and_why_it_is_the_same(ready: TestDesk) -> None:
    await ready.has(EXPO)
    ready.clock.pass_(300)
    copied = replace(EXPO, title="Osaka Expo opened", also=("other",))
    (record,) = filed([copied])
    copy = replace(record, copied_by="other")
    for _ in range(2):  # the first time counts
        await ready.store.ingest.write(StoryBatch([copy], ready.clock.now()))
        ready.clock.pass_(300)
    told = stage(await why(ready, EXPO.id), "Sources")
    assert told["Also from Other News"] == "12:06 · taken for the same story: same page"


async def test_what_came_before_or_nobody_follows_any_longer_is_told(ready: TestDesk) -> None:
    await seen_at(ready.store, NOW - 30 * MINUTE, EXPO)
    reply = await why(ready, EXPO.id)
    assert reply.text[1] == "It arrived 31 minutes ago, before this chat subscribed."
    told = stage(reply, "Subscriptions")["Osaka Expo"]
    assert told == "matches · only since 1 minute ago, after the story came"
    late = story("Osaka Expo grows", "The Osaka Expo.", published=NOW)
    await seen_at(ready.store, ready.clock.now(), late)
    await ready.ask("/unsubscribe osaka expo", MODERATOR, GROUP)
    reply = await why(ready, late.id)
    assert reply.text == ("It matched what this chat no longer follows: Osaka Expo.",)
    assert stage(reply, "Subscriptions")["Osaka Expo"] == "matches · ended 1 minute ago"


async def test_a_first_load_is_told_at_its_source(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await desk.has(EXPO)
    await desk.store.sources.finish_load(LoadReport("wire", NOW + MINUTE), "")
    told = stage(await why(desk, EXPO.id), "Sources")["Came from The Wire"]
    assert told.endswith("with the first check of the source, of which nothing is posted")


# In no source


async def test_what_no_source_has_is_told_with_what_comes_nearest(ready: TestDesk) -> None:
    await news(ready, EXPO)
    await ready.store.sources.finish_load(LoadReport("other", NOW, error="HTTP 503"), "")
    reply = await why(ready, "osaka harbour zebra")
    assert reply.ok
    assert reply.text == ("No source has brought a story like “osaka harbour zebra”.",)
    assert list(stage(reply, "The nearest stories")) == [EXPO.title]
    assert stage(reply, "Sources that can't be read now") == {"Other News": "HTTP 503"}
    reply = await why(ready, "https://other.example/2026/11/osaka-opens.html")
    assert reply.text == ("No source has brought that page.",)
    assert (await choose(ready, reply, EXPO.title)).title == EXPO.title


@pytest.mark.parametrize("asked", ["zebra runs", "https://o.example/zebra?utm_medium=x"])
@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (RefusalReason.MANY, "the source has brought as much as it may today"),
        (RefusalReason.OLD, "it is too old to be kept"),
    ],
)
async def test_what_was_left_out_is_told_with_the_reason(
    ready: TestDesk, asked: str, reason: RefusalReason, told: str
) -> None:
    refused = (Refusal("Zebra runs away", "https://o.example/zebra", reason),)
    await ready.store.sources.finish_load(LoadReport("other", NOW, refused=refused), "")
    reply = await why(ready, asked)
    assert reply.text == ("A source has it, but I left it out.",)
    assert told in stage(reply, "Left out")["Zebra runs away"]
    assert (await why(ready, "lion runs")).text[0].startswith("No source")


async def test_several_stories_are_asked_about_and_none_offers_the_last_list(
    ready: TestDesk,
) -> None:
    await ready.has(story("Osaka one"), story("Osaka two"))
    reply = await why(ready, "osaka")
    assert reply.title == "Which of these stories?"
    assert (await choose(ready, reply, "Osaka two")).title == "Osaka two"
    bare = await why(ready, "")
    assert bare.title == "Which story do you want to know about?"
    chosen = await ready.dispatcher.press(bare.buttons[0].action, MODERATOR, GROUP)
    assert chosen.title in {"Osaka one", "Osaka two"}
    assert not (await why(ready, "99")).ok


async def test_a_message_that_shows_stories_names_them(ready: TestDesk) -> None:
    two = story("Tower of Pisa leans further", "It leans.")
    await ready.has(EXPO, two)
    post = "Osaka Expo opens The Wire · 3 hours ago · World The Osaka Expo is open, says the mayor."
    assert (await why(ready, post)).title == EXPO.title
    digest = (
        f"News Osaka Expo opens The Wire Tower of Pisa leans further The Wire {'and more ' * 9}"
    )
    choice = await why(ready, digest)
    assert sorted(name for name, _ in entries(choice)) == [EXPO.title, two.title]


async def test_only_who_may_say_what_is_posted_is_told(ready: TestDesk) -> None:
    await news(ready, EXPO)
    refused = await why(ready, EXPO.id, READER)
    forged = await ready.dispatcher.press(Action("why", (("story", EXPO.id),)), READER, GROUP)
    for one in (refused, forged):
        assert (one.ok, one.entries) == (False, ())
    own = await ready.ask(f"/why {EXPO.id}", HOST, Chat("telegram", "5"))
    assert own.text == ("It was not posted here because this chat has no subscriptions.",)
    assert entries(own)
