"""Links of a page that may lead to stories, and what their addresses look like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from adapters.sources.feed.links import strip_tracking
from adapters.sources.page.document import Element, PageTree, names_of, text_of
from bot.text.canonical_urls import canonical_url
from bot.text.urls import split_url

_MAX_LINKS = 5_000
_LEVELS = 4  # of elements whose tags and classes make a link's shape
# Classes that differ between stories of one list.
_VARYING = re.compile(
    r"\d|^(?:first|last|odd|even)[-_]|[-_](?:first|last|odd|even)$|^(?:odd|even|first|last|alt|active|current|sticky|hentry|hidden|new|has|is|no|"
    r"(?:category|tag|post|type|format|status|author|section|topic|entry-category)-.+)$"
)
_CHROME_TAGS = frozenset(("nav", "footer", "menu"))
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|navigation|menu|menus|submenu|megamenu|footer|foot|breadcrumbs?|"
    r"crumbs?|pagination|pager|pages|paging|social|share|sharing|cookie|cookies|consent|skip|login|"
    r"toolbar|topbar|languages?|lang|sitemap|copyright|legal|subnav|mainnav|fnav)(?:$|[\s_-])"
)
_BESIDE_TAGS = frozenset(("aside",))
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:sidebar|side|aside|widget|widgets|related|recommended|recommendations|popular|"
    r"trending|most-?read|mostread|most-?viewed|recent-?(?:posts|comments)|tagcloud|ads?|advert|"
    r"advertisement|sponsored|sponsor|promo|promos|banner|newsletter|subscribe|secondary|rightcol|"
    r"right-col|leftcol|partners?|ranking|ticker|blogroll|cat-links|post-tags)(?:$|[\s_-])|"
    r"(?:^|\s)(?:comments?|commentlist|tags?|meta|byline|author)(?:$|\s)"
)
_SECTION_PATH = re.compile(
    r"/(?:tags?|category|categories|author|authors|topics?|users?|profile|login|log-in|signin|register|"
    r"search|page|about|contact|privacy|terms|feed|rss|wp-login|cart|account|subscribe|help|faq|"
    r"archives?|labels?|members?|forumdisplay|shop|store)(?:/|\.\w+|$)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|respond|disqus|reply|more|kommentar|reacti", re.IGNORECASE)
_BLOGGER = "Blog1"  # what Blogger calls the posts themselves, a widget like its boxes
_BEFORE, _REST = 15, 60  # characters of a paragraph, before a link in it and besides
_WRAPPER = 0.5  # of the page's words, from which an element wraps the page and is no box of it
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp4|zip|css|js)$", re.IGNORECASE)
_ARTICLE_PATH = re.compile(
    r"/(?:19|20)[0-9]{2}/|[0-9]{4}|(?:[^\W_]{1,30}[-_]){3}|\.s?html?$|\.aspx?$|/(?:news|article|story|stories|"
    r"post|posts|press|release|blog|p|entry)[/-]",
    re.IGNORECASE,
)
_ARTICLE_QUERY = re.compile(
    r"(?:^|&)(?:p|id|\w*id|article|story|news|item|a|n|no|seq)=[\w-]*[0-9]", re.IGNORECASE
)


@dataclass(slots=True)
class StoryLink:
    """A link that may lead to a story.

    Attributes:
        element: The anchor.
        url: Where it leads, without tracking.
        key: The canonical form of that, by which two are the same.
        text: The anchor's words.
        shape: The tags and classes of the anchor and of those around it.
        is_inside: True when it leads to the page's own site.
        in_chrome: True in the site's navigation, its footer and the like.
        is_beside: True in a box beside the page's own content.
        looks: From -1 for an address that looks like a section's to 1 for one like a story's.
        path: The elements around it, the innermost first, itself included.
    """

    element: Element
    url: str
    key: str
    text: str
    shape: tuple[str, ...]
    is_inside: bool
    in_chrome: bool
    is_beside: bool
    looks: float
    path: list[Element] = field(default_factory=list, repr=False)


def story_links(document: PageTree) -> list[StoryLink]:
    """Returns the links to other pages, in their order."""
    here = canonical_key(document.url)
    return [link for link in _links(document) if link.key and link.key != here]


def _links(document: PageTree) -> Iterator[StoryLink]:
    wrappers, site = _wrappers(document), site_of(document.url)
    for number, anchor in enumerate(document.root.iter("a")):
        if number >= _MAX_LINKS:
            return
        address = document.address(anchor.get("href", ""))
        url = _without_comments(strip_tracking(address) or "")
        path = [anchor, *anchor.iterancestors()]
        if url and not _FILE.search(url) and not _is_in_text(path, document):
            around = [each for each in path if each not in wrappers]
            yield StoryLink(
                anchor,
                url,
                canonical_key(url) or ("" if site_of(url) == site else f"{site_of(url)}/"),
                text_of(anchor),
                tuple(map(_shape, path[:_LEVELS])),
                site_of(url) == site,
                any(_is(each, _CHROME_TAGS, _CHROME) for each in around),
                any(_is(each, _BESIDE_TAGS, _BESIDE) for each in around),
                address_looks(url),
                path,
            )


def _is_in_text(path: Sequence[Element], document: PageTree) -> bool:
    """Tells if a link stands within the sentences of a paragraph."""
    for inner, element in pairwise(path[:_LEVELS]):
        if element.tag == "p":
            before = len((element.text or "").strip())
            for sibling in inner.itersiblings(preceding=True):
                before += document.lengths[sibling] + len((sibling.tail or "").strip())
            rest = document.lengths[element] - document.lengths[path[0]]
            return before >= _BEFORE and rest >= _REST
    return False


def _without_comments(url: str) -> str:
    """Returns a URL without a fragment that leads to the comments below a story, or on in it."""
    page, _, fragment = url.partition("#")
    return page if _COMMENTS.search(fragment) else url


def _wrappers(document: PageTree) -> frozenset[Element]:
    """Returns the elements that hold most of the page's words."""
    most = document.lengths[document.root] * _WRAPPER
    return frozenset(element for element, length in document.lengths.items() if length > most)


def canonical_key(url: str) -> str:
    """Returns a text that is the same for all addresses of a page; empty for a whole site."""
    found = canonical_url(url)
    if found is None:
        return ""
    query = "&".join(sorted(f"{name}={value}" for name, value in found.parameters))
    return found.location + (f"?{query}" if query else "")


def site_of(url: str) -> str:
    """Returns the last two labels of a URL's host, which are enough to tell other sites."""
    parts = split_url(url)
    return ".".join(((parts.hostname or "") if parts else "").split(".")[-2:])


def address_looks(url: str) -> float:
    """Tells if an address looks like a story's: from -1 for a section's to 1."""
    parts = split_url(url)
    if parts is None:
        return -1.0
    is_section = _SECTION_PATH.search(parts.path) is not None
    if _ARTICLE_QUERY.search(parts.query) or _ARTICLE_PATH.search(parts.path):
        return 0.0 if is_section else 1.0
    depth = parts.path.strip("/").count("/")
    return -1.0 if is_section else (0.2 if depth else -0.3)


def _shape(element: Element) -> str:
    classes = str(element.get("class", "")).split()
    kept = sorted(each for each in classes if not _VARYING.search(each))
    return f"{element.tag}.{'.'.join(kept)}"


def _is(element: Element, tags: frozenset[str], names: re.Pattern[str]) -> bool:
    if element.get("id") == _BLOGGER:
        return False
    return (
        element.tag in tags
        or element.get("role") == "navigation"
        or bool(names.search(names_of(element)))
    )
