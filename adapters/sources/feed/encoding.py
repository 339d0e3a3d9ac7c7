"""Detects a document's encoding, decodes it, and expands or refuses its XML entities.

Labels are read as browsers read them (Latin-1 means Windows-1252), and a label that the bytes
contradict is not believed.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from bot.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How `<?xm` or `<rss` begins in encodings that ASCII is no part of.
_FIRST_BYTES = (
    (b"\x00\x00\x00\x3c", "utf-32-be"),
    (b"\x3c\x00\x00\x00", "utf-32-le"),
    (b"\x00\x3c", "utf-16-be"),
    (b"\x3c\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_AS_BROWSERS_DO = {
    **dict.fromkeys("iso8859-1 ascii latin-1 latin_1 cp1252".split(), "cp1252"),
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:\-]{1,40})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:\-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>[ \t\r\n]*")
# The root of a feed, behind nothing but comments and instructions. Nothing is looked at twice.
_ROOT = re.compile(
    rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL | re.IGNORECASE
)
_MAX_PROLOGUE = 10_000  # bytes before the root
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")

_HIGH, _LOW = 0xD800, 0xDC00  # the first of each half of a surrogate pair, of which there are 1024
_MAYBE_SURROGATE = re.compile(r"#(?:5[5-7][0-9]{3}|[xX][dD][89abAB][0-9a-fA-F]{2});")
# An ampersand may be escaped itself, in HTML.
_SURROGATES = re.compile(
    r"(?P<start>&(?:amp;)?#)(?P<high>[0-9]{5}|[xX][0-9a-fA-F]{4});"
    r"(?P=start)(?P<low>[0-9]{5}|[xX][0-9a-fA-F]{4});"
)

_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_ENTITY = re.compile(
    r"<!ENTITY\s+(?P<parameter>%\s+)?(?P<name>[^\s%\"'>]{1,100})\s+(?:\"(?P<one>[^\"]*)\"|'(?P<two>[^']*)')"
)
_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_REFERENCE = re.compile(r"&[^#\s;&]+;|%[^\s;%]+;")
_MAX_EXPANSION = 4 << 20  # characters that all uses of a document's own entities may come to
_MAX_ENTITIES = 500  # HTML's own lists, which old feeds carry along, have 253


class DecodedDocument(NamedTuple):
    """A document as text.

    Attributes:
        text: Without its XML declaration.
        problem: What was wrong with its encoding; empty for nothing.
        utf8: Its bytes, where they are UTF-8 without a byte order mark; None for another encoding.
    """

    text: str
    problem: str
    utf8: bytes | None


def undecoded_feed(body: bytes, content_type: str = "") -> bytes | None:
    """Returns a document that an XML parser can take as it came; None for any other.

    Such a one begins with a feed's root, and is to be tried as UTF-8 before anything else. The
    parser itself refuses it where its bytes are no UTF-8.

    Args:
        body: Its bytes.
        content_type: The server's header; may be empty.
    """
    detected, rest = _detect_bom(body)
    if detected not in {"", "utf-8"} or not _ROOT.match(rest, 0, _MAX_PROLOGUE):
        return None
    declared = _declared_encodings(rest, detected, content_type)
    return rest if {"utf-8", "cp1252"}.issuperset(declared) else None


def decode_document(body: bytes, content_type: str = "") -> DecodedDocument:
    """Decodes a document.

    Args:
        body: Its bytes.
        content_type: The server's header; may be empty.
    """
    detected, rest = _detect_bom(body)
    text, problem, encoding = _decode(rest, detected, content_type)
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    return DecodedDocument(text, problem, rest if encoding == "utf-8" else None)


def _detect_bom(body: bytes) -> tuple[str, bytes]:
    """Detects an encoding by a byte order mark or the first bytes.

    Returns:
        The encoding, if detected, and the bytes behind the mark.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding, body[len(mark) :]
    start = body[:4]
    return next((name for sign, name in _FIRST_BYTES if start.startswith(sign)), ""), body


def _decode(body: bytes, detected: str, content_type: str) -> tuple[str, str, str]:
    """Returns the text, what was wrong with its encoding, and the encoding if all was in it."""
    labels = _candidate_encodings(body, detected, content_type)
    for label in labels:
        try:
            text = body.decode(label)
        except (LookupError, ValueError):
            continue
        wrong_label = labels[0] if label != labels[0] and labels[0] != "utf-8" else ""
        problem = f"it says it is encoded as {wrong_label}, but it is not" if wrong_label else ""
        return text, problem, label
    if detected.startswith(_WIDE):
        return body.decode(detected, "replace"), "some of its characters cannot be read", ""
    mixed = body.decode("utf-8", "dateline.cp1252")
    return mixed, "some of its characters are in another encoding", ""


