"""The template of a subscription's single posts: what they show of a story, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.post_layout import PicturePlace


class PostField(StrEnum):
    """Parts of a post that can be left out."""

    SUMMARY = "summary"
    SOURCE = "source"
    TIME = "time"
    BYLINE = "byline"
    TOPICS = "topics"
    LINK = "link"  # the button that opens the story's page
    READ = "read"  # the buttons that read the story in the chat


MAX_TEXT = 1_000
"""Characters of a custom template."""

MAX_PREFIX = 60
"""Characters of a prefix."""


@dataclass(frozen=True, slots=True)
class PostTemplate:
    """The form of single posts; digests have a layout of their own.

    Attributes:
        hidden: The parts that are left out.
        prefix: A text before the headline; empty for none.
        hashtags: Whether the story's topics stand at the end as hashtags.
        text: A text of the template language, in place of the usual lines; empty for these. See
            `bot.posting.templates.language`.
        picture: Where pictures stand.
        is_boxed: Whether a box is drawn around the post, where the platform can.
    """

    hidden: frozenset[PostField] = frozenset()
    prefix: str = ""
    hashtags: bool = False
    text: str = ""
    picture: PicturePlace = PicturePlace.LARGE
    is_boxed: bool = True


STANDARD = PostTemplate()
"""The template of subscriptions that have none of their own."""
