"""From the bytes of a document to its text, and the refusal of what is meant to do harm.

Labels are read as browsers read them (Latin-1 means Windows-1252), and a label that the bytes
contradict is not believed.
"""

from __future__ import annotations

import codecs
import re

from bot.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How `<?xm` or `<rss` begins in encodings that ASCII is no part of.
_FIRST_SIGNS = (
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
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>")
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")

_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_ENTITY = re.compile(
    r"<!ENTITY\s+(?P<parameter>%\s+)?(?P<name>[^\s%\"'>]{1,100})\s+(?:\"(?P<one>[^\"]*)\"|'(?P<two>[^']*)')"
)
_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_REFERENCE = re.compile(r"&[^#\s;&]+;|%[^\s;%]+;")
_MOST_EXPANDED = 4 << 20  # characters that all uses of a document's own entities may come to
_MOST_ENTITIES = 500  # HTML's own lists, which old feeds carry along, have 253


def decoded(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The document's text without its declaration, and what was wrong with its encoding, if any."""
    marked, rest = _by_mark(body)
    text, problem = _decoded(rest, marked, content_type)
    declaration = _DECLARATION.match(text)
    return (text[declaration.end() :] if declaration else text), problem


def _by_mark(body: bytes) -> tuple[str, bytes]:
    """The encoding that the first bytes show, if they do, and the bytes behind the mark."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding, body[len(mark) :]
    start = body[:4]
    return next((name for sign, name in _FIRST_SIGNS if start.startswith(sign)), ""), body


def _decoded(body: bytes, marked: str, content_type: str) -> tuple[str, str]:
    labels = _labels(body, marked, content_type)
    for label in labels:
        try:
            text = body.decode(label)
        except (LookupError, ValueError):
            continue
        said = labels[0] if label != labels[0] and labels[0] != "utf-8" else ""
        return text, f"it says that it is encoded as {said}, but is not" if said else ""
    if marked.startswith(_WIDE):
        return body.decode(marked, "replace"), "some of its letters cannot be read"
    return body.decode("utf-8", "dateline.mend"), "some of its letters are in another encoding"


def _labels(body: bytes, marked: str, content_type: str) -> list[str]:
    """The encodings to try, the surest first; bytes that are UTF-8 can hardly be anything else."""
    head = body[:1_000].decode(marked or "latin-1", "ignore")
    found = (_CHARSET.search(content_type), _DECLARED.search(head))
    told = [_usable(label[1], marked) for label in found if label]
    labels = [marked] if marked else []
    labels += [label for label in told if label and label != "cp1252"]
    labels.append("utf-8")
    if "cp1252" in told and _is_no_utf8(body):
        labels.append("latin-1" if _has_c1(body) else "cp1252")
    return list(dict.fromkeys(labels))


def _usable(label: str, marked: str) -> str:
    """The label as Python knows it; empty for one that is unknown or cannot be."""
    try:
        name = codecs.lookup(label).name
        " ".encode(name)
    except (LookupError, ValueError):
        return ""
    if name.startswith(_WIDE) and not marked:
        return ""  # the declaration could not have been read
    return marked if name in {"utf-16", "utf-32"} else _AS_BROWSERS_DO.get(name, name)


def _is_no_utf8(body: bytes) -> bool:
    """Whether hardly any of it is UTF-8; a few odd letters in what is are mended singly."""
    text = body.decode("utf-8", "replace")
    return text.count("\ufffd") * 2 > sum(1 for sign in text if sign > "\x7f")


def _has_c1(body: bytes) -> bool:
    """Whether a byte is in it that Windows-1252 has no sign for."""
    return any(each in body for each in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))


def _mend(error: UnicodeError) -> tuple[str, int]:
    """Reads single bytes that are not UTF-8 as Windows-1252, of which they nearly always are."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    if error.end == len(error.object) and error.reason.startswith("unexpected end"):
        return "", error.end  # the document was cut inside a letter
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("dateline.mend", _mend)


def without_doctype(text: str) -> str:
    """The document without its DOCTYPE; entities that it declares are put in where they are used.

    Nothing outside the document is ever read.

    Raises:
        SourceError: It declares entities made of entities, or would grow beyond all measure.
    """
    start = _doctype_at(text)
    if start is None:
        return text
    end = _end_of_doctype(text, start)
    entities = _entities(text[start:end])
    rest = text[:start] + text[end:]
    return _expanded(rest, entities) if entities else rest


def _doctype_at(text: str) -> int | None:
    """Where the DOCTYPE begins; nothing but comments and instructions may stand before it."""
    at = 0
    while found := _PROLOGUE.match(text, at):
        at = found.end()
    at += len(text[at : at + 10_000]) - len(text[at : at + 10_000].lstrip())
    return at if _DOCTYPE.match(text, at) else None


def _end_of_doctype(text: str, start: int) -> int:
    """Behind the DOCTYPE, whose own declarations may hold `>`."""
    bracket, end = text.find("[", start), text.find(">", start)
    if -1 < bracket < end:
        closing = re.compile(r"\]\s*>").search(text, bracket)
        return closing.end() if closing else len(text)
    return end + 1 if end >= 0 else len(text)


def _entities(doctype: str) -> dict[str, str]:
    entities: dict[str, str] = {}
    for found in _ENTITY.finditer(doctype):
        value = found["one"] if found["one"] is not None else found["two"]
        if _REFERENCE.search(value):
            raise SourceError("it declares entities that are made of others, and is not read")
        if not found["parameter"]:
            entities.setdefault(found["name"], value)
        if len(entities) > _MOST_ENTITIES:
            raise SourceError(f"it declares more than {_MOST_ENTITIES} entities, and is not read")
    return entities


def _expanded(text: str, entities: dict[str, str]) -> str:
    pattern = re.compile("&(" + "|".join(map(re.escape, entities)) + ");")
    grown = sum(len(entities[found[1]]) for found in pattern.finditer(text))
    if grown > _MOST_EXPANDED:
        raise SourceError("its entities make it too large, and it is not read")
    return pattern.sub(lambda found: entities[found[1]], text)
