"""Backfill: a source's past stories, read page by page from its site's API, newest first.

Nothing of it is posted or shown as new: the stories count as seen when their source was first
loaded. A story that is known is left as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from bot.errors import SourceError
from bot.model import Story

_Result = TypeVar("_Result")

MOST = 1_000
"""Stories that one run adds, unless it is told otherwise."""

_LONGEST_WAIT = 120.0  # seconds that a run waits when its host asks for that; else it ends
_WAITS = 5  # how often, in a run
_ALIKE = 0.5  # of the newest posts of a site, which its feed has, too

Advance = Callable[[int, int], None]
"""Told how many past stories were looked at in this run, and how many there are; 0 for unknown."""


@dataclass(frozen=True, slots=True)
class PastPage:
    """A page of a site's past stories.

    Attributes:
        stories: In any order.
        is_last: True when none are older.
        total: The stories that the site has in the span that is asked for; 0 when it does not say.
    """

    stories: tuple[Story, ...]
    is_last: bool
    total: int = 0


class PastReader(Protocol):
    """Reads the past stories of a source from its site."""

    async def newest(self) -> Sequence[Story]:
        """Returns the site's newest stories, a dozen or so.

        Raises:
            SourceError: The site has no such API, or it cannot be read.
        """
        ...

    async def page(
        self, number: int, *, before: datetime | None, since: datetime | None
    ) -> PastPage:
        """Returns a page of past stories, newest first.

        Args:
            number: Of the page, from 1.
            before: The time that they are older than; None for all.
            since: The time that they are not older than; None for all.

        Raises:
            SourceError: It cannot be read; `wait` says for how long the site is to be let be.
        """
        ...


@dataclass(frozen=True, slots=True)
class BackfillProgress:
    """Progress of a source's backfill, kept so that another run goes on from there.

    Attributes:
        oldest: All stories that are younger were looked at; None before the first.
        added: Stories added so far, in all runs.
        is_done: True when the site has none that are older.
    """

    oldest: datetime | None = None
    added: int = 0
    is_done: bool = False


class BackfillStore(Protocol):
    """Remembers how far backfills are. Every method may raise StoreError."""

    async def progress(self, source: str) -> BackfillProgress:
        """Returns how far a source's backfill is; an empty one before the first."""
        ...

    async def keep_progress(self, source: str, progress: BackfillProgress) -> None:
        """Remembers how far a source's backfill is."""
        ...


class PastStories(Protocol):
    """Adds past stories to the store; the poller does."""

    async def count_known(self, source: str, stories: Sequence[Story]) -> int:
        """Counts the stories that the source has given already."""
        ...

    async def add_past(self, source: str, stories: Sequence[Story]) -> int:
        """Writes those stories that are not known, as no news; returns how many.

        What the store's retention would forget at once is left out.

        Raises:
            SourceError: There is no such source any more.
            StoreError: The store cannot be written; what was written before is there.
        """
        ...


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """Report on one run.

    Attributes:
        added: Stories that were added.
        looked_at: Stories that the site gave.
        oldest: When the oldest of these was published; None when there were none.
        is_done: True when the site has none that are older, or none in the span asked for.
        error: Why it ended before its bound, in one line; empty when it did not.
    """

    added: int = 0
    looked_at: int = 0
    oldest: datetime | None = None
    is_done: bool = False
    error: str = ""


@dataclass(slots=True)
class Backfill:
    """A run that fills in the past of one source.

    Attributes:
        source: The source's id.
        reader: Reads its site's past.
        past: Adds the stories.
        store: Remembers how far it is.
        sleep: Waits a number of seconds.
    """

    source: str
    reader: PastReader
    past: PastStories
    store: BackfillStore
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(
        self,
        most: int = MOST,
        since: datetime | None = None,
        advance: Advance = lambda _done, _total: None,
        *,
        again: bool = False,
    ) -> BackfillReport:
        """Goes on where the last run ended, until its bound or the site's first story.

        Args:
            most: Stories to add at most.
            since: No story that is older is asked for; None for no bound.
            advance: Told how far it is.
            again: True to begin anew with the newest stories.

        Raises:
            SourceError: The site has no past that can be read, or another one than the source's.
            StoreError: The store cannot be read or written; what was added is kept.
        """
        progress = BackfillProgress() if again else await self.store.progress(self.source)
        if progress.is_done and since is None:
            return BackfillReport(oldest=progress.oldest, is_done=True)
        await self._check_site()
        return await self._read(progress, most, since, advance)

    async def _check_site(self) -> None:
        """Makes sure that the site's newest stories are those of the source.

        Raises:
            SourceError: They are not: the feed is of a part of the site, or of another.
        """
        newest = await self._patiently(self.reader.newest)
        known = await self.past.count_known(self.source, newest)
        if not newest or known < len(newest) * _ALIKE:
            raise SourceError(
                "its site's API gives other stories than this source does, so the past would not "
                f"be its own ({known} of the newest {len(newest)} are known); check it with "
                "`dateline load` first"
            )

    async def _read(
        self,
        progress: BackfillProgress,
        most: int,
        since: datetime | None,
        advance: Advance,
    ) -> BackfillReport:
        before, number = progress.oldest, 1
        report = BackfillReport(oldest=progress.oldest)
        while report.added < most and not report.is_done:
            try:
                page = await self._patiently(
                    partial(self.reader.page, number, before=before, since=since)
                )
            except SourceError as error:
                return replace(report, error=str(error))
            added = await self.past.add_past(self.source, page.stories)
            progress = self._after(progress, page, added, whole=since is None)
            await self.store.keep_progress(self.source, progress)
            report = BackfillReport(
                report.added + added,
                report.looked_at + len(page.stories),
                progress.oldest,
                page.is_last,
            )
            advance(report.looked_at, page.total)
            number += 1
        return report

    def _after(
        self, progress: BackfillProgress, page: PastPage, added: int, *, whole: bool
    ) -> BackfillProgress:
        dates = [story.published for story in page.stories if not story.undated]
        oldest = min([*dates, *([progress.oldest] if progress.oldest else [])], default=None)
        return BackfillProgress(oldest, progress.added + added, page.is_last and whole)

    async def _patiently(self, ask: Callable[[], Awaitable[_Result]]) -> _Result:
        """Asks, and waits where the site asks for that, for a while."""
        for _ in range(_WAITS):
            try:
                return await ask()
            except SourceError as error:
                if error.wait is None or error.wait > _LONGEST_WAIT:
                    raise
                await self.sleep(error.wait)
        return await ask()
