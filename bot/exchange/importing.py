"""Import of lines of JSON: what is missing is added, and nothing is posted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.exchange.source_lines import read_source_line
from bot.exchange.story_lines import read_story
from bot.exchange.subscription_lines import read_subscription
from bot.ingest.added_sources import AddedSource, EditStamp, SourceEditStore
from bot.ingest.batch import StoryBatch
from bot.ingest.ports import IngestStore
from bot.ingest.results import StoryRecord
from bot.posting.ports import Subscriptions
from bot.search.ports import StoryStore
from bot.subscriptions.model import Subscription

_AT_ONCE = 200  # stories in one transaction
MAX_LINE = 16 * 1024**2  # bytes


class ImportStore(Protocol):
    """The parts of the store that an import needs."""

    @property
    def ingest(self) -> IngestStore:
        """Keeps stories."""
        ...

    @property
    def stories(self) -> StoryStore:
        """Finds stories."""
        ...

    @property
    def subscriptions(self) -> Subscriptions:
        """Keeps subscriptions."""
        ...

    @property
    def source_edits(self) -> SourceEditStore:
        """Keeps sources that people added."""
        ...


@dataclass(slots=True)
class ImportReport:
    """The report of an import: what became of the lines.

    Attributes:
        stories: Stories that were added.
        subscriptions: Subscriptions that were added.
        sources: Sources that were added.
        known: Lines whose story, subscription or source was there already.
        unusable: Lines that are none of these: their number, and why.
    """

    stories: int = 0
    subscriptions: int = 0
    sources: int = 0
    known: int = 0
    unusable: list[tuple[int, str]] = field(default_factory=list)


Enrich = Callable[[StoryRecord, datetime], StoryRecord]
IsNewSource = Callable[[AddedSource, Sequence[AddedSource]], bool]


def _has_new_id(one: AddedSource, there: Sequence[AddedSource]) -> bool:
    return one.id not in {each.id for each in there}


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """A source of a line.

    Attributes:
        source: The source.
        is_paused: True if it is not to be polled for now.
    """

    source: AddedSource
    is_paused: bool


class LineImporter:
    """Imports lines into a store.

    Args:
        store: The store.
        enrich: Gives stories their summaries and topics.
        now: The time.
        is_new_source: Tells whether a source is none yet, given those that were added before; it
            raises ValueError for one that can be none.
    """

    def __init__(
        self,
        store: ImportStore,
        enrich: Enrich,
        now: datetime,
        is_new_source: IsNewSource = _has_new_id,
    ) -> None:
        self._store = store
        self._is_new_source = is_new_source
        self._enrich = enrich
        self._now = now
        self._records: list[StoryRecord] = []
        self.report = ImportReport()

    async def add(self, lines: Iterable[bytes]) -> ImportReport:
        """Adds what lines hold; a line that holds nothing usable stops no other.

        Raises:
            StoreError: The store cannot be written; what came before is kept.
        """
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                await self._add(_read(line))
            except ValueError as error:
                self.report.unusable.append((number, _reason(error)))
        await self._flush()
        return self.report

    async def _add(self, one: StoryRecord | Subscription | ImportedSource) -> None:
        if isinstance(one, Subscription):
            await self._subscribe(one)
            return
        if isinstance(one, ImportedSource):
            await self._add_source(one)
            return
        self._records.append(one)
        if len(self._records) >= _AT_ONCE:
            await self._flush()

    async def _subscribe(self, one: Subscription) -> None:
        there = await self._store.subscriptions.of(one.chat)
        wanted = (one.chat.thread, one.kind, one.what)
        if wanted in {(each.chat.thread, each.kind, each.what) for each in there}:
            self.report.known += 1
            return
        await self._store.subscriptions.put(one)
        self.report.subscriptions += 1

    async def _add_source(self, one: ImportedSource) -> None:
        edits = self._store.source_edits
        if not self._is_new_source(one.source, (await edits.edits()).added):
            self.report.known += 1
            return
        await edits.put([one.source])
        if one.is_paused:
            await edits.pause(one.source.id, EditStamp(self._now))
        self.report.sources += 1

    async def _flush(self) -> None:
        records = {one.story.id: one for one in self._records}
        self._records.clear()
        known = {one.id for one in await self._store.stories.by_ids(list(records))}
        new = [self._enrich(one, self._now) for id_, one in records.items() if id_ not in known]
        if new:
            await self._store.ingest.write(StoryBatch(new, self._now))
        self.report.stories += len(new)
        self.report.known += len(known)


def _read(line: bytes) -> StoryRecord | Subscription | ImportedSource:
    if len(line) > MAX_LINE:
        raise ValueError("it is too long")
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    kind = given.get("kind") if isinstance(given, dict) else None
    if kind == "subscription":
        return read_subscription(line)
    if kind == "story":
        return read_story(line)
    if kind == "source":
        return ImportedSource(*read_source_line(line))
    raise ValueError('its "kind" is none of "story", "subscription" and "source"')


def _reason(error: ValueError) -> str:
    """Returns the first thing that is wrong, in one line."""
    errors = getattr(error, "errors", None)
    if errors is None:
        return str(error)
    first = errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else str(first["msg"])
