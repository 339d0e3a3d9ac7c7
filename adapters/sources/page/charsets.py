"""The character encodings of pages: what the server says, what the page says, what it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress

_HEADER = re.compile(r"charset=([\w.:-]+)")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_SEARCHED = 4_096  # bytes; HTML's own limit is 1,024


def decode_page(body: bytes, content_type: str) -> str:
    """Decodes a page: by the server's charset, its own, as UTF-8, or as Windows-1252.

    Args:
        body: Its bytes.
        content_type: The server's header, or an empty text.
    """
    if body.startswith(codecs.BOM_UTF8):
        return body.decode("utf-8-sig", "replace")
    declared = [name for name in _declared(body, content_type) if _is_charset(name)]
    for name in (*declared, "utf-8"):
        with suppress(ValueError):
            return body.decode(name)
    return body.decode(declared[0] if declared else "cp1252", "replace")


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    if header := _HEADER.search(content_type):
        yield header[1]
    if meta := _META.search(body[:_META_SEARCHED]):
        yield meta[1].decode("ascii", "replace")


def _is_charset(name: str) -> bool:
    try:
        " ".encode(name)  # refuses what encodes no text, such as base64
    except (LookupError, ValueError):
        return False
    return True
