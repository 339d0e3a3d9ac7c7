"""One story that several sources give: kept once, posted once a chat, found under each source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import OTHER, WIRE, ScriptedSource, TestDesk, titles
from stories import MODERATOR, NOW, HandClock, filed, story

from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult
from bot.ingest.shared_stories import match_shared
from bot.model import Chat, Paragraph, Story, Topic
from bot.posting.router import SubscriptionRouter
from bot.search.query import Filter, parse
from bot.subscriptions.model import Subscription, TargetKind
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOTH, FIRST, SECOND, WORLD = (Chat("test", name) for name in ("both", "a", "b", "world"))
WORDS = "The council met for six hours and agreed to buy the two old cranes and to keep the ferry."
CRANES = story(
    "Cranes sold",
    WORDS,
    key="https://town.example/cranes",
    url="https://town.example/cranes?utm_source=all",
    published=NOW - HOUR,
)


def of_other(one: Story, **given: object) -> Story:
    """The story as the other source gives it."""
    fields = {name: getattr(one, name) for name in ("key", "url", "published", "undated")}
    if one.url:
        fields["url"] = one.url.replace("utm_source=all", "utm_source=sport")
    return story(one.title, one.text, **{**fields, "source": "other", **given})


@dataclass
class Feeds:
    """Two sources, and the chats that follow them."""

    store: SqliteStore
    poller: Poller
    wire: ScriptedSource
    other: ScriptedSource
    clock: HandClock
    count: int = 0

    async def give(self, wire: Sequence[Story], other: Sequence[Story]) -> None:
        """Polls both, each with these stories."""
        for source, given in ((self.wire, wire), (self.other, other)):
            self.count += 1
            source.gives = [FetchResult(tuple(given), signature=str(self.count))]
        for report in await self.poller.load():
            assert not report.error
        self.clock.pass_(600)

    async def posts(self, chat: Chat) -> int:
        """Tells how many posts a chat has got."""
        return len(await self.store.outbox.of_chat(chat, 100))


@asynccontextmanager
async def feeds(path: Path, topics: Sequence[Topic] = ()) -> AsyncIterator[Feeds]:
    """Opens two sources that were polled before, and chats that follow one of them or both."""
    clock = HandClock()
    wire, other = (ScriptedSource(replace(source, kind="feed")) for source in (WIRE, OTHER))
    async with await SqliteStore.open(path / "d.db") as store:
        await store.ingest.set_topics(topics)
        followed = [(BOTH, "wire"), (BOTH, "other"), (FIRST, "wire"), (SECOND, "other")]
        for chat, source in followed:
            made = Subscription(chat, TargetKind.SOURCE, source, made=NOW - DAY)
            await store.subscriptions.put(made)
        await store.subscriptions.put(
            Subscription(WORLD, TargetKind.TOPIC, "World", made=NOW - DAY)
        )
        router = SubscriptionRouter(store.subscriptions)
        poller = Poller(store, clock, [wire, other], StoryEnricher(topics), router=router)
        opened = Feeds(store, poller, wire, other, clock)
        await opened.give([], [])
        yield opened


async def total(store: SqliteStore, **within: str) -> int:
    return (await store.stories.latest(Filter(**within), 10)).total  # type: ignore[arg-type]


@pytest.mark.parametrize("is_later", [True, False])
async def test_a_story_of_two_sources_is_kept_once_and_posted_once_a_chat(
    tmp_path: Path, *, is_later: bool
) -> None:
    async with feeds(tmp_path) as opened:
        if is_later:
            await opened.give([CRANES], [])
            assert await opened.posts(SECOND) == 0
        await opened.give([CRANES], [of_other(CRANES)])
        await opened.give([CRANES], [of_other(CRANES)])
        assert [await opened.posts(chat) for chat in (BOTH, FIRST, SECOND)] == [1, 1, 1]
        assert await total(opened.store) == 1
        assert await total(opened.store, source="wire") == 1
        assert await total(opened.store, source="other") == 1
        states = await opened.store.sources.states()
        assert {one: states[one].stories for one in states} == {"wire": 1, "other": 1}
        for source in ("wire", "other"):
            found = await opened.store.search.candidates(parse("cranes"), Filter(None, source), 10)
            assert [one.title for one in found] == ["Cranes sold"]
        assert await opened.store.check() == []


async def test_processes_that_poll_at_once_do_not_both_think_that_they_are_first(
    tmp_path: Path,
) -> None:
    async with feeds(tmp_path) as opened, await SqliteStore.open(tmp_path / "d.db") as second:
        router = SubscriptionRouter(second.subscriptions)
        sources = [opened.wire, opened.other]
        poller = Poller(second, opened.clock, sources, StoryEnricher(), router=router)
        for count in range(5):
            signature, page = f"again {count}", f"https://town.example/{count}"
            title, text, published = f"Story {count}", f"{count} {WORDS}", NOW - count * HOUR
            one = story(title, text, key=page, url=page, published=published)
            opened.wire.gives = [FetchResult((one,), signature=signature)]
            opened.other.gives = [FetchResult((of_other(one),), signature=signature)]
            await asyncio.gather(opened.poller.load(["wire"]), poller.load(["other"]))
            opened.clock.pass_(600)
        assert await total(opened.store) == 5
        assert [await opened.posts(chat) for chat in (BOTH, FIRST, SECOND)] == [5, 5, 5]


async def test_sources_that_are_polled_at_once_do_not_both_think_that_they_are_first(
    tmp_path: Path,
) -> None:
    many = [replace(CRANES, title=f"Story {n}", key=f"https://town.example/{n}") for n in range(60)]
    many = [
        story(one.title, f"{n} {WORDS}", key=one.key, url=one.key, published=NOW - n * HOUR)
        for n, one in enumerate(many)
    ]
    async with feeds(tmp_path) as opened:
        for wire, other in zip(many[::2], many[1::2], strict=True):
            both = [wire, other]
            await opened.give(both, [of_other(one) for one in both])
        assert await total(opened.store) == 60
        assert await opened.posts(BOTH) == 60


async def test_the_first_source_owns_the_text(tmp_path: Path) -> None:
    async with feeds(tmp_path) as opened:
        await opened.give([CRANES], [])
        edited = of_other(CRANES, title="Cranes sold at last")
        for given in (edited, of_other(CRANES), edited):
            await opened.give([CRANES], [given])
            (kept,) = (await opened.store.stories.latest(Filter(), 10)).stories
            assert (kept.title, kept.source, kept.also) == ("Cranes sold", "wire", ("other",))
        await opened.give([replace(CRANES, title="Two cranes sold")], [edited])
        (kept,) = (await opened.store.stories.latest(Filter(source="other"), 10)).stories
        assert (kept.title, kept.also) == ("Two cranes sold", ("other",))
        await opened.give([], [edited])
        assert await total(opened.store) == 1


async def test_a_source_that_renames_its_copies_posts_none_of_them(tmp_path: Path) -> None:
    given = [
        story(f"Story {n}", f"{n} {WORDS}", key=f"guid {n}", url=f"https://town.example/{n}")
        for n in range(6)
    ]
    async with feeds(tmp_path) as opened:
        await opened.give(given, [of_other(one) for one in given])
        before = [await opened.posts(chat) for chat in (BOTH, SECOND)]
        await opened.give(given, [of_other(one, key=f"new {one.key}") for one in given])
        await opened.give(given, [of_other(one, key=f"new {one.key}") for one in given])
        assert [await opened.posts(chat) for chat in (BOTH, SECOND)] == before == [6, 6]
        assert await total(opened.store) == 6


async def test_topics_of_either_source_hold_the_story(tmp_path: Path) -> None:
    topics = (Topic("World", sources=frozenset({"other"})), Topic("Town", sources={"wire"}))  # type: ignore[arg-type]
    async with feeds(tmp_path, topics) as opened:
        await opened.give([CRANES], [])
        assert await opened.posts(WORLD) == 0
        await opened.give([CRANES], [of_other(CRANES)])
        await opened.give([replace(CRANES, title="Two cranes sold")], [of_other(CRANES)])
        assert await opened.posts(WORLD) == 1
        (kept,) = (await opened.store.stories.latest(Filter(topic="World"), 10)).stories
        assert set(kept.topics) == {"World", "Town"}
        await opened.store.ingest.set_topics(topics[:1])
        assert await total(opened.store, topic="World") == 1


async def test_what_comes_from_a_second_source_after_a_week_is_posted_nowhere(
    tmp_path: Path,
) -> None:
    async with feeds(tmp_path) as opened:
        await opened.give([CRANES], [])
        opened.clock.pass_(8 * DAY.total_seconds())
        await opened.give([CRANES], [of_other(CRANES)])
        assert [await opened.posts(chat) for chat in (BOTH, SECOND)] == [1, 0]


SAME: dict[str, dict[str, object]] = {
    "all": {},
    "page and title": {"title": "CRANES sold!", "published": NOW},
    "page but for https": {"url": "http://www.town.example/cranes/"},
    "page, another guid": {"key": "other-7"},
    "guid, another page": {"url": "https://agg.example/1"},
    "no text": {"text": "", "published": NOW + 3 * HOUR},
}
NOT_SAME: dict[str, dict[str, object]] = {
    "another page and guid": {"key": "1", "url": "https://town.example/cranes2"},
    "a comment": {"title": "Why I do", "text": "I do.", "key": "1", "published": NOW + HOUR},
    "another week": {"published": NOW - 9 * DAY, "key": "1"},
}


@pytest.mark.parametrize("given", SAME.values(), ids=SAME)
def test_one_story_of_two_sources(given: dict[str, object]) -> None:
    assert match_shared(filed([_elsewhere(given)]), filed([CRANES]))


@pytest.mark.parametrize("given", NOT_SAME.values(), ids=NOT_SAME)
def test_two_stories_of_two_sources(given: dict[str, object]) -> None:
    assert not match_shared(filed([_elsewhere(given)]), filed([CRANES]))


def _elsewhere(given: dict[str, object]) -> Story:
    fields = {"title": CRANES.title, "text": CRANES.text, **given}
    title, text = str(fields.pop("title")), str(fields.pop("text"))
    base = {"key": CRANES.key, "url": CRANES.url, "published": CRANES.published}
    return story(title, text, **{**base, "source": "other", **fields})


def test_reports_at_one_address_are_told_apart() -> None:
    reports = [
        story(
            "Police report",
            f"Report {n}: {n} calls, {3 * n} patrols, and so on.",
            key=f"pr-{n}",
            url="https://town.example/police",
            published=NOW + n * DAY,
        )
        for n in range(5)
    ]
    others = [of_other(one) for one in reports[2:]] + [
        of_other(reports[4], key="new", published=NOW + 5 * DAY, paragraphs=())
    ]
    found = match_shared(filed(others[:3]), filed(reports[:4]))
    matched = {one.key: found[one.id].story.key for one in others if one.id in found}
    assert matched == {"pr-2": "pr-2", "pr-3": "pr-3"}


@pytest.mark.parametrize("guid", ["tag:town.example,2026:7", "urn:uuid:0", "https://t.example/7"])
def test_a_guid_that_is_unique_in_the_world_is_one_story(guid: str) -> None:
    mine = story("Cranes sold", WORDS, key=guid, url="https://town.example/7")
    theirs = of_other(mine, url="https://other.example/7")
    assert match_shared(filed([theirs]), filed([mine]))
    plain = [replace(one, key="7") for one in (mine, theirs)]
    assert not match_shared(filed(plain[1:]), filed(plain[:1]))


UNLINKED = story("Cranes sold", WORDS, key="7", url=None, published=NOW - HOUR)
SHORT = replace(UNLINKED, paragraphs=(Paragraph("It is open."),))
BARE = replace(UNLINKED, paragraphs=())


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (UNLINKED, UNLINKED),
        (UNLINKED, replace(UNLINKED, title="CRANES – sold!", key="other-1")),
        (UNLINKED, replace(UNLINKED, published=NOW + HOUR, key="1")),
        (UNLINKED, replace(UNLINKED, published=NOW + DAY, undated=True)),
        (SHORT, replace(SHORT, key="other")),
        (BARE, replace(BARE, key="other")),
    ],
)
def test_a_story_that_leads_nowhere_is_known_by_its_title_and_text(
    mine: Story, theirs: Story
) -> None:
    assert match_shared(filed([replace(theirs, source="other")]), filed([mine]))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (UNLINKED, replace(UNLINKED, title="Ferry sold")),
        (UNLINKED, replace(UNLINKED, paragraphs=(Paragraph("No word of it is true. " * 5),))),
        (UNLINKED, replace(UNLINKED, url="https://town.example/cranes")),
        (UNLINKED, replace(UNLINKED, published=NOW + DAY)),
        (SHORT, replace(SHORT, published=NOW)),
        (SHORT, replace(SHORT, paragraphs=(Paragraph("It is closed."),), published=NOW)),
        (BARE, replace(BARE, published=NOW)),
    ],
)
def test_stories_of_one_title_that_lead_nowhere_are_told_apart(mine: Story, theirs: Story) -> None:
    assert not match_shared(filed([replace(theirs, source="other")]), filed([mine]))


async def test_alerts_that_lead_nowhere_are_matched_one_by_one(tmp_path: Path) -> None:
    def alerts(source: str) -> list[Story]:
        return [
            story("Gate closed", "For now.", key=f"{n}", source=source, published=NOW + n * HOUR)
            for n in range(3)
        ]

    async with feeds(tmp_path) as opened:
        await opened.give(alerts("wire")[:2], alerts("other")[1:2])
        await opened.give(alerts("wire"), alerts("other"))
        assert await total(opened.store) == len(alerts("wire"))
        assert [await opened.posts(chat) for chat in (BOTH, FIRST, SECOND)] == [3, 3, 3]


# What readers and moderators see


async def test_a_list_shows_it_once_and_names_the_other_source(desk: TestDesk) -> None:
    poller = Poller(desk.store, desk.clock, [desk.wire, desk.other], StoryEnricher())
    desk.wire.gives = [FetchResult((CRANES,))]
    desk.other.gives = [FetchResult((of_other(CRANES),))]
    await poller.load(["wire"])
    await poller.load(["other"])
    for line in ("/latest", "/latest source:other", "/search cranes source:other", "/read cranes"):
        reply = await desk.ask(line)
        assert titles(reply) == ["Cranes sold"], line
        assert [card.also for card in reply.cards] == ["also in Other News"]


async def test_posts_tells_why_a_story_was_taken_for_a_known_one(desk: TestDesk) -> None:
    poller = Poller(desk.store, desk.clock, [desk.wire], StoryEnricher())
    rest = story("Ferry late", "It was.", url="https://town.example/ferry", published=NOW - DAY)
    corrected = replace(CRANES, title="Crane sold", key="k2", published=NOW)
    desk.wire.gives = [FetchResult((rest, CRANES)), FetchResult((rest, corrected))]
    await poller.load()
    await poller.load()
    reply = await desk.ask("/posts crane", MODERATOR)
    assert reply.text[-1] == (
        "Its source gave it a new ID, and it was taken for the same story as before: same page, "
        "similar title, same text."
    )
    assert "taken for" not in " ".join((await desk.ask("/posts ferry", MODERATOR)).text)
