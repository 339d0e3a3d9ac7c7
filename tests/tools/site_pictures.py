"""Takes the README's pictures of the website: sample stories, as wide as a desk's and a phone's."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser import Tab, open_tab
from sample_desk import SAMPLES_NOW, SampleDesk
from site_desk import serving_site
from stories import HandClock

from bot.app import SAMPLES, open_app
from bot.config.load import sample_config
from bot.config.schema import DeskConfig
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
            async with serving_site(SampleDesk(app), _PORT) as reader:
                at = reader.address
                await _take(tab, f"{at}/", "site-front", folder, (1_280, 900))
                await _take(tab, at + story_path(newest), "site-story", folder, (390, 844))
                if folder == FOLDER:
                    return
                search, topics = f"{at}/search?q=electric+fery", f"{at}/topics"
                await _take(tab, search, "search", folder, (1_280, 900))
                await _take(tab, topics, "topics", folder, (390, 844))
                await tab.media(prefers_color_scheme="dark")
                await _take(tab, f"{at}/", "dark-front", folder, (390, 844))
                await _take(tab, at + story_path(newest), "dark-story", folder, (1_280, 900))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
