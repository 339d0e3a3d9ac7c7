"""Datelines that feeds leave in the text: the place, the date and the agency before the story."""

from __future__ import annotations

import re

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = rf"(?:(?:[A-Z][a-z]+day,? )?(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?)"
_NAME = r"[A-Z][\w.’'-]*"
_PLACE = rf"{_NAME}(?:[ /]{_NAME}){{0,3}}"
_CAPITALS = r"[A-Z][A-Z.’'-]{2,}[A-Z.](?:[ /][A-Z][A-Z.’'-]+){0,3}"
_MARK = rf"(?:\({_NAME}(?:[ /&]{{1,3}}[\w.’'-]+){{0,3}}\)|/{_NAME}/)"
_DASH = r"(?:\s*(?:--|—|―)\s*|\s+[-–_]\s+)"
_TIGHT_DASH = r"\s*(?:--|[-–—―_:])\s*"
_BEGINS = r"(?=[\"“‘'(\[]?[^\W_a-z])"

# Each needs something that no sentence begins with: an agency in brackets, a date and a dash, or a
# place in capitals and a dash. `COVID-19 cases` and `NATO – the alliance –` are none.
_DATELINE = re.compile(
    rf"(?:(?:{_PLACE}(?:, {_PLACE})?,? )?(?:{_DATE},? ?)?{_MARK}{_TIGHT_DASH}"
    rf"|(?:{_PLACE}(?:, {_PLACE})?, ?)?{_DATE},? ?{_MARK}\s*"
    rf"|(?:{_PLACE}(?:, {_PLACE})?, ?)?{_DATE}{_TIGHT_DASH}"
    rf"|{_CAPITALS}(?:, {_PLACE}|, {_DATE})?(?:{_DASH}|:\s+)"
    rf"){_BEGINS}"
)
_EAST_ASIAN = re.compile(r"[【［][^】］]{1,24}[】］]\s*")


def strip_dateline(text: str) -> str:
    """Strips a dateline from the beginning of a text: `ROME, May 3 (Reuters) - `, `【大阪】`."""
    match = _DATELINE.match(text) or _EAST_ASIAN.match(text)
    return text[match.end() :] if match else text
