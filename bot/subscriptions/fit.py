"""Fit: whether a story is for a subscription, and if not, what it lacks or what rules it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.model import Story
from bot.search.query import Query, Term, parse
from bot.subscriptions.matcher import filter_refusal, matches
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.story_filters import FilterRefusal


class MismatchKind(StrEnum):
    """Kinds of what keeps a story from a subscription."""

    SOURCE = "source"  # it follows another source
    TOPIC = "topic"  # it follows a topic that the story is not on
    MISSING = "missing"  # the story lacks words
    NOT_IN_TITLE = "not in title"  # the story has the words, but its title lacks some
    EXCLUDED = "excluded"  # the story has words that it must not have
    FILTERED = "filtered"  # the search's own filters leave it out
    REFUSED = "refused"  # a filter of the subscription keeps it out


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The reason why a story is not for a subscription.

    Attributes:
        kind: Its kind.
        words: The words, as they were typed, that are missing or excluded; the filters, as
            `source:wire`; or the name of the topic or the id of the source that is followed.
        is_near: True when the story has some of the words that are asked for.
        refusal: The filter of the subscription that keeps it out, and what it found; else None.
    """

    kind: MismatchKind
    words: tuple[str, ...] = ()
    is_near: bool = False
    refusal: FilterRefusal | None = None


def find_mismatch(
    one: Subscription, story: Story, arrived: datetime | None = None
) -> Mismatch | None:
    """Finds out why a story is not for a subscription, as if that had not ended; None if it is.

    Args:
        one: The subscription.
        story: The story.
        arrived: When it came in, for filters by age; None to ask nothing about it.
    """
    one = replace(one, ended=False)
    if matches(one, story):
        refusal = filter_refusal(one, story, arrived)
        if refusal is None:
            return None
        return Mismatch(MismatchKind.REFUSED, is_near=True, refusal=refusal)
    if one.kind is TargetKind.SOURCE:
        return Mismatch(MismatchKind.SOURCE, (one.what,))
    if one.kind is TargetKind.TOPIC:
        return Mismatch(MismatchKind.TOPIC, (one.what,))
    return _mismatch_of_search(one, story, parse(one.what))


def _mismatch_of_search(one: Subscription, story: Story, query: Query) -> Mismatch:
    lacking = _missing(one, story, query.alternatives)
    if lacking:
        at = min(range(len(lacking)), key=lambda at: len(lacking[at]))
        is_near = len(lacking[at]) < len(query.alternatives[at])
        if lacking[at]:
            return Mismatch(MismatchKind.MISSING, tuple(map(str, lacking[at])), is_near)
    excluded = tuple(str(term) for term in query.without if _has(one, story, term, quoted=True))
    if excluded:
        return Mismatch(MismatchKind.EXCLUDED, excluded, is_near=True)
    filters = tuple(
        f"{name}:{value}"
        for name, value in dict(query.filters).items()
        if name in {"topic", "source"} and not _fits(one, story, f"{name}:{_quoted(value)}")
    )
    if filters:
        return Mismatch(MismatchKind.FILTERED, filters, is_near=True)
    title = replace(story, paragraphs=(), place="")
    untitled = sorted(_missing(one, title, query.alternatives), key=len)
    words = tuple(map(str, untitled[0])) if untitled else ()
    return Mismatch(MismatchKind.NOT_IN_TITLE, words, is_near=True)


def _missing(
    one: Subscription, story: Story, alternatives: Sequence[Sequence[Term]]
) -> list[list[Term]]:
    """Returns for each alternative the terms that a story does not hold."""
    return [[term for term in group if not _has(one, story, term)] for group in alternatives]


def _has(one: Subscription, story: Story, term: Term, *, quoted: bool = False) -> bool:
    return _fits(one, story, str(replace(term, quoted=term.quoted or quoted)))


def _fits(one: Subscription, story: Story, asked: str) -> bool:
    return matches(replace(one, what=asked), story)


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
