"""Past stories of a source: which of them are not known; a pure decision.

The feed of a source shows a story otherwise than its site's API: shortened, or under another guid.
So a story is known, and left as it is, if anything says that it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.ingest.change_detection import Decision, decide
from bot.ingest.results import Fingerprint
from bot.model import Story
from bot.text.canonical_urls import CanonicalUrl, canonical_url


def decide_past(
    known: Mapping[str, Fingerprint], stories: Sequence[Story], now: datetime
) -> Decision:
    """Returns the stories to add, oldest first; none is news, and none changes.

    Args:
        known: What the store remembers of the source's stories that may be these.
        stories: Past stories.
        now: The time, to detect wrong dates.
    """
    fresh = without_known(known, stories)
    fresh.sort(key=lambda story: story.published)
    return Decision(decide(known, fresh, first=True, now=now).new, (), len(stories) - len(fresh))


def without_known(known: Mapping[str, Fingerprint], stories: Iterable[Story]) -> list[Story]:
    """Returns the stories that have neither the key nor the page of a known one, each page once."""
    pages = {page for one in known.values() if (page := _page(one.link))}
    fresh: list[Story] = []
    for story in stories:
        page = _page(story.url or "")
        if story.key not in known and page not in pages:
            fresh.append(story)
            pages |= {page} if page else set()
    return fresh


def _page(link: str) -> CanonicalUrl | None:
    return canonical_url(link) if link else None
