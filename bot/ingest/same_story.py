"""Rules by which a story under a new key is one that is known already.

Where a feed's guids have been stable, a new guid with a new date is a new story, whatever its
title. So it takes more than a title: the same page, where pages tell the stories of this feed
apart; the very same moment; or what an editor's correction leaves alike, in the place where the old
story stood. Dates further apart than `NEAR` are those of two stories.
"""

from __future__ import annotations

from datetime import timedelta

from bot.ingest.dedup import ARCHIVED
from bot.ingest.evidence import Comparison
from bot.ingest.feed_habits import PollHabits
from bot.ingest.results import Fingerprint
from bot.ingest.similarity import TitleLikeness, differ_by_name
from bot.model import Story
from bot.text.canonical_urls import canonical_url

_EDITION = timedelta(hours=12)  # after which a page that is keyed by itself shows another story
_ANOTHER_TEXT = 0.2  # of the shingles, up to which two texts have nothing to do with each other


def is_same(known: Fingerprint, story: Story, found: Comparison, habits: PollHabits) -> bool:
    """Returns True when a story is one that is known under another key.

    Args:
        known: A known story, which its source no longer gives under its key.
        story: The story, whose key is new.
        found: What the two have in common.
        habits: What tells stories of their source apart.
    """
    if story.date_only:
        return _is_same_in_archive(found)
    pair = _StoryPair(known, story, found, habits)
    if found.moment:
        return pair.is_same_exactly() if found.is_exact else pair.is_same_by_day()
    if found.gap is None:
        return pair.is_same_undated()
    return found.is_near and (pair.is_same_at_page() if pair.page else pair.is_corrected())


def is_reused(known: Fingerprint, story: Story, found: Comparison, *, alone: bool) -> bool:
    """Returns True when a story has the key of a known one, but is another.

    Some feeds give all their stories one guid, and some have a guid for their newest story, such as
    the alert that is in force. Without guids a story is known by its page, which may show another
    one each day.

    Args:
        known: The known story of that key.
        story: The story.
        found: What the two have in common.
        alone: The feed gives only this one.
    """
    if found.moment or found.gap is None:
        return False
    is_other_text = found.text < _ANOTHER_TEXT
    if alone and found.gap > timedelta() and found.title is TitleLikeness.OTHER and is_other_text:
        return bool(known.body) == bool(story.paragraphs)
    if not known.body or not story.paragraphs:
        return False
    if found.has_two_pages:
        return found.title is TitleLikeness.OTHER and not found.has_text
    is_page = found.page and alone and canonical_url(story.key) == canonical_url(story.url or "")
    return is_page and found.gap >= _EDITION and is_other_text


def _is_same_in_archive(found: Comparison) -> bool:
    """Archives have no ids: keys are made of title and date, and no story slides out of one."""
    if found.gap is None:
        return False
    if found.text == 1 and (found.moment or found.title is TitleLikeness.SAME):
        return True
    if found.is_long and found.text == 1:
        return abs(found.gap) <= ARCHIVED
    if found.title is TitleLikeness.SAME or (found.title and found.has_text and found.is_near):
        return found.page or found.moment
    return found.page and found.moment


class _StoryPair:
    """A known story and one under a new key."""

    def __init__(
        self, known: Fingerprint, story: Story, found: Comparison, habits: PollHabits
    ) -> None:
        self._found = found
        self._habits = habits
        self._recurs = habits.recurs(known.title) or habits.recurs(story.title)
        self._has_slid_out = habits.has_slid_out(known)
        self._is_keyed_by_page = _is_page(known.key, known.link) and _is_page(story.key, story.url)
        self._has_other_name = found.title <= TitleLikeness.REWORDED and differ_by_name(
            known.title, story.title
        )
        self._has_texts = bool(known.body and story.paragraphs)
        self.page = found.page and not (
            habits.is_shared(known.link) or habits.is_shared(story.url or "")
        )

    def is_same_exactly(self) -> bool:
        """Published at the same moment, which no two stories of a feed are by chance."""
        found = self._found
        match found.title:
            case TitleLikeness.SAME:
                return not (self._recurs and found.has_two_pages) or self.page
            case TitleLikeness.CORRECTED:
                return not self._recurs or found.page
            case TitleLikeness.REWORDED if found.has_text and not self._has_other_name:
                return True
        is_edited = found.is_long and found.has_text and not self._has_other_name
        if is_edited and not (self._recurs or self._has_slid_out):
            return True
        return self.page or (found.text == 1 and (found.is_long or not self._has_slid_out))

    def is_same_by_day(self) -> bool:
        """Published on the same day, as all the stories of that day are."""
        found = self._found
        if self.page:
            return bool(found.title or found.has_text or not self._has_slid_out)
        if self._recurs:
            return False
        if found.title >= TitleLikeness.CORRECTED:
            says_much = found.has_text and found.is_long
            return says_much or not (self._has_slid_out and found.has_two_pages)
        return found.text == 1 and found.is_long

    def is_same_undated(self) -> bool:
        """Without a date: what it says must be the same."""
        found = self._found
        if self.page:
            return found.title >= TitleLikeness.CORRECTED or found.text == 1
        if self._recurs or found.title < TitleLikeness.CORRECTED:
            return False
        return found.has_text and (not found.has_two_pages or found.is_long)

    def is_same_at_page(self) -> bool:
        """At the same page, with another date: a story that was edited or dated anew."""
        found, title = self._found, self._found.title
        if not self._habits.has_own_pages:
            return self._is_keyed_by_page and title >= TitleLikeness.CORRECTED and found.has_text
        if found.has_text:
            return title > TitleLikeness.OTHER or (found.text == 1 and found.is_long)
        has_new_text = self._has_texts and not self._is_keyed_by_page
        return title >= TitleLikeness.CORRECTED and not has_new_text

    def is_corrected(self) -> bool:
        """At another page, with another date: a correction in the place of the old story."""
        found, title = self._found, self._found.title
        if self._recurs:
            return False
        if found.is_long and found.has_text:
            if self._has_slid_out:
                return title is TitleLikeness.CORRECTED
            is_reworded = title > TitleLikeness.OTHER and not self._has_other_name
            return is_reworded or found.text == 1
        if self._has_slid_out:
            return False
        if title is TitleLikeness.CORRECTED:
            return found.has_text or not self._has_texts
        return title is TitleLikeness.SAME and found.text == 1 and not found.has_two_pages


def _is_page(key: str, url: str | None) -> bool:
    """Returns True for a key that is made of its story's link."""
    mine, page = (canonical_url(one.partition("#")[0]) for one in (key, url or ""))
    return mine is not None and page is not None and mine.location == page.location
