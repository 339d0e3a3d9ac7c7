"""Parses single items of an export, each as a document of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PREFIX = re.compile(r"xmlns:([A-Za-z_][\w.-]{0,30})\s*=\s*[\"']([^\"'<>&]{1,200})[\"']")
_TITLE = re.compile(r"<title>[^<]*+(?:<!\[CDATA\[[^<]*+)?</title>")
_KNOWN_PREFIXES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "wp": "http://wordpress.org/export/1.2/",
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The elements of an item.

    Attributes:
        texts: The first text of each element, by its name: `title`, `wp:status`.
        categories: Names of its categories and tags.
        meta: Values by their keys.
    """

    texts: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "").strip()


def read_prefixes(header: str) -> dict[str, str]:
    """Returns the namespaces that the root of an export declares, by prefix."""
    return _KNOWN_PREFIXES | dict(_PREFIX.findall(header))


def read_fields(item: str, prefixes: dict[str, str]) -> Fields | None:
    """Parses an item; None when nothing of it can be read."""
    root = _parse(item, prefixes)
    element = root.find("item") if root is not None else None
    if element is None:
        return None
    fields = Fields()
    for child in element.iterchildren(etree.Element):
        name = _local_name(child.tag)
        if name == "category":
            _add_category(child, fields)
        elif name == "wp:postmeta":
            _add_meta(child, fields)
        else:
            fields.texts.setdefault(name, "".join(child.itertext()))
    return fields


def read_authors(header: str, prefixes: dict[str, str]) -> dict[str, str]:
    """Returns the names of an export's authors, by what they sign in with."""
    authors: dict[str, str] = {}
    for each in header.split("<wp:author>")[1:]:
        root = _parse(f"<wp:author>{each.partition('</wp:author>')[0]}</wp:author>", prefixes)
        for author in root if root is not None else ():
            texts = {_local_name(child.tag): child.text or "" for child in author}
            login = texts.get("wp:author_login", "").strip()
            authors[login] = texts.get("wp:author_display_name", "").strip() or login
    return authors


def read_title(header: str) -> str:
    """Returns the title of the blog, HTML as it stands there; empty for none."""
    found = _TITLE.search(header.partition("<item>")[0])
    root = _parse(found[0], _KNOWN_PREFIXES) if found else None
    return "".join(root.itertext()).strip() if root is not None else ""


def _parse(text: str, prefixes: dict[str, str]) -> etree._Element | None:
    declared = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in prefixes.items())
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    document = f"<rss {declared}>{_NOT_IN_XML.sub('', text)}</rss>"
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        return None


def _local_name(tag: str) -> str:
    """Returns an element's name with the usual prefix of its namespace."""
    space, _, name = tag.rpartition("}")
    if not space:
        return tag
    if "wordpress.org/export" in space:
        return f"excerpt:{name}" if "excerpt" in space else f"wp:{name}"
    if "purl.org/dc" in space:
        return f"dc:{name}"
    return f"content:{name}" if "content" in space else name


def _add_category(element: etree._Element, fields: Fields) -> None:
    if element.get("domain", "category") in {"category", "post_tag", "tag"}:
        fields.categories.append("".join(element.itertext()))


def _add_meta(element: etree._Element, fields: Fields) -> None:
    children = element.iterchildren(etree.Element)
    texts = {_local_name(child.tag): child.text or "" for child in children}
    fields.meta.setdefault(texts.get("wp:meta_key", ""), texts.get("wp:meta_value", "").strip())
