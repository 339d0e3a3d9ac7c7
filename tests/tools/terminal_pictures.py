"""Takes pictures of answers in a terminal, in 40 and in 100 columns: `terminal_pictures.py FOLDER`.

They are for whoever changes what the terminal shows, to be looked at.
"""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from chromium import take
from rich.console import Console
from sample_desk import SAMPLES_NOW
from stories import HandClock

from adapters.console.choices import choices
from adapters.console.render import render
from bot.app import SAMPLES, App, open_app
from bot.config.load import sample_config

_ASKED = {
    "latest": "/latest",
    "search": "/search tram",
    "read": '/read "electric ferry"',
    "topics": "/topics",
    "sources": "/sources",
}
_COLUMN = 12.2  # pixels of a sign in the picture
_FRAME = 60  # pixels around the window

_SCRIPT = "<script>document.title = Math.ceil(document.body.scrollHeight)</script>"


async def picture(app: App, name: str, into: Path, columns: int) -> None:
    """Takes a picture of an answer as a terminal of so many columns shows it."""
    reply = await app.ask(_ASKED[name])
    paper = Console(record=True, width=columns, color_system="truecolor", file=io.StringIO())
    words, zone = app.dispatcher.services.translations, ZoneInfo("UTC")
    shown = render(reply, words, zone, at_hand=choices(reply), links=True, bars=True)
    paper.print(shown, crop=False)
    page = f"<!doctype html><meta charset=utf-8><body style='margin: 0'>{paper.export_svg()}"
    take(f"terminal-{name}-{columns}", page + _SCRIPT, into, round(columns * _COLUMN) + _FRAME)


async def main(into: Path) -> None:
    """Takes all pictures."""
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        config = sample_config(SAMPLES, Path(folder), {})
        async with open_app(config, clock=HandClock(SAMPLES_NOW)) as app:
            await app.poller.load()
            for columns in (40, 100):
                for name in _ASKED:
                    await picture(app, name, into, columns)


if __name__ == "__main__":
    asyncio.run(main(Path((*sys.argv, "pictures")[1])))
