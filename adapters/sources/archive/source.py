"""Archives, stories in files of any known form, as a news source."""

from __future__ import annotations

import asyncio
import codecs
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from typing_extensions import override

from adapters.sources.archive.file import FileContent, read_file
from adapters.sources.archive.folders import FoundFile, common_root, find_files
from adapters.sources.archive.link_template import LinkTemplate
from adapters.sources.archive.missing_dates import DateFrom
from adapters.sources.archive.model import ArchiveProblem, ParsedStory
from adapters.sources.archive.reader import ReadOptions
from adapters.sources.archive.text.lines import clean_line
from adapters.sources.paths import expand_patterns
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, StoryRecord, UnreadablePart
from bot.model import Paragraph, Source, Story, story_id
from bot.threads import pace

MAX_BYTES = 64 << 20
"""Bytes that one archive may have unless its source says otherwise."""

_FORMAT_VERSION = 2  # of the stories made of archives; with another, unchanged files are read again


class ArchiveSource(NewsSource):
    """The archives that match one or more patterns.

    Args:
        source: What it is.
        pattern: As `expand_patterns` takes them.
        link: Makes each story's URL; None when stories have none.
        encoding: Of the files, as Python names it.
        max_bytes: A larger file is refused unread.
        date_from: Where the dates of stories come from that have none.

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
        date_from: DateFrom = DateFrom.NOWHERE,
    ) -> None:
        self._source = source
        self._patterns = (pattern,) if isinstance(pattern, str) else tuple(pattern)
        self._link = link
        self._encoding = _validate_encoding(encoding)
        self._max_bytes = max_bytes
        self._date_from = date_from

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
        files = find_files(paths)
        missing = [UnreadablePart(pattern, None, "no file matches") for pattern in unmatched]
        signature = self._signature(files)
        if known and known == signature:
            return FetchResult(signature=signature, unchanged=True)
        options = self._options(stop)
        contents = {file.path: _read(file, options) for file in files}
        missing += _empty_folders(paths, files)
        return FetchResult(
            stories=tuple(self._stories(contents.values())),
            unreadable=(*missing, *_unreadable_parts(contents)),
            signature=signature if all(each.is_settled for each in contents.values()) else "",
            set_aside=_set_aside(contents.values()),
        )

    def _options(self, stop: Event) -> ReadOptions:
        return ReadOptions(
            self._encoding,
            self._max_bytes,
            stop.is_set,
            self._date_from,
            root=common_root(self._patterns),
            site=self._link.site if self._link else "",
            page_of=lambda parsed: self._story(parsed, _key(parsed)).url,
        )

    def _signature(self, files: Iterable[FoundFile]) -> str:
        """Returns a digest of the files' states and of all settings that stories depend on."""
        digest = hashlib.blake2b(digest_size=16)
        link = self._link.text if self._link else None
        settings = (self._encoding, self._max_bytes, self._date_from.value, link)
        digest.update(repr((_FORMAT_VERSION, *settings)).encode())
        for file in files:
            state = repr((file.path, _file_state(Path(file.path))))
            digest.update(state.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def _stories(self, contents: Iterable[FileContent]) -> Iterator[Story]:
        """Yields all stories, oldest first, without duplicates."""
        parsed = [story for content in contents for story in _oldest_first(content.stories)]
        parsed.sort(key=lambda story: story.published)
        texts_by_key: dict[str, set[tuple[Paragraph, ...]]] = {}
        for each in pace(parsed):
            key = _key(each)
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
            published=parsed.published,
            date_only=parsed.moment is None,
            paragraphs=parsed.paragraphs,
            url=parsed.url,
            place=parsed.place,
            byline=parsed.byline,
            summary=parsed.summary,
            image=parsed.image,
            categories=parsed.categories,
            language=parsed.language,
            undated=parsed.undated,
        )
        if self._link and not parsed.url:
            return replace(story, url=self._link.url(story, parsed.slug))
        return story


def _key(parsed: ParsedStory) -> str:
    """Returns what identifies a story in its source, unless another one has the same."""
    return parsed.key or f"{' '.join(parsed.title.casefold().split())}|{parsed.day}"


def _read(file: FoundFile, options: ReadOptions) -> FileContent:
    if file.reason:
        problem = ArchiveProblem(None, file.reason)
        return FileContent(problems=[problem], is_settled=False)
    return read_file(Path(file.path), options, in_folder=file.in_folder)


def _empty_folders(paths: Iterable[str], files: Iterable[FoundFile]) -> list[UnreadablePart]:
    """Returns the folders that were named and hold no file at all."""
    found = [file.path for file in files]
    folders = [path for path in paths if Path(path).is_dir()]
    return [
        UnreadablePart(_shown(folder), None, "there are no files in this folder")
        for folder in folders
        if not any(path.startswith(folder) for path in found)
    ]


def _set_aside(contents: Iterable[FileContent]) -> tuple[tuple[str, int], ...]:
    """Returns how many parts were left out of all files, by kind."""
    total: Counter[str] = Counter()
    for content in contents:
        total.update(content.left_out)
    return tuple(sorted(total.items()))


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
    newest_first = bool(stories) and stories[0].published >= stories[-1].published
    return stories[::-1] if newest_first else stories


def _unreadable_parts(contents: dict[str, FileContent]) -> Iterator[UnreadablePart]:
    for path, content in contents.items():
        for problem in content.problems:
            yield UnreadablePart(_shown(path), problem.line, problem.reason)


def _shown(path: str) -> str:
    return clean_line(os.fsencode(path).decode("utf-8", "replace"))  # a name can be any bytes
