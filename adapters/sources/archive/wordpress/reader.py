"""Reads WordPress exports: published posts are stories, all else is left out and counted."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from urllib.parse import unquote

from typing_extensions import override

from adapters.sources.archive.model import (
    ArchiveItem,
    ArchiveProblem,
    Fault,
    LeftOut,
    ParsedStory,
)
from adapters.sources.archive.reader import MAX_STORY, ArchiveFile, ArchiveReader
from adapters.sources.archive.rich_text import first_image, html_paragraphs, plain_line, web_url
from adapters.sources.archive.text_file import open_text, read_head
from adapters.sources.archive.wordpress.content import content_html
from adapters.sources.archive.wordpress.fields import (
    Fields,
    read_authors,
    read_fields,
    read_prefixes,
)
from adapters.sources.archive.wordpress.items import MAX_ITEM, ExportItem, split_items
from adapters.sources.feed.dates import parse_date
from adapters.sources.feed.html_text import clean_line
from bot.text.display import shorten

_MAX_NAMES = 20
_MAX_ATTACHMENTS = 200_000  # addresses of pictures that are kept for the posts they belong to
_MAX_TITLE = 100
_ITEMS_PER_PAUSE = 20
_UNDECODED = re.compile(r"[\ud800-\udfff]")
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_NO_DATE = "0000-00-00 00:00:00"
_KINDS = {"page": "page", "attachment": "attachment"}
_STATES = {
    "publish": "",
    "draft": "draft",
    "auto-draft": "draft",
    "pending": "draft",
    "future": "scheduled",
}


@dataclass(slots=True)
class _Export:
    """The part of an export that holds for all its items.

    Attributes:
        prefixes: Its namespaces.
        authors: Names of its authors.
        pictures: Addresses of attached pictures, by their ids.
    """

    prefixes: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)


class WordPressReader(ArchiveReader):
    """Reads exports: once for what items refer to, once for the items."""

    @override
    def read(self, file: ArchiveFile) -> Iterator[ArchiveItem]:
        export = _Export()
        for raw in _raw_items(file):
            _look_up(raw, export)
        for raw in _raw_items(file):
            if raw.is_item:
                yield _read_item(raw, export, file)


def _raw_items(file: ArchiveFile) -> Iterator[ExportItem]:
    with open_text(file.path, _declared_encoding(file)) as opened:
        for count, raw in enumerate(split_items(opened), start=1):
            if count % _ITEMS_PER_PAUSE == 0:
                file.options.rest()
            yield raw


def _declared_encoding(file: ArchiveFile) -> str:
    """Returns the encoding that the XML declaration names, where it can be true."""
    head = read_head(file.path)
    declared = _DECLARATION.match(head)
    if declared is None:
        return file.encoding
    name = declared[1].decode("ascii", "replace")
    try:
        known = codecs.lookup(name).name
        " ".encode(known)  # refuses what encodes no text
    except (LookupError, ValueError):
        return file.encoding
    is_wide = known.startswith(("utf-16", "utf-32"))  # then nobody could have read the declaration
    return file.encoding if is_wide else known


def _look_up(raw: ExportItem, export: _Export) -> None:
    """Notes what an item or the header says about other items."""
    if not raw.is_item:
        export.prefixes = read_prefixes(raw.text)
        export.authors = read_authors(raw.text, export.prefixes)
    elif len(export.pictures) < _MAX_ATTACHMENTS and not raw.is_too_long:
        text = raw.text
        fields = read_fields(text, export.prefixes) if "attachment_url" in text else None
        url = web_url(fields["wp:attachment_url"]) if fields else None
        if fields and url:
            export.pictures[fields["wp:post_id"]] = url


def _read_item(raw: ExportItem, export: _Export, file: ArchiveFile) -> ArchiveItem:
    fields = _parse_item(raw, export)
    if isinstance(fields, ArchiveProblem):
        return fields
    if not raw.is_whole:
        return ArchiveProblem(raw.line, f"the item {_name(fields)} is cut off")
    kind = _kind_left_out(fields)
    if kind:
        return LeftOut(kind)
    if len(fields["content:encoded"]) > MAX_STORY:
        reason = f"the post {_name(fields)} has more than {MAX_STORY:,} characters"
        return ArchiveProblem(raw.line, reason)
    return _make_story(fields, raw.line, export, file)


def _parse_item(raw: ExportItem, export: _Export) -> Fields | ArchiveProblem:
    if raw.is_too_long:
        return ArchiveProblem(raw.line, f"this item has more than {MAX_ITEM:,} characters")
    text = raw.text
    if _UNDECODED.search(text):
        return ArchiveProblem(raw.line, "bytes in another encoding in this item", Fault.UNDECODED)
    fields = read_fields(text, export.prefixes)
    return fields or ArchiveProblem(raw.line, "this item cannot be read")


def _kind_left_out(fields: Fields) -> str:
    """Returns what an item is that is no published post; empty for a post."""
    kind = fields["wp:post_type"] or "post"
    if kind != "post":
        return _KINDS.get(kind, "other")
    if fields["wp:post_password"]:
        return "private"
    return _STATES.get(fields["wp:status"] or "publish", "private")


def _make_story(fields: Fields, line: int, export: _Export, file: ArchiveFile) -> ArchiveItem:
    paragraphs, images = html_paragraphs(content_html(fields["content:encoded"]))
    url = web_url(fields["link"], file.options.site)
    image = export.pictures.get(fields.meta.get("_thumbnail_id", ""))
    image = image or first_image(images, url or file.options.site)
    title = plain_line(fields["title"])
    if not paragraphs and not (title and (url or image)):
        return ArchiveProblem(line, f"there is no text in the post {_name(fields)}")
    published = _published(fields, file)
    if published is None:
        return ArchiveProblem(line, _dateless(fields, file))
    moment, undated = published
    login = fields["dc:creator"]
    names = filter(None, map(plain_line, fields.categories))
    return ParsedStory(
        line=line,
        title=title or shorten(paragraphs[0].text, _MAX_TITLE),
        place="",
        day=moment.date(),
        byline=clean_line(export.authors.get(login, login)),
        paragraphs=paragraphs,
        moment=moment,
        undated=undated,
        summary=plain_line(fields["excerpt:encoded"]),
        key=clean_line(fields["guid"] or fields["wp:post_id"]) or url or "",
        url=url,
        slug=unquote(fields["wp:post_name"]),
        image=image,
        categories=tuple(dict.fromkeys(names))[:_MAX_NAMES],
    )


def _published(fields: Fields, file: ArchiveFile) -> tuple[datetime, bool] | None:
    """Returns when a post was published, and whether that is not its own date."""
    for name in ("wp:post_date_gmt", "pubDate", "wp:post_date"):
        moment = parse_date(fields[name]) if fields[name] else None
        if moment:
            return moment.astimezone(UTC), False
    if any(fields[name] not in {"", _NO_DATE} for name in ("wp:post_date", "pubDate")):
        return None
    known = file.missing_dates().find()
    return (datetime.combine(known, time(), UTC), True) if known else None


def _dateless(fields: Fields, file: ArchiveFile) -> str:
    written = fields["wp:post_date"] or fields["pubDate"]
    if written in {"", _NO_DATE}:
        return f"the post {_name(fields)} {file.missing_dates().reason}"
    return f'there is no such date as "{shorten(written)}", in the post {_name(fields)}'


def _name(fields: Fields) -> str:
    return f'"{shorten(plain_line(fields["title"]) or fields["wp:post_id"])}"'
