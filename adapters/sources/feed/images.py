"""Chooses an item's image, and tells images from tracking pixels, icons and share buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from adapters.sources.feed.html_images import image_of
from adapters.sources.feed.links import absolute_url
from adapters.sources.feed.model import Media, RawItem

_IMAGE_EXTENSION = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
# Images that count readers, or are buttons to share with.
_TRACKING_PIXELS = re.compile(
    r"feedburner\.com/~|feedsportal\.com|feeds\.wordpress\.com|stats\.wp\.com|pixel\.wp\.com|"
    r"doubleclick\.net|/pixel(?:[./?]|$)|pixel\.gif|1x1|blank\.gif|spacer\.gif|transparent\.(?:gif|png)|"
    r"/(?:emoji|smilies|smileys)/|s\.w\.org/images/core/emoji|gravatar\.com/avatar|"
    r"scorecardresearch|google-analytics|/counter/|medium\.com/_/stat"
)
_MIN_IMAGE_SIZE = 33  # pixels; a smaller one, either way, is an icon or a tracking pixel


def best_image(raw: RawItem, images: Sequence[str], base: str) -> str | None:
    """Returns the URL of the best image: those that the feed declares go before those in the text.

    Args:
        raw: The item.
        images: The tags of those in its text.
        base: The base of their URLs.
    """
    if not (images or raw.media or raw.enclosures or raw.artwork):
        return None
    return (
        _declared_image(raw)
        or next(filter(None, (_url_in_text(tag, base) for tag in images)), None)
        or _largest(raw.artwork)
    )


def _declared_image(raw: RawItem) -> str | None:
    declared = [each for each in raw.media if _is_image(each)]
    return (
        _largest(each for each in declared if each.type != "thumbnail")
        or _largest(each for each in declared if each.type == "thumbnail")
        or _largest(each for each in raw.enclosures if _is_image(each))
    )


def _url_in_text(tag: str, base: str) -> str:
    """Returns the URL of an image in a text; empty for one that is no content image."""
    if (image := image_of(tag)) is None:
        return ""
    url = absolute_url(image.address, base)
    return url if is_content_image(Media(url, "image", image.width, image.height)) else ""


def _is_image(media: Media) -> bool:
    if media.type:
        return media.type.startswith(("image", "thumbnail"))
    return _IMAGE_EXTENSION.search(media.url) is not None


def is_content_image(media: Media) -> bool:
    """Tells if an image shows something, and is no icon, button or tracking pixel."""
    if 0 < media.width < _MIN_IMAGE_SIZE or 0 < media.height < _MIN_IMAGE_SIZE:
        return False
    return not _TRACKING_PIXELS.search(media.url.lower())


def _largest(media: Iterable[Media]) -> str | None:
    """Returns the URL of the widest content image, of equals the first; None for none."""
    worth = [each for each in media if is_content_image(each)]
    return max(worth, key=lambda each: each.width).url if worth else None
