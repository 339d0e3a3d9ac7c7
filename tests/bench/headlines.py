"""A corpus of headlines read from a file, repeated where it is too small, and put into a store."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archives import generated_archive

from bot.chat.ports import Store
from bot.clock import SystemClock
from bot.ingest.batch import StoryBatch
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import StoryRecord
from bot.ingest.story_writer import BATCH
from bot.model import Paragraph, Story, story_id
from bot.search.index_upkeep import merge_index
from bot.text.display import strip_hidden
from bot.text.tokenizer import words
from store.sqlite import SqliteStore

SOURCE = "news"

RARE = 10
"""A word in no more stories than this is rare: copies of a story hold another in its place."""

STRIDE = 1 << 24
"""The distance between the numbers of a story's copies."""

_KEPT = 6  # stores in the cache
_INVENTED = 20_000  # stories that are made up where none are given
_NEWEST = datetime(2026, 11, 22, tzinfo=UTC)
_LETTERS = "bcdfghjkmnpqrstvwxyz"
_WORD = re.compile(r"[^\W_]+")
_MARK = "\0"  # where a copy's suffix goes; `visible` leaves none in a text
_ROOT = Path(__file__).parents[2]
_BESIDE = _ROOT.parent / "shared" / "bench" / "news_dev_50k.jsonl.gz"

STORIES = _BESIDE if _BESIDE.exists() else None
"""The stories to measure with, beside the repository; None where there are none."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A story of the corpus.

    Attributes:
        number: Its id, or that of the story it is a copy of with `STRIDE` added for each copy.
        title: Its title.
        text: Its description.
        url: Its page.
        published: When it was published.
        body: Its whole text, a paragraph a line; empty when the description is all there is.
    """

    number: int
    title: str
    text: str
    url: str
    published: datetime
    body: str = ""

    @property
    def story(self) -> Story:
        """The story as a source would give it."""
        key = str(self.number)
        paragraphs = [line for line in self.body.splitlines() if line.strip()] or [self.text]
        return Story(
            story_id(SOURCE, key),
            SOURCE,
            key,
            self.title,
            self.published,
            paragraphs=tuple(Paragraph(_line(text)) for text in paragraphs if text),
            url=self.url or None,
            summary=self.text,
        )


@dataclass(frozen=True, slots=True)
class Corpus:
    """Headlines, and how many stories they are repeated to.

    Attributes:
        name: Names the contents: another for other stories.
        headlines: The stories that were read.
        total: How many there are with the copies.
        counts: In how many of the stories that were read each word stands.
    """

    name: str
    headlines: Sequence[Headline]
    total: int
    counts: Counter[str]

    @property
    def repeated(self) -> bool:
        """Tells whether there are copies."""
        return self.total > len(self.headlines)

    def rare(self, word: str) -> bool:
        """Tells whether copies hold another word in its place."""
        return self.counts[word] <= RARE

    def __iter__(self) -> Iterator[Headline]:
        """Every story, each followed by its copies."""
        read = len(self.headlines)
        for at, headline in enumerate(self.headlines):
            yield headline
            copies = self.total * (at + 1) // read - self.total * at // read - 1
            yield from self._copies(headline, copies)

    def _copies(self, headline: Headline, count: int) -> Iterator[Headline]:
        if not count:
            return
        title, text = self._marked(headline.title), self._marked(headline.text)
        for copy in range(1, count + 1):
            end = _suffix(copy)
            yield replace(
                headline,
                number=headline.number + copy * STRIDE,
                title=title.replace(_MARK, end),
                text=text.replace(_MARK, end),
            )

    def _marked(self, text: str) -> str:
        def mark(match: re.Match[str]) -> str:
            return match[0] + _MARK if self.rare(match[0].lower()) else match[0]

        return _WORD.sub(mark, text)


def _suffix(copy: int) -> str:
    """Three letters that are another for each copy: too many to be a typo of the word."""
    base = len(_LETTERS)
    return "".join(_LETTERS[(copy // base**place + 7 * place) % base] for place in range(3))


def read(path: Path, limit: int | None = None, repeat_to: int = 0) -> Corpus:
    """Reads a corpus: lines of JSON, packed by gzip."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        headlines = [_headline(json.loads(line)) for line in islice(lines, limit)]
    headlines = [headline for headline in headlines if headline.title]
    content = hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()
    return _corpus(content, headlines, repeat_to)


def read_or_invent(path: Path | None, limit: int | None, repeat_to: int) -> Corpus:
    """Reads a corpus; without a file, invents one."""
    if path:
        return read(path, limit, repeat_to)
    texts = generated_archive(_INVENTED if limit is None else min(limit, _INVENTED))
    return _corpus("invented", [_invented(*pair) for pair in enumerate(texts)], repeat_to)


def _invented(number: int, text: str) -> Headline:
    title, _, body = text.removesuffix("\n\n###\n\n").partition("\n\n")
    published = _NEWEST - number * timedelta(minutes=10)
    return Headline(number, _line(title), _line(body), f"https://example.org/{number}", published)


def _corpus(name: str, headlines: Sequence[Headline], repeat_to: int) -> Corpus:
    counts = Counter[str]()
    for headline in headlines:
        counts.update(set(words(f"{headline.title} {headline.text}")))
    total = max(repeat_to, len(headlines))
    return Corpus(f"{name}-{len(headlines)}-{total}", headlines, total, counts)


def _headline(given: dict[str, str]) -> Headline:
    published = datetime.fromisoformat(given["published"]).astimezone(UTC)
    title, text = _line(given["title"]), _line(given["desc"])
    return Headline(int(given["id"]), title, text, given.get("url") or "", published)


def _line(text: str | None) -> str:
    return " ".join(strip_hidden(text or "").split())


def cached_store(corpus: Corpus) -> Path:
    """Returns the path of a corpus's store in the cache, for the code that is in the tree now."""
    code = hashlib.blake2b(digest_size=8)
    for source in (*sorted((_ROOT / "store").rglob("*.py")), _ROOT / "bot/text/tokenizer.py"):
        code.update(source.read_bytes())
    folder = Path(tempfile.gettempdir()) / "dateline-bench"
    return folder / f"search-{corpus.name}-{code.hexdigest()}.db"


async def fill(path: Path, corpus: Iterable[Headline]) -> None:
    """Makes a store, whole or not at all, writing as a load does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _forget_old(path.parent)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        new = Path(folder) / "new.db"
        async with await SqliteStore.open(new) as store:
            await write(store, corpus)
        remove(path)
        new.rename(path)


async def write(store: Store, corpus: Iterable[Headline]) -> None:
    """Writes a corpus into a store, as a load does."""
    clock, enricher = SystemClock(), StoryEnricher()
    for batch in _batches(corpus):
        now = clock.now()
        read = [StoryRecord(one.story, fingerprint(one.story)) for one in batch]
        enriched = [enricher.enrich(one, now) for one in read]
        await store.ingest.write(StoryBatch(enriched, now))
    await merge_index(store.search, pause=0)


def _batches(corpus: Iterable[Headline]) -> Iterator[list[Headline]]:
    rest = iter(corpus)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _forget_old(folder: Path) -> None:
    known = sorted(folder.glob("search-*.db"), key=lambda path: path.stat().st_mtime)
    for old in known[: -_KEPT + 1]:
        remove(old)


def remove(path: Path) -> None:
    """Removes a store with what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
