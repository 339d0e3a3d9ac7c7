"""Dates in a story's part of a page: in its markup, its words, or its address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from adapters.sources.feed.dates import FeedDate, read_date
from adapters.sources.page.document import Element, names_of, text_of

_MAX_SEARCHED = 600  # characters of a story's words
_ATTRIBUTES = (
    "datetime",
    "data-datetime",
    "data-timestamp",
    "data-time",
    "data-date",
    "data-published",
)
_PUBLISHED = frozenset(("datepublished", "datecreated", "datemodified"))
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|time|datum|fecha|data|pub|posted|published|timestamp|age|day)|"
    r"(?:date|time)(?:$|[\s_-])"
)
_CLOCK = (
    r"(?:[,\s]*(?:at|um|à|às|a las|T|-|–|\||kl\.?)?\s*[0-2]?[0-9][:.][0-5][0-9](?::[0-5][0-9])?"
    r"(?:\s?[ap]\.?m\.?)?(?:\s?(?:Z|UTC|GMT|[A-Z]{2,4}T|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
_WORD = r"[^\W\d_]{3,12}"
_DATES = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<iso>(?:19|20)[0-9]{2}-[01]?[0-9]-[0-3]?[0-9]"
    r"(?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?(?:\.[0-9]+)?(?:Z|\s?[+-][0-9]{2}:?[0-9]{2})?)?)"
    r"|(?P<cjk>(?:19|20)[0-9]{2}\s?[年년]\s?[0-9]{1,2}\s?[月월]\s?[0-9]{1,2}\s?[日일]?"
    r"(?:\s?(?:[(（].[)）])?\s?[0-2]?[0-9][:時][0-5][0-9]分?)?)"
    r"|(?P<era>(?:令和|平成)\s?(?:[0-9]{1,2}|元)\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日)"
    rf"|(?P<year>(?:19|20)[0-9]{{2}}[/.]\s?[01]?[0-9][/.]\s?[0-3]?[0-9]\.?{_CLOCK})"
    r"|(?P<figures>[0-3]?[0-9][/.-][0-3]?[0-9][/.-](?:(?:19|20)[0-9]{2}|[0-9]{2}(?![0-9:]))"
    rf"{_CLOCK})"
    rf"|(?P<month>{_WORD}\.?\s[0-3]?[0-9](?:st|nd|rd|th)?,?\s(?:19|20)[0-9]{{2}}{_CLOCK})"
    r"|(?P<day>[0-3]?[0-9](?:st|nd|rd|th|\.|º|er)?[\s-](?:de\s|of\s)?"
    rf"{_WORD}\.?,?[\s-](?:de\s|del\s)?(?:19|20)[0-9]{{2}}{_CLOCK})"
    r")(?![\w/]|\.[0-9])"
)
_IN_URL = re.compile(
    r"/((?:19|20)[0-9]{2})[/-]?([01][0-9])[/-]?([0-3][0-9])(?=[/_.-]|[^\W\d]|$)|"
    r"/((?:19|20)[0-9]{2})/([01]?[0-9])/([0-3]?[0-9])/"
)
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th|º|er)\b")
_ERAS = {"令和": 2018, "平成": 1988}
_ERA = re.compile(r"(令和|平成)\s?([0-9]{1,2}|元)\s?年\s?([0-9]{1,2})\s?月\s?([0-9]{1,2})")
_FIGURES = re.compile(r"([0-3]?[0-9])([/.-])([0-3]?[0-9])\2([0-9]{4}|[0-9]{2})(?![0-9])")
_MONTH_FIRST_HOSTS = re.compile(r"\.(?:gov|mil|us)$")
MONTH_FIRST = "en-US"
DAY_FIRST = "en-GB"
"""Languages that say for a list which of a date's figures is the month, however they are parted."""

_TWO_DIGITS, _THIS_CENTURY = 99, 70  # the last year of two digits; the first of the last century

_TWELVE = 12
_SHORTEST = 6  # signs of a date that names a day
_NO_DAY = re.compile(r"[0-9]{4}(?:[/.-][0-9]{1,2}|[^\W\d]?)|[0-9:.\s]{1,8}|[^\W\d]+\.?\s[0-9]{4}")


def marked_date(elements: Sequence[Element], language: str) -> FeedDate | None:
    """Returns the date of a story by its markup; None where that has none that can be read.

    Args:
        elements: Its part of the page.
        language: The page's.
    """
    for text in _marked(elements):
        if found := whole_date(text, language) or find_date(text, language):
            return found
    return None


