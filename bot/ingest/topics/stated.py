"""Names that a text says mean the same, or what they mean: in brackets, or by a title behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

_IDEOGRAPHS = "\u3005\u3007\u4e00-\u9fff"
_SIGNS = rf"\u30a1-\u30fa\u30fc{_IDEOGRAPHS}A-Za-z"
_BRACKETS = re.compile(rf"([{_SIGNS}・]{{3,20}})[（(]([A-Z]{{2,6}}|[{_IDEOGRAPHS}]{{2,4}})[）)]")
_MINISTERS = "外務|財務|防衛|法務|厚労|総務|文科|環境|経産|農水|国交|デジタル|外|法"
HONORIFICS = (
    "氏|首相|大統領|総裁|社長|会長|容疑者|被告|選手|監督|大臣|知事|市長|長官|議員|教授|財務官|"
    f"(?:{_MINISTERS})相"
)
"""Titles behind the names of people in Japanese, as a pattern."""

_PERSON = re.compile(rf"(?<![{_IDEOGRAPHS}])([{_IDEOGRAPHS}]{{3,5}})(?:{HONORIFICS})")


def in_brackets(text: str) -> Iterator[tuple[str, str]]:
    """Yields names with their abbreviations behind them: `日本銀行（日銀）`, `財務省（MOF）`."""
    for match in _BRACKETS.finditer(text):
        name, short = match.groups()
        if short.isascii() or _is_shortened(short, name):
            yield name, short


def people(text: str) -> set[str]:
    """Returns the whole names of people in a Japanese text, as titles behind them tell."""
    return set(_PERSON.findall(text))


def _is_shortened(short: str, name: str) -> bool:
    """Tells if all signs of a name stand in a longer one, in their order."""
    rest = iter(name)
    return all(sign in rest for sign in short) and len(short) < len(name)
