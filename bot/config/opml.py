"""OPML reader and writer (1.0, 1.1 and 2.0): lists of feeds as feed readers exchange them.

Feed readers write it loosely, so it is read loosely: names in any case, bare ampersands, encodings
that are not what they say. What a DOCTYPE declares is never followed: no entity has a meaning here
but the five of XML itself.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from bot.errors import NotOpmlError
from bot.text.display import shorten

MAX_OPML = 5 * 1024**2
"""Bytes of the largest file that is read; ten thousand feeds take about 2 MB."""

_DEEPEST = 64  # folders in each other; people have two or three

_STARTS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# What is declared is read as what is meant: Windows' letters are called ISO 8859-1 as a rule, and
# who can read "utf-16" letter by letter is not reading UTF-16.
_ACTUAL_ENCODINGS = {
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be", "utf-32"), "utf-8"),
}
_NO_LETTERS = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))

_ENCODING = re.compile(rb"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in a list.

    Attributes:
        title: Its title in the list, on one line; empty when it has none.
        url: Its address as it is written there, which may be none.
        topics: The folders that it lies in, outermost first, and its categories.
        line: Its line in the file, from 1; 0 for a feed that comes from no file.
    """

    title: str
    url: str
    topics: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


def read_opml(data: bytes) -> list[Feed]:
    """Parses the feeds of an OPML file, in its order; one that is listed twice comes twice.

    Args:
        data: The whole file.

    Raises:
        NotOpmlError: It is larger than `MAX_OPML`, or no OPML; the message says why.
    """
    if len(data) > MAX_OPML:
        raise NotOpmlError(f"larger than {MAX_OPML // 1024**2} MB")
    outlines = _OpmlParser()
    outlines.read(_repair(_decode(data)))
    return outlines.feeds


def write_opml(title: str, feeds: Iterable[Feed]) -> bytes:
    """Writes an OPML 2.0 file.

    A feed stands in the folder of each of its topics, as feed readers with labels write it, so any
    topic's name survives; one without topics stands in none.

    Args:
        title: The list's own title.
        feeds: The feeds.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{escape(_ILLEGAL.sub('', title))}</title></head>",
        "<body>",
        *_body(feeds),
        "</body>",
        "</opml>",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _body(feeds: Iterable[Feed]) -> Iterator[str]:
    folders: dict[str, tuple[str, list[str]]] = {}
    for feed in feeds:
        line = _outline(type="rss", text=feed.title, title=feed.title, xmlUrl=feed.url) + "/>"
        if not feed.topics:
            yield f"  {line}"
        for topic in feed.topics:
            folders.setdefault(topic.casefold(), (topic, []))[1].append(line)
    for name, lines in folders.values():
        yield f"  {_outline(text=name, title=name)}>"
        yield from (f"    {line}" for line in lines)
        yield "  </outline>"


def _outline(**attributes: str) -> str:
    """Writes the tag of an outline but for its end."""
    pairs = (f"{name}={quoteattr(_ILLEGAL.sub('', text))}" for name, text in attributes.items())
    return " ".join(("<outline", *pairs))


def _decode(data: bytes) -> str:
    """Decodes the file; a byte that is no letter costs that letter only."""
    meant = (encoding for start, encoding in _STARTS if data.startswith(start))
    encoding = next(meant, None) or _declared_encoding(data)
    try:
        return data.decode(encoding, "replace").removeprefix("\ufeff")
    except (LookupError, ValueError):  # a codec of bytes, such as base64
        raise NotOpmlError(f'it is not encoded as it says, "{encoding}"') from None


def _declared_encoding(data: bytes) -> str:
    found = _ENCODING.match(data)
    name = found[1].decode() if found else "utf-8"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = "undefined"
    if known in _NO_LETTERS:
        raise NotOpmlError(f'its encoding, "{shorten(name)}", is unknown')
    return _ACTUAL_ENCODINGS.get(known, known)


def _repair(text: str) -> str:
    """Repairs the text for the XML parser, with its lines where they were.

    The encoding that it declares is settled, and what stands before the declaration does no harm.
    An ampersand that is not XML's own is taken literally, and with that every entity that a
    DOCTYPE might declare.
    """
    if found := _DECLARATION.match(text):
        text = "\n" * found[0].count("\n") + text[found.end() :]
    return _BARE.sub("&amp;", _ILLEGAL.sub("", text))


class _OpmlParser:
    """Parses the outlines, and collects the feeds."""

    def __init__(self) -> None:
        self.feeds: list[Feed] = []
        self._folders: list[tuple[str, ...]] = []  # for each open outline, those down to it
        self._begun = False
        self._parser = expat.ParserCreate()
        self._parser.specified_attributes = True  # not those that a DOCTYPE adds
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, text: str) -> None:
        try:
            self._parser.Parse(text, True)  # noqa: FBT003 - expat takes it by position only
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            place = f"line {error.lineno}, column {error.offset + 1}"
            raise NotOpmlError(f"this is not OPML: {place}: {reason}") from None

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._begun and tag.casefold() != "opml":
            hint = " (the feed itself?)" if tag.casefold() in ("rss", "feed", "rdf:rdf") else ""
            raise NotOpmlError(f"this is not OPML: it begins with <{shorten(tag)}>{hint}")
        self._begun = True
        if tag.casefold() == "outline":
            self._open({name.casefold(): text for name, text in attributes.items()})

    def _open(self, outline: Mapping[str, str]) -> None:
        above = self._folders[-1] if self._folders else ()
        title = _clean(outline.get("text", "")) or _clean(outline.get("title", ""))
        kind = outline.get("type", "").casefold()
        if "xmlurl" in outline or kind in ("rss", "atom"):
            self.feeds.append(self._feed(title, outline, above))
            title = ""  # what lies in a feed lies in no folder of that name
        if len(self._folders) == _DEEPEST:
            raise NotOpmlError(f"folders are nested more than {_DEEPEST} deep")
        self._folders.append(_unique((*above, title)) if title else above)

    def _feed(self, title: str, outline: Mapping[str, str], folders: tuple[str, ...]) -> Feed:
        categories = re.split("[,/]", outline.get("category", ""))
        topics = (*folders, *filter(None, map(_clean, categories)))
        url = outline.get("xmlurl", "").strip()
        return Feed(title, url, _unique(topics), self._parser.CurrentLineNumber)

    def _end(self, tag: str) -> None:
        if tag.casefold() == "outline":
            self._folders.pop()


def _clean(text: str) -> str:
    """Puts a title on one line, without the HTML escapes that many feed readers leave in it."""
    with suppress(ValueError):  # a character's number of thousands of digits
        text = html.unescape(text)
    return " ".join(text.split())


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    """Drops names that differ from an earlier one in case alone."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(name.casefold(), name)
    return tuple(known.values())
