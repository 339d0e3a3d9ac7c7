"""The vocabulary's table: every word of the stories with the number of stories that hold it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.text.tokenizer import is_run, words
from store.ports import Connection, Row

_LONGEST = 40  # letters; longer ones are addresses and typos of a machine
_REMEMBERED = 1_000  # writes for which it is remembered that a word is in no story any more


async def update_counts(writer: Connection, values: Sequence[Mapping[str, Any]]) -> None:
    """Counts the words of stories that are about to be written, and uncounts what they replace.

    The revision must have been raised before.
    """
    ids = json.dumps([story["id"] for story in values])
    replaced = await writer.execute_fetchall(
        "SELECT title, place, body FROM stories WHERE id IN (SELECT value FROM json_each(?))",
        (ids,),
    )
    await _apply(writer, await asyncio.to_thread(_count_changes, values, list(replaced)))


async def uncount(writer: Connection, stories: Sequence[Row]) -> None:
    """Uncounts the words of stories that are about to be deleted, as a revision of its own."""
    await writer.execute(
        "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = 'revision'"
    )
    await _apply(writer, await asyncio.to_thread(_count_changes, (), stories))


async def _apply(writer: Connection, changes: Sequence[tuple[str, int]]) -> None:
    (now,) = await writer.execute_fetchall("SELECT value FROM meta WHERE name = 'revision'")
    await writer.executemany(
        """
        INSERT INTO words (word, stories, revision) VALUES (?, ?, ?)
        ON CONFLICT (word) DO UPDATE
        SET stories = words.stories + excluded.stories, revision = excluded.revision
        """,
        [(word, change, int(now["value"])) for word, change in changes],
    )
    await _forget_gone(writer, int(now["value"]) - _REMEMBERED)


async def _forget_gone(writer: Connection, until: int) -> None:
    """Forgets the words that no story has held since a revision."""
    done = await writer.execute("DELETE FROM words WHERE stories = 0 AND revision <= ?", (until,))
    if done.rowcount:
        await writer.execute(
            "UPDATE meta SET value = ? WHERE name = 'words_forgotten'", (str(until),)
        )


def _count_changes(
    values: Iterable[Mapping[str, Any]], replaced: Iterable[Row]
) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for story in values:
        counts.update(_words(story))
    for row in replaced:
        counts.subtract(_words(row))
    return sorted((word, change) for word, change in counts.items() if change)


def _words(story: Mapping[str, Any] | Row) -> set[str]:
    text = f"{story['title']} {story['place']} {story['body']}"
    found = set(words(text))
    return {
        word for word in found if len(word) <= _LONGEST and (word.isascii() or not is_run(word))
    }
