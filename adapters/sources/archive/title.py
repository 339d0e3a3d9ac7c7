"""The title that archives give themselves: a blog's, in its export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from adapters.sources.archive.forms import decode_head, is_export
from adapters.sources.archive.rich_text import plain_line
from adapters.sources.archive.text_file import marked_encoding, read_head
from adapters.sources.paths import expand_patterns
from bot.errors import SourceError

_MOST = 20  # files that are looked at
_LONGEST = 100  # characters; a longer one is no name


def archive_title(patterns: Sequence[str], encoding: str) -> str:
    """Returns the title of the first archive that has one; empty for none, and where none is read.

    Args:
        patterns: As `expand_patterns` takes them.
        encoding: Of the files, as Python names it.
    """
    try:
        paths, _ = expand_patterns(patterns)
    except SourceError:
        return ""  # the next poll says so
    titles = (_title(Path(path), encoding) for path in paths[:_MOST])
    return next(filter(None, titles), "")


def _title(path: Path, encoding: str) -> str:
    try:
        head = read_head(path) if path.is_file() else b""
    except OSError:
        return ""  # whoever reads it says why
    text = decode_head(head, marked_encoding(head, encoding))
    title = plain_line(_export_title(text)) if is_export(text) else ""
    return title if len(title) <= _LONGEST else ""


def _export_title(head: str) -> str:
    # Its XML library takes memory, and few have an export.
    from adapters.sources.archive.wordpress.fields import read_title  # noqa: PLC0415 - as above

    return read_title(head)
