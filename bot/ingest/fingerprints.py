"""Fingerprints of stories, by which a later poll tells new from changed."""

from __future__ import annotations

from bot.ingest.dedup import text_digest
from bot.ingest.results import Fingerprint
from bot.model import Story
from bot.text.digests import digest


def fingerprint(story: Story) -> Fingerprint:
    """Returns what the store remembers of a story, to detect a change at a later poll."""
    body = text_digest(story)
    headings = "".join("#" if paragraph.heading else "." for paragraph in story.paragraphs)
    content = digest(
        story.title,
        story.published.isoformat(),
        str(story.date_only),
        story.url or "",
        story.image or "",
        *(each.url.partition("?")[0] for each in story.enclosures),  # tokens change at each poll
        *story.categories,
        story.language,
        story.place,
        story.byline,
        story.summary,
        headings,
        body,
    )
    return Fingerprint(
        story.id, story.key, content, body, story.url or "", story.title, story.published
    )
