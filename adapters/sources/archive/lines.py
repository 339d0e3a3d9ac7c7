"""Classifies the lines of an archive: end mark, title, dateline, byline, subheading, decoration.

Pure functions over clean lines. Every pattern is anchored and bounded, so no line, however long or
hostile, takes more than linear time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

DASHES = "-‐‑‒–—―−"
_DECORATION = re.compile(rf"[{DASHES}=_*~·•#+. ]+")
_END = re.compile(rf"###|# # #$|[{DASHES}]+ ?30 ?[{DASHES}]+$")

# White space of every kind is left for str.split; ZWJ and ZWNJ stay, since emoji and Persian need
# them. Overrides and isolates go: they could make a card read backwards. Soft hyphens go: they
# would cut words in two for the search.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
)


def clean_line(text: str) -> str:
    """Normalizes a line: NFC, no control characters, each gap a single space."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _UNWANTED.sub("", text))
    return " ".join(text.split())


def ends_story(line: str) -> bool:
    """Returns True for an end mark; what follows a `###` on its line is noise."""
    return _END.match(line) is not None


def is_decoration(line: str) -> bool:
    """Returns True for a rule such as `-----` or `* * *`, without a word in it."""
    return _DECORATION.fullmatch(line) is not None


_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_DATELINE = re.compile(
    r'(?P<place>[^!?:"“”<>{}\[\]|=*#]{1,100}?) ?, ?'
    rf"(?P<date>(?:(?P<month>{_MONTH})\.? ?(?P<day>{_DAY})|"
    rf"(?P<day_first>{_DAY}) ?(?P<month_after>{_MONTH})\.?)(?:, ?| )(?P<year>[0-9]{{4}}))"
    r"(?: ?\([^()]{1,60}\))?"  # a wire's credit
    rf"(?: ?(?P<dash>[{DASHES}]+) ?|$)",
    re.IGNORECASE,
)
_MAX_DATELINE = 300  # longer than the longest dateline that the pattern takes
_FIRST_YEAR = 1000  # a year such as 0023 is a typo

# Words that are written small inside the name of a place or a person.
_LOWERCASE_WORDS = frozenset(
    "aboard al am an and at bei da das de del della den der des di do dos du e el en for in la las "
    "le les los near of off sur the to upon van von y".split()
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place and the date that open a story's text.

    Attributes:
        place: As printed.
        day: The date; None when there is no such day.
        printed: The date as printed.
        has_dash: True when a dash follows the date.
        rest: What stands after it, the beginning of the story.
    """

    place: str
    day: date | None
    printed: str
    has_dash: bool
    rest: str

    @property
    def is_full(self) -> bool:
        """True when nobody would write it inside a sentence: upper-case place, date and dash."""
        names = [word for word in self.place.split(",")[0].split() if word not in _LOWERCASE_WORDS]
        return self.has_dash and all(word.isupper() for word in names)


def read_dateline(line: str) -> Dateline | None:
    """Parses the dateline that opens the line; None when none does."""
    found = _DATELINE.match(line[:_MAX_DATELINE])
    if found is None or not _is_name(found["place"]):
        return None
    return Dateline(
        place=found["place"],
        day=_day(found),
        printed=found["date"],
        has_dash=found["dash"] is not None,
        rest=line[found.end() :],
    )


def opens_with_full_dateline(line: str) -> bool:
    """Returns True for a line that can hardly be anything but the beginning of a story's text."""
    if not line[:2].isupper():  # spares nearly every line the pattern
        return False
    dateline = read_dateline(line)
    return dateline is not None and dateline.is_full


def _day(found: re.Match[str]) -> date | None:
    month = (found["month"] or found["month_after"])[:3].casefold()
    day = (found["day"] or found["day_first"]).rstrip("stndrhSTNDRH")
    year = int(found["year"])
    try:
        return date(year, _MONTHS.index(month) + 1, int(day)) if year >= _FIRST_YEAR else None
    except ValueError:
        return None


def _is_name(text: str) -> bool:
    """Returns True for what may name a place or a person: lower-case words only link others."""
    words = re.findall(r"[^\s,/&;]+", text)
    return text.lstrip("'‘’")[:1].isalpha() and all(
        not word.islower() or word in _LOWERCASE_WORDS for word in words
    )


_BY = re.compile(r"by (?P<who>.{1,100})", re.IGNORECASE)
_INITIALS = re.compile(
    rf"(?:[{DASHES}]{{1,3}} ?)?(?P<who>[^\W\d_](?:(?:\.?/|\. ?)?[^\W\d_]){{1,4}}\.?)"
)


def read_by(line: str) -> str:
    """Returns the name in `By NAME`; empty when the line is something else."""
    found = _BY.fullmatch(line)
    return found["who"] if found and _is_name(found["who"]) else ""


def read_initials(line: str) -> str:
    """Returns the initials (`MU.`, `M.U.`, `-- MU/JD`) that are the line; empty for another."""
    found = _INITIALS.fullmatch(line)
    if found is None or not found["who"].isupper() or found["who"] in {"END", "ENDS"}:
        return ""
    return found["who"]


_CLOSING_BRACKETS = "’”\"')]}»›」』）】"
_FULL_STOPS = ".…。．؟۔।"
_PAUSES = ",;:，；：、"
_EXCLAMATIONS = "!?！？"
_LIST_MARKS = tuple(DASHES + "•*·")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.|\b(?:Co|Corp|Inc|Jr|Ltd|No|Sr|St)\.)$")

_LONGEST_HEADING = 70
_LONGEST_TITLE = 200


def is_closed(line: str) -> bool:
    """Returns True for a line that ends as a sentence or a part of one does."""
    end = line.rstrip(_CLOSING_BRACKETS)[-1:]
    return not end or end in _FULL_STOPS + _PAUSES + _EXCLAMATIONS + DASHES


def is_heading(line: str) -> bool:
    """Returns True for a subheading: a short line of its own between paragraphs."""
    return (
        len(line) <= _LONGEST_HEADING and not is_closed(line) and not line.startswith(_LIST_MARKS)
    )


def is_title(line: str) -> bool:
    """Returns True for a line that can be a title before a dateline: `Inc.` and `?` may end it."""
    end = line.rstrip(_CLOSING_BRACKETS)
    return (
        0 < len(line) <= _LONGEST_TITLE
        and not line.startswith(_LIST_MARKS)
        and not (end.endswith(tuple(_FULL_STOPS + _PAUSES)) and not _ABBREVIATION.search(end))
        and not read_initials(line)
    )
