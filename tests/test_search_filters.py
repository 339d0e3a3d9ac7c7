"""Filters of a search: whether rows are gathered first or each match is looked up, all is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from stories import NOW, batch, story

from bot.model import Topic
from bot.search.ports import PartialQuery
from bot.search.query import Filter, Since, Term, parse
from store.connection import SqliteConnections
from store.search import SqlSearch
from store.sqlite import SqliteStore

DAYS = 40


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    path = tmp_path / "d.db"
    async with await SqliteStore.open(path) as store:
        await store.ingest.set_topics((Topic("Trams", "tram"),))
        stories = [
            story(
                f"{'Tram' if ago % 3 else 'Bus'} {ago}",
                "osaka fares" if ago % 2 else "osaka",
                source="desk" if ago % 5 else "wire",
                published=NOW - timedelta(days=ago),
            )
            for ago in range(DAYS)
        ]
        await store.ingest.write(batch(stories))
        await store.ingest.set_topics((Topic("Trams", "tram"), Topic("Buses", "bus")))
    return path


@pytest.fixture
async def connections(path: Path) -> AsyncIterator[SqliteConnections]:
    opened = SqliteConnections(path)
    await opened.open_writer()
    await opened.open_readers()
    yield opened
    await opened.aclose()


def _since(ago: int) -> Since:
    instant = NOW - timedelta(days=ago)
    return Since(instant, instant.date())


FILTERS = [
    Filter(),
    Filter(topic="Trams"),
    Filter(topic="buses", source="wire"),
    Filter(source="wire"),
    Filter(since=_since(7)),
    Filter(before=_since(30)),
    Filter(since=_since(30), before=_since(10), topic="trams"),
    Filter(source="nobody"),
]


@pytest.mark.slow
@pytest.mark.parametrize("within", FILTERS, ids=str)
@pytest.mark.parametrize("text", ["osaka", "osaka fares", "tram OR 6", "fares -bus"])
async def test_candidates_are_the_same_either_way(
    connections: SqliteConnections, text: str, within: Filter
) -> None:
    query = parse(text)
    found = [
        {one.id for one in await SqlSearch(connections, few).candidates(query, within, 10)}
        for few in (0, DAYS)
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("within", FILTERS, ids=str)
async def test_partial_matches_are_the_same_either_way(
    connections: SqliteConnections, within: Filter
) -> None:
    terms = [(Term(("fares",)), 2.5), (Term(("tram",)), 1.0), (Term(("bus",), prefix=True), 0.5)]
    query = PartialQuery(terms, within, depth=30)
    looked_up = await SqlSearch(connections, 0).partial_matches(query, 12)
    gathered = await SqlSearch(connections, DAYS).partial_matches(query, 12)

    assert looked_up == gathered
    weights = [one.weight for one in gathered]
    assert weights == sorted(weights, reverse=True)


async def test_what_is_written_is_seen_by_the_next_search(tmp_path: Path) -> None:
    within = Filter(since=_since(7))
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        for number in range(3):
            await store.ingest.write(batch([story(f"Tram {number}", published=NOW)]))
            found = await store.search.candidates(parse("tram"), within, 10)
            assert len(found) == number + 1


@pytest.mark.slow
async def test_what_another_process_writes_is_seen_soon(path: Path) -> None:
    within, query = Filter(source="new"), parse("osaka")
    async with await SqliteStore.open(path) as one, await SqliteStore.open(path) as other:
        assert not await one.search.candidates(query, within, 10)
        await other.ingest.write(batch([story("Osaka", source="new")]))
        while not await one.search.candidates(query, within, 10):
            await asyncio.sleep(0.05)
