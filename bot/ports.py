"""What the core needs of the outside world, as Protocols.

Each method's docstring is its contract. Stores are held to it by one suite of tests that any
implementation must pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.loads import Fetched, Filed, Fingerprint, LoadReport, SourceState
from bot.model import Action, Chat, Person, Shown, Source, Story, Topic
from bot.outbox import News, Outbox, Subscriptions
from bot.query import Filter, Query, Term


class Clock(Protocol):
    """Tells the time, so that tests can."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some fixed point, never running backwards; for intervals only."""
        ...


class NewsSource(Protocol):
    """A place that stories are fetched from."""

    @property
    def source(self) -> Source:
        """What it is."""
        ...

    async def fetch(self, signature: str = "") -> Fetched:
        """Looks at the source now.

        Args:
            signature: What the last look left; with an empty one everything is read again.

        Raises:
            SourceError: The source as a whole cannot be read. What can be read of a source that is
                partly unreadable is returned, with the rest in `Fetched.unreadable`.
        """
        ...

    async def complete(self, filed: Sequence[Filed]) -> Sequence[Filed]:
        """Stories that are about to be written, with what the source can add only for these.

        It never raises for a story that it can add nothing to; that is given back as it is.
        """
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that matches a query, with what is needed to rank it.

    Attributes:
        id: The story's id.
        title: Its title.
        summary: Its summary.
        published: When it was published.
    """

    id: str
    title: str
    summary: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of stories.

    Attributes:
        stories: The page's stories, in order.
        total: How many there are on all pages.
    """

    stories: tuple[Story, ...]
    total: int


ANY = Query()
"""A query that asks for nothing in particular."""


class Platform(Protocol):
    """A chat platform that the bot is on."""

    @property
    def name(self) -> str:
        """As people know it."""
        ...

    async def serve(self) -> None:
        """Answers there until it is cancelled, through whatever comes and goes meanwhile.

        Raises:
            PlatformError: It makes no sense to go on: the token is refused, for example.
        """
        ...


