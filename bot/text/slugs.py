"""Slugs: titles as a part of an address."""

from __future__ import annotations

import re
import unicodedata

# Latin letters that no Unicode decomposition turns into ASCII ones.
_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_LETTER, _WORD = re.compile("[a-z]"), re.compile("[a-z0-9]+")
_APOSTROPHES = re.compile("['‘’ʼ`´＇]")


def slug(title: str) -> str:
    """Returns the title as a part of a URL: `China’s BYD` gives `chinas-byd`.

    A title without a Latin letter keeps its own letters (`東京`); one without any letter or digit
    gives an empty text.
    """
    bare = _APOSTROPHES.sub("", title.casefold())
    plain = bare if bare.isascii() else _without_accents(bare)
    if _LETTER.search(plain):
        return "-".join(_WORD.findall(plain))
    kept = unicodedata.normalize("NFC", bare)
    return "-".join("".join(sign if _is_letter(sign) else " " for sign in kept).split())


def _without_accents(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.translate(_LATIN))
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def _is_letter(sign: str) -> bool:
    """Returns True for letters, digits and combining marks, which are vowels in some scripts."""
    return unicodedata.category(sign)[0] in "LNM"
