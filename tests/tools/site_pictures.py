"""Takes the README's pictures of the website: sample stories, as wide as a desk's and a phone's."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser import Tab, open_tab
from sample_desk import SAMPLES_NOW, SampleDesk
from site_desk import serving_site
from site_login import ANNA, NEWS, OPERATOR, serving_desk
from stories import HandClock

from bot.app import SAMPLES, App, open_app
from bot.config.load import sample_config
from bot.config.schema import DeskConfig
from bot.ingest.results import LoadReport
from bot.model import Person
from bot.monitoring.heartbeat import keep_beating
from bot.posting.page_links import story_path
from bot.search.query import Filter

FOLDER = Path(__file__).parents[2] / "docs/pictures"
_DESK = DeskConfig(
    name="The Gullhaven News Desk", about="All that happens on the sound, and some of the rest."
)
_PORT = 8_397


async def _take(tab: Tab, address: str, name: str, folder: Path, size: tuple[int, int]) -> None:
    await tab.size(*size)
    visit = await tab.show(address)
    if visit.console:
        raise AssertionError(visit.console)
    await tab.picture(folder / f"{name}.png")


async def main(folder: Path) -> None:
    """Takes all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as store:
        config = replace(sample_config(SAMPLES, Path(store), {}), desk=_DESK)
        async with open_app(config, clock=HandClock(SAMPLES_NOW)) as app, open_tab() as tab:
            await app.poller.load()
            newest = await app.store.stories.newest(Filter())
            assert newest, "there are no samples"
            await _take_site(tab, app, story_path(newest), folder)
            await _take_desk(tab, SampleDesk(app), folder)


async def _take_site(tab: Tab, app: App, story: str, folder: Path) -> None:
    """Takes the pictures of what everybody sees."""
    async with serving_site(SampleDesk(app), _PORT) as reader:
        at = reader.address
        await _take(tab, f"{at}/", "site-front", folder, (1_280, 900))
        await _take(tab, at + story, "site-story", folder, (390, 844))
        if folder == FOLDER:
            return
        search, topics = f"{at}/search?q=electric+fery", f"{at}/topics"
        await _take(tab, search, "search", folder, (1_280, 900))
        await _take(tab, topics, "topics", folder, (390, 844))
        await tab.media(prefers_color_scheme="dark")
        await _take(tab, f"{at}/", "dark-front", folder, (390, 844))
        await _take(tab, at + story, "dark-story", folder, (1_280, 900))
        await tab.media(prefers_color_scheme="light")


async def _take_desk(tab: Tab, desk: SampleDesk, folder: Path) -> None:
    """Takes the pictures of what is behind the login."""
    moderator = Person(ANNA, "Anna", moderator=True)
    for line in ("harbour daily 8:00", "lantern", "copperline mon,thu 9:00"):
        await desk.ask(f"/subscribe {line} confirm:on", moderator, NEWS)
    now = desk.dispatcher.services.clock.now()
    failed = LoadReport("copperline", now, error="503 Service Unavailable", failures=2)
    await desk.store.sources.finish_load(replace(failed, next_check=now + timedelta(minutes=9)), "")
    beating = asyncio.create_task(keep_beating(desk.store.chats, HandClock(now)))
    async with serving_desk(desk, _PORT) as rig:
        await tab.show(f"{rig.address}{await rig.link(OPERATOR, 'Ada')}")
        await tab.submit("main form")
        at = f"{rig.address}/desk"
        await _take(tab, at, "desk-status", folder, (1_280, 800))
        await _take(tab, f"{at}/subscriptions?chat={NEWS.id}", "desk-phone", folder, (390, 844))
        paths = "", "/subscriptions", "/sources", "/stories", "/why?q=harbour", "/audit", "/trends"
        for path in paths if folder != FOLDER else ():
            name = path.partition("?")[0].strip("/") or "status"
            place = "&" if "?" in path else "?"
            address = f"{at}{path}{place}chat={NEWS.id}"
            await _take(tab, address, f"desk-{name}-wide", folder, (1_280, 900))
            await _take(tab, address, f"desk-{name}-narrow", folder, (390, 844))
        if folder != FOLDER:
            await tab.show(f"{at}/stories?chat={NEWS.id}")
            await tab.submit(".card form")
            await tab.picture(folder / "desk-event-narrow.png")
    beating.cancel()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