def _candidate_encodings(body: bytes, detected: str, content_type: str) -> list[str]:
    """Returns the encodings to try, the surest first; what is valid UTF-8 is hardly another."""
    declared = _declared_encodings(body, detected, content_type)
    labels = [detected] if detected else []
    labels += [label for label in declared if label != "cp1252"]
    labels.append("utf-8")
    if "cp1252" in declared and _is_no_utf8(body):
        labels.append("latin-1" if _has_c1(body) else "cp1252")
    return list(dict.fromkeys(labels))


def _declared_encodings(body: bytes, detected: str, content_type: str) -> list[str]:
    """Returns what the server and the document say, as far as it can be."""
    head = body[:1_000].decode(detected or "latin-1", "ignore")
    found = (_CHARSET.search(content_type), _DECLARED.search(head))
    labels = (_python_codec(label[1], detected) for label in found if label)
    return list(filter(None, labels))


def _python_codec(label: str, detected: str) -> str:
    """Returns Python's name of an encoding; empty for one that is unknown or cannot be."""
    try:
        name = codecs.lookup(label).name
        " ".encode(name)
    except (LookupError, ValueError):
        return ""
    if name.startswith(_WIDE) and not detected:
        return ""  # the declaration could not have been read
    return detected if name in {"utf-16", "utf-32"} else _AS_BROWSERS_DO.get(name, name)


def _is_no_utf8(body: bytes) -> bool:
    """Returns True for hardly any UTF-8; a few odd bytes in it are decoded singly instead."""
    text = body.decode("utf-8", "replace")
    return text.count("\ufffd") * 2 > len(text) - len(text.encode("ascii", "ignore"))


def _has_c1(body: bytes) -> bool:
    """Returns True when a byte is in it that Windows-1252 has no character for."""
    return any(each in body for each in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))


def _decode_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Handles decoding errors: decodes single bytes that are not UTF-8 as Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    if error.end == len(error.object) and error.reason.startswith("unexpected end"):
        return "", error.end  # the document was cut inside a letter
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("dateline.cp1252", _decode_as_cp1252)


def join_surrogates(text: str) -> str:
    """Makes one reference of two: some programs write a character beyond 65535 as its two halves.

    The halves are those of UTF-16; XML and HTML forbid references to them.
    """
    if not _MAYBE_SURROGATE.search(text):
        return text
    return _SURROGATES.sub(_joined_reference, text)


def _joined_reference(found: re.Match[str]) -> str:
    high, low = (_code(found[name]) for name in ("high", "low"))
    if not (high >> 10 == _HIGH >> 10 and low >> 10 == _LOW >> 10):
        return found[0]
    return f"{found['start']}{0x10000 + ((high - _HIGH) << 10) + (low - _LOW)};"


def _code(digits: str) -> int:
    return int(digits[1:], 16) if digits[0] in "xX" else int(digits)


def strip_doctype(text: str) -> str:
    """Removes the DOCTYPE and expands the entities that it declares.

    Nothing outside the document is ever read.

    Raises:
        SourceError: It declares entities made of entities, or expands too far (billion laughs).
    """
    start = _doctype_start(text)
    if start is None:
        return text
    end = _doctype_end(text, start)
    entities = _declared_entities(text[start:end])
    rest = text[:start] + text[end:]
    return _expand_entities(rest, entities) if entities else rest


def _doctype_start(text: str) -> int | None:
    """Returns where the DOCTYPE begins; only comments and instructions may stand before it."""
    at = 0
    while found := _PROLOGUE.match(text, at):
        at = found.end()
    at += len(text[at : at + 10_000]) - len(text[at : at + 10_000].lstrip())
    return at if _DOCTYPE.match(text, at) else None


def _doctype_end(text: str, start: int) -> int:
    """Returns where the DOCTYPE ends, whose own declarations may hold `>`."""
    bracket, end = text.find("[", start), text.find(">", start)
    if -1 < bracket < end:
        closing = re.compile(r"\]\s*>").search(text, bracket)
        return closing.end() if closing else len(text)
    return end + 1 if end >= 0 else len(text)


def _declared_entities(doctype: str) -> dict[str, str]:
    entities: dict[str, str] = {}
    for found in _ENTITY.finditer(doctype):
        value = found["one"] if found["one"] is not None else found["two"]
        if _REFERENCE.search(value):
            raise SourceError("it declares entities made of other entities, so it was not read")
        if not found["parameter"]:
            entities.setdefault(found["name"], value)
        if len(entities) > _MAX_ENTITIES:
            raise SourceError(f"it declares more than {_MAX_ENTITIES} entities, so it was not read")
    return entities


def _expand_entities(text: str, entities: dict[str, str]) -> str:
    pattern = re.compile("&(" + "|".join(map(re.escape, entities)) + ");")
    grown = sum(len(entities[found[1]]) for found in pattern.finditer(text))
    if grown > _MAX_EXPANSION:
        raise SourceError("its entities make it too large, so it was not read")
    return pattern.sub(lambda found: entities[found[1]], text)
