"""The elements of feeds by their namespaces, and what each means, as feedparser takes them.

A namespace is known by its address, however that is written, or else by its prefix. An element
without a namespace, or with an unknown one and no prefix, is one of RSS or Atom.
"""

from __future__ import annotations

from functools import lru_cache

XML = "{http://www.w3.org/XML/1998/namespace}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LONG = 200  # characters of a name that is not remembered
_ATOM_ID = "{http://www.w3.org/2005/Atom}id"  # those of older versions may be relative


class NeedsFeedparserError(Exception):
    """The document holds something that only feedparser reads."""


_GROUPS = {
    "": (
        "http://backend.userland.com/rss",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/rss/1.0",
        "http://purl.org/rss/1.0/modules/rss091",
        "http://my.netscape.com/rdf/simple/0.9",
        "http://www.w3.org/2005/atom",
        "http://purl.org/atom/ns",
        "http://example.com/newformat",
        "http://example.com/necho",
        "http://purl.org/echo",
        "uri/of/echo/namespace",
        "http://purl.org/pie",
    ),
    "dc": ("http://purl.org/dc/elements/1.1", "http://purl.org/dc/elements/1.0"),
    "dcterms": ("http://purl.org/dc/terms",),
    "content": ("http://purl.org/rss/1.0/modules/content",),
    "media": (
        "http://search.yahoo.com/mrss",
        "http://www.rssboard.org/media-rss",
        "http://video.search.yahoo.com/mrss",
    ),
    "itunes": (
        "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "http://example.com/dtds/podcast-1.0.dtd",
    ),
    "googleplay": ("http://www.google.com/schemas/play-podcasts/1.0",),
    "feedburner": ("http://rssnamespace.org/feedburner/ext/1.0",),
    "rdf": ("http://www.w3.org/1999/02/22-rdf-syntax-ns",),
    "xhtml": ("http://www.w3.org/1999/xhtml",),
}
_BY_ADDRESS = {address: group for group, addresses in _GROUPS.items() for address in addresses}

# What an element of an item means: the method of `ItemReader` that reads it. Those that are left
# out are searched for known ones inside, as are all unknown ones.
_CORE = {
    "title": "title",
    "link": "link",
    "id": "relative_id",
    "guid": "guid",
    "description": "description",
    "summary": "description",
    "abstract": "description",
    "subtitle": "subtitle",
    "tagline": "subtitle",
    "content": "content",
    "body": "body",
    "fullitem": "encoded",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "created": "created",
    "author": "author",
    "managingeditor": "author",
    "category": "category",
    "keywords": "category",
    "tags": "keywords",
    "enclosure": "enclosure",
    "image": "picture",
    "language": "language",
    **dict.fromkeys(
        "source comments contributor rights copyright info generator cloud textinput webmaster "
        "expirationdate newlocation ttl docs rating skipdays skiphours".split(),
        "nothing",
    ),
}
_DC = {
    "title": "title",
    "creator": "author",
    "author": "author",
    "date": "updated",
    "subject": "category",
    "description": "description",
    "language": "language",
    **dict.fromkeys(
        "publisher rights contributor identifier source relation format type coverage".split(),
        "nothing",
    ),
}
_DCTERMS = {"created": "created", "issued": "published", "modified": "updated"}
_MEDIA = {
    "content": "media",
    "group": "media_group",
    "thumbnail": "thumbnail",
    "title": "late_title",
    "description": "caption",
    "keywords": "keywords",
    "category": "category",
}
_ITUNES = {
    "author": "author",
    "summary": "description",
    "subtitle": "subtitle",
    "keywords": "keywords",
    "image": "artwork",
    "link": "artwork",
    "title": "late_title",
    "category": "itunes_category",
    "duration": "duration",
    "owner": "nothing",
}
_GOOGLEPLAY = {"author": "late_author", "description": "subtitle", "image": "artwork"}
_MEANINGS = {
    "": _CORE,
    "dc": _DC,
    "dcterms": _DCTERMS,
    "media": _MEDIA,
    "itunes": _ITUNES,
    "googleplay": _GOOGLEPLAY,
    "content": {"encoded": "encoded"},
    "feedburner": {"origlink": "original_link"},
    "xhtml": {"body": "body"},
}


def local_name(tag: str) -> str:
    """Returns the name of an element without its namespace, in small letters."""
    return tag.rpartition("}")[2].lower()


def group_of(tag: str, prefix: str | None) -> str:
    """Returns the short name of an element's namespace; empty for RSS and Atom.

    Args:
        tag: As lxml writes it, with its namespace.
        prefix: That of the document, which counts where the namespace is unknown.
    """
    if tag[0] != "{":
        return ""
    address = tag[1:].partition("}")[0].lower().rstrip("/#").replace("https://", "http://", 1)
    if "backend.userland.com/rss" in address:
        return ""
    return _BY_ADDRESS.get(address, (prefix or "").lower())


def meaning_of(tag: str, prefix: str | None) -> str:
    """Returns what an element means to an item; empty for an unknown one.

    What stands in an unknown element may have a meaning.
    """
    return (_meaning if len(tag) > _LONG else _known_meaning)(tag, prefix)


def _meaning(tag: str, prefix: str | None) -> str:
    if tag == _ATOM_ID:
        return "guid"
    return _MEANINGS.get(group_of(tag, prefix), {}).get(local_name(tag), "")


_known_meaning = lru_cache(maxsize=1_000)(_meaning)
