"""Stories, chats and a clock for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.chat.ports import Store
from bot.ingest.batch import StoryBatch
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import StoryRecord
from bot.ingest.topic_matcher import TopicMatcher
from bot.model import Chat, Paragraph, Person, Story, Topic, story_id
from bot.posting.router import SubscriptionRouter

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
READER = Person("reader", "Ada")
MODERATOR = Person("moderator", "Max", moderator=True)
CHAT = Chat("test", "room")


def story(title: str, text: str = "", /, **given: object) -> Story:
    """A story of the source `wire`, a paragraph a line; a line that begins with # is a heading."""
    source = str(given.pop("source", "wire"))
    key = str(given.pop("key", title.casefold()))
    paragraphs = tuple(
        Paragraph(line.removeprefix("#").strip(), line.startswith("#"))
        for line in text.splitlines()
        if line.strip()
    )
    base = Story(story_id(source, key), source, key, title, NOW, paragraphs=paragraphs)
    return _with(base, given)


def _with(base: Story, given: dict[str, object]) -> Story:
    fields = {name: getattr(base, name) for name in Story.__slots__}
    unknown = given.keys() - fields.keys()
    assert not unknown, unknown
    return Story(**{**fields, **given})


def filed(stories: Iterable[Story]) -> list[StoryRecord]:
    """Stories as they go into a store."""
    return [StoryRecord(one, fingerprint(one)) for one in stories]


def batch(
    stories: Iterable[Story], topics: Sequence[Topic] = (), now: datetime = NOW
) -> StoryBatch:
    """Stories as they are written, news to nobody, with those of the topics that are theirs."""
    matcher = TopicMatcher(topics)
    tagged = [replace(one, topics=matcher.topics_of(one)) for one in stories] if topics else stories
    return StoryBatch(filed(tagged), now)


async def write_news(
    router: SubscriptionRouter,
    store: Store,
    stories: Iterable[Story],
    topics: Sequence[Topic] = (),
    now: datetime = NOW,
) -> None:
    """Writes stories that are new to everybody, as a poll does."""
    new = tuple(batch(stories, topics).stories)
    await BatchWriter(store.ingest, router, Decision(new, (), 0, new), now).write(new)


def day(text: str) -> datetime:
    """The midnight, UTC, of an ISO date."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self._start = now
        self._passed = 0.0
        self.boot = "first boot"

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def epoch(self) -> str:
        return self.boot

    def pass_(self, seconds: float) -> None:
        self._passed += seconds

    def set_by(self, jump: timedelta) -> None:
        """Sets the clock forward or back; no time passes."""
        self._start += jump
