"""Chooses the picture that stands for an item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from adapters.sources.feed_blocks import Picture
from adapters.sources.feed_links import absolute
from adapters.sources.feed_raw import Media, RawItem

_NAMED = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
# Pictures that count readers, or are buttons to share with.
_COUNTERS = re.compile(
    r"feedburner\.com/~|feedsportal\.com|feeds\.wordpress\.com|(?:stats|pixel)\.wp\.com|"
    r"doubleclick\.net|/pixel(?:[./?]|$)|pixel\.gif|1x1|blank\.gif|spacer\.gif|transparent\.(?:gif|png)|"
    r"/(?:emoji|smilies|smileys)/|s\.w\.org/images/core/emoji|gravatar\.com/avatar|"
    r"scorecardresearch|google-analytics|/counter/|medium\.com/_/stat",
    re.IGNORECASE,
)
_SMALLEST = 33  # pixels; what is smaller in either direction is an icon or counts readers


def best_image(raw: RawItem, pictures: Sequence[Picture], base: str) -> str | None:
    """The address of the best picture: what the feed names as such goes before what the text shows.

    Args:
        raw: The item.
        pictures: What stands in its text.
        base: What the addresses of those are relative to.
    """
    named = [each for each in raw.media if _is_picture(each)]
    full = [each for each in named if each.type != "thumbnail"]
    small = [each for each in named if each.type == "thumbnail"]
    enclosed = [each for each in raw.enclosures if _is_picture(each)]
    shown = (Media(absolute(p.address, base), "image", p.width, p.height) for p in pictures)
    return (
        _largest(full)
        or _largest(small)
        or _largest(enclosed)
        or next((each.url for each in shown if each.url and _is_worth_seeing(each)), None)
        or _largest(raw.artwork)
    )


def _is_picture(media: Media) -> bool:
    if media.type:
        return media.type.startswith(("image", "thumbnail"))
    return _NAMED.search(media.url) is not None


def _is_worth_seeing(media: Media) -> bool:
    sizes = [size for size in (media.width, media.height) if size]
    return not any(size < _SMALLEST for size in sizes) and not _COUNTERS.search(media.url)


def _largest(media: Iterable[Media]) -> str | None:
    """The widest, of equals the first; None for none that is worth seeing."""
    worth = [each for each in media if _is_worth_seeing(each)]
    return max(worth, key=lambda each: each.width).url if worth else None
