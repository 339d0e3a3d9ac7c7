"""Scripts of texts, and of the languages that are written in them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

_LOOKED_AT = 400  # characters of a text, which tell its script
_KANA = frozenset({"HIRAGANA", "KATAKANA"})
_LATIN = frozenset({"LATIN"})
# Of the languages that are not written in Latin letters.
_LANGUAGES = {
    "ARABIC": "ar ckb fa ps sd ug ur",
    "ARMENIAN": "hy",
    "BENGALI": "as bn",
    "CJK": "ja zh",
    "CYRILLIC": "be bg kk ky mk mn ru sr tg uk",
    "DEVANAGARI": "hi mr ne sa",
    "ETHIOPIC": "am ti",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he yi",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
}


def base_language(code: str) -> str:
    """Returns a language's code without its region and script: `pt` of `pt-BR`."""
    return code.replace("_", "-").partition("-")[0].lower()


def main_script(text: str) -> str:
    """Returns the script that a text is mostly in, as Unicode's names begin; empty for none.

    Kana make a text of Chinese characters Japanese, however few they are.
    """
    letters = (sign for sign in text[:_LOOKED_AT] if sign.isalpha())
    counts = Counter(unicodedata.name(sign, "").partition(" ")[0] for sign in letters)
    if kana := next((script for script in counts if script in _KANA), ""):
        counts[kana] += sum(counts.pop(one, 0) for one in ("CJK", *(_KANA - {kana})))
    return max(counts, key=lambda script: (counts[script], script in _KANA), default="")


def may_be_in(text: str, language: str) -> bool:
    """Tells if a text is in a script that a language is written in; True without any letter."""
    script = main_script(text)
    return not script or script in _scripts_of(base_language(language))


@cache
def _scripts_of(language: str) -> frozenset[str]:
    found = frozenset(script for script, codes in _LANGUAGES.items() if language in codes.split())
    return found or _LATIN
