"""Chooses an item's image, and tells images from tracking pixels, icons and share buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from adapters.sources.feed.html_images import HtmlImage
from adapters.sources.feed.links import absolute_url
from adapters.sources.feed.model import Media, RawItem

_IMAGE_EXTENSION = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
# Images that count readers, or are buttons to share with.
_TRACKING_PIXELS = re.compile(
    r"feedburner\.com/~|feedsportal\.com|feeds\.wordpress\.com|(?:stats|pixel)\.wp\.com|"
    r"doubleclick\.net|/pixel(?:[./?]|$)|pixel\.gif|1x1|blank\.gif|spacer\.gif|transparent\.(?:gif|png)|"
    r"/(?:emoji|smilies|smileys)/|s\.w\.org/images/core/emoji|gravatar\.com/avatar|"
    r"scorecardresearch|google-analytics|/counter/|medium\.com/_/stat",
    re.IGNORECASE,
)
_MIN_IMAGE_SIZE = 33  # pixels; a smaller one, either way, is an icon or a tracking pixel


def best_image(raw: RawItem, images: Sequence[HtmlImage], base: str) -> str | None:
    """Returns the URL of the best image: those that the feed declares go before those in the text.

    Args:
        raw: The item.
        images: Those in its text.
        base: The base of their URLs.
    """
    if not (images or raw.media or raw.enclosures or raw.artwork):
        return None
    declared = [each for each in raw.media if _is_image(each)]
    full = [each for each in declared if each.type != "thumbnail"]
    small = [each for each in declared if each.type == "thumbnail"]
    enclosed = [each for each in raw.enclosures if _is_image(each)]
    in_text = (Media(absolute_url(p.address, base), "image", p.width, p.height) for p in images)
    return (
        _largest(full)
        or _largest(small)
        or _largest(enclosed)
        or next((each.url for each in in_text if each.url and _is_content_image(each)), None)
        or _largest(raw.artwork)
    )


def _is_image(media: Media) -> bool:
    if media.type:
        return media.type.startswith(("image", "thumbnail"))
    return _IMAGE_EXTENSION.search(media.url) is not None


def _is_content_image(media: Media) -> bool:
    sizes = [size for size in (media.width, media.height) if size]
    return not any(size < _MIN_IMAGE_SIZE for size in sizes) and not _TRACKING_PIXELS.search(
        media.url
    )


def _largest(media: Iterable[Media]) -> str | None:
    """Returns the URL of the widest content image, of equals the first; None for none."""
    worth = [each for each in media if _is_content_image(each)]
    return max(worth, key=lambda each: each.width).url if worth else None
