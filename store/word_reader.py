"""The words of the stories, read: all that have changed, the commonest, and some by name."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.search.ports import START, Cursor, WordChanges
from bot.search.query import Query, Term
from bot.text.tokenizer import is_run
from store.moments import Moment
from store.ports import Connections

_MANY = 4_000  # words that are read at once
_MOST_GRAMS = 40  # pairs of letters of one question that are counted
_ALL = 1 << 62  # more stories than there are


class _WordPlace(NamedTuple):
    """A place in the index of words by revision."""

    revision: int
    stories: int = _ALL
    word: str = ""

    @classmethod
    def parse(cls, cursor: Cursor) -> _WordPlace:
        if not cursor:
            return cls(0)
        revision, _, rest = cursor.partition(" ")
        stories, _, word = rest.partition(" ")
        return cls(int(revision), int(stories), word) if rest else cls(int(revision))

    @property
    def cursor(self) -> Cursor:
        if self.stories == _ALL:
            return Cursor(str(self.revision))
        return Cursor(f"{self.revision} {self.stories} {self.word}")


class WordReader:
    """Reads the table of words that `store.vocabulary` writes."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._current: tuple[Cursor, Moment] | None = None

    async def since(self, cursor: Cursor) -> WordChanges:
        """Returns words whose number of stories changed; see `SearchStore.words_since`."""
        now = self._connections.moment()
        if self._is_last(cursor, now):
            return WordChanges({}, cursor)
        changes = await self._read(cursor)
        self._current = None if changes.counts else (changes.cursor, now)
        return changes

    def _is_last(self, cursor: Cursor, now: Moment) -> bool:
        """Tells whether nothing was behind a cursor when it was read, and nobody wrote since."""
        if self._current is None:
            return False
        known, at = self._current
        return known == cursor and at.is_current(now)

    async def _read(self, cursor: Cursor) -> WordChanges:
        # The cursor is the last entry that was given of the index by revision or, when that was
        # the last of all, the revision alone. What has changed since stands behind it again.
        last = _WordPlace.parse(cursor)
        # One statement, so that all is of one moment.
        (now, forgotten, *rows) = await self._connections.rows(
            """
            SELECT CAST(value AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS TEXT)
            FROM meta WHERE name = 'revision'
            UNION ALL
            SELECT CAST(value AS BIGINT), NULL, NULL FROM meta WHERE name = 'words_forgotten'
            UNION ALL
            SELECT * FROM
                (SELECT revision, stories, word FROM words
                WHERE (revision, stories, word) > (:revision, :stories, :word)
                ORDER BY revision, stories, word LIMIT :many) AS changed
            """,
            {**last._asdict(), "many": _MANY},
        )
        if cursor and last.revision < forgotten[0]:
            return replace(await self._read(START), outdated=True)
        after = _WordPlace(*rows[-1]) if len(rows) == _MANY else _WordPlace(now[0])
        return WordChanges({row[2]: row[1] for row in rows}, after.cursor)

    async def commonest(self, common: int, unique: int) -> WordChanges:
        """Returns the words that most stories hold; see `SearchStore.common_words`."""
        sizes = await self._connections.rows(
            "SELECT stories, count(*) FROM words WHERE stories > 1 GROUP BY 1 ORDER BY 1 DESC"
        )
        least, room = _least_count([(row[0], row[1]) for row in sizes], common)
        # Joined there: a million rows would hold up the event loop.
        (found,) = await self._connections.rows(
            """
            SELECT (SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'revision'),
                group_concat(word), group_concat(CAST(stories AS TEXT))
            FROM (SELECT word, stories FROM words WHERE stories >= :least
                UNION ALL
                SELECT * FROM (SELECT word, stories FROM words WHERE stories = :least - 1
                    AND stories > 1 ORDER BY revision DESC LIMIT :room) AS more
                UNION ALL
                SELECT * FROM (SELECT word, stories FROM words WHERE stories = 1
                    ORDER BY revision DESC LIMIT :unique) AS once
            ) AS commonest
            """,
            {"least": least, "room": room, "unique": unique},
        )
        counts = await asyncio.to_thread(_parted, found[1] or "", found[2] or "")
        return WordChanges(counts, _WordPlace(found[0]).cursor)

    async def counts(self, names: Sequence[str]) -> Mapping[str, int]:
        """Returns the number of stories that hold each; see `SearchStore.word_counts`."""
        rows = await self._connections.rows(
            "SELECT word, stories FROM words"
            " WHERE word IN (SELECT value FROM json_each(?)) AND stories > 0",
            (json.dumps(names),),
        )
        counts: dict[str, int] = {row["word"]: row["stories"] for row in rows}
        counts.update(await self._count_grams([name for name in names if is_run(name)]))
        return counts

    async def _count_grams(self, names: Sequence[str]) -> Mapping[str, int]:
        """Counts the stories that hold pairs of letters, which the index of words leaves out."""
        counts: dict[str, int] = {}
        index = self._connections.text_index
        for name in names[:_MOST_GRAMS]:
            rows = await self._connections.rows(
                "SELECT count(*) FROM (SELECT 1 FROM stories_fts(?) LIMIT ?) AS holding",
                (index.expression(Query(((Term((name,)),),))), _MANY),
            )
            counts[name] = rows[0][0]
        return {name: count for name, count in counts.items() if count}


def _least_count(sizes: Sequence[tuple[int, int]], limit: int) -> tuple[int, int]:
    """Returns the least count of which all words are within a limit, and the room that is left.

    Args:
        sizes: Counts, the greatest first, each with the number of words that have it.
        limit: How many words at most.
    """
    for count, words in sizes:
        if words > limit:
            return count + 1, limit
        limit -= words
    return 2, limit


def _parted(words: str, counts: str) -> dict[str, int]:
    if not words:
        return {}
    return dict(zip(words.split(","), map(int, counts.split(",")), strict=True))
