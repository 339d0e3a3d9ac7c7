"""Media types of feeds, as pages and headers name them."""

from __future__ import annotations

import re

_FEED_TYPE = re.compile(
    r"(?:application|text)/(?:(?:x[.-])?(?:rss|atom|rdf)(?:\+xml|\+rdf)?|feed\+json)"
)


def is_feed_type(media_type: str) -> bool:
    """Tells if a media type is one of feeds.

    Args:
        media_type: With parameters or without.
    """
    return _FEED_TYPE.fullmatch(media_type.partition(";")[0].strip().lower()) is not None
