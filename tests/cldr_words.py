"""Names of months, days and halves of the day, from Babel's CLDR: `make date-words` writes them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.localedata import LocaleDataDict, load, locale_identifiers

from adapters.sources.feed.date_words import fold, tokens

TABLE = Path(__file__).parent.parent / "adapters/sources/feed/date_words.json"

_SIZES = {"months": 12, "days": 7, "halves": 2}
_QUOTED = re.compile("'([^']*)'")
_PLANE = 0xF0000  # of private characters
_MONTH = re.compile(r"([^\s\x00-\x7f]*)[ML]{3,4}([^\s\x00-\x7f]*)")  # of a pattern of LDML
_WIDTHS = ("wide", "abbreviated", "short")  # the narrow ones are single letters


def calendar_words() -> dict[str, dict[str, list[str]]]:
    """Returns the names of each language: the forms of each month, day and half, joined by `|`."""
    words: dict[str, dict[str, list[set[str]]]] = {}
    for identifier in locale_identifiers():
        lists = words.setdefault(
            identifier.partition("_")[0],
            {kind: [set() for _ in range(size)] for kind, size in _SIZES.items()},
        )
        for kind, number, name in _names(identifier):
            parts = tokens(fold(name))
            if not all(token.is_number for token in parts):  # as Dzongkha's months are
                folded = " ".join(token.text for token in parts)
                lists[kind][number].add(folded)
    return {
        language: {
            kind: ["|".join(sorted(names)) for names in each] for kind, each in lists.items()
        }
        for language, lists in sorted(words.items())
    }


def _names(identifier: str) -> Iterator[tuple[str, int, str]]:
    # Babel resolves aliases in place, in what its locales share: a copy keeps each to itself.
    keys = ("months", "days", "day_periods")
    data = LocaleDataDict(deepcopy({key: load(identifier)[key] for key in keys}))
    affixes = _affixes(identifier)
    for context in ("format", "stand-alone"):
        for width in _WIDTHS:
            months = data["months"][context].get(width, {})
            for number, name in months.items():
                forms = {name, *(a + name + b for a, b in affixes if name[-1].isalpha())}
                yield from (("months", number - 1, form) for form in forms)
            days = data["days"][context].get(width, {})
            yield from (("days", number, name) for number, name in days.items())
        for width in (*_WIDTHS, "narrow"):
            halves = data["day_periods"].get(context, {}).get(width, {})
            found = (("halves", at, halves.get(half)) for at, half in enumerate(("am", "pm")))
            yield from ((kind, at, name) for kind, at, name in found if name)


def _affixes(identifier: str) -> set[tuple[str, str]]:
    """Returns what stands right before and behind a month's name in the dates of a locale."""
    patterns = (each.pattern for each in load(identifier)["date_formats"].values())
    found = (_MONTH.search(_QUOTED.sub(_protect, pattern)) for pattern in patterns)
    return {(_plain(each[1]), _plain(each[2])) for each in found if each}


def _protect(quoted: re.Match[str]) -> str:
    """Moves letters that stand for themselves where no letter of a pattern is."""
    return "".join(chr(ord(sign) + _PLANE) if sign.isalpha() else sign for sign in quoted[1])


def _plain(text: str) -> str:
    return "".join(chr(ord(sign) - _PLANE) if ord(sign) >= _PLANE else sign for sign in text)


def table_text() -> str:
    """Returns the table as it stands in its file."""
    return json.dumps(calendar_words(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    text = table_text()
    TABLE.write_text(text, "utf-8")
    sys.stdout.write(f"{TABLE.name}: {len(text.encode()):,} bytes\n")
