"""Other engines over the same stories: what a search could be instead of Dateline's own."""

from __future__ import annotations

import importlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bench.headlines import Headline
from bench.own_search import EngineAnswers
from bench.search_queries import PAGE, Outcome, SearchQuery
from bench.tables import memory_mib
from rapidfuzz import fuzz, process, utils

from bot.text.tokenizer import words

_WARM = 3


@dataclass(frozen=True, slots=True)
class Built:
    """The cost of making an engine's index.

    Attributes:
        seconds: How long.
        disk: MiB of the index; None for an engine that keeps none there.
    """

    seconds: float
    disk: float | None


class Peer(Protocol):
    """An engine. It is asked in a process that only opens what another has made."""

    def build(self, stories: Iterable[Headline]) -> None:
        """Makes the index."""

    def open(self) -> None:
        """Opens the index."""

    def ask(self, text: str) -> list[int]:
        """The numbers of the stories found first."""

    def close(self) -> None:
        """Closes the index."""


class Fts5:
    """SQLite's full-text index: stories that hold all of the words, the best by bm25 first."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "index"

    def build(self, stories: Iterable[Headline]) -> None:
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute("CREATE VIRTUAL TABLE news USING fts5 (title, body, content = '')")
            connection.executemany(
                "INSERT INTO news (rowid, title, body) VALUES (?, ?, ?)",
                ((one.number, one.title, one.text) for one in stories),
            )
            connection.execute("INSERT INTO news (news) VALUES ('optimize')")
            connection.commit()
            connection.execute("VACUUM")

    def open(self) -> None:
        self._connection = sqlite3.connect(self._path)

    def ask(self, text: str) -> list[int]:
        expression = " ".join(f'"{word}"' for word in words(text))
        found = self._connection.execute(
            "SELECT rowid FROM news WHERE news MATCH ? ORDER BY rank LIMIT ?", (expression, PAGE)
        )
        return [number for (number,) in found]

    def close(self) -> None:
        self._connection.close()


class Rapidfuzz:
    """The query against every title, by WRatio."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "titles"

    def build(self, stories: Iterable[Headline]) -> None:
        with self._path.open("w", encoding="utf-8") as file:
            for one in stories:
                title = utils.default_process(one.title)
                file.write(json.dumps([one.number, title]) + "\n")

    def open(self) -> None:
        with self._path.open(encoding="utf-8") as file:
            self._titles: dict[int, str] = dict(map(json.loads, file))

    def ask(self, text: str) -> list[int]:
        asked = utils.default_process(text)
        found = process.extract(asked, self._titles, scorer=fuzz.WRatio, limit=PAGE)
        return [number for _title, _score, number in found]

    def close(self) -> None:
        self._titles.clear()


class Tantivy:
    """Tantivy: each word as it is or with an edit or two, in the title (which counts more) or text.

    A query's words need not all be held; a story that holds more of them comes first.
    """

    slip = 1.0  # what a word with slips counts for beside one of about that rarity without
    unfinished = False  # whether the last word may be the beginning of one

    def __init__(self, folder: Path) -> None:
        # By name, so that the other engines can be measured where this one is not installed.
        self._tantivy: Any = importlib.import_module("tantivy")
        self._path = folder / "index"

    def build(self, stories: Iterable[Headline]) -> None:
        self._path.mkdir()
        index = self._tantivy.Index(self._schema(), path=str(self._path))
        writer = index.writer()
        for one in stories:
            fields = {"number": one.number, "title": one.title, "body": one.text}
            writer.add_document(self._tantivy.Document(**fields))
        writer.commit()
        writer.wait_merging_threads()

    def _schema(self) -> Any:
        builder = self._tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True)
        builder.add_text_field("title")
        builder.add_text_field("body")
        return builder.build()

    def open(self) -> None:
        self._index = self._tantivy.Index.open(str(self._path))
        self._searcher = self._index.searcher()

    def ask(self, text: str) -> list[int]:
        should = self._tantivy.Occur.Should
        asked = words(text)
        parts = [(should, self._part(word, word is asked[-1])) for word in asked]
        query = self._tantivy.Query.boolean_query(parts)
        hits = self._searcher.search(query, PAGE, count=False).hits
        return [self._searcher.doc(address)["number"][0] for _score, address in hits]

    def _part(self, word: str, last: bool) -> Any:
        query, schema, begins = self._tantivy.Query, self._index.schema, self.unfinished and last
        ways = []
        for field, boost in (("title", 2.0), ("body", 1.0)):
            ways.append(query.boost_query(query.term_query(schema, field, word), boost))
            near = [(slips, False)] if (slips := _edits_allowed(word)) else []
            for distance, prefix in (*near, (0, True)) if begins else near:
                # The score of a fuzzy term is always 1, however rare the word is.
                like = query.fuzzy_term_query(schema, field, word, distance, prefix=prefix)
                ways.append(query.boost_query(like, boost * self.slip))
        return query.disjunction_max_query(ways)

    def close(self) -> None:
        del self._searcher, self._index


class TunedTantivy(Tantivy):
    """Tantivy with the weights that found most of the development set of queries."""

    slip = 3.0
    unfinished = True


def _edits_allowed(word: str) -> int:
    return 2 if len(word) >= 8 else int(len(word) >= 4)


PEERS: dict[str, Callable[[Path], Peer]] = {
    "fts5": Fts5,
    "rapidfuzz": Rapidfuzz,
    "tantivy": Tantivy,
    "tantivy-tuned": TunedTantivy,
}
LABELS = {
    "fts5": "FTS5, all words",
    "rapidfuzz": "rapidfuzz WRatio",
    "tantivy": "tantivy, fuzzy",
    "tantivy-tuned": "tantivy, tuned",
}
SLOW = frozenset({"rapidfuzz"})
"""Engines that look at every title, and are asked but a few of the queries."""


def sample(stories: int) -> int:
    """Returns how many queries of each kind a slow engine is asked."""
    return max(3, min(20, 2_000_000 // stories))


def build(name: str, folder: Path, stories: Iterable[Headline]) -> Built:
    """Makes an engine's index."""
    peer = PEERS[name](folder)
    start = time.perf_counter()
    peer.build(stories)
    seconds = time.perf_counter() - start
    if name in SLOW:
        return Built(seconds, None)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return Built(seconds, sum(path.stat().st_size for path in files) / (1 << 20))


def ask_all(name: str, folder: Path, queries: Sequence[SearchQuery]) -> EngineAnswers:
    """Asks an engine every query, one after the other."""
    peer = PEERS[name](folder)
    before = memory_mib()
    peer.open()
    try:
        for query in queries[:_WARM]:
            peer.ask(query.text)
        outcomes = [_outcome(peer, query) for query in queries]
        return EngineAnswers(outcomes, memory_mib() - before)
    finally:
        peer.close()


def _outcome(peer: Peer, query: SearchQuery) -> Outcome:
    start = time.perf_counter()
    found = peer.ask(query.text)
    return Outcome(query, found, time.perf_counter() - start)
