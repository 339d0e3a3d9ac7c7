"""Hashtags of topics, as Telegram takes them: letters, digits and underscores, not only digits."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_LONGEST = 60  # characters
_MOST = 6
_APOSTROPHES = "'’"


def hashtag(topic: str) -> str:
    """Returns the hashtag of a topic: `#OsakaExpo`; empty where no letter and no digit is left."""
    signs = unicodedata.normalize("NFC", topic)
    for sign in _APOSTROPHES:
        signs = signs.replace(sign, "")
    words = "".join(sign if _is_taken(sign) else " " for sign in signs).split()
    tag = "".join(word[:1].upper() + word[1:] for word in words)[:_LONGEST]
    if not tag:
        return ""
    return f"#{tag}" if any(map(str.isalpha, tag)) else f"#_{tag}"


def hashtags(topics: Sequence[str]) -> tuple[str, ...]:
    """Returns the hashtags of the first topics, each once."""
    found = dict.fromkeys(filter(None, map(hashtag, topics)))
    return tuple(found)[:_MOST]


def _is_taken(sign: str) -> bool:
    """Tells if Telegram takes a sign for a part of a hashtag (tdlib's `is_hashtag_letter`)."""
    category = unicodedata.category(sign)
    return category[0] == "L" or category == "Nd"
