"""Stories to measure with, and a desk over a store of them."""

from __future__ import annotations

import random
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from archives import generated_archive

from adapters.embedding.service import make_service
from adapters.sources.archive.source import ArchiveSource
from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import Store
from bot.chat.request import Services
from bot.chat.settings import ChatSettings
from bot.clock import SystemClock
from bot.commands import REGISTRY
from bot.i18n import load as load_translations
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.model import Source, Topic
from bot.search.engine import SearchEngine
from bot.search.meaning.ports import Embedder, ResultCompleter
from bot.search.related import RelatedStories
from store.sqlite import SqliteStore

SOURCES = tuple(
    Source(name.casefold(), f"The {name}", "archive", timedelta(hours=1))
    for name in ("Harbour", "Valley", "Island", "Coast")
)
TOPICS = (
    Topic("Harbour tunnel", '"harbour tunnel"'),
    Topic("Energy", "battery OR solar OR electric"),
    Topic("Rail", "tram OR rail"),
    Topic("Schools", "school -night"),
    Topic("The Island", sources=frozenset({"island"})),
)
COMMON = "town"
"""Stands in nine of ten stories."""

RARE = tuple(
    "crematorium pavilion lighthouse aqueduct planetarium velodrome brewery glacier monastery "
    "orchid".split()
)
"""Each stands in one of a thousand."""

_SYLLABLES = (
    "ba cor den el fa gris hol in jor ka lun mer nor os pel qui ras sten tor ul vin wes yar zel "
    "ami bre cho dun esk fro gla hem iri jus kov lam mos nev oll pra"
).split()


def names(chance: random.Random) -> str:
    """A first and a last name; of all such there are tens of thousands, some far commoner."""
    return " ".join(_name(chance) for _ in range(2))


def _name(chance: random.Random) -> str:
    spread = len(_SYLLABLES)
    picked = (_SYLLABLES[int(spread * chance.random() ** 2)] for _ in range(3))
    return "".join(picked).capitalize()


def stories(count: int, seed: int = 0) -> Iterator[str]:
    """Stories of an archive as text, with words of every rarity in them."""
    chance = random.Random(seed)  # noqa: S311 - repeatable text, no secret
    for number, text in enumerate(generated_archive(count, seed)):
        place = "township" if number % 10 == 0 else COMMON
        rare = f" near the {RARE[number // 100 % len(RARE)]}" if number % 100 == 0 else ""
        more = f" of the {place}{rare}, signed by {names(chance)} and {names(chance)}."
        yield text.replace(" of the town.", more)


def write_archive(path: Path, count: int, seed: int = 0) -> None:
    """Writes an archive to the disk."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(stories(count, seed))


def archive(source: Source, path: Path) -> ArchiveSource:
    """The source that reads it."""
    return ArchiveSource(source, pattern=str(path), link=None, max_bytes=1 << 30)


async def fill(path: Path, count: int, folder: Path) -> None:
    """Loads so many stories into a new store, a share from each source."""
    archives = [folder / f"{source.id}.txt" for source in SOURCES]
    for seed, each in enumerate(archives):
        write_archive(each, count // len(archives), seed)
    sources = [archive(*pair) for pair in zip(SOURCES, archives, strict=True)]
    async with await SqliteStore.open(path) as store:
        await store.ingest.set_topics(TOPICS)
        await Poller(store, SystemClock(), sources, StoryEnricher(TOPICS)).load()
    for each in archives:
        each.unlink()


@asynccontextmanager
async def desk_over(path: Path, embedder: Embedder | None = None) -> AsyncIterator[Dispatcher]:
    """A desk over the store, as the bot has it; one that searches by meaning with an embedder."""
    async with await SqliteStore.open(path) as store:
        meaning = make_service(embedder, store.vectors).answers if embedder else None
        if meaning:
            await meaning.prepare()
        desk = new_desk(store, meaning)
        try:
            yield desk
        finally:
            await desk.aclose()


def new_desk(store: Store, meaning: ResultCompleter | None = None) -> Dispatcher:
    """A desk that knows nothing of the store yet."""
    clock = SystemClock()
    search = SearchEngine(store.search)
    services = Services(
        store=store,
        clock=clock,
        translations=load_translations("en"),
        zone=ZoneInfo("UTC"),
        sources={source.id: source for source in SOURCES},
        topics=TOPICS,
        search=search,
        related=RelatedStories(store.search, search),
        poller=Poller(store, clock, (), StoryEnricher(TOPICS)),
        settings=ChatSettings(store.chats),
        meaning=meaning,
    )
    return Dispatcher(services, REGISTRY)
