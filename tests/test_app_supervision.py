"""The application goes on after polling, or the warming of the search, has failed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over

from bot.app import App, load_config
from bot.chat.dispatcher import Dispatcher
from bot.commands import REGISTRY
from bot.errors import NotAStoreError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.router import FloodLimits
from bot.posting.worker import PostingWorkers
from bot.search.engine import SearchEngine


class FaultyPoller(Poller):
    """Fails as it was told to; then it notes that it polls."""

    faults: list[Exception]
    polls: asyncio.Event

    async def keep_polling(self) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.polls.set()
        await asyncio.Event().wait()


class FaultySearch(SearchEngine):
    """Fails once when it is warmed."""

    warmed = 0

    async def warm(self) -> None:
        self.warmed += 1
        if self.warmed == 1:
            raise KeyError("a bug in warming")


def _app(desk: TestDesk, *faults: Exception) -> tuple[App, FaultyPoller, FaultySearch]:
    services = desk.dispatcher.services
    poller = FaultyPoller(desk.store, desk.clock, (), StoryEnricher())
    poller.faults, poller.polls = list(faults), asyncio.Event()
    search = FaultySearch(desk.store.search)
    composer = PostComposer(DisplayNames(services.translations, {}))
    context = DeliveryContext(
        desk.store, desk.clock, composer, FloodLimits(), services.settings.move
    )
    dispatcher = Dispatcher(replace(services, poller=poller, search=search), REGISTRY)
    config = load_config(Path(__file__).parents[1] / "config.example.toml", {})
    app = App(config, desk.store, poller, dispatcher, PostingWorkers(context), StoryEnricher())
    return app, poller, search


@pytest.mark.slow
async def test_polling_and_warming_are_begun_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk_over(tmp_path / "d.db") as desk:
        app, poller, search = _app(desk, RuntimeError("a bug in polling"))
        running = asyncio.create_task(app._keep_ready())  # noqa: SLF001 - what `run` and `chat` begin
        await asyncio.wait_for(poller.polls.wait(), 20)
        while search.warmed < 2:
            await asyncio.sleep(0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    told = [one.getMessage() for one in caplog.records]
    assert sorted(told) == [
        "polling stopped; restarting it in 1 s: RuntimeError: a bug in polling",
        "warming of the search stopped; restarting it in 1 s: KeyError: 'a bug in warming'",
    ]


async def test_polling_ends_where_it_makes_no_sense_any_more(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "d.db") as desk:
        app, _, _ = _app(desk, NotAStoreError("the file is no store"))
        with pytest.raises(NotAStoreError, match="the file is no store"):
            await app._keep_ready()  # noqa: SLF001 - what `run` and `chat` begin
