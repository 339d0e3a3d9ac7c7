"""The sitemap: which pages of the website search engines are told of."""

from __future__ import annotations

from collections.abc import Sequence

from bot.search.ports import Headline
from bot.web.site import Site

PART = 1_000
"""Stories of one file of the sitemap: more of them would hold up the event loop."""


async def part_count(site: Site) -> int:
    """Returns how many files the sitemap's stories take, at least one.

    Raises:
        StoreError: The store cannot be read.
    """
    last = await site.services.store.stories.last_place()
    return max(1, -(-last // PART))


async def part(site: Site, number: int) -> Sequence[Headline]:
    """Returns the stories of one file, counted from 1, that have their text on the site alone.

    Raises:
        StoreError: The store cannot be read.
    """
    found = await site.services.store.stories.headlines((number - 1) * PART, PART)
    return [one for one in found if site.is_whole(one.story)]
