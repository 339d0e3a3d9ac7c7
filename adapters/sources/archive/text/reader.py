"""Reads text archives from files: once for what its marks mean, once for its stories."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import override

from adapters.sources.archive.model import ArchiveItem
from adapters.sources.archive.reader import ArchiveFile, ArchiveReader
from adapters.sources.archive.text.end_marks import weigh_marks
from adapters.sources.archive.text.lines import TextLine
from adapters.sources.archive.text.parser import parse_archive
from adapters.sources.archive.text_file import open_text, read_lines

_LINES_PER_PAUSE = 200


class TextReader(ArchiveReader):
    """Reads text archives."""

    @override
    def read(self, file: ArchiveFile) -> Iterator[ArchiveItem]:
        dates = file.missing_dates()
        with open_text(file.path, file.encoding) as text:
            evidence = weigh_marks(_unhurried(read_lines(text), file))
        ends = evidence.end_marks(needs_dateline=not dates.is_wanted)
        with open_text(file.path, file.encoding) as text:
            yield from parse_archive(read_lines(text), ends, dates)


def _unhurried(lines: Iterator[TextLine], file: ArchiveFile) -> Iterator[TextLine]:
    """Yields the lines with pauses."""
    for count, line in enumerate(lines, start=1):
        if count % _LINES_PER_PAUSE == 0:
            file.options.rest()
        yield line
