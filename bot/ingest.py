"""From sources into the store: a pure decision, and the newsroom that carries it out."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import BusyError, SourceError, StoreError, TooSoonError
from bot.loads import Fetched, Filed, Fingerprint, LoadReport, SourceState, clamped
from bot.model import Source, Story, story_id
from bot.ports import Clock, NewsSource, Store
from bot.text import quoted

log = logging.getLogger(__name__)

BATCH = 500
"""Stories a transaction: few enough that other writes are not held up, many enough to be fast."""

Summarise = Callable[[Story], str]
Progress = Callable[[str, int, int], None]
"""Told a source's id, the stories written so far, and how many there are to write."""


def _silent(_source: str, _done: int, _total: int) -> None:
    """Progress that nobody follows."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a look at a source means for the store.

    Attributes:
        new: Stories to add, oldest first.
        changed: Stories to write anew, under the ids that they have.
        unchanged: How many are as they were.
    """

    new: tuple[Filed, ...]
    changed: tuple[Filed, ...]
    unchanged: int


def fingerprint(story: Story) -> Fingerprint:
    """What the store is to remember of a story, to tell whether it changes."""
    body = _digest(story.text) if story.paragraphs else ""
    headings = "".join("#" if paragraph.heading else "." for paragraph in story.paragraphs)
    content = _digest(
        story.title,
        story.published.isoformat(),
        str(story.date_only),
        story.url or "",
        story.image or "",
        story.place,
        story.byline,
        story.summary,
        headings,
        body,
    )
    return Fingerprint(story.id, story.key, content, body)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def decide(known: Mapping[str, Fingerprint], fetched: Sequence[Story]) -> Decision:
    """Tells new stories from changed ones and from those that are as they were.

    A story is known by its key. One whose key is new but whose text is that of a known story that
    the source no longer gives is that story under another title or date: it is changed, not new.

    Args:
        known: What the store remembers of the source's stories, by key.
        fetched: What the source gives now; no key twice.
    """
    given = {story.key for story in fetched}
    lost = {f.body: f for key, f in known.items() if key not in given and f.body}
    taken = {f.id for f in known.values()}
    new: list[Filed] = []
    changed: list[Filed] = []
    for story in fetched:
        now = fingerprint(story)
        before = known.get(story.key) or lost.pop(now.body, None)
        if before is None:
            new.append(_filed(_free_id(story, taken), now))
        elif (before.content, before.key) != (now.content, now.key):
            changed.append(_filed(replace(story, id=before.id), now))
    return Decision(tuple(new), tuple(changed), len(fetched) - len(new) - len(changed))


def _filed(story: Story, now: Fingerprint) -> Filed:
    return Filed(story, replace(now, id=story.id))


def _free_id(story: Story, taken: set[str]) -> Story:
    """The story under an id that no other has.

    Its own is taken when a story that once had its key was retitled and kept the id.
    """
    turn = 1
    while story.id in taken:
        turn += 1
        story = replace(story, id=story_id(story.source, f"{story.key}\n{turn}"))
    return story


def prepared(filed: Filed, now: datetime, summarise: Summarise) -> Filed:
    """The story as readers will see it: no date in the future, and a summary."""
    story = clamped(filed.story, now)
    if not story.summary:
        story = replace(story, summary=summarise(story))
    return replace(filed, story=story)


