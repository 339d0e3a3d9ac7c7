"""Tells in which form a file keeps its stories, by its path and its first bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from adapters.sources.archive.mail.separators import opens_mailbox
from adapters.sources.archive.markdown.front_matter import opens_with_front_matter
from adapters.sources.archive.reader import ArchiveReader
from adapters.sources.archive.text.datelines import opens_with_dateline, opens_with_full_dateline
from adapters.sources.archive.text.lines import clean_line
from adapters.sources.archive.text.reader import TextReader

_TEXT = TextReader()

_MARKDOWN_NAMES = frozenset(".md .markdown .mdown .mkd .mkdn .mdwn .mdx .qmd .rmd".split())
_HTML_NAMES = frozenset(".html .htm .xhtml".split())
_TEXT_NAMES = frozenset({".txt", ".text", ".asc", ""})
# What stands in the folder of a site beside its posts.
_ABOUT_THE_SITE = re.compile(
    r"(?:readme|license|licence|changelog|contributing|copying|authors|security|code_of_conduct|"
    r"robots|humans|ads)(?:\..*)?",
    re.IGNORECASE,
)
_EXPORT = re.compile(r"\s*(?:<\?xml|<!--|<rss\b)", re.IGNORECASE)
_END_MARK = re.compile(r"(?:###|# # #|-30-)\s*")


class UnknownFormError(ValueError):
    """The file has none of the forms; the message says what it seems to be."""


def reader_for(path: Path, head: bytes, encoding: str) -> ArchiveReader:
    """Returns the reader for a file that the operator named.

    Args:
        path: Its path.
        head: Its first bytes.
        encoding: Its encoding.

    Raises:
        UnknownFormError: It is plainly something else.
    """
    found = recognise(path, head, encoding)
    if found:
        return found
    if head.lstrip()[:5].lower() == b"<?xml":
        raise UnknownFormError("this is XML, but no export of WordPress; is it a feed?")
    return _TEXT


def recognise(path: Path, head: bytes, encoding: str) -> ArchiveReader | None:
    """Returns the reader for a file that has one of the forms for sure; None for another."""
    text = decode_head(head, encoding)
    if opens_mailbox(head):
        return _mail()
    if is_export(text):
        return _wordpress()
    suffix = path.suffix.lower()
    if suffix in _MARKDOWN_NAMES | _HTML_NAMES | _TEXT_NAMES and opens_with_front_matter(text):
        return _markdown()
    if suffix in _MARKDOWN_NAMES:
        return _TEXT if _has_story(text, opens_with_full_dateline) else _markdown()
    return _TEXT if suffix in _TEXT_NAMES and _has_story(text, opens_with_dateline) else None


def is_export(text: str) -> bool:
    """Returns True for the beginning of a WordPress export."""
    return _EXPORT.match(text) is not None and "wordpress.org/export/" in text


def is_beside_stories(path: Path) -> bool:
    """Returns True for files that sites have beside their posts, such as a README."""
    return _ABOUT_THE_SITE.fullmatch(path.name) is not None


def may_be_text(path: Path) -> bool:
    """Returns True for a file that may be a text archive although it does not look like one."""
    return path.suffix.lower() in _TEXT_NAMES - {""}


def decode_head(head: bytes, encoding: str) -> str:
    """Decodes the beginning of a file, with the line ends of Unix."""
    try:
        text = head.decode(encoding, "replace")
    except UnicodeError:  # some codecs know no replacement
        text = head.decode("latin-1")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _has_story(text: str, is_dateline: Callable[[str], bool]) -> bool:
    """Returns True for the beginning of a text in which an end mark or a dateline stands."""
    return any(
        _END_MARK.fullmatch(line) or is_dateline(clean_line(line)) for line in text.split("\n")
    )


# Each form brings libraries of its own, which stay in memory; most archives are of one form.


@cache
def _markdown() -> ArchiveReader:
    from adapters.sources.archive.markdown.reader import MarkdownReader  # noqa: PLC0415 - as above

    return MarkdownReader()


@cache
def _wordpress() -> ArchiveReader:
    from adapters.sources.archive.wordpress.reader import WordPressReader  # noqa: PLC0415 - as above

    return WordPressReader()


@cache
def _mail() -> ArchiveReader:
    from adapters.sources.archive.mail.reader import MailReader  # noqa: PLC0415 - as above

    return MailReader()
