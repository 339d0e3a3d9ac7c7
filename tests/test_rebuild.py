"""`dateline rebuild`: summaries made anew, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from newsdesk import TestDesk
from stores import OpenStore, open_store, store
from stories import NOW, batch, filed, story

from bot.chat.ports import Store
from bot.ingest.batch import StoryBatch
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.results import StoryRecord
from bot.ingest.summaries.rebuild import rebuild_summaries, report_outdated
from bot.ingest.summaries.summariser import Summariser
from bot.model import Story
from bot.search.ports import START
from bot.search.query import Filter, parse

__all__ = ["open_store", "store"]

NEW = Summariser(200)
NAMES = "Ada Bo Cleo Dan Eve Finn Gail Hal Ines Jon Kay Lou Mo Nan Ole Pia Quin Ray Sue Tom".split()
SENTENCES = [
    f"{name} of {name}ton took {name}'s ferry to {name}berg on {name}day." for name in NAMES
]
TEXT = "\n".join(SENTENCES)
OWN = "The publisher says in other words what there is to say of it."


def nothing(_done: int, _total: int) -> None:
    """Shows nothing."""


async def summary(store: Store, of: Story) -> str:
    (kept,) = await store.stories.by_ids([of.id])
    return kept.summary


async def write(store: Store, *records: StoryRecord) -> None:
    await store.ingest.write(StoryBatch(records, NOW))


async def test_summaries_of_another_length_are_made_anew(store: Store) -> None:
    told = story("The ferry", TEXT)
    await write(store, *(StoryEnricher().enrich(one, NOW) for one in filed([told])))
    before = await summary(store, told)

    assert await rebuild_summaries(store.summaries, NEW, nothing) == 1
    after = await summary(store, told)
    assert (len(before) > 200, after) == (True, NEW.summarise(told))
    assert await rebuild_summaries(store.summaries, NEW, nothing) == 0


async def test_what_the_publisher_gave_is_remembered_though_it_was_not_shown(store: Store) -> None:
    given = f"{OWN} {'More of it follows here. ' * 12}".strip()
    told = story("The ferry", TEXT, summary=given)
    await write(store, *(StoryEnricher().enrich(one, NOW) for one in filed([told])))

    await rebuild_summaries(store.summaries, Summariser(1_000), nothing)
    assert await summary(store, told) == given


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (OWN, OWN),
        (" ".join(SENTENCES[:5]), NEW.summarise(story("The ferry", TEXT))),
        (f"{SENTENCES[0]} Bo of Boton took…", NEW.summarise(story("The ferry", TEXT))),
    ],
)
async def test_of_older_stores_the_publishers_summaries_are_known_from_openings(
    store: Store, shown: str, expected: str
) -> None:
    told = story("The ferry", TEXT, summary=shown)
    await write(store, *filed([told]))

    await rebuild_summaries(store.summaries, NEW, nothing)
    assert await summary(store, told) == expected


@pytest.mark.slow
async def test_a_rebuild_goes_on_where_it_was_broken_off(open_store: OpenStore) -> None:
    store = await open_store()
    told = [story(f"Ferry {n}", TEXT, summary=f"{SENTENCES[0]}") for n in range(450)]
    await store.ingest.write(batch(told))
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done >= 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rebuild_summaries(store.summaries, NEW, stop)
    assert seen == [(0, 450), (200, 450)]
    assert await rebuild_summaries((await open_store()).summaries, NEW, nothing) == 250
    assert await store.summaries.count_outdated(NEW.method) == 0


async def test_a_story_that_changes_meanwhile_keeps_what_it_became(store: Store) -> None:
    told, changed = story("The ferry", TEXT), story("The ferry", "It sank.")
    await write(store, *filed([replace(told, summary=SENTENCES[0])]))
    found = await store.summaries.outdated(NEW.method, 0, 10)
    await write(
        store, *(StoryEnricher(summariser=NEW).enrich(one, NOW) for one in filed([changed]))
    )

    await store.summaries.replace([replace(one, method=NEW.method) for one in found])
    assert await summary(store, told) == "It sank."


async def test_a_rebuild_posts_nothing_edits_nothing_and_changes_no_search(desk: TestDesk) -> None:
    told = story("The ferry", TEXT, summary=SENTENCES[0])
    await desk.store.ingest.write(batch([told]))
    words = await desk.store.search.words_since(START)
    known = await desk.store.ingest.fingerprints("wire")

    await rebuild_summaries(desk.store.summaries, NEW, nothing)
    assert await desk.store.outbox.due("test", NOW, 10) == []
    assert await desk.store.search.words_since(START) == words
    assert await desk.store.ingest.fingerprints("wire") == known
    assert len(await desk.store.search.candidates(parse("ferry"), Filter(), 10)) == 1
    assert await desk.store.check() == []


async def test_the_log_tells_that_a_rebuild_is_due(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await report_outdated(store.summaries, NEW)
    assert caplog.messages == []
    await store.ingest.write(batch([story("a", "Text."), story("b", "Text.")]))
    await report_outdated(store.summaries, NEW)
    assert caplog.messages == [
        "2 summaries are of an older kind; `dateline rebuild` makes them anew"
    ]
