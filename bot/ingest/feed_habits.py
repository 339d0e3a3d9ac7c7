"""Habits of a feed, as one poll shows them: which of its signs tell its stories apart.

A title, or a page, tells nothing where several stories share it: alerts, police reports at one
address, `Open thread`. What has slid out of a feed's window was not replaced by what came in. A
feed that gives its stories new keys does so to all of them at once, and one that dates them anew
does that at once, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.ingest.dedup import near_dates
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import Fingerprint
from bot.ingest.similarity import title_words
from bot.model import Story
from bot.text.canonical_urls import CanonicalUrl, canonical_url

_SHARED = 2  # stories that make a title or a page a recurring one
_NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class PollHabits:
    """Habits of a feed, as one poll shows them.

    Attributes:
        titles: Titles that several stories bear, as `title_words` cuts them.
        pages: Pages at which several stories stand.
        has_own_pages: Nearly all stories given now stand at pages of their own.
        oldest: The date of the oldest known story that is still given; None when none is.
    """

    titles: frozenset[tuple[str, ...]]
    pages: frozenset[CanonicalUrl]
    has_own_pages: bool
    oldest: datetime | None

    def recurs(self, title: str) -> bool:
        """Returns True for a title that several stories bear."""
        return title_words(title) in self.titles

    def is_shared(self, url: str) -> bool:
        """Returns True for a link to a page at which several stories stand."""
        return canonical_url(url) in self.pages

    def has_slid_out(self, known: Fingerprint) -> bool:
        """Returns True for a story that is gone because its feed shows only so many.

        It is older than all that are still given. When none is, all may have slid out.
        """
        return self.oldest is None or known.published <= self.oldest


def poll_habits(
    known: Mapping[str, Fingerprint],
    given: Sequence[Story],
    still: Mapping[str, Fingerprint],
    fresh: Sequence[Story],
) -> PollHabits:
    """Judges by one poll.

    Args:
        known: Known stories of the feed, by key: all, or those that are like the ones given.
        given: The stories given now.
        still: Those of the known that are given still, by their keys.
        fresh: Those of the stories given whose keys are new; at least one. Stories that are known
            of another time tell nothing of these.
    """
    earliest, latest = near_dates(fresh)
    near = [one for one in known.values() if earliest <= one.published <= latest]
    pages = _counted(one.url or "" for one in given)
    kept = _counted(one.link for one in near)
    return PollHabits(
        _several(title_words(one.title) for one in near)
        | _several(title_words(one.title) for one in given),
        frozenset(page for page in {*pages, *kept} if max(pages[page], kept[page]) >= _SHARED),
        len(pages) >= max(_SHARED, _NEARLY_ALL * pages.total()),
        min((one.published for one in still.values()), default=None),
    )


def _counted(urls: Iterable[str]) -> Counter[CanonicalUrl]:
    return Counter(page for page in map(canonical_url, urls) if page)


def _several(titles: Iterable[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(title for title, count in Counter(titles).items() if count >= _SHARED)


def redates(pairs: Sequence[tuple[Fingerprint, Story]]) -> bool:
    """Returns True when a feed dates its stories anew at each poll, as by the time of its making.

    Most of its known stories come with a later date than before then. Of a feed of one story, that
    story does.

    Args:
        pairs: Known stories that are given still, each as it is known and as it is given.
    """
    dated = [(before, story) for before, story in pairs if not story.undated]
    moved = sum(_has_moved(*pair) for pair in dated)
    return moved * 2 > len(dated)


def _has_moved(before: Fingerprint, story: Story) -> bool:
    """Returns True for a later date; one that is as its source gave it was moved by a clock."""
    return story.published > before.published and fingerprint(story).content != before.content
