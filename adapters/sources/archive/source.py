"""A news source of text files, as a wire service or a blogger keeps them."""

from __future__ import annotations

import asyncio
import codecs
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from threading import Event

from adapters.sources.archive.file import FileContent, ReadOptions, read_file
from adapters.sources.archive.lines import clean
from adapters.sources.archive.link_template import LinkTemplate
from adapters.sources.archive.parser import ParsedStory
from adapters.sources.paths import matching
from bot.errors import SourceError
from bot.ingest.results import FetchResult, StoryRecord, UnreadablePart
from bot.model import Paragraph, Source, Story, story_id

MAX_BYTES = 64 << 20
"""Bytes that one archive may have unless its source says otherwise."""

# Part of every signature: raised when archives are read in another way than before, so that files
# that did not change are read again.
_EDITION = 1


class ArchiveSource:
    """Reads the archives that match one or more patterns; implements `bot.ingest.ports.NewsSource`.

    Args:
        source: What it is.
        pattern: Absolute paths; `*`, `?`, `[a-z]` and `**` are understood as a shell does.
        link: Makes each story's address; None when stories have none.
        encoding: What the files are encoded in, as Python names it.
        max_bytes: A larger file is refused unread.

    Raises:
        ValueError: Nothing is known by the name of `encoding`, or it is no encoding of text.
    """

    def __init__(
        self,
        source: Source,
        *,
        pattern: Sequence[str] | str,
        link: LinkTemplate | None,
        encoding: str = "utf-8",
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._source = source
        self._patterns = (pattern,) if isinstance(pattern, str) else tuple(pattern)
        self._link = link
        self._encoding = _checked(encoding)
        self._max_bytes = max_bytes

    @property
    def source(self) -> Source:
        """What it is."""
        return self._source

    async def fetch(self, signature: str = "") -> FetchResult:
        """Reads every archive, off the event loop, unless none of them changed.

        The signature is empty when a file could not be read for a reason that may be gone next time
        without a trace in the file, such as a missing permission.

        Raises:
            SourceError: No file matches.
        """
        stop = Event()
        try:
            return await asyncio.to_thread(self._fetch, signature, stop)
        except asyncio.CancelledError:
            stop.set()  # a thread cannot be cancelled; it ends at its next story
            raise

    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        """An archive holds its stories whole."""
        return filed

    def _fetch(self, known: str, stop: Event) -> FetchResult:
        paths, missing = self._paths()
        signature = self._signature(paths)
        if known and known == signature:
            return FetchResult(signature=signature, unchanged=True)
        reading = ReadOptions(self._encoding, self._max_bytes, stop.is_set)
        contents = {path: read_file(Path(path), reading) for path in paths}
        return FetchResult(
            stories=tuple(self._stories(contents.values())),
            unreadable=(*missing, *_unreadable(contents)),
            signature=signature if all(each.is_settled for each in contents.values()) else "",
        )

    def _paths(self) -> tuple[list[str], list[UnreadablePart]]:
        """The paths that match, each once, and the patterns that none matches."""
        matches = {pattern: matching(pattern) for pattern in self._patterns}
        paths = sorted({path for found in matches.values() for path in found})
        if not paths:
            raise SourceError(f"no file matches {' or '.join(self._patterns)}")
        missing = [
            UnreadablePart(pattern, None, "no file matches")
            for pattern, found in matches.items()
            if not found
        ]
        return paths, missing

    def _signature(self, paths: Iterable[str]) -> str:
        """A digest of the files' states and of all settings that the stories depend on."""
        digest = hashlib.blake2b(digest_size=16)
        link = self._link.text if self._link else None
        digest.update(repr((_EDITION, self._encoding, self._max_bytes, link)).encode())
        for path in paths:
            digest.update(repr((path, _state(Path(path)))).encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def _stories(self, contents: Iterable[FileContent]) -> Iterator[Story]:
        """All stories, oldest first; one that stands in several places is given once."""
        parsed = [story for content in contents for story in _oldest_first(content.stories)]
        parsed.sort(key=lambda story: story.day)
        texts_by_key: dict[str, set[tuple[Paragraph, ...]]] = {}
        for each in parsed:
            key = f"{' '.join(each.title.casefold().split())}|{each.day}"
            texts = texts_by_key.setdefault(key, set())
            if each.paragraphs not in texts:
                texts.add(each.paragraphs)
                yield self._story(each, key if len(texts) == 1 else f"{key}|{len(texts)}")

    def _story(self, parsed: ParsedStory, key: str) -> Story:
        story = Story(
            id=story_id(self._source.id, key),
            source=self._source.id,
            key=key,
            title=parsed.title,
            published=datetime.combine(parsed.day, time(), UTC),
            date_only=True,
            paragraphs=parsed.paragraphs,
            place=parsed.place,
            byline=parsed.byline,
        )
        return replace(story, url=self._link.url(story)) if self._link else story


def _checked(encoding: str) -> str:
    try:
        " ".encode(encoding)  # refuses what encodes no text, such as base64
        codecs.getincrementaldecoder(encoding)
    except (LookupError, ValueError):
        raise ValueError(f'no encoding of text is called "{encoding}"') from None
    return encoding


def _state(path: Path) -> tuple[int, int] | None:
    """The file's size in bytes and the time of its last change in nanoseconds."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _oldest_first(stories: list[ParsedStory]) -> list[ParsedStory]:
    """The stories of one file; a file whose first story is not older than its last is reversed."""
    newest_first = bool(stories) and stories[0].day >= stories[-1].day
    return stories[::-1] if newest_first else stories


def _unreadable(contents: dict[str, FileContent]) -> Iterator[UnreadablePart]:
    for path, content in contents.items():
        where = clean(os.fsencode(path).decode("utf-8", "replace"))  # a name can be any bytes
        for problem in content.problems:
            yield UnreadablePart(where, problem.line, problem.reason)
