"""Archives, text files as a wire service or a blogger keeps them, as a news source."""

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

from typing_extensions import override

from adapters.sources.archive.file import FileContent, ReadOptions, read_file
from adapters.sources.archive.lines import clean_line
from adapters.sources.archive.link_template import LinkTemplate
from adapters.sources.archive.parser import ParsedStory
from adapters.sources.paths import expand_patterns
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, StoryRecord, UnreadablePart
from bot.model import Paragraph, Source, Story, story_id

MAX_BYTES = 64 << 20
"""Bytes that one archive may have unless its source says otherwise."""

_FORMAT_VERSION = 1  # of the stories made of archives; with another, unchanged files are read again


class ArchiveSource(NewsSource):
    """The archives that match one or more patterns.

    Args:
        source: What it is.
        pattern: As `expand_patterns` takes them.
        link: Makes each story's URL; None when stories have none.
        encoding: Of the files, as Python names it.
        max_bytes: A larger file is refused unread.

    Raises:
        ValueError: `encoding` is unknown, or no encoding of text.
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
        self._encoding = _validate_encoding(encoding)
        self._max_bytes = max_bytes

    @property
    @override
    def source(self) -> Source:
        return self._source

    @override
    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        """Reads every archive, off the event loop, unless none of them changed.

        The signature is empty when a file could not be read for a reason that may be gone next time
        without a trace in the file, such as a missing permission.

        Raises:
            SourceError: No file matches.
        """
        stop = Event()
        try:
            known = signature if mode is PollMode.SCHEDULED else ""
            return await asyncio.to_thread(self._fetch, known, stop)
        except asyncio.CancelledError:
            stop.set()  # a thread cannot be cancelled; it ends at its next story
            raise

    @override
    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return filed

    def _fetch(self, known: str, stop: Event) -> FetchResult:
        paths, unmatched = expand_patterns(self._patterns)
        missing = [UnreadablePart(pattern, None, "no file matches") for pattern in unmatched]
        signature = self._signature(paths)
        if known and known == signature:
            return FetchResult(signature=signature, unchanged=True)
        options = ReadOptions(self._encoding, self._max_bytes, stop.is_set)
        contents = {path: read_file(Path(path), options) for path in paths}
        return FetchResult(
            stories=tuple(self._stories(contents.values())),
            unreadable=(*missing, *_unreadable_parts(contents)),
            signature=signature if all(each.is_settled for each in contents.values()) else "",
        )

    def _signature(self, paths: Iterable[str]) -> str:
        """Returns a digest of the files' states and of all settings that stories depend on."""
        digest = hashlib.blake2b(digest_size=16)
        link = self._link.text if self._link else None
        digest.update(repr((_FORMAT_VERSION, self._encoding, self._max_bytes, link)).encode())
        for path in paths:
            digest.update(repr((path, _file_state(Path(path)))).encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def _stories(self, contents: Iterable[FileContent]) -> Iterator[Story]:
        """Yields all stories, oldest first, without duplicates."""
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


def _validate_encoding(encoding: str) -> str:
    try:
        " ".encode(encoding)  # refuses what encodes no text, such as base64
        codecs.getincrementaldecoder(encoding)
    except (LookupError, ValueError):
        raise ValueError(f'there is no text encoding called "{encoding}"') from None
    return encoding


def _file_state(path: Path) -> tuple[int, int] | None:
    """Returns the file's size in bytes and its modification time in nanoseconds."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _oldest_first(stories: list[ParsedStory]) -> list[ParsedStory]:
    """Returns one file's stories; reversed if the first is not older than the last."""
    newest_first = bool(stories) and stories[0].day >= stories[-1].day
    return stories[::-1] if newest_first else stories


def _unreadable_parts(contents: dict[str, FileContent]) -> Iterator[UnreadablePart]:
    for path, content in contents.items():
        where = clean_line(os.fsencode(path).decode("utf-8", "replace"))  # a name can be any bytes
        for problem in content.problems:
            yield UnreadablePart(where, problem.line, problem.reason)