def worded_date(elements: Sequence[Element], title: str, language: str) -> FeedDate | None:
    """Returns the first date in the words of a story's part of the page; None for none.

    Args:
        elements: That part.
        title: Its title, in which a date is of something else.
        language: The page's.
    """
    words = " ".join(map(text_of, elements)).replace(title, " ", 1)
    return find_date(words[:_MAX_SEARCHED], language)


def whole_date(text: str, language: str = "") -> FeedDate | None:
    """Returns the date that a text is as a whole; None for a month, a year, or no date."""
    text = text.strip()
    if len(text) < _SHORTEST or _NO_DAY.fullmatch(text):
        return None
    if found := _DATES.fullmatch(text):
        return _read(found, language)
    return read_date(_in_order(text, language), language)


def find_date(text: str, language: str = "") -> FeedDate | None:
    """Returns the first date that stands in a text; None for none."""
    found = (_read(match, language) for match in _DATES.finditer(text))
    return next(filter(None, found), None)


def looks_dated(text: str) -> bool:
    """Tells if something in a text is written as dates are, whether it can be read or not."""
    return _DATES.search(text) is not None


def without_dates(text: str) -> str:
    """Returns a text without what is written in it as dates are."""
    return _DATES.sub("", text)


def date_in_url(url: str) -> FeedDate | None:
    """Returns the day that stands in an address, such as `/2024/03/05/`; None for none."""
    for found in _IN_URL.finditer(url):
        year, month, day = (int(each) for each in found.groups() if each)
        try:
            return FeedDate(datetime(year, month, day, tzinfo=UTC), has_zone=False)
        except ValueError:
            continue
    return None


def month_order(texts: Sequence[str], host: str) -> str:
    """Returns a language in whose order of day and month a list's dates in figures are read.

    It is told by a date that can be read in one order only; empty where none tells.

    Args:
        texts: The words of the list's stories.
        host: The page's.
    """
    pairs = [(int(one[1]), int(one[3])) for text in texts for one in _FIGURES.finditer(text)]
    if any(first > _TWELVE >= second for first, second in pairs):
        return DAY_FIRST
    if any(second > _TWELVE >= first for first, second in pairs):
        return MONTH_FIRST
    return MONTH_FIRST if _MONTH_FIRST_HOSTS.search(host) else ""


def _read(found: re.Match[str], language: str) -> FeedDate | None:
    if found["era"]:
        return _era_date(found["era"])
    text = _ORDINAL.sub("", found[0]).rstrip(" ,|-–")
    text = _in_order(text, language)
    if found["cjk"]:
        return _east_asian_date(found["cjk"])
    for each in (
        text,
        re.sub(r"\b(?:at|um|of|kl\.?|a las|às)\b|[|–]", " ", text),
        text.partition(",")[0],
    ):
        if date := read_date(" ".join(each.split()), language):
            return date
    return None


def _east_asian_date(text: str) -> FeedDate | None:
    """Reads a date of Chinese, Japanese or Korean; which has no zone, unlike in feeds."""
    year, month, day, *clock = map(int, re.findall("[0-9]+", text))
    hour, minute = clock or (0, 0)
    try:
        moment = datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
    return FeedDate(moment, has_zone=False)


def _in_order(text: str, language: str) -> str:
    """Returns a date in figures as ISO 8601 writes it, where the list tells their order."""
    if language not in {MONTH_FIRST, DAY_FIRST} or not (found := _FIGURES.match(text)):
        return text
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    month, day = (first, second) if language == MONTH_FIRST else (second, first)
    year += 0 if year > _TWO_DIGITS else 2_000 if year < _THIS_CENTURY else 1_900
    return f"{year}-{month:02}-{day:02}{text[found.end() :]}"


def _era_date(text: str) -> FeedDate | None:
    """Reads a date by a Japanese era, as offices write it."""
    if (found := _ERA.search(text)) is None:
        return None
    year = _ERAS[found[1]] + (1 if found[2] == "元" else int(found[2]))
    try:
        return FeedDate(datetime(year, int(found[3]), int(found[4]), tzinfo=UTC), has_zone=False)
    except ValueError:
        return None


def _marked(elements: Sequence[Element]) -> Iterator[str]:
    """Yields what markup says to be a date, the surest first."""
    nodes = [node for element in elements for node in element.iter("*")]
    for node in nodes:
        for name in _ATTRIBUTES:
            if value := node.get(name):
                yield value
        if str(node.get("itemprop", "")).lower() in _PUBLISHED and (value := node.get("content")):
            yield value
    for node in nodes:
        if node.tag in {"time", "abbr"} or _DATE_CLASS.search(names_of(node)):
            yield str(node.get("title", "")).partition(" ")[0]
            yield str(node.get("title", ""))
            yield text_of(node)[:_MAX_SEARCHED]
