"""Reads one archive from the disk, and reports its problems, those with one cause as one."""

from __future__ import annotations

import codecs
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from adapters.sources.archive.blocks import MAX_STORY, Line
from adapters.sources.archive.parser import ArchiveProblem, Fault, ParsedStory, parse_archive

MAX_REPORTED = 20
"""Problems of one file that are reported one by one."""

_MEBIBYTE = 1 << 20
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


# A thread that parses without a pause starves the event loop, though Python means to switch between
# threads; a short sleep lets readers be answered.
_STORIES_PER_PAUSE = 2
_PAUSE = 0.0001  # seconds


class ReadCancelledError(Exception):
    """The fetch was cancelled while its thread was reading."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options for reading archives.

    Attributes:
        encoding: A codec's name.
        max_bytes: A larger file is refused.
        is_cancelled: Called before each story; True ends the reading.
    """

    encoding: str
    max_bytes: int
    is_cancelled: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class FileContent:
    """The stories and problems of one archive.

    Attributes:
        stories: Its stories, in its order.
        problems: What could not be read.
        is_settled: False when the file itself could not be read, and may be next time although its
            size and time are the same.
    """

    stories: list[ParsedStory] = field(default_factory=list)
    problems: list[ArchiveProblem] = field(default_factory=list)
    is_settled: bool = True


def read_file(path: Path, options: ReadOptions) -> FileContent:
    """Reads one archive; what is wrong with the file becomes a problem in the result.

    Raises:
        ReadCancelledError: `options.is_cancelled` returned True.
    """
    try:
        return _read_unless_changing(path, options)
    except UnicodeError:
        return _refused_file(f"this is not {options.encoding} text{_advice(options.encoding)}")
    except FileNotFoundError:
        return _refused_file("the file is gone, or is a link to one that is", is_settled=False)
    except OSError as error:
        reason = f"the system cannot read it: {error.strerror or error}"
        return _refused_file(reason, is_settled=False)


def _read_unless_changing(path: Path, options: ReadOptions) -> FileContent:
    before = path.stat()
    refusal = _refusal_reason(path, before.st_mode, before.st_size, options)
    if refusal:
        return _refused_file(refusal)
    content = _read_text(path, options)
    if not before.st_size:
        content.problems = [ArchiveProblem(None, "the file is empty")]
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        reason = "it changed while it was read; the next poll reads it again"
        return _refused_file(reason, is_settled=False)
    return content


def _refusal_reason(path: Path, mode: int, size: int, options: ReadOptions) -> str:
    """Returns why the file cannot be an archive; empty when it may be one."""
    if stat.S_ISDIR(mode):
        return "this is a directory, not a file"
    if not stat.S_ISREG(mode):
        return "this is not a regular file"
    if size > options.max_bytes:
        found, limit = (f"{count / _MEBIBYTE:,.1f} MB" for count in (size, options.max_bytes))
        return f"its {found} are more than the {limit} allowed for an archive; split it"
    expects_marks = codecs.lookup(options.encoding).name.startswith(("utf-16", "utf-32"))
    if not expects_marks and _starts_as_utf16(path):
        return f"this is UTF-16 text{_advice(options.encoding, 'UTF-16')}"
    return ""


def _starts_as_utf16(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in _UTF16_MARKS


def _read_text(path: Path, options: ReadOptions) -> FileContent:
    content = FileContent()
    # What cannot be decoded becomes lone surrogates, by which the parser knows the story it is in.
    with path.open(encoding=options.encoding, errors="surrogateescape") as file:
        lines = _LineReader(file)
        for count, item in enumerate(parse_archive(lines)):
            if options.is_cancelled():
                raise ReadCancelledError
            if count % _STORIES_PER_PAUSE == 0:
                time.sleep(_PAUSE)
            if isinstance(item, ParsedStory):
                content.stories.append(item)
            else:
                content.problems.append(item)
    content.problems = _summarize_problems(content, lines.contain_nul, _advice(options.encoding))
    return content


class _LineReader:
    """Iterates over the lines of a text file, whatever they end with.

    A line too long for any story is cut: it is refused anyway, and might be the whole file.

    Attributes:
        contain_nul: True once a NUL was read, which no text has.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.contain_nul = False

    def __iter__(self) -> Iterator[Line]:
        number = 0
        while text := self._file.readline(MAX_STORY + 2):
            number += 1
            self.contain_nul = self.contain_nul or "\0" in text
            self._skip_rest(text)
            for part in _split_at_form_feeds(text):
                yield Line(number, part)

    def _skip_rest(self, text: str) -> None:
        while text and not text.endswith("\n"):
            text = self._file.readline(MAX_STORY)


def _split_at_form_feeds(line: str) -> list[str]:
    """Splits a line at form feeds; a form feed alone ends no paragraph."""
    if "\f" not in line:
        return [line]
    return [part for part in line.split("\f") if part.strip()] or [""]


def _summarize_problems(
    content: FileContent, contain_nul: bool, advice: str
) -> list[ArchiveProblem]:
    """Returns the file's problems, those with one cause as one."""
    problems = _merge_undecoded(content.problems, advice)
    if not content.stories:
        if contain_nul:
            reason = (
                "this is not a text file: it contains NUL bytes (if it is UTF-16, set `encoding`)"
            )
            return [ArchiveProblem(None, reason)]
        if not problems:
            return [ArchiveProblem(None, "there are no stories in this file")]
        if len(problems) > 1 and all(each.fault is Fault.NO_DATELINE for each in problems):
            reason = 'this is not an archive: it has no dateline such as "TOKYO, Nov. 29, 2023—"'
            return [ArchiveProblem(None, reason)]
    more = len(problems) - MAX_REPORTED
    if more > 0:
        return [*problems[:MAX_REPORTED], ArchiveProblem(None, f"and {more:,} more")]
    return problems


def _merge_undecoded(problems: list[ArchiveProblem], advice: str) -> list[ArchiveProblem]:
    undecoded = [each for each in problems if each.fault is Fault.UNDECODED]
    if not undecoded:
        return problems
    first, count = undecoded[0], len(undecoded)
    reason = first.reason if count == 1 else f"bytes in another encoding in {count:,} stories"
    merged = ArchiveProblem(first.line, reason + advice, Fault.UNDECODED)
    others = (merged if each is first else each for each in problems)
    return [each for each in others if each is merged or each.fault is not Fault.UNDECODED]


def _advice(encoding: str, other: str = "CP1252") -> str:
    return (
        f"; set this source's `encoding` (it is {encoding}) or convert the file to UTF-8, "
        f"for example with: iconv -f {other} -t UTF-8"
    )


def _refused_file(reason: str, *, is_settled: bool = True) -> FileContent:
    return FileContent(problems=[ArchiveProblem(None, reason)], is_settled=is_settled)