class Newsroom:
    """Looks at the sources and files what they bring; one look at a time."""

    def __init__(
        self, store: Store, clock: Clock, sources: Iterable[NewsSource], summarise: Summarise
    ) -> None:
        self._store = store
        self._clock = clock
        self._sources = {source.source.id: source for source in sources}
        self._summarise = summarise
        self._lock = asyncio.Lock()
        self._reloaded = -math.inf

    @property
    def busy(self) -> bool:
        """True while sources are being looked at."""
        return self._lock.locked()

    async def load(
        self, ids: Iterable[str] | None = None, *, progress: Progress = _silent, again: bool = True
    ) -> list[LoadReport]:
        """Looks at sources now, one after the other.

        Args:
            ids: Which; all of them when None.
            progress: Told how far each has come.
            again: Read everything again, even what says of itself that it has not changed.

        Raises:
            StoreError: The store cannot be written; what was filed before is kept, and the next
                load goes on from there.
        """
        async with self._lock:
            states = await self._store.source_states()
            wanted = self._sources if ids is None else ids
            return [
                await self._load(self._sources[name], states.get(name), progress, again=again)
                for name in wanted
            ]

    async def reload(self, ids: Iterable[str] | None, cooldown: float) -> list[LoadReport]:
        """Looks at sources because a person asked; one at a time, and not again at once.

        Args:
            ids: Which; all of them when None.
            cooldown: Seconds that must have passed since the last reload ended.

        Raises:
            BusyError: The sources are being looked at.
            TooSoonError: The last reload ended less than `cooldown` seconds ago.
            StoreError: The store cannot be written.
        """
        if self.busy:
            raise BusyError("the sources are being looked at already")
        passed = self._clock.monotonic() - self._reloaded
        if passed < cooldown:
            raise TooSoonError(cooldown - passed)
        try:
            return await self.load(ids)
        finally:
            self._reloaded = self._clock.monotonic()

    async def load_unloaded(self, progress: Progress = _silent) -> list[LoadReport]:
        """Looks at those sources that were never loaded to the end."""
        states = await self._store.source_states()
        ids = [i for i in self._sources if i not in states or states[i].loaded_at is None]
        return await self.load(ids, progress=progress)

    async def keep_looking(self) -> None:
        """Looks at each source whenever its time has come, until cancelled."""
        while True:
            try:
                wait = await self._look_at_due()
            except StoreError as error:
                log.warning("trying again in a minute: %s", error)
                wait = 60.0
            await asyncio.sleep(wait)

    async def _look_at_due(self) -> float:
        """Looks at every source that is due; returns the seconds until the next one is."""
        states = await self._store.source_states()
        due = [i for i, s in self._sources.items() if self._wait(s.source, states.get(i)) <= 0]
        for report in await self.load(due, again=False) if due else ():
            _log_report(report)
        states = await self._store.source_states()
        waits = [self._wait(s.source, states.get(i)) for i, s in self._sources.items()]
        return max(0.0, min(waits, default=3600.0))

    def _wait(self, source: Source, state: SourceState | None) -> float:
        if state is None or state.report is None:
            return 0.0
        return (state.report.at + source.every - self._clock.now()).total_seconds()

    async def _load(
        self, source: NewsSource, state: SourceState | None, progress: Progress, *, again: bool
    ) -> LoadReport:
        state = state or SourceState(source.source.id)
        signature = "" if again else state.signature
        try:
            fetched = await source.fetch(signature)
        except SourceError as error:
            report = LoadReport(source.source.id, self._clock.now(), error=str(error))
        except StoreError:
            raise
        except Exception as error:
            # One source's bug must not keep the others from being read.
            log.debug("looking at source %s failed", source.source.id, exc_info=True)
            reason = f"unexpected {type(error).__name__}: {quoted(str(error))}; --debug shows where"
            report = LoadReport(source.source.id, self._clock.now(), error=reason)
        else:
            report = await self._file(state, fetched, progress)
            signature = fetched.signature
        await self._store.finish_load(report, signature)
        return report

    async def _file(self, state: SourceState, fetched: Fetched, progress: Progress) -> LoadReport:
        """Writes what is new or changed, a batch at a time, oldest first."""
        if fetched.unchanged:
            unreadable = state.report.unreadable if state.report else ()
            now = self._clock.now()
            return LoadReport(state.source, now, unchanged=state.stories, unreadable=unreadable)
        known = await self._store.fingerprints(state.source)
        decision = await asyncio.to_thread(decide, known, fetched.stories)
        filed = (*decision.changed, *decision.new)
        progress(state.source, 0, len(filed))
        for start in range(0, len(filed), BATCH):
            batch = await asyncio.to_thread(self._prepare, filed[start : start + BATCH])
            await self._store.write(batch)
            progress(state.source, start + len(batch), len(filed))
        return LoadReport(
            state.source,
            self._clock.now(),
            new=len(decision.new),
            changed=len(decision.changed),
            unchanged=decision.unchanged,
            unreadable=fetched.unreadable,
        )

    def _prepare(self, batch: Sequence[Filed]) -> list[Filed]:
        now = self._clock.now()
        return [prepared(filed, now, self._summarise) for filed in batch]


def _log_report(report: LoadReport) -> None:
    if report.error:
        log.warning("%s: %s", report.source, report.error)
    elif report.new or report.changed or report.unreadable:
        log.info(
            "%s: %d new, %d changed, %d unchanged, %d unreadable",
            report.source,
            report.new,
            report.changed,
            report.unchanged,
            len(report.unreadable),
        )
