"""Scores of lists: which of a page's repeated structures are stories, and how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from adapters.sources.page.document import Element
from adapters.sources.page.fields import is_title, length_score, title_of
from adapters.sources.page.links import StoryLink
from adapters.sources.page.records import Record, make_records

LEAST = 3
"""Stories that make a list."""

_ENOUGH = 30  # stories, beyond which a longer list is no better
_HEADLINE, _DATE, _SUMMARY, _PICTURE, _ADDRESS = 0.45, 0.5, 0.3, 0.1, 0.3
_TEXT = 60  # characters beside a title that are a summary
_IN_CHROME, _BESIDE = 0.12, 0.4


@dataclass(frozen=True, slots=True)
class Scored:
    """A story with what speaks for it.

    Attributes:
        record: Its part of the page.
        title: Its title; empty for none.
        score: What it is worth, from 0 to some 2.6.
        has_date: True when a date stands in it.
    """

    record: Record
    title: str
    score: float
    has_date: bool


@dataclass(frozen=True, slots=True)
class StoryGroup:
    """Stories of one shape.

    Attributes:
        stories: Those that have a title.
        score: What the list is worth in all; its quality counts more than its length.
        mean: What one of its stories is worth, with what the list as a whole is worth.
        looks: What the addresses look like: from -1 for sections to 1 for stories.
        dated: The share of stories that have a date.
    """

    stories: tuple[Scored, ...] = ()
    score: float = 0.0
    mean: float = 0.0
    looks: float = 0.0
    dated: float = 0.0

    @property
    def keys(self) -> frozenset[str]:
        """The keys that identify its stories."""
        return frozenset(one.record.key for one in self.stories)


def score_list(
    links: Sequence[StoryLink],
    has_date: Callable[[Element], bool],
    lengths: Mapping[Element, int],
) -> StoryGroup:
    """Scores the links of one shape as a list of stories; the arguments are `make_records`'s."""
    records = make_records(links, has_date, lengths)
    titles = [title_of(record) for record in records]
    counts = Counter(title for title, _ in titles)
    scored = [
        _score(
            record,
            title,
            is_headline=is_headline,
            is_dated=any(map(has_date, record.elements)),
            has_text=sum(map(lengths.__getitem__, record.elements)) > len(title) + _TEXT,
        )
        if counts[title] <= LEAST
        else Scored(record, "", 0.0, has_date=False)
        for record, (title, is_headline) in zip(records, titles, strict=True)
    ]
    stories = tuple(one for one in scored if one.title)
    if not stories:
        return StoryGroup()
    used = len(stories) / len(records)
    distinct = len({one.title for one in stories}) / len(stories)
    place = _place(links)
    mean = sum(one.score for one in stories) / len(stories) * used * distinct * place
    looks = sum(one.record.links[0].looks for one in stories) / len(stories)
    dated = sum(one.has_date for one in stories) / len(stories)
    return StoryGroup(stories, mean**2 * min(len(stories), _ENOUGH), mean, looks, dated)


def _place(links: Sequence[StoryLink]) -> float:
    """Returns a factor for where on the page most of the links stand."""
    chrome = sum(link.in_chrome for link in links) / len(links)
    beside = sum(link.is_beside for link in links) / len(links)
    return (1 - chrome * (1 - _IN_CHROME)) * (1 - beside * (1 - _BESIDE))


def _score(
    record: Record, title: str, *, is_headline: bool, is_dated: bool, has_text: bool
) -> Scored:
    if not is_title(title):
        return Scored(record, "", 0.0, has_date=False)
    extras = (
        is_headline * _HEADLINE
        + is_dated * _DATE
        + has_text * _SUMMARY
        + any(next(element.iter("img"), None) is not None for element in record.elements) * _PICTURE
        + max(link.looks for link in record.links) * _ADDRESS
    )
    base = length_score(title)
    return Scored(record, title, max(0.0, base + extras * min(1.0, 0.3 + base)), is_dated)
