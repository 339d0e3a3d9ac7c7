"""Takes the README's pictures: real answers about the sample stories, as each platform shows them.

The bot answers over the wire of the tests' own servers; what it sent is set as HTML in the
platform's manner, and Chromium takes the picture.
"""

from __future__ import annotations

import asyncio
import base64
import html
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from chromium import take
from discord_desk import serving as serving_discord
from newsdesk import TestDesk, desk_over
from sample_desk import SAMPLES_NOW, SampleDesk
from servers.discord.server import discord_server
from servers.telegram.calls import Upload
from servers.telegram.chats import Message
from servers.telegram.server import Server as TelegramServer
from stories import HandClock
from telegram_bot import serving as serving_telegram
from tools.discord_html import STYLE, message_html
from tools.invented_news import TOPICS, invented_news

from adapters.pictures.fonts import CJK
from adapters.pictures.renderer import open_renderer
from bot.app import SAMPLES, App, open_app
from bot.config.load import sample_config

FOLDER = Path(__file__).parents[2] / "docs/pictures"
_WIDTH = 560  # pixels


def _as_data(kind: str, content: bytes) -> str:
    """Returns a file as an address that holds all of it."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


_STYLE = (
    """
* { box-sizing: border-box; margin: 0 }
@font-face { font-family: "Fallback"; src: url("FALLBACK"); unicode-range: U+2E80-D7FF }
body { width: WIDTHpx; padding: 14px; font: 15px/1.4 "Fallback", "Noto Sans", "DejaVu Sans",
  sans-serif }
.telegram { background: #d5e6c8 }
.said, .bubble { border-radius: 14px; padding: 8px 12px; width: fit-content; max-width: 92% }
.said { background: #e8fcd3; margin: 0 0 8px auto }
.bubble img { display: block; width: 100%; border-radius: 10px; margin-bottom: 6px }
.bubble { background: #fff; white-space: pre-wrap; margin-bottom: 3px }
.telegram a { color: #2481cc; text-decoration: none }
.telegram blockquote { border-left: 3px solid #2481cc; padding-left: 8px; color: #444 }
.keys { display: flex; gap: 3px; margin-bottom: 3px; max-width: 92% }
.key { flex: 1; background: #5f8f5ecc; color: #fff; border-radius: 8px; padding: 7px;
  text-align: center; font-size: 14px }
""".replace("WIDTH", str(_WIDTH)).replace("FALLBACK", _as_data("font/ttf", Path(CJK).read_bytes()))
    + STYLE
)


def _page(platform: str, body: str) -> str:
    return (
        f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>"
        f"<body class={platform}>{body}<script>document.title = document.body.scrollHeight</script>"
    )


def telegram_message(message: Message) -> str:
    """Sets a message of Telegram, whose HTML is shown as it is, with its photo above it."""
    rows = (message.markup or {}).get("inline_keyboard", ())
    keys = (
        "<div class=keys>"
        + "".join(f"<div class=key>{html.escape(key['text'])}</div>" for key in row)
        + "</div>"
        for row in rows
    )
    return f"<div class=bubble>{_photo(message)}{message.raw}</div>{''.join(keys)}"


def _photo(message: Message) -> str:
    if not isinstance(message.photo, Upload):
        return ""
    return f'<img src="{_as_data("image/png", message.photo.content)}">'


async def on_telegram(desk: TestDesk, asked: Mapping[str, str]) -> None:
    """Takes pictures of a private talk on Telegram.

    Args:
        desk: The bot.
        asked: What is said, by the names of the pictures.
    """
    async with TelegramServer() as server, serving_telegram(server, desk):
        ada = server.person("Ada")
        chat = server.private(ada)
        for name, line in asked.items():
            said = await ada.says(chat, line)
            (message,) = await server.replies(chat, after=said)
            talk = f"<div class=said>{html.escape(line)}</div>"
            shown = talk + telegram_message(message)
            take(name, _page("telegram", shown), FOLDER, _WIDTH)


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


async def trends(folder: Path) -> None:
    """Takes the picture of what invented news were about."""
    store = folder / "invented.db"
    async with desk_over(store, topics=TOPICS, now=SAMPLES_NOW, pictures=open_renderer()) as desk:
        await desk.has(*invented_news(SAMPLES_NOW))
        await on_telegram(desk, {"telegram-trends": "/trends"})


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
        await trends(Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
