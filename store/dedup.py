"""Dedup keys in the store: which known stories may be those that a source gives now.

Titles, pages and texts are kept as 64-bit digests in a narrow table of their own, so that looking
them up reads no stories, and upgrading a store rewrites none.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from bot.ingest.dedup import dedup_keys, folded_title, page_place, possible_ids, whole_page
from bot.ingest.results import Fingerprint
from bot.model import Story
from bot.text.tokenizer import grams
from store.codec import index_terms, to_micros, to_time
from store.connection import Row, SqliteConnections

_AT_ONCE = 200  # stories that are asked for in one query
_FEW = 4  # known stories for each one given, up to which reading all of them is cheaper

_COLUMNS = "row, id, key, content, text_only, url, title, published"
_ALL = f"SELECT {_COLUMNS} FROM stories WHERE source = ?"
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM stories WHERE source = ? LIMIT ?)"

# Each SELECT finds its rows by an index, and for each story that is asked for.
_MATCHING = f"""
    WITH asked AS MATERIALIZED (
        SELECT json_extract(value, '$[0]') AS key, json_extract(value, '$[1]') AS title,
            json_extract(value, '$[2]') AS page, json_extract(value, '$[3]') AS text,
            json_extract(value, '$[4]') AS page_text, json_extract(value, '$[5]') AS published,
            json_extract(value, '$[6]') AS earliest, json_extract(value, '$[7]') AS latest
        FROM json_each(:asked)),
    found AS (
        SELECT stories.row FROM asked CROSS JOIN stories
        ON stories.source = :source AND stories.key = asked.key
        UNION SELECT stories.row FROM json_each(:ids) CROSS JOIN stories
        ON stories.id = json_each.value AND stories.source = :source
        UNION SELECT story FROM asked CROSS JOIN story_keys INDEXED BY story_keys_by_title
        ON story_keys.title = asked.title AND (story_keys.published = asked.published
            OR (asked.page <> 0 AND story_keys.page = asked.page)
            OR (asked.text <> 0 AND story_keys.text = asked.text))
        UNION SELECT story FROM asked CROSS JOIN story_keys INDEXED BY story_keys_by_text
        ON story_keys.text = asked.text AND story_keys.text <> 0
            AND story_keys.published BETWEEN asked.earliest AND asked.latest
        UNION SELECT story FROM asked CROSS JOIN story_keys INDEXED BY story_keys_by_page
        ON story_keys.page = asked.page AND story_keys.page <> 0
            AND story_keys.published = asked.published
        UNION SELECT story FROM asked CROSS JOIN story_keys INDEXED BY story_keys_by_page_text
        ON story_keys.page_text = asked.page_text AND story_keys.page_text <> 0)
    SELECT {_COLUMNS} FROM found CROSS JOIN stories USING (row)
"""

KEEP_KEYS = """
    INSERT INTO story_keys (story, title, page, text, page_text, published)
    SELECT row, :title_key, :page_key, :text_key, :page_text_key, :published
    FROM stories WHERE id = :id
    ON CONFLICT (story) DO UPDATE SET title = excluded.title, page = excluded.page,
        text = excluded.text, page_text = excluded.page_text, published = excluded.published
"""
"""Keeps the keys of a story that is written already."""


def title_key(source: str, title: str) -> int:
    """Returns the key of a title within a source."""
    return _key(source, folded_title(title))


def page_key(source: str, url: str | None) -> int:
    """Returns the key of a link's page within a source; 0 for a link that leads to none."""
    place = page_place(url or "")
    return _key(source, place) if place else 0


def text_key(source: str, digest: str) -> int:
    """Returns the key of a text within a source, of which this is the digest; 0 for none."""
    return _key(source, digest) if digest else 0


def page_text_key(source: str, url: str | None, digest: str) -> int:
    """Returns the key of a link's whole page and a text together; 0 when there is not both."""
    place = whole_page(url or "")
    return _key(source, f"{place}\0{digest}") if place and digest else 0


FUNCTIONS: Mapping[str, tuple[int, Callable[..., int | str]]] = {
    "title_key": (2, title_key),
    "page_key": (2, page_key),
    "text_key": (2, text_key),
    "page_text_key": (3, page_text_key),
    "grams": (1, grams),
    "index_terms": (1, index_terms),
}
"""The functions that the schema's steps call, by their names in SQL, with how many values each."""


def add_functions(connection: sqlite3.Connection) -> None:
    """Makes `FUNCTIONS` known to a connection."""
    for name, (arguments, function) in FUNCTIONS.items():
        connection.create_function(name, arguments, function, deterministic=True)


def _key(source: str, text: str) -> int:
    both = f"{source}\0{text}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(both, digest_size=8).digest(), "big", signed=True) or 1


def key_values(source: str, title: str, url: str | None, text: str) -> dict[str, int]:
    """Returns a story's keys as values of `KEEP_KEYS`; `text` is the digest of its text."""
    return {
        "title_key": title_key(source, title),
        "page_key": page_key(source, url),
        "text_key": text_key(source, text),
        "page_text_key": page_text_key(source, url, text),
    }


async def fetch_fingerprints(
    connections: SqliteConnections, source: str, stories: Sequence[Story] | None, turns: int
) -> Mapping[str, Fingerprint]:
    """Reads fingerprints as `IngestStore.fingerprints` says."""
    if stories is None or await _are_few(connections, source, _FEW * len(stories)):
        rows = await connections.rows(_ALL, (source,))
    else:
        rows = await _matching(connections, source, stories, turns)
    # Of a large archive these are many: nobody is to wait for them on the event loop.
    return await asyncio.to_thread(_fingerprints, rows)


async def _are_few(connections: SqliteConnections, source: str, most: int) -> bool:
    rows = await connections.rows(_COUNT, (source, most + 1))
    return int(rows[0][0]) <= most


async def _matching(
    connections: SqliteConnections, source: str, stories: Sequence[Story], turns: int
) -> list[Row]:
    rows: list[Row] = []
    for start in range(0, len(stories), _AT_ONCE):
        part = stories[start : start + _AT_ONCE]
        asked = await asyncio.to_thread(_asked, source, part, turns)
        rows += await connections.rows(_MATCHING, asked)
    return rows


def _asked(source: str, stories: Sequence[Story], turns: int) -> dict[str, Any]:
    """Returns the values that the query for some stories of one source binds."""
    ids = [one for story in stories for one in islice(possible_ids(story), turns)]
    asked = [_asked_one(source, story) for story in stories]
    return {"source": source, "asked": json.dumps(asked), "ids": json.dumps(ids)}


def _asked_one(source: str, story: Story) -> list[str | int]:
    keys = dedup_keys(story)
    return [
        keys.key,
        _key(source, keys.title),
        _key(source, keys.place) if keys.place else 0,
        text_key(source, keys.body),
        _key(source, f"{keys.page}\0{keys.body}") if keys.page and keys.body else 0,
        *map(to_micros, (keys.published, keys.earliest, keys.latest)),
    ]


def _fingerprints(rows: Iterable[Row]) -> dict[str, Fingerprint]:
    by_row = {row["row"]: row for row in rows}  # a story may be found for several others
    return {one["key"]: _fingerprint(one) for _, one in sorted(by_row.items())}


def _fingerprint(row: Row) -> Fingerprint:
    return Fingerprint(
        row["id"],
        row["key"],
        row["content"],
        row["text_only"],
        row["url"] or "",
        row["title"],
        to_time(row["published"]),
    )
