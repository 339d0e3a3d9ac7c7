"""Links to the pages that stories have on the desk's own website."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from bot.model import Story
from bot.text.slugs import slug
from bot.text.urls import split_url

_LONGEST_SLUG = 80  # bytes of UTF-8; where words are cut, an address is still read at a glance


def story_slug(story: Story) -> str:
    """Returns the part of a page's address that tells its story: whole words of the title."""
    whole = slug(story.title)
    encoded = whole.encode("utf-8", "replace")
    if len(encoded) <= _LONGEST_SLUG:
        return whole
    beginning = encoded[:_LONGEST_SLUG].decode("utf-8", "ignore")
    return beginning.rpartition("-")[0] or beginning


def story_path(story: Story) -> str:
    """Returns the path of a story's page: `/s/xbbt37kn2bd2/bridge-opens-at-last`.

    The id alone names the story, so the address stays when its headline changes.
    """
    end = quote(story_slug(story), safe="")
    return f"/s/{story.id}/{end}" if end else f"/s/{story.id}"


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Makes addresses of pages.

    Attributes:
        base: The website's public address, without a slash at its end.
    """

    base: str

    @property
    def base_path(self) -> str:
        """The path of that address, without a slash at its end; mostly empty."""
        parts = split_url(self.base)
        return parts.path.rstrip("/") if parts else ""

    def address(self, story: Story) -> str:
        """Returns the address of a story's page."""
        return f"{self.base}{story_path(story)}"

    def linked(self, story: Story) -> Story:
        """Returns a story that leads to its page where it has no link of its own."""
        return story if story.url else replace(story, url=self.address(story))
