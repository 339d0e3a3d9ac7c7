"""Dedup keys in the store: which known stories may be those that a source gives now.

Titles, pages and texts are kept as 64-bit digests in a narrow table of their own, so that looking
them up reads no stories, and upgrading a store rewrites none.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.ingest.dedup import (
    dedup_keys,
    folded_title,
    guid_address,
    near_dates,
    other_keys,
    page_place,
    possible_ids,
    whole_page,
)
from bot.ingest.results import Fingerprint
from bot.model import Story, story_id
from bot.text.tokenizer import grams
from bot.threads import pace
from store.codec import index_terms, to_micros, to_time
from store.ports import Connections, Row

_AT_ONCE = 200  # stories that are asked for in one query
_FEW = 4  # known stories for each one given, up to which reading all of them is cheaper
_NEARBY = 400  # stories of about the same time that are read, however many there are

_COLUMNS = """
    row, stories.id, stories.key, content, text_only, url, stories.title, stories.published,
    sketch, 0 AS copied
"""
_TABLES = "stories LEFT JOIN story_keys ON story_keys.story = row"
_COPY = """
    story_copies.story AS row,
    (SELECT id FROM stories WHERE stories.row = story_copies.story) AS id, key, content, text_only,
    url, title, published, sketch, 1 AS copied
"""
_COPIES = f"SELECT {_COPY} FROM story_copies WHERE source = :source"
_ALL = f"SELECT {_COLUMNS} FROM {_TABLES} WHERE source = :source UNION ALL {_COPIES}"
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM story_sources WHERE source = ? LIMIT ?) AS given"

_NAMED = f"""
    SELECT {_COLUMNS} FROM {_TABLES}
    WHERE source = :source AND key IN (SELECT value FROM json_each(:keys))
    UNION SELECT {_COLUMNS} FROM json_each(:ids) CROSS JOIN {_TABLES}
    WHERE stories.id = json_each.value AND source = :source
    UNION ALL {_COPIES} AND key IN (SELECT value FROM json_each(:keys))
"""

# Each SELECT finds its rows by an index, and for each story that is asked for.
_SIMILAR = f"""
    WITH asked AS MATERIALIZED (
        SELECT CAST(json_extract(value, '$[0]') AS BIGINT) AS title,
            CAST(json_extract(value, '$[1]') AS BIGINT) AS page,
            CAST(json_extract(value, '$[2]') AS BIGINT) AS text,
            CAST(json_extract(value, '$[3]') AS BIGINT) AS earliest,
            CAST(json_extract(value, '$[4]') AS BIGINT) AS latest
        FROM json_each(:asked)),
    found AS (
        SELECT story FROM asked CROSS JOIN story_keys INDEXED BY story_keys_by_title
        WHERE story_keys.title = asked.title AND (
            story_keys.published BETWEEN asked.earliest AND asked.latest
            OR (asked.page <> 0 AND story_keys.page = asked.page)
            OR (asked.text <> 0 AND story_keys.text = asked.text))
        UNION SELECT story FROM asked CROSS JOIN story_keys INDEXED BY story_keys_by_text
        WHERE story_keys.text = asked.text AND story_keys.text <> 0
            AND story_keys.published BETWEEN asked.earliest AND asked.latest
        UNION SELECT story FROM asked CROSS JOIN story_keys INDEXED BY story_keys_by_page
        WHERE story_keys.page = asked.page AND story_keys.page <> 0
            AND story_keys.published BETWEEN asked.earliest AND asked.latest
        UNION SELECT * FROM (SELECT story FROM story_sources
            WHERE source = :source AND published BETWEEN :earliest AND :latest
            ORDER BY published DESC LIMIT {_NEARBY}) AS nearby)
    SELECT {_COLUMNS} FROM found CROSS JOIN {_TABLES} WHERE row = found.story AND source = :source
    UNION ALL SELECT {_COPY} FROM found CROSS JOIN story_copies
    WHERE story_copies.story = found.story AND source = :source
"""

KEEP_KEYS = """
    INSERT INTO story_keys (story, title, page, text, published, sketch, evidence)
    SELECT row, :title_key, :page_key, :text_key, :published, :sketch, :evidence
    FROM stories WHERE id = :id
    ON CONFLICT (story) DO UPDATE SET title = excluded.title, page = excluded.page,
        text = excluded.text, published = excluded.published,
        sketch = excluded.sketch,
        evidence = CASE WHEN excluded.evidence = '' THEN story_keys.evidence
            ELSE excluded.evidence END
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
    """Returns the key that an older schema had of a link's page and a text together; 0 for none."""
    place = whole_page(url or "")
    return _key(source, f"{place}\0{digest}") if place and digest else 0


def link_address(url: str | None) -> int:
    """Returns the key of a link's page, whatever source names it; 0 for a link to none."""
    page = whole_page(url or "")
    return _key("", page) if page else 0


