"""Refusals: which stories of a poll are not kept, and why; a few of them are remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from operator import attrgetter

from bot.ingest.change_detection import Decision
from bot.ingest.results import Refusal, RefusalReason
from bot.model import Story
from bot.text.display import shorten

REMEMBERED = 20
"""Refusals that a report has, since a source may give thousands."""

_LONGEST = 200  # characters of a title


def list_refusals(
    given: Sequence[Story], admitted: Sequence[Story], whole: Decision, kept: Decision
) -> tuple[Refusal, ...]:
    """Lists the newest of the stories that a source gives and that are not kept.

    Args:
        given: What it gives.
        admitted: What of that is not too old.
        whole: What was decided of that.
        kept: What of the decision is within the limits of a day.
    """
    return tuple(_refusals(given, admitted, whole, kept))[:REMEMBERED]


def _refusals(
    given: Sequence[Story], admitted: Sequence[Story], whole: Decision, kept: Decision
) -> Iterator[Refusal]:
    if kept is not whole:
        left = {one.story.id for one in kept.new}
        over = [one.story for one in whole.new if one.story.id not in left]
        yield from _newest_first(over, RefusalReason.MANY)
    if len(admitted) < len(given):
        keys = {one.key for one in admitted}
        old = [one for one in given if one.key not in keys]
        yield from _newest_first(old, RefusalReason.OLD)


def _newest_first(stories: Iterable[Story], reason: RefusalReason) -> Iterator[Refusal]:
    for one in nlargest(REMEMBERED, stories, key=attrgetter("published")):
        yield Refusal(shorten(one.title, _LONGEST), one.url or "", reason)
