"""Takes the README's pictures: real answers about the sample stories, as Discord shows them.

The bot answers over the wire of the tests' own servers; what it sent is set as HTML in the
platform's manner, and Chromium takes the picture.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from chromium import take
from discord_desk import serving as serving_discord
from sample_desk import SAMPLES_NOW, SampleDesk
from servers.discord.server import discord_server
from stories import HandClock
from tools.discord_html import STYLE, message_html

from bot.app import SAMPLES, App, open_app
from bot.config.load import sample_config

FOLDER = Path(__file__).parents[2] / "docs/pictures"
_WIDTH = 560  # pixels

_STYLE = (
    """
* { box-sizing: border-box; margin: 0 }
body { width: WIDTHpx; padding: 14px; font: 15px/1.4 "Noto Sans", "DejaVu Sans", sans-serif }
.said, .bubble { border-radius: 14px; padding: 8px 12px; width: fit-content; max-width: 92% }
.said { background: #e8fcd3; margin: 0 0 8px auto }
.bubble { background: #fff; white-space: pre-wrap; margin-bottom: 3px }
.keys { display: flex; gap: 3px; margin-bottom: 3px; max-width: 92% }
.key { flex: 1; background: #5f8f5ecc; color: #fff; border-radius: 8px; padding: 7px;
  text-align: center; font-size: 14px }
""".replace("WIDTH", str(_WIDTH))
    + STYLE
)


def _page(platform: str, body: str) -> str:
    return (
        f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>"
        f"<body class={platform}>{body}<script>document.title = document.body.scrollHeight</script>"
    )


async def on_discord(app: App, asked: Mapping[str, tuple[str, Mapping[str, str]]]) -> None:
    """Takes pictures of commands on a Discord server.

    Args:
        app: The bot.
        asked: The commands with their options, by the names of the pictures.
    """
    async with discord_server() as server, serving_discord(server, SampleDesk(app)):
        guild = server.guild("Readers")
        ada = server.person("Ada", guild)
        for name, (command, options) in asked.items():
            interaction = await ada.command(guild, command, forced=False, **options)
            message = interaction.message
            assert message, f"{command} has no answer"
            said = f"<div class=said>Ada used <a>/{command}</a> {' '.join(options.values())}</div>"
            shown = said + message_html(message.body, SAMPLES_NOW)
            take(name, _page("discord", shown), FOLDER, _WIDTH)


async def main() -> None:
    """Takes all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        config = sample_config(SAMPLES, Path(folder), {})
        async with open_app(config, clock=HandClock(SAMPLES_NOW)) as app:
            await app.poller.load()
            await on_discord(
                app,
                {
                    "discord-latest": ("latest", {"topic": "Transport"}),
                    "discord-read": ("read", {"story": "electric ferry"}),
                },
            )


if __name__ == "__main__":
    asyncio.run(main())