def guid_key(guid: str) -> int:
    """Returns the key of a guid that names one story, whatever source gives it; 0 for others."""
    named = guid_address(guid)
    return _key("", named) if named else 0


def title_address(title: str) -> int:
    """Returns the key of a title, whatever source gives it; 0 for none."""
    return _key("title", title) if title else 0


FUNCTIONS: Mapping[str, tuple[int, Callable[..., int | str]]] = {
    "title_key": (2, title_key),
    "page_key": (2, page_key),
    "text_key": (2, text_key),
    "page_text_key": (3, page_text_key),
    "grams": (1, grams),
    "index_terms": (1, index_terms),
    "link_address": (1, link_address),
    "guid_address": (1, guid_key),
}
"""The functions that the schema's steps call, by their names in SQL, with how many values each."""


def add_functions(connection: sqlite3.Connection) -> None:
    """Makes `FUNCTIONS` known to a connection."""
    for name, (arguments, function) in FUNCTIONS.items():
        connection.create_function(name, arguments, function, deterministic=True)


def _key(source: str, text: str) -> int:
    both = f"{source}\0{text}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(both, digest_size=8).digest(), "big", signed=True) or 1


def key_values(
    source: str, title: str, url: str | None, text: str, shingles: bytes = b"", evidence: str = ""
) -> dict[str, int | str | bytes]:
    """Returns a story's keys as values of `KEEP_KEYS`; `text` is the digest of its text."""
    return {
        "title_key": title_key(source, title),
        "page_key": page_key(source, url),
        "text_key": text_key(source, text),
        "sketch": shingles,
        "evidence": evidence,
    }


async def fetch_fingerprints(
    connections: Connections, source: str, stories: Sequence[Story] | None, turns: int
) -> Mapping[str, Fingerprint]:
    """Reads fingerprints as `IngestStore.fingerprints` says."""
    if stories is None or await _are_few(connections, source, _FEW * len(stories)):
        rows = await connections.rows(_ALL, {"source": source})
        # Of a large archive these are many: nobody is to wait for them on the event loop.
        return await asyncio.to_thread(_fingerprints, rows)
    named: dict[str, Fingerprint] = {}
    for part in _parts(stories):
        asked = await asyncio.to_thread(_asked_by_name, source, part, turns)
        named |= _fingerprints(await connections.rows(_NAMED, asked))
    similar: dict[str, Fingerprint] = {}
    for part in _parts([one for one in stories if not _is_named(one, named)]):
        asked = await asyncio.to_thread(_asked_by_likeness, source, part, stories)
        similar |= _fingerprints(await connections.rows(_SIMILAR, asked))
    return similar | named


def _is_named(story: Story, named: Mapping[str, Fingerprint]) -> bool:
    """Returns True when a story is surely the one that has its key."""
    return story.key in named and named[story.key].published == story.published


def _parts(stories: Sequence[Story]) -> Iterator[Sequence[Story]]:
    for start in range(0, len(stories), _AT_ONCE):
        yield stories[start : start + _AT_ONCE]


async def _are_few(connections: Connections, source: str, most: int) -> bool:
    rows = await connections.rows(_COUNT, (source, most + 1))
    return int(rows[0][0]) <= most


def _asked_by_name(source: str, stories: Sequence[Story], turns: int) -> dict[str, Any]:
    """Returns the values that the query for keys and ids binds."""
    named = [(one, key) for one in pace(stories) for key in (one.key, *other_keys(one))]
    renamed = (replace(one, id=story_id(source, key), key=key) for one, key in named)
    ids = [one for story in (*stories, *renamed) for one in islice(possible_ids(story), turns)]
    keys = [key for _, key in named]
    return {"source": source, "keys": json.dumps(keys), "ids": json.dumps(ids)}


def _asked_by_likeness(
    source: str, stories: Sequence[Story], given: Sequence[Story]
) -> dict[str, Any]:
    """Returns the values that the query for stories under other keys binds."""
    earliest, latest = to_micros(near_dates(stories)[0]), to_micros(near_dates(given)[1])
    asked = json.dumps([_asked_one(source, story) for story in pace(stories)])
    return {"source": source, "asked": asked, "earliest": earliest, "latest": latest}


def _asked_one(source: str, story: Story) -> list[int]:
    keys = dedup_keys(story)
    return [
        _key(source, keys.title),
        _key(source, keys.place) if keys.place else 0,
        text_key(source, keys.body),
        *map(to_micros, (keys.earliest, keys.latest)),
    ]


def _fingerprints(rows: Iterable[Row]) -> dict[str, Fingerprint]:
    return {one["key"]: _fingerprint(one) for one in pace(sorted(rows, key=_row))}


def _row(row: Row) -> int:
    return int(row["row"])


def _fingerprint(row: Row) -> Fingerprint:
    return Fingerprint(
        row["id"],
        row["key"],
        row["content"],
        row["text_only"],
        row["url"] or "",
        row["title"],
        to_time(row["published"]),
        row["sketch"] or b"",
        bool(row["copied"]),
    )
