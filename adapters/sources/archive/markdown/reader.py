"""Reads posts in Markdown or HTML, one a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from typing_extensions import override

from adapters.sources.archive.markdown.document import markdown_paragraphs, template_paragraphs
from adapters.sources.archive.markdown.front_matter import (
    FrontMatter,
    FrontMatterError,
    split_front_matter,
)
from adapters.sources.archive.markdown.post_dates import published
from adapters.sources.archive.markdown.post_fields import (
    address,
    categories,
    image_address,
    key,
    language,
    name_slug,
    names,
    summary,
)
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
from adapters.sources.feed.html_text import clean_line
from bot.model import Paragraph
from bot.text.display import shorten

_HTML = frozenset({".html", ".htm", ".xhtml"})
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
    folders = PurePath(key(file)).parts[:-1]
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
    when = published(matter, file)
    if isinstance(when, ArchiveProblem):
        return when
    if not paragraphs:
        return ArchiveProblem(1, f'there is no text in "{shorten(title)}"')
    story = ParsedStory(
        line=matter.line_of("title"),
        title=title,
        place="",
        day=when.day,
        byline=names(matter),
        paragraphs=paragraphs,
        moment=when.moment,
        undated=when.undated,
        summary=summary(matter),
        key=key(file),
        url=address(matter, file.options.site),
        slug=matter.first("slug") or name_slug(file),
        categories=categories(matter),
        language=language(matter),
    )
    return replace(story, image=_image(matter, images, story, file))


def _split_title(
    title: str, paragraphs: tuple[Paragraph, ...], file: ArchiveFile
) -> tuple[str, tuple[Paragraph, ...]]:
    """Returns the title, and the text without it: a heading at its top may say it (again)."""
    first = paragraphs[0] if paragraphs else None
    if first and first.heading and (not title or first.text.casefold() == title.casefold()):
        return title or first.text, paragraphs[1:]
    words = name_slug(file).replace("-", " ").replace("_", " ")
    return title or clean_line(words).capitalize(), paragraphs


def _image(
    matter: FrontMatter, images: Sequence[str], story: ParsedStory, file: ArchiveFile
) -> str | None:
    """Returns the picture that a post names, else the first in it; relative to its page."""
    page = file.options.page_of(story) or file.options.site
    own = image_address(matter)
    return web_url(own, page) if own else first_image(images, page)
