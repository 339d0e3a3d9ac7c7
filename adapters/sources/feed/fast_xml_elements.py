"""The elements that `fast_xml` reads and ignores, and those that only feedparser reads.

Where a document holds one of the last, `NeedsFeedparserError` hands it over to feedparser, so that
nothing is lost.
"""

from __future__ import annotations

ATOM = "{http://www.w3.org/2005/Atom}"
RSS1 = "{http://purl.org/rss/1.0/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
DCTERMS = "{http://purl.org/dc/terms/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
FEEDBURNER = "{http://rssnamespace.org/feedburner/ext/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"


class NeedsFeedparserError(Exception):
    """The document holds something that only feedparser reads."""


_RSS = {
    "title": "title",
    "link": "link",
    "description": "description",
    "pubDate": "published",
    "guid": "guid",
    "author": "author",
    "category": "category",
    "enclosure": "enclosure",
    "image": "picture",
    "source": "nothing",
    "comments": "nothing",
}
_ATOM = {
    "title": "title",
    "link": "atom_link",
    "id": "guid",
    "summary": "summary",
    "content": "content",
    "published": "published",
    "updated": "updated",
    "author": "person",
    "category": "atom_category",
    "contributor": "nothing",
    "source": "nothing",
    "rights": "nothing",
}
_MEDIA = {
    "content": "media",
    "group": "media_group",
    "thumbnail": "thumbnail",
    "title": "late_title",
    "description": "caption",
    "keywords": "keywords",
    "category": "category",
    **dict.fromkeys(
        "credit player copyright rating adult hash text restriction community comments embed "
        "responses backLinks status price license subTitle peerLink location rights scenes "
        "statistics starRating tags".split(),
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
        "publisher rights identifier format type source contributor relation coverage".split(),
        "nothing",
    ),
}
_DCTERMS = {"created": "created", "issued": "published", "modified": "updated"}
_ITUNES = {
    "author": "author",
    "summary": "description",
    "subtitle": "subtitle",
    "keywords": "keywords",
    "image": "artwork",
    "title": "late_title",
    "category": "itunes_category",
    **dict.fromkeys(
        "duration explicit block episode season episodetype order isclosedcaptioned owner "
        "new-feed-url complete type podcastseason".split(),
        "nothing",
    ),
}

ITEM_ELEMENTS: dict[str, str] = {
    **_RSS,
    **{RSS1 + name: meaning for name, meaning in _RSS.items()},
    **{ATOM + name: meaning for name, meaning in _ATOM.items()},
    **{MEDIA + name: meaning for name, meaning in _MEDIA.items()},
    **{DC + name: meaning for name, meaning in _DC.items()},
    **{DCTERMS + name: meaning for name, meaning in _DCTERMS.items()},
    CONTENT + "encoded": "encoded",
    FEEDBURNER + "origLink": "original_link",
}
"""The method of `ItemReader` for an element of an item, by its name; `nothing` to ignore it."""

for _name, _meaning in _MEDIA.items():  # its namespace once had no slash at its end
    ITEM_ELEMENTS["{http://search.yahoo.com/mrss}" + _name] = _meaning

for _name, _meaning in _ITUNES.items():  # its namespace is written in two ways
    ITEM_ELEMENTS[ITUNES + _name] = _meaning
    ITEM_ELEMENTS["{http://www.itunes.com/DTDs/PodCast-1.0.dtd}" + _name] = _meaning
    ITEM_ELEMENTS["{http://www.itunes.com/DTDs/Podcast-1.0.dtd}" + _name] = _meaning

FEEDPARSER_NAMES = frozenset(
    "abstract author body category channel cloud content contributor copyright created description "
    "email enclosure entry expirationdate feed fullitem generator guid height homepage id image "
    "info issued item items keywords language lastbuilddate link logo managingeditor modified name "
    "newlocation productname published pubdate rights rss source subtitle summary tagline tags "
    "textinput title ttl updated uri url webmaster width".split()
)
"""Names that feedparser has a meaning for in the namespaces of RSS and Atom, in small letters."""

FEEDPARSER_PREFIXES = frozenset(
    "admin cc content creativecommons dc dcterms feedburner geo georss gml itunes l media psc rdf "
    "xhtml xml".split()
)
"""Prefixes that feedparser has a meaning for, whatever namespace they are bound to."""

IGNORED_NAMESPACES = frozenset(
    f"{{{uri}}}"
    for uri in (
        "http://purl.org/rss/1.0/modules/slash/",
        "http://purl.org/rss/1.0/modules/syndication/",
        "http://purl.org/rss/1.0/modules/threading/",
        "http://purl.org/syndication/thread/1.0",
        "http://wellformedweb.org/CommentAPI/",
        "http://wellformedweb.org/commentAPI/",
        "http://webns.net/mvcb/",
        "http://www.georss.org/georss",
        "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "http://www.google.com/schemas/play-podcasts/1.0",
        "https://podcastindex.org/namespace/1.0",
        "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
        "http://madskills.com/public/xml/rss/module/trackback/",
        "http://prismstandard.org/namespaces/basic/2.0/",
        "http://www.youtube.com/xml/schemas/2015",
        "http://schemas.google.com/g/2005",
        "http://podlove.org/simple-chapters",
        "http://web.resource.org/cc/",
        "http://creativecommons.org/ns#license",
        "http://backend.userland.com/creativeCommonsRssModule",
        "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html",
        "http://www.opengis.net/gml",
        "com-wordpress:feed-additions:1",
    )
)
"""Namespaces, in braces, of whose elements none becomes a part of a story."""