class Store(Protocol):
    """Keeps stories, and finds them.

    Every method may raise StoreError. Every write is whole or absent, whatever happens to the
    process. Reads see only whole writes, and never wait for one. Methods may be called at once from
    any number of tasks of one event loop.
    """

    async def fingerprints(self, source: str) -> Mapping[str, Fingerprint]:
        """What is remembered of each story of `source`, by key."""
        ...

    @property
    def subscriptions(self) -> Subscriptions:
        """What chats follow."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What is to be posted."""
        ...

    async def write(self, filed: Sequence[Filed], news: News | None = None) -> int:
        """Writes stories whole: all of them or, on an error, none.

        A story whose id is known replaces what was there, under its new key if that changed. Each
        story is put under those of the topics last given to `set_topics` that it belongs to;
        `Story.topics` is not looked at.

        Args:
            filed: The stories.
            news: What is to be put into the outbox, in the same transaction; None for nothing.

        Returns:
            How many posts were put into the outbox.
        """
        ...

    async def finish_load(self, report: LoadReport, signature: str) -> None:
        """Remembers how a look at a source ended, and what to hand to the next one.

        The first report without an error marks the source as loaded.
        """
        ...

    async def source_states(self) -> Mapping[str, SourceState]:
        """What is known of every source that was ever looked at or has stories, by source id."""
        ...

    async def set_topics(self, topics: Sequence[Topic]) -> None:
        """Makes these the topics, and puts every story under those that it belongs to.

        Cheap when they are the ones that were set before.
        """
        ...

    async def topic_counts(self) -> Mapping[str, int]:
        """How many stories each topic has, by the topic's name; topics without one have 0."""
        ...

    async def latest(self, within: Filter, limit: int, offset: int = 0) -> Listing:
        """Stories newest first; of those with one time, the one written last first."""
        ...

    async def stories(self, ids: Sequence[str]) -> Sequence[Story]:
        """The stories with these ids, in the order of the ids; ids that name none are left out."""
        ...

    async def seen(self, story: str) -> datetime | None:
        """When a story was first written; None for one that is not there."""
        ...

    async def new_since(self, seen: datetime, published: datetime, limit: int) -> Listing:
        """Stories that were first written after `seen`, newest first; at most `limit` of them.

        Only those that were published at `published` or later or, where only the date is known, on
        the day of `published` (UTC) or later.
        """
        ...

    async def looked(self, platform: str, person: Person) -> datetime | None:
        """When somebody last looked at what is new to them; None for never."""
        ...

    async def look(self, platform: str, person: Person, at: datetime) -> None:
        """Remembers that somebody looked; an earlier look than the last changes nothing."""
        ...

    async def candidates(self, query: Query, within: Filter, limit: int) -> Sequence[Candidate]:
        """Stories that match, in no particular order, each once.

        Where more than `limit` match, those that came last are taken, and beside them up to `limit`
        that match by their titles alone: an old story about something is not crowded out by newer
        ones that mention it. Of a query for the newest, those `2 * limit` that were
        published last are taken instead. An empty query matches nothing.
        """
        ...

    async def holders(
        self, terms: Sequence[Term], within: Filter, limit: int, asked: Query = ANY
    ) -> Sequence[Sequence[int]]:
        """For each term the stories that hold it: at most `limit`, those that came last.

        Of the query that was asked only `without` and `in_title` count.
        The stories are given by the store's own numbers, which `by_numbers` takes and which mean
        nothing else, but that a story that came later has a higher one.
        """
        ...

    async def by_numbers(self, numbers: Sequence[int]) -> Mapping[int, Candidate]:
        """The stories with these numbers; numbers that name none are left out."""
        ...

    async def words_since(self, revision: int) -> tuple[int, Mapping[str, int]]:
        """The words whose number of stories changed after a revision, and the revision now.

        Words are as `bot.words.words` gives them, but for those of scripts without spaces and for
        those of more than 40 letters, which are addresses and slips of machines. Each comes with
        the number of stories that hold it now, which may be none. Revision 0 gives all words there
        are. Every write of stories, by any process, makes a higher revision.
        """
        ...

    async def titles_since(self, revision: int) -> tuple[int, Mapping[int, str]]:
        """The titles of stories that were written after a revision, by the stories' numbers.

        Where there are many, those that were written first, with the revision up to which they go:
        who asks again with that, until there are no more, has all. Revision 0 is before the first
        story; revisions are those of `words_since`, numbers those that `by_numbers` takes.
        """
        ...

    async def remember_shown(self, lists: Sequence[tuple[Chat, Person, Shown]]) -> None:
        """Remembers what each person was last shown in a chat, in place of what was before.

        What is older than a month may be forgotten.
        """
        ...

    async def shown(self, chat: Chat, person: Person) -> Shown | None:
        """What this person was last shown in this chat.

        When that is nothing, what anyone was last shown there; None when there is neither.
        """
        ...

    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        """Remembers what buttons ask for, by their tokens; what is older than a year may go."""
        ...

    async def action(self, token: str) -> Action | None:
        """What a token stands for; None for one that is not known."""
        ...

    async def settings(self, chat: Chat) -> Mapping[str, str]:
        """What was set for a chat, by the name of the setting."""
        ...

    async def set_setting(self, chat: Chat, name: str, value: str | None) -> None:
        """Sets something for a chat; None takes back what was set."""
        ...

    async def move_chat(self, old: Chat, new: Chat) -> None:
        """Gives a chat that goes on under another id all that was kept for it."""
        ...

    async def note(self, name: str) -> str:
        """What an adapter noted under a name for its next start; an empty text for nothing."""
        ...

    async def set_note(self, name: str, value: str) -> None:
        """Notes something in place of what was noted before."""
        ...

    async def check(self) -> Sequence[str]:
        """Looks through everything for damage; one line for each thing found, none when whole."""
        ...

    async def aclose(self) -> None:
        """Lets go of every resource; closing twice is harmless, any other call is an error."""
        ...
