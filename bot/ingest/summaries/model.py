"""Summaries as the store keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Story


@dataclass(frozen=True, slots=True)
class KeptSummary:
    """A story's summary, with what it was made of and how.

    Attributes:
        place: Its place in the store; later stories stand behind it.
        story: The story; `story.summary` is what readers see.
        given: The publisher's own summary; empty for none.
        method: How it was made; empty where nobody knows any more.
        content: The digest of the story as its source gave it.
    """

    place: int
    story: Story
    given: str
    method: str
    content: str
