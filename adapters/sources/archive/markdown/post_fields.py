"""Fields of a post's front matter, by the names that Jekyll, Hugo and their themes use."""

from __future__ import annotations

import os
import re

from adapters.sources.archive.markdown.front_matter import FrontMatter
from adapters.sources.archive.reader import ArchiveFile
from adapters.sources.archive.rich_text import plain_line, web_url
from adapters.sources.feed.html_text import clean_line

_ADDRESSES = ("canonical_url", "canonicalurl", "canonical", "permalink", "url")
_IMAGES = (
    *("image", "image.path", "image.src", "image.url", "cover.image", "cover", "featured_image"),
    *("featuredimage", "thumbnail", "banner", "header.teaser", "header.image", "hero"),
)
_SUMMARIES = ("description", "excerpt", "summary", "subtitle", "lead", "dek")
_CATEGORIES = ("categories", "category", "tags", "tag", "taxonomies.categories", "taxonomies.tags")
_PARTED_BY_SPACES = frozenset({"categories", "tags"})  # in a text, as Jekyll reads them
_INDEX = frozenset({"index", "_index"})
_NAME_DATE = re.compile(r"^[0-9]{4}-?[0-9]{2}-?[0-9]{2}[-_ ]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_MAX_NAMES = 20


def names(matter: FrontMatter) -> str:
    """Returns the authors of a post."""
    return clean_line(", ".join(matter.all("author", "authors")[:_MAX_NAMES]))


def summary(matter: FrontMatter) -> str:
    """Returns the description of a post."""
    return plain_line(matter.first(*_SUMMARIES))


def language(matter: FrontMatter) -> str:
    """Returns the language of a post, such as `en`; empty when it does not say."""
    written = matter.first("lang", "language", "locale")
    return written.replace("_", "-") if _LANGUAGE.fullmatch(written) else ""


def image_address(matter: FrontMatter) -> str:
    """Returns the address of a post's picture as it is written; empty for none."""
    return matter.first(*_IMAGES) or next(iter(matter.all("images")), "")


def address(matter: FrontMatter, site: str) -> str | None:
    """Returns the post's own URL; a pattern such as `/:categories/:title/` gives none."""
    found = (matter.first(name) for name in _ADDRESSES)
    written = next((text for text in found if text and "/:" not in text), "")
    return web_url(written, site) if written else None


def categories(matter: FrontMatter) -> tuple[str, ...]:
    """Returns categories and tags; where they are one text, commas part them, or else spaces."""
    found: dict[str, None] = {}
    for name in _CATEGORIES:
        text = matter.first(name)
        parts = _split_names(text, name) if text else matter.all(name)
        found.update(dict.fromkeys(filter(None, map(clean_line, parts))))
    return tuple(found)[:_MAX_NAMES]


def _split_names(text: str, name: str) -> list[str]:
    if "," in text:
        return text.split(",")
    return text.split() if name in _PARTED_BY_SPACES else [text]


def name_slug(file: ArchiveFile) -> str:
    """Returns the post's name in its path: that of its folder, for a file called `index.md`."""
    path = file.path
    name = path.parent.name if path.stem.casefold() in _INDEX and path.parent.name else path.stem
    return _text(_NAME_DATE.sub("", name) or name)


def key(file: ArchiveFile) -> str:
    """Returns the file's path below the source's folder."""
    return _text(os.path.relpath(file.path, file.options.root or file.path.parent))


def _text(name: str) -> str:
    """Returns a name of a file as text: it can be any bytes."""
    return os.fsencode(name).decode("utf-8", "replace")
