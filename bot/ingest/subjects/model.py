"""Subjects as the store keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Story


@dataclass(frozen=True, slots=True)
class KeptSubject:
    """A story's subject, with how it was found.

    Attributes:
        place: The story's place in the store; later ones stand behind it.
        story: The story, with all the topics that it belongs to.
        subject: The key of its subject; empty for none.
        method: How that was found; empty where nobody has looked yet.
        content: The digest of the story as its source gave it.
    """

    place: int
    story: Story
    subject: str
    method: str
    content: str
