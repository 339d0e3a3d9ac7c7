"""Daily limits of a source: how many stories and how much text it may bring in a day (UTC).

Feeds are written by others. One of endless new stories, or of random words, would fill the disk and
the memory, since the search learns every word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.ingest.change_detection import Decision
from bot.ingest.results import StoryRecord
from bot.model import Source


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """The stories and the text that a source has brought on a day.

    Attributes:
        day: The day, in UTC.
        stories: How many new stories.
        text: Bytes of text, of new stories and of changed ones.
    """

    day: date
    stories: int = 0
    text: int = 0

    def on(self, day: date) -> DailyUsage:
        """Returns the usage of a day: of another than this one, nothing yet."""
        return self if day == self.day else DailyUsage(day)

    def plus(self, records: Iterable[StoryRecord], new: frozenset[str]) -> DailyUsage:
        """Adds stories that were written, of which those with the ids in `new` are new."""
        usage = self
        for record in records:
            added = record.story.id in new
            usage = replace(
                usage, stories=usage.stories + added, text=usage.text + text_size(record)
            )
        return usage


def text_size(record: StoryRecord) -> int:
    """Returns the bytes of a story's title and text."""
    return len(record.story.title.encode()) + len(record.story.text.encode())


@dataclass(frozen=True, slots=True)
class DailyLimits:
    """Limits of what one feed may bring in a day; 0 for none.

    Attributes:
        stories: New stories.
        text: Bytes of text, of new stories and of changed ones.
    """

    stories: int = 0
    text: int = 0


def apply_limits(decision: Decision, limits: DailyLimits, used: DailyUsage) -> tuple[Decision, int]:
    """Leaves out what is more than a source may bring in a day; the oldest stories come first.

    What is left out is not remembered: it is new again at the next poll, and comes on another day
    if the source still has it then.

    Returns:
        The rest of the decision, and how many stories were left out of it.
    """
    changed = _within(decision.changed, limits.text, used.text)
    text = used.text + sum(map(text_size, changed))
    room = max(0, limits.stories - used.stories)
    fitting = decision.new[:room] if limits.stories else decision.new
    new = _within(fitting, limits.text, text)
    left_out = len(decision.changed) + len(decision.new) - len(changed) - len(new)
    if not left_out:
        return decision, 0
    kept = {one.story.id for one in (*changed, *new)}
    news = tuple(one for one in decision.news if one.story.id in kept)
    rest = Decision(new, changed, decision.unchanged, news, decision.retitled & kept)
    return rest, left_out


def _within(records: tuple[StoryRecord, ...], most: int, used: int) -> tuple[StoryRecord, ...]:
    """Returns the first of the records, as far as their text fits."""
    for number, record in enumerate(records):
        used += text_size(record)
        if most and used > most:
            return records[:number]
    return records


class DailyLimiter:
    """Applies the limits to the polls of all feeds, and counts what they have brought.

    Archives are the operator's own, and have none; nor has the first poll of a feed, which its size
    bounds. The counts are not kept: a restart begins them anew.
    """

    def __init__(self, limits: DailyLimits) -> None:
        self._limits = limits
        self._usage: dict[str, DailyUsage] = {}

    def change(self, limits: DailyLimits) -> None:
        """Changes the limits; what was brought today still counts."""
        self._limits = limits

    def limit(
        self, source: Source, decision: Decision, today: date, *, first: bool
    ) -> tuple[Decision, int]:
        """Returns what is to be written of a poll, and how many stories are left out."""
        if first or not source.is_by_others:
            return decision, 0
        return apply_limits(decision, self._limits, self._used(source.id, today))

    def count(
        self, source: str, records: Sequence[StoryRecord], decision: Decision, today: date
    ) -> None:
        """Counts stories of a poll that were written."""
        new = frozenset(one.story.id for one in decision.new)
        self._usage[source] = self._used(source, today).plus(records, new)

    def _used(self, source: str, today: date) -> DailyUsage:
        return self._usage.get(source, DailyUsage(today)).on(today)
