"""Evidence: what two stories have in common, and whether that makes them one story.

All here are pure functions of a known story, one that has come under a new key, and what is known
of the whole poll.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.ingest.dedup import NEAR, text_digest
from bot.ingest.results import Fingerprint
from bot.ingest.similarity import TitleLikeness, compare_titles, sketch, text_likeness
from bot.model import Story
from bot.text.canonical_urls import canonical_url

LONG_TEXT = 80
"""Characters of a text from which on it says something, if it is not the same."""

_ALIKE = 0.5  # of the shingles of two texts that are one, edited


class Evidence(StrEnum):
    """Signs that two stories are one."""

    PAGE = "page"
    TITLE = "title"
    SIMILAR_TITLE = "similar title"
    TEXT = "text"
    SIMILAR_TEXT = "similar text"
    MOMENT = "moment"  # of publication
    RENAMED = "renamed"  # the whole feed came under new keys at once
    OLDER = "older"  # than all that its source still gives: no news, it came up from below


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of a known story with another: what they have in common.

    Attributes:
        page: Both lead to the same page.
        has_two_pages: Both lead to a page, each to another.
        title: How alike the titles are.
        text: The part of their texts that is the same: 1 for the same text; 0 where one has none.
        is_long: The other's text says something.
        moment: Both were published at the very same moment.
        is_exact: That moment is more than a day, which many stories share.
        gap: The time from the known one to the other; None when the other has no date.
    """

    page: bool
    has_two_pages: bool
    title: TitleLikeness
    text: float
    is_long: bool
    moment: bool
    is_exact: bool
    gap: timedelta | None

    @property
    def is_near(self) -> bool:
        """True when the dates are near enough for one story."""
        return self.gap is None or abs(self.gap) <= NEAR

    @property
    def has_text(self) -> bool:
        """True when both have the same text, or one that was edited."""
        return self.text >= _ALIKE

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The signs that they have in common, to be told."""
        found = []
        if self.page:
            found.append(Evidence.PAGE)
        if self.title is TitleLikeness.SAME:
            found.append(Evidence.TITLE)
        elif self.title:
            found.append(Evidence.SIMILAR_TITLE)
        if self.text == 1:
            found.append(Evidence.TEXT)
        elif self.has_text:
            found.append(Evidence.SIMILAR_TEXT)
        if self.moment:
            found.append(Evidence.MOMENT)
        return tuple(found)


def compare(known: Fingerprint, story: Story) -> Comparison:
    """Compares a known story with one that was given now."""
    mine, theirs = canonical_url(known.link), canonical_url(story.url or "")
    page = bool(mine and theirs and mine.extends(theirs))
    return Comparison(
        page,
        bool(mine and theirs and not page),
        compare_titles(known.title, story.title),
        _compare_texts(known, story),
        len(story.text) >= LONG_TEXT,
        known.published == story.published and not story.undated,
        is_exact(story.published),
        None if story.undated else story.published - known.published,
    )


def is_exact(moment: datetime) -> bool:
    """Returns False for midnight, which stands for a whole day."""
    return moment.time() != time.min


def _compare_texts(known: Fingerprint, story: Story) -> float:
    if not known.body or not story.paragraphs:
        return 0.0
    if known.body == text_digest(story):
        return 1.0
    # Two texts of which the same shingles are kept are not the same for that.
    return min(0.99, text_likeness(known.sketch, sketch(story.text)))
