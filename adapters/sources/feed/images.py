"""Chooses an item's image, and tells images from tracking pixels, icons and share buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from adapters.sources.feed.html_images import image_of
from adapters.sources.feed.html_text import clean_line
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
MAX_ALT = 1_000
"""The most characters of an image in words."""

_FILE_NAME = re.compile(r"\S{1,200}\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)", re.IGNORECASE)
_MIN_IMAGE_SIZE = 33  # pixels; a smaller one, either way, is an icon or a tracking pixel


def best_image(raw: RawItem, images: Sequence[str], base: str) -> Media | None:
    """Returns the best image, those that the feed declares before those in the text; None for none.

    One that says nothing of itself has the words that the text gives the same image.

    Args:
        raw: The item.
        images: The tags of those in its text.
        base: The base of their URLs.
    """
    if not (images or raw.media or raw.enclosures or raw.artwork):
        return None
    best = _declared_image(raw)
    if best is not None and best.alt:
        return best
    in_text = filter(None, (_image_in_text(tag, base) for tag in images))
    if best is None:
        return next(in_text, None) or _largest(raw.artwork)
    return next((each for each in in_text if each.url == best.url), best)


def image_alt(image: Media | None) -> str:
    """Returns an image in words; empty where nobody says, or only the name of its file is said."""
    if image is None or not image.alt:
        return ""
    alt = clean_line(image.alt)
    if _FILE_NAME.fullmatch(alt) or alt == image.url:
        return ""
    return alt if len(alt) <= MAX_ALT else alt[: MAX_ALT - 1].rpartition(" ")[0] + "…"


def _declared_image(raw: RawItem) -> Media | None:
    declared = [each for each in raw.media if _is_image(each)]
    return (
        _largest(each for each in declared if each.type != "thumbnail")
        or _largest(each for each in declared if each.type == "thumbnail")
        or _largest(each for each in raw.enclosures if _is_image(each))
    )


def _image_in_text(tag: str, base: str) -> Media | None:
    """Returns an image in a text; None for one that is no content image."""
    if (image := image_of(tag)) is None:
        return None
    url = absolute_url(image.address, base)
    media = Media(url, "image", image.width, image.height, alt=image.alt)
    return media if url and is_content_image(media) else None


def _is_image(media: Media) -> bool:
    if media.type:
        return media.type.startswith(("image", "thumbnail"))
    return _IMAGE_EXTENSION.search(media.url) is not None


def is_content_image(media: Media) -> bool:
    """Tells if an image shows something, and is no icon, button or tracking pixel."""
    if 0 < media.width < _MIN_IMAGE_SIZE or 0 < media.height < _MIN_IMAGE_SIZE:
        return False
    return not _TRACKING_PIXELS.search(media.url.lower())


def _largest(media: Iterable[Media]) -> Media | None:
    """Returns the widest content image, of equals the first; None for none."""
    worth = [each for each in media if is_content_image(each)]
    return max(worth, key=lambda each: each.width) if worth else None
