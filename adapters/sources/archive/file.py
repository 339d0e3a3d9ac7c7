"""Reads one archive from the disk, and reports its problems, those with one cause as one."""

from __future__ import annotations

import stat
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from adapters.sources.archive.forms import (
    UnknownFormError,
    is_beside_stories,
    may_be_text,
    reader_for,
    recognise,
)
from adapters.sources.archive.model import ArchiveProblem, Fault, LeftOut, ParsedStory
from adapters.sources.archive.reader import ArchiveFile, ArchiveReader, ReadOptions
from adapters.sources.archive.text_file import marked_encoding, read_head

MAX_REPORTED = 20
"""Problems of one file that are reported one by one."""

OTHER_FILE = "other file"
"""The kind of what is left out of a folder because it is no archive."""

_MEBIBYTE = 1 << 20
_STORIES_PER_PAUSE = 2


@dataclass(slots=True)
class FileContent:
    """The stories and problems of one archive.

    Attributes:
        stories: Its stories, in its order.
        problems: What could not be read.
        left_out: How many parts were left out, by kind.
        is_settled: False when the file itself could not be read, and may be next time although its
            size and time are the same.
    """

    stories: list[ParsedStory] = field(default_factory=list)
    problems: list[ArchiveProblem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    is_settled: bool = True


def read_file(path: Path, options: ReadOptions, *, in_folder: bool = False) -> FileContent:
    """Reads one archive; what is wrong with the file becomes a problem in the result.

    Args:
        path: The file.
        options: As its source has them.
        in_folder: True when only its folder was named: it may be no archive at all.

    Raises:
        ReadCancelledError: `options.is_cancelled` returned True.
    """
    encoding = options.encoding
    try:
        head = _probe(path)
        encoding = marked_encoding(head, encoding)
        return _read_unless_changing(path, head, encoding, options, in_folder)
    except (UnicodeError, UnknownFormError) as error:
        is_unknown = isinstance(error, UnknownFormError)
        reason = str(error) if is_unknown else f"this is not {encoding} text{_advice(encoding)}"
        return _refused_file(reason)
    except FileNotFoundError:
        return _refused_file("the file is gone, or is a link to one that is", is_settled=False)
    except OSError as error:
        reason = f"the system cannot read it: {error.strerror or error}"
        return _refused_file(reason, is_settled=False)


def _probe(path: Path) -> bytes:
    """Returns the first bytes of a regular file; none of another, which might never give any."""
    return read_head(path) if stat.S_ISREG(path.stat().st_mode) else b""


def _read_unless_changing(
    path: Path, head: bytes, encoding: str, options: ReadOptions, in_folder: bool
) -> FileContent:
    before = path.stat()
    if in_folder and not _may_be_archive(path, head, encoding, before.st_mode):
        return FileContent(left_out=Counter({OTHER_FILE: 1}))
    refusal = _refusal_reason(before.st_mode, before.st_size, options)
    if refusal:
        return _refused_file(refusal)
    modified = datetime.fromtimestamp(max(before.st_mtime, 0), UTC).date()
    file = ArchiveFile(path, encoding, modified, options)
    content = _read_items(reader_for(path, head, encoding), file, head)
    if not before.st_size:
        content.problems = [ArchiveProblem(None, "the file is empty")]
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        reason = "it changed while it was read; the next poll reads it again"
        return _refused_file(reason, is_settled=False)
    return content


def _may_be_archive(path: Path, head: bytes, encoding: str, mode: int) -> bool:
    """Returns True for a file in a folder that holds stories, or is likely to."""
    if not stat.S_ISREG(mode) or is_beside_stories(path):
        return False
    return may_be_text(path) or recognise(path, head, encoding) is not None


def _refusal_reason(mode: int, size: int, options: ReadOptions) -> str:
    """Returns why the file cannot be an archive; empty when it may be one."""
    if not stat.S_ISREG(mode):
        return "this is not a regular file"
    if size > options.max_bytes:
        found, limit = (f"{count / _MEBIBYTE:,.1f} MB" for count in (size, options.max_bytes))
        return f"its {found} are more than the {limit} allowed for an archive; split it"
    return ""


def _read_items(reader: ArchiveReader, file: ArchiveFile, head: bytes) -> FileContent:
    content = FileContent()
    for count, item in enumerate(reader.read(file)):
        if count % _STORIES_PER_PAUSE == 0:
            file.options.rest()
        match item:
            case ParsedStory():
                content.stories.append(item)
            case LeftOut():
                content.left_out[item.kind] += 1
            case ArchiveProblem():
                content.problems.append(item)
    has_nul = b"\0" in head and not file.encoding.startswith("utf-16")
    content.problems = _summarize_problems(content, has_nul, _advice(file.encoding))
    return content


def _summarize_problems(
    content: FileContent,
    contains_nul: bool,
    advice: str,
) -> list[ArchiveProblem]:
    """Returns the file's problems, those with one cause as one."""
    problems = _merge_undecoded(content.problems, advice)
    if not content.stories and not content.left_out:
        if contains_nul:
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


def _advice(encoding: str) -> str:
    return (
        f"; set this source's `encoding` (it is {encoding}) or convert the file to UTF-8, "
        f"for example with: iconv -f CP1252 -t UTF-8"
    )


def _refused_file(reason: str, *, is_settled: bool = True) -> FileContent:
    return FileContent(problems=[ArchiveProblem(None, reason)], is_settled=is_settled)
