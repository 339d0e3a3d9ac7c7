"""Parses datelines: the place, the date and the agency that open a story's text.

Pure functions over clean lines. Every pattern is anchored and bounded, so no line, however long or
hostile, takes more than linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from adapters.sources.archive.text.names import (
    is_agency,
    is_known_agency,
    is_name,
    is_upper_case,
    split_credit,
)
from adapters.sources.archive.text.printed_dates import DATE, PrintedDate, parse_printed_date
from adapters.sources.archive.text.signs import DASHES

_OPENING_SIGNS = "(（【［0123456789"
_NOTES = frozenset(
    "analysis commentary corrected correction exclusive opinion photo photos update updated "
    "video".split()
)
_HIRAGANA = re.compile("[ぁ-ん]")
_GAPS = f" ,{DASHES}"
_MAX_DATELINE = 300  # longer than the longest dateline that the patterns take

_PLACE = r"[^!?:\"“”<>{}\[\]【】（）()|=*#]"
_DASH = rf"(?:[{DASHES}]+|_(?= )|:(?= )|：|(?<=/)\.(?= ))"
_BEFORE = r"(?: ?(?:\((?P<before>[^()]{1,60})\)))?"
_CREDIT = r"(?:\((?P<after>[^()]{1,60})\)|/(?P<wire>[^/]{1,40})/)"
_TAIL = rf"(?: ?{_CREDIT}(?: ?(?P<dash>{_DASH}) ?|$| (?=\S))| ?(?P<only>{_DASH}) ?|$)"

_PLACE_AND_DATE = re.compile(
    rf"(?P<place>{_PLACE}{{1,100}}?){_BEFORE}"
    rf"(?P<comma> ?(?:[,、，](?: (?:le|den|el|il))?|[{DASHES}]+))? ?"
    rf"(?P<open>\()?(?P<date>{DATE})(?(open)\)){_TAIL}",
    re.IGNORECASE,
)
_DATE_ALONE = re.compile(
    rf"(?:(?:date|dated|posted|published)(?: on)?:? ?)?(?P<date>{DATE}){_TAIL}", re.IGNORECASE
)
_DATE_AND_PLACE = re.compile(
    rf"(?P<date>{DATE}),? (?P<place>{_PLACE}{{1,60}}?){_TAIL}", re.IGNORECASE
)
_PLACE_AND_CREDIT = re.compile(rf"(?P<place>{_PLACE}{{2,60}}?) ?{_TAIL}")
_PLACE_ALONE = re.compile(rf"(?P<place>{_PLACE}{{2,60}}?)(?: ?(?:[–—―─━]|--)| -(?= ))[{DASHES}]* ?")
_IN_BRACKETS = re.compile(
    r"(?:\((?P<round>[^()]{1,80})\)|（(?P<wide>[^（）]{1,80})）|【(?P<black>[^【】]{1,80})】|"
    r"［(?P<square>[^［］]{1,80})］|\[(?P<plain>[^\[\]]{1,80})\])"
    rf"(?: ?,? ?(?P<date>{DATE}))?(?: ?(?P<dash>[{DASHES}]+))? ?",
    re.IGNORECASE,
)


# As China's agencies and papers print them: `新华社北京11月26日电（记者张三）`, `…，上海讯——`.
_CHINESE = re.compile(
    r"(?:(?:新华社|新華社|中新社|中新网|中央社|路透社|法新社|美联社|本报|本社)"
    rf"(?P<from>[^\W\d]{{2,12}}?) ?(?P<day>{DATE}) ?[电電讯訊]"
    rf"|(?P<date>{DATE})[，,] ?(?P<place>[^\W\d]{{2,12}}?)[电電讯訊](?=[{DASHES}]))"
    rf"(?: ?[（(][^（）()]{{1,60}}[）)])?(?: ?[{DASHES}]+| ?[：:])? ?"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place and the date that open a story's text; one of the two may be missing.

    Attributes:
        place: As printed, without an agency; empty for none.
        printed: The date; None when there is none.
        has_dash: True when a dash follows, or brackets close it.
        rest: What stands after it, the beginning of the story.
        is_credited: True when it names an agency, or stands in brackets.
    """

    place: str
    printed: PrintedDate | None
    has_dash: bool
    rest: str
    is_credited: bool = False

    @property
    def is_dated(self) -> bool:
        """True when it has a date, possible or not."""
        return self.printed is not None

    @property
    def style(self) -> str:
        """The way it is written, where an archive writes all alike; empty for no sure way."""
        if self.is_dated and self.place and self.has_dash:
            return "place and date"
        if self.is_dated and not self.place and not self.rest:
            return "date"
        is_credit = self.is_credited and not self.is_dated and is_upper_case(self.place)
        return "place and credit" if is_credit else ""

    @property
    def is_full(self) -> bool:
        """True when nobody would write it inside a sentence: upper-case place, date and dash."""
        has_year = self.printed is not None and self.printed.year is not None
        return has_year and self.has_dash and is_upper_case(self.place)


def read_dateline(line: str) -> Dateline | None:
    """Parses the dateline that opens the line; None when none does."""
    return next(filter(None, (read(line) for read in _FORMS)), None)


def opens_with_dateline(line: str) -> bool:
    """Returns True for a line that opens with a date, possible or not, or with an agency's credit.

    Under a title that is the beginning of a story's text; elsewhere it may be prose.
    """
    dateline = read_dateline(line)
    return dateline is not None and (dateline.is_dated or dateline.is_credited)


