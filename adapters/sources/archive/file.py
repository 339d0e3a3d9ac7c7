"""Reads one archive from the disk, and tells what is wrong with it in as few words as possible."""

from __future__ import annotations

import codecs
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from adapters.sources.archive.blocks import MAX_STORY, Line
from adapters.sources.archive.parser import ArchiveProblem, Fault, ParsedStory, parse

MAX_REPORTED = 20
"""Problems of one file that are told one by one."""

_MEBIBYTE = 1 << 20
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


# A thread that reads without a pause keeps the event loop waiting for half a second at times,
# though Python means to switch between them; a moment's sleep lets readers be answered.
_BREATHS = 2  # stories from one to the next
_BREATH = 0.0001  # seconds


class StoppedError(Exception):
    """Nobody waits for the stories any more."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How archives are read.

    Attributes:
        encoding: A codec's name.
        max_bytes: A larger file is refused.
        stopped: Asked before each story; True ends the reading.
    """

    encoding: str
    max_bytes: int
    stopped: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class FileContent:
    """What one archive holds.

    Attributes:
        stories: Its stories, in its order.
        problems: What could not be read.
        is_settled: False when the file itself could not be read, and may be next time although its
            size and time are the same.
    """

    stories: list[ParsedStory] = field(default_factory=list)
    problems: list[ArchiveProblem] = field(default_factory=list)
    is_settled: bool = True


def read_file(path: Path, reading: ReadOptions) -> FileContent:
    """Reads one archive. What is wrong with the file is told in the result, never raised.

    Raises:
        StoppedError: `reading.stopped` said so.
    """
    try:
        return _read_unless_changing(path, reading)
    except UnicodeError:
        return _refused(f"this is no {reading.encoding} text{_advice(reading.encoding)}")
    except FileNotFoundError:
        return _refused("the file is gone, or a link to one that is", is_settled=False)
    except OSError as error:
        reason = f"the system cannot read it: {error.strerror or error}"
        return _refused(reason, is_settled=False)


def _read_unless_changing(path: Path, reading: ReadOptions) -> FileContent:
    before = path.stat()
    refusal = _refusal(path, before.st_mode, before.st_size, reading)
    if refusal:
        return _refused(refusal)
    content = _read_text(path, reading)
    if not before.st_size:
        content.problems = [ArchiveProblem(None, "the file is empty")]
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        reason = "it changed while it was read; the next look at the source reads it again"
        return _refused(reason, is_settled=False)
    return content


def _refusal(path: Path, mode: int, size: int, reading: ReadOptions) -> str:
    """Why the file is not even opened as text; empty when it is."""
    if stat.S_ISDIR(mode):
        return "this is a directory, not a file"
    if not stat.S_ISREG(mode):
        return "this is no regular file"
    if size > reading.max_bytes:
        found, limit = (f"{count / _MEBIBYTE:,.1f} MB" for count in (size, reading.max_bytes))
        return f"its {found} are more than the {limit} that an archive may have; split it"
    expects_marks = codecs.lookup(reading.encoding).name.startswith(("utf-16", "utf-32"))
    if not expects_marks and _starts_as_utf16(path):
        return f"this is UTF-16 text{_advice(reading.encoding, 'UTF-16')}"
    return ""


def _starts_as_utf16(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in _UTF16_MARKS


def _read_text(path: Path, reading: ReadOptions) -> FileContent:
    content = FileContent()
    # What cannot be decoded becomes lone surrogates, by which the parser knows the story it is in.
    with path.open(encoding=reading.encoding, errors="surrogateescape") as file:
        lines = _Lines(file)
        for count, item in enumerate(parse(lines)):
            if reading.stopped():
                raise StoppedError
            if count % _BREATHS == 0:
                time.sleep(_BREATH)
            if isinstance(item, ParsedStory):
                content.stories.append(item)
            else:
                content.problems.append(item)
    content.problems = _in_brief(content, lines.hold_nul, _advice(reading.encoding))
    return content


class _Lines:
    """The lines of a text file, whatever they end with.

    A line too long for any story is cut: it is refused anyway, and might be the whole file.

    Attributes:
        hold_nul: True once a NUL was seen, which no text has.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.hold_nul = False

    def __iter__(self) -> Iterator[Line]:
        number = 0
        while text := self._file.readline(MAX_STORY + 2):
            number += 1
            self.hold_nul = self.hold_nul or "\0" in text
            self._skip_rest(text)
            for part in _pages(text):
                yield Line(number, part)

    def _skip_rest(self, text: str) -> None:
        while text and not text.endswith("\n"):
            text = self._file.readline(MAX_STORY)


def _pages(line: str) -> list[str]:
    """The parts of a line between form feeds; the feed alone ends no paragraph."""
    if "\f" not in line:
        return [line]
    return [part for part in line.split("\f") if part.strip()] or [""]


def _in_brief(content: FileContent, holds_nul: bool, advice: str) -> list[ArchiveProblem]:
    """The file's problems, those with one cause told as one."""
    problems = _undecoded_as_one(content.problems, advice)
    if not content.stories:
        if holds_nul:
            reason = "this is no text file: it holds NUL bytes (if it is UTF-16, set `encoding`)"
            return [ArchiveProblem(None, reason)]
        if not problems:
            return [ArchiveProblem(None, "there is no story in this file")]
        if len(problems) > 1 and all(each.fault is Fault.NO_DATELINE for each in problems):
            reason = (
                'this is no archive: nowhere in it is a dateline such as "TOKYO, Nov. 29, 2023—"'
            )
            return [ArchiveProblem(None, reason)]
    more = len(problems) - MAX_REPORTED
    if more > 0:
        return [*problems[:MAX_REPORTED], ArchiveProblem(None, f"and {more:,} more")]
    return problems


def _undecoded_as_one(problems: list[ArchiveProblem], advice: str) -> list[ArchiveProblem]:
    undecoded = [each for each in problems if each.fault is Fault.UNDECODED]
    if not undecoded:
        return problems
    first, count = undecoded[0], len(undecoded)
    reason = first.reason if count == 1 else f"bytes of another encoding in {count:,} stories"
    told = ArchiveProblem(first.line, reason + advice, Fault.UNDECODED)
    others = (told if each is first else each for each in problems)
    return [each for each in others if each is told or each.fault is not Fault.UNDECODED]


def _advice(encoding: str, other: str = "CP1252") -> str:
    return (
        f"; set this source's `encoding` (it is {encoding}) or convert the file to UTF-8, "
        f"for example with: iconv -f {other} -t UTF-8"
    )


def _refused(reason: str, *, is_settled: bool = True) -> FileContent:
    return FileContent(problems=[ArchiveProblem(None, reason)], is_settled=is_settled)
