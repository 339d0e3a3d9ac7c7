"""The sources and the store, as the poller needs them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum, auto
from typing import Protocol, TypeVar

from bot.ingest.batch import StoryBatch
from bot.ingest.boilerplate import StoryEdges
from bot.ingest.results import FetchResult, Fingerprint, LoadReport, SourceState, StoryRecord
from bot.ingest.subjects.model import KeptSubject
from bot.ingest.summaries.model import KeptSummary
from bot.model import Source, Story, Topic

_Kept = TypeVar("_Kept")


class PollMode(Enum):
    """Reasons for a poll, which decide how much is taken for unchanged."""

    SCHEDULED = auto()  # its time has come: what says that it has not changed is not read
    REQUESTED = auto()  # a person asks now: nothing on disk is taken for unchanged
    FULL = auto()  # everything is read again


class NewsSource(Protocol):
    """A place that stories are fetched from."""

    @property
    def source(self) -> Source:
        """Its id, name and kind."""
        ...

    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        """Polls the source now.

        Args:
            signature: What the last poll left; with an empty one everything is read again.
            mode: Why it is polled.

        Raises:
            SourceError: The source as a whole cannot be read. What can be read of a source that is
                partly unreadable is returned, with the rest in `FetchResult.unreadable`.
        """
        ...

    async def complete(self, records: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        """Returns stories that are about to be written, with what the source adds only to these.

        It never raises for a story that it can add nothing to; that is given back as it is.
        """
        ...


class IngestStore(Protocol):
    """Keeps what sources bring. Every method may raise StoreError."""

    async def fingerprints(
        self, source: str, stories: Sequence[Story] | None = None, turns: int = 1
    ) -> Mapping[str, Fingerprint]:
        """Returns what is remembered of stories of a source, by key, in the order of their writing.

        Args:
            source: The source's id.
            stories: What it gives now: each known story is returned that `decide` might take for
                one of these, or that has one of their ids; others may be. None for all.
            turns: How many of each one's `possible_ids` matter.
        """
        ...

    async def revision(self) -> int:
        """Returns the revision of the stories, which grows with each batch that is written."""
        ...

    async def elsewhere(self, source: str, stories: Sequence[Story]) -> Sequence[StoryRecord]:
        """Returns stories that other sources gave and that lead to the page of one of these.

        Or whose guid is that of one of these, and unique in the world. Only those of about the same
        time are returned, and none that the source has given, too.

        Args:
            source: The source's id.
            stories: What it gives now.
        """
        ...

    async def write(self, batch: StoryBatch) -> int:
        """Writes a batch in one transaction: all of it or, on an error, nothing.

        A story whose id is known replaces what was there, under its new key if that changed. Each
        story is put under its topics, as far as these are among those last given to `set_topics`.
        A story that has been put into a chat's outbox before is not put there again. Of a story
        that is copied, nothing is written but that its source has it, too, and under which key.

        Returns:
            How many posts and edits were put into the outbox.

        Raises:
            OutdatedError: Subscriptions have changed since the batch's revision.
            OvertakenError: Stories of other sources were written since the revision that it knows.
        """
        ...

    async def story_edges(self, source: str) -> Mapping[str, StoryEdges]:
        """Returns what is remembered of how a source's stories begin and end, the newest last."""
        ...

    async def keep_story_edges(self, source: str, edges: Mapping[str, StoryEdges]) -> None:
        """Remembers how a source's stories begin and end, instead of what was known before."""
        ...

    async def set_topics(self, topics: Sequence[Topic]) -> None:
        """Makes these the topics, and puts every story under those that it belongs to.

        A saved search means what it means to `bot.ingest.topic_matcher`.

        Cheap when they are the ones that were set before.
        """
        ...


class RebuildStore(Protocol[_Kept]):
    """Finds what was made of stories by another method, and replaces it.

    What it writes is no change of a story: nothing is posted or edited for it. Every method may
    raise StoreError.
    """

    async def count_outdated(self, method: str) -> int:
        """Counts the stories of which it was made by another method than this."""
        ...

    async def outdated(self, method: str, after: int, limit: int) -> Sequence[_Kept]:
        """Returns what was made by another method, in the order of the stories' places.

        Args:
            method: The method as it is named now.
            after: The place after which they stand; 0 for the first.
            limit: How many at most.
        """
        ...

    async def replace(self, remade: Sequence[_Kept]) -> None:
        """Keeps what was made anew, but of stories that have changed meanwhile."""
        ...


class SummaryStore(RebuildStore[KeptSummary], Protocol):
    """Finds summaries that another method made (`Summariser.method`), and replaces them."""


class SubjectStore(RebuildStore[KeptSubject], Protocol):
    """Finds subjects that another method found (`SubjectAssigner.method`), and replaces them.

    Stories whose subjects are replaced stand under the topics of the new ones, and no longer under
    those of the old.
    """


class SourceStore(Protocol):
    """Remembers how each source fares. Every method may raise StoreError."""

    async def finish_load(self, report: LoadReport, signature: str) -> None:
        """Remembers how a poll of a source ended, and what to hand to the next one.

        The first report without an error marks the source as loaded. Stories of the source that
        were first seen after the report were seen by a clock that was ahead; they are taken as
        seen now.
        """
        ...

    async def states(self, *, rates: bool = True) -> Mapping[str, SourceState]:
        """Returns what is known of every source that was polled or has stories, by source id.

        Args:
            rates: False to leave out `SourceState.a_day`, which takes counting.
        """
        ...

    async def state(self, source: str) -> SourceState | None:
        """Returns what is known of one source, without `a_day`.

        None when it was never polled and has no stories.
        """
        ...


class PollLeases(Protocol):
    """Leases of sources among the processes that share a store. Every method may raise StoreError.

    A lease that is not renewed runs out within a minute, and its process counts as dead then.
    """

    @property
    def process(self) -> str:
        """The name of this process, which no other one has."""
        ...

    async def claim(self, source: str) -> bool:
        """Takes the lease of a source; returns False while another process has it."""
        ...

    async def release(self, source: str) -> None:
        """Gives the lease of a source back, if this process still has it."""
        ...

    def filing(self) -> AbstractAsyncContextManager[None]:
        """Waits for a block in which no other process decides which stories are new, and writes.

        It ends by itself for a process that stands still; what that writes then is refused as
        overtaken.
        """
        ...

    async def renew(self) -> Collection[str]:
        """Renews all leases of this process; returns the names of all that live, its own too."""
        ...

    async def leave(self) -> None:
        """Says that this process lives no more, and gives all its leases back."""
        ...


class PollerStore(Protocol):
    """The parts of the store that a poller needs."""

    @property
    def ingest(self) -> IngestStore:
        """Keeps what sources bring."""
        ...

    @property
    def sources(self) -> SourceStore:
        """Remembers how each source fares."""
        ...

    @property
    def leases(self) -> PollLeases:
        """Keeps processes from polling a source at once."""
        ...
