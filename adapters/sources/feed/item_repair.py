"""Repair of the items of ill-formed XML, each by itself, so that a fault costs no other item."""

from __future__ import annotations

from itertools import pairwise

from lxml import etree

from adapters.sources.feed.repair import ITEM_END, ITEM_START, ROOT

_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def repair_items(text: str) -> str:
    """Returns a document in which each item is well-formed, with what can be read of it.

    A tag that closes nothing, or is never closed, ends with its item.

    Args:
        text: As `repair` returns it.
    """
    root = ROOT.search(text)
    starts = [found.start() for found in ITEM_START.finditer(text)]
    if root is None or not starts:
        return text
    opening, closing = text[root.start() : text.find(">", root.end()) + 1], f"</{root['name']}>"
    end = text.rfind(closing)
    ends = (*starts, end if end > starts[-1] else len(text))
    items = [_repaired(text[start:stop], opening, closing) for start, stop in pairwise(ends)]
    return "".join((opening, *items, closing))


def _repaired(item: str, opening: str, closing: str) -> str:
    found = ITEM_END.search(item)
    item = _with_closed_section(item[: found.end()] if found else item)
    document = f"{opening}{item}{closing}".encode("utf-8", "replace")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8"
    )
    tree = etree.fromstring(document, parser)
    if tree is None or not len(tree):
        return ""
    return str(etree.tostring(tree[0], encoding="unicode", with_tail=False))


def _with_closed_section(item: str) -> str:
    """Closes a CDATA section that never ends where its element does."""
    start = item.rfind(_CDATA)
    if start <= item.rfind(_CDATA_END):
        return item
    name = item[item.rfind("<", 0, start) + 1 : start].partition(">")[0].partition(" ")[0]
    end = item.find(f"</{name}", start)
    return f"{item[:end]}{_CDATA_END}{item[end:]}" if end >= 0 else item + _CDATA_END
