"""Reads posts in Markdown or HTML, one a file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import PurePath

from typing_extensions import override

from adapters.sources.archive.markdown.document import markdown_paragraphs, template_paragraphs
from adapters.sources.archive.markdown.front_matter import (
    FrontMatter,
    FrontMatterError,
    split_front_matter,
)
from adapters.sources.archive.missing_dates import date_in_name
from adapters.sources.archive.model import (
    ArchiveItem,
    ArchiveProblem,
    Fault,
    LeftOut,
    ParsedStory,
)
from adapters.sources.archive.reader import MAX_STORY, ArchiveFile, ArchiveReader
from adapters.sources.archive.rich_text import first_image, plain_line, web_url
from adapters.sources.archive.text_file import open_text
from adapters.sources.feed.dates import parse_date
from adapters.sources.feed.html_text import clean_line
from bot.model import Paragraph
from bot.text.display import shorten

_HTML = frozenset({".html", ".htm", ".xhtml"})
_INDEX = frozenset({"index", "_index", "readme"})
_DATES = ("date", "publishdate", "pubdate", "pubdatetime", "published_at", "created", "created_at")
_ADDRESSES = ("canonical_url", "canonicalurl", "canonical", "permalink", "url")
_IMAGES = (
    "image",
    "image.path",
    "image.src",
    "image.url",
    "cover.image",
    "cover",
    "featured_image",
    "featuredimage",
    "thumbnail",
    "banner",
    "header.teaser",
    "header.image",
    "hero",
)
_SUMMARIES = ("description", "excerpt", "summary", "subtitle", "lead", "dek")
_CATEGORIES = ("categories", "category", "tags", "tag", "taxonomies.categories", "taxonomies.tags")
_DAY = re.compile(
    r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?P<rest>.*)"
)
_NAME_DATE = re.compile(r"^[0-9]{4}-?[0-9]{2}-?[0-9]{2}[-_ ]*")
_MAX_NAMES = 20
_UNDECODED = re.compile(r"[\ud800-\udfff]")


class MarkdownReader(ArchiveReader):
    """Reads posts."""

    @override
    def read(self, file: ArchiveFile) -> Iterator[ArchiveItem]:
        with open_text(file.path, file.encoding) as opened:
            text = opened.read(MAX_STORY + 1).removeprefix("\ufeff")
        yield _read_post(text, file)


def _read_post(text: str, file: ArchiveFile) -> ArchiveItem:
    if len(text) > MAX_STORY:
        return ArchiveProblem(1, f"this post has more than {MAX_STORY:,} characters")
    undecoded = _UNDECODED.search(text)
    if undecoded:
        line = text.count("\n", 0, undecoded.start()) + 1
        return ArchiveProblem(line, "bytes in another encoding in this post", Fault.UNDECODED)
    try:
        matter, body = split_front_matter(text)
    except FrontMatterError as error:
        return ArchiveProblem(error.line, str(error))
    kind = _kind_left_out(matter, file)
    return LeftOut(kind) if kind else _make_story(matter, body, file)


def _kind_left_out(matter: FrontMatter, file: ArchiveFile) -> str:
    """Returns what a file is that holds no published post; empty for a post."""
    folders = PurePath(_key(file)).parts[:-1]
    status = matter.first("status").casefold()
    if matter.is_true("draft") or status == "draft" or "_drafts" in folders:
        return "draft"
    if matter.is_false("published") or status in {"private", "hidden"} or matter.is_true("private"):
        return "private"
    is_page = "page" in {matter.first("layout").casefold(), matter.first("type").casefold()}
    return "page" if is_page or file.path.stem == "_index" else ""


def _make_story(matter: FrontMatter, body: str, file: ArchiveFile) -> ArchiveItem:
    is_html = file.path.suffix.lower() in _HTML
    paragraphs, images = (template_paragraphs if is_html else markdown_paragraphs)(body)
    title, paragraphs = _split_title(plain_line(matter.first("title")), paragraphs, file)
    published = _published(matter, file)
    if isinstance(published, ArchiveProblem):
        return published
    if not paragraphs:
        return ArchiveProblem(1, f'there is no text in "{shorten(title)}"')
    day, moment, undated = published
    url = _address(matter, file.options.site)
    base = url or file.options.site
    own_image = matter.first(*_IMAGES) or next(iter(matter.all("images")), "")
    return ParsedStory(
        line=matter.line_of("title"),
        title=title,
        place="",
        day=day,
        byline=clean_line(", ".join(matter.all("author", "authors")[:_MAX_NAMES])),
        paragraphs=paragraphs,
        moment=moment,
        undated=undated,
        summary=plain_line(matter.first(*_SUMMARIES)),
        key=_key(file),
        url=url,
        slug=matter.first("slug") or _name_slug(file),
        image=web_url(own_image, base) if own_image else first_image(images, base),
        categories=_categories(matter),
        language=matter.first("lang", "language", "locale"),
    )


def _split_title(
    title: str, paragraphs: tuple[Paragraph, ...], file: ArchiveFile
) -> tuple[str, tuple[Paragraph, ...]]:
    """Returns the title, and the text without it: a heading at its top may say it (again)."""
    first = paragraphs[0] if paragraphs else None
    if first and first.heading and (not title or first.text.casefold() == title.casefold()):
        return title or first.text, paragraphs[1:]
    return title or clean_line(
        _name_slug(file).replace("-", " ").replace("_", " ")
    ).capitalize(), paragraphs


def _published(
    matter: FrontMatter, file: ArchiveFile
) -> tuple[date, datetime | None, bool] | ArchiveProblem:
    """Returns day, moment and whether they are not its own; or why there is none."""
    written = matter.first(*_DATES)
    if written:
        return _parse_written(written, matter.line_of(*_DATES))
    named = date_in_name(file.path.name)
    if named:
        return named, None, False
    known = file.missing_dates().find()
    if known:
        return known, None, True
    return ArchiveProblem(1, f"the post {file.missing_dates().reason}")


def _parse_written(text: str, line: int) -> tuple[date, datetime | None, bool] | ArchiveProblem:
    found = _DAY.fullmatch(text)
    if found:
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            return ArchiveProblem(line, f'there is no such date as "{shorten(text)}"')
        if not found["rest"]:
            return day, None, False
    moment = parse_date(text)
    if moment is None:
        return ArchiveProblem(line, f'the date "{shorten(text)}" cannot be read')
    return moment.date(), moment.astimezone(UTC), False


def _address(matter: FrontMatter, site: str) -> str | None:
    """Returns the post's URL; a pattern such as `/:categories/:title/` gives none."""
    written = next(
        (text for text in map(matter.first, _ADDRESSES) if text and "/:" not in text), ""
    )
    return web_url(written, site) if written else None


def _categories(matter: FrontMatter) -> tuple[str, ...]:
    """Returns categories and tags; in a text, commas part them, or else spaces."""
    names: dict[str, None] = {}
    for name in _CATEGORIES:
        written = matter.all(name)
        parts = re.split(r"\s*,\s*", written[0]) if len(written) == 1 else written
        if len(parts) == 1 and matter.first(name):
            parts = parts[0].split() if name in {"categories", "tags"} else parts
        names.update(dict.fromkeys(filter(None, map(clean_line, parts))))
    return tuple(names)[:_MAX_NAMES]


def _name_slug(file: ArchiveFile) -> str:
    """Returns the post's name in its path: that of its folder, for a file called `index.md`."""
    path = file.path
    name = path.parent.name if path.stem.casefold() in _INDEX and path.parent.name else path.stem
    return _NAME_DATE.sub("", name) or name


def _key(file: ArchiveFile) -> str:
    """Returns the file's path below the source's folder."""
    name = os.path.relpath(file.path, file.options.root or file.path.parent)
    return os.fsencode(name).decode("utf-8", "replace")  # a name can be any bytes