def opens_with_full_dateline(line: str) -> bool:
    """Returns True for a line that can hardly be anything but the beginning of a story's text."""
    if not _may_open_full(line):
        return False  # spares nearly every line the patterns
    dateline = read_dateline(line)
    return dateline is not None and dateline.is_full


def _may_open_full(line: str) -> bool:
    first = line[:1]
    if first.isalpha():
        return line[:2].isupper() or first.lower() == first.upper()
    return first in _OPENING_SIGNS and first != ""


def _read_place_and_date(line: str) -> Dateline | None:
    found = _PLACE_AND_DATE.match(line[:_MAX_DATELINE])
    if found is None or not is_name(found["place"]):
        return None
    place, printed = found["place"].rstrip(_GAPS), parse_printed_date(found["date"])
    has_credit = bool(found["before"]) and is_agency(found["before"])
    if found["before"] and not has_credit:
        place = f"{place} ({found['before']})"
    has_dash, is_sure = _has_dash(found), is_upper_case(place)
    if not (found["comma"] or found["open"] or has_credit) and not (is_sure and has_dash):
        return None  # `May 3, 2024` and `In March 2024` are prose
    if _is_colon(found) and not is_sure:
        return None
    if printed.year is None and not (has_dash and (has_credit or is_sure or _credit(found))):
        return None
    return Dateline(place, printed, has_dash, line[found.end() :])


def _read_date_alone(line: str) -> Dateline | None:
    found = _DATE_ALONE.match(line[:_MAX_DATELINE])
    if found is None:
        return None
    printed = parse_printed_date(found["date"])
    if printed.year is None and not is_known_agency(_credit(found)):
        return None
    if _is_colon(found):
        return None
    return Dateline("", printed, _has_dash(found), line[found.end() :])


def _read_date_and_place(line: str) -> Dateline | None:
    found = _DATE_AND_PLACE.match(line[:_MAX_DATELINE])
    printed = parse_printed_date(found["date"]) if found else None
    if found is None or printed is None or printed.year is None or not is_name(found["place"]):
        return None
    if _has_dash(found) and not is_upper_case(found["place"]):
        return None  # `3 March 2024 Parliament met - as it does`
    return Dateline(found["place"].rstrip(_GAPS), printed, _has_dash(found), line[found.end() :])


def _read_place_and_credit(line: str) -> Dateline | None:
    found = _PLACE_AND_CREDIT.match(line[:_MAX_DATELINE])
    if found is None or not is_name(found["place"]) or not is_agency(_credit(found)):
        return None
    place, rest = found["place"].rstrip(_GAPS), line[found.end() :]
    return Dateline(place, None, _has_dash(found), rest, is_credited=True)


def _read_place_alone(line: str) -> Dateline | None:
    found = _PLACE_ALONE.match(line[:_MAX_DATELINE])
    if found is None or not found["place"].isupper() or not is_name(found["place"]):
        return None
    return Dateline(found["place"], None, has_dash=True, rest=line[found.end() :])


def _credit(found: re.Match[str]) -> str:
    return found["after"] or found["wire"] or ""


def _has_dash(found: re.Match[str]) -> bool:
    """Returns True for a dash behind a dateline; an agency's credit does as well."""
    is_closed = is_known_agency(_credit(found)) and found.end() < len(found.string)
    return is_closed or (found["dash"] or found["only"]) is not None


def _is_colon(found: re.Match[str]) -> bool:
    return (found["dash"] or found["only"] or "")[:1] in {":", "："}


def _read_brackets(line: str) -> Dateline | None:
    found = _IN_BRACKETS.match(line[:_MAX_DATELINE])
    if found is None:
        return None
    inside = next(filter(None, found.group("round", "wide", "black", "square", "plain")))
    place, printed = split_credit(inside)
    if found["plain"] and place == inside:
        return None  # `[Corrected] -`
    is_credit = not place or is_known_agency(place)
    if is_credit:
        place = ""
    elif not is_name(place) or not (is_upper_case(place) or _is_set_apart(found, place, printed)):
        return None
    if not (place or printed or found["dash"]):
        return None
    if found["wide"] and place == inside and _HIRAGANA.search(place):
        return None  # `（昨日の続き）`
    outside = parse_printed_date(found["date"]) if found["date"] else None
    rest = line[found.end() :]
    return Dateline(place, printed or outside, has_dash=True, rest=rest, is_credited=True)


def _read_chinese(line: str) -> Dateline | None:
    found = _CHINESE.match(line[:_MAX_DATELINE])
    if found is None:
        return None
    printed = parse_printed_date(found["day"] or found["date"])
    place, rest = found["from"] or found["place"], line[found.end() :]
    return Dateline(place, printed, has_dash=True, rest=rest, is_credited=True)


def _is_set_apart(found: re.Match[str], place: str, printed: PrintedDate | None) -> bool:
    """Returns True for a name in brackets that is a place's by what stands around it."""
    if found["black"] or found["square"] or printed:
        return True
    return found["dash"] is not None and place.casefold() not in _NOTES


_FORMS: tuple[Callable[[str], Dateline | None], ...] = (
    _read_chinese,
    _read_date_alone,
    _read_place_and_date,
    _read_date_and_place,
    _read_place_and_credit,
    _read_brackets,
    _read_place_alone,
)
