"""Takes the README's pictures: real answers about the sample stories, as each platform shows them.

The bot answers over the wire of the tests' own servers; what it sent is set as HTML in the
platform's manner, and Chromium takes the picture.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from discord_desk import serving as serving_discord
from newsdesk import TestDesk
from servers.discord.server import discord_server
from servers.telegram.server import Server as TelegramServer
from stories import HandClock
from telegram_bot import serving as serving_telegram

from bot.app import SAMPLES, App, open_app
from bot.config.load import sample_config

FOLDER = Path(__file__).parents[2] / "docs/pictures"
SAMPLES_NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # soon after the newest sample
_WIDTH = 560  # pixels
_CHROMIUM = os.environ.get("CHROMIUM", "chromium")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()

_STYLE = """
* { box-sizing: border-box; margin: 0 }
body { width: WIDTHpx; padding: 14px; font: 15px/1.4 "Noto Sans", "DejaVu Sans", sans-serif }
.telegram { background: #d5e6c8 }
.said, .bubble { border-radius: 14px; padding: 8px 12px; width: fit-content; max-width: 92% }
.said { background: #e8fcd3; margin: 0 0 8px auto }
.bubble { background: #fff; white-space: pre-wrap; margin-bottom: 3px }
.telegram a { color: #2481cc; text-decoration: none }
.telegram blockquote { border-left: 3px solid #2481cc; padding-left: 8px; color: #444 }
.keys { display: flex; gap: 3px; margin-bottom: 3px; max-width: 92% }
.key { flex: 1; background: #5f8f5ecc; color: #fff; border-radius: 8px; padding: 7px;
  text-align: center; font-size: 14px }
.discord { background: #313338; color: #dbdee1 }
.discord .said { background: none; color: #b5bac1; font-size: 13px; margin: 0 0 6px; padding: 0 }
.discord .name { color: #fff; font-weight: 600; margin-bottom: 4px }
.bot { background: #5865f2; color: #fff; font-size: 10px; border-radius: 3px; padding: 1px 4px }
.embed { background: #2b2d31; border-left: 4px solid #4e80ee; border-radius: 4px;
  padding: 10px 14px; margin-bottom: 4px; white-space: pre-wrap }
.embed .title { font-weight: 600; color: #fff }
.discord a { color: #00a8fc; text-decoration: none }
.embed .small, .small { font-size: 12px; color: #949ba4 }
.discord .key { background: #4e5058; flex: none; padding: 6px 14px; border-radius: 4px }
.discord .menu { background: #1e1f22; border-radius: 4px; padding: 8px 12px; color: #949ba4;
  margin-bottom: 4px }
""".replace("WIDTH", str(_WIDTH))


def _page(platform: str, body: str) -> str:
    return (
        f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>"
        f"<body class={platform}>{body}<script>document.title = document.body.scrollHeight</script>"
    )


def take(name: str, page: str, into: Path = FOLDER, width: int = _WIDTH) -> None:
    """Takes a picture of a page, as high as the page is."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(page, encoding="utf-8")
        run = [_CHROMIUM, *_FLAGS, f"--user-data-dir={folder}/profile"]
        shown = subprocess.run(
            [*run, "--dump-dom", f"--window-size={width},600", str(file)],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        found = re.search(r"<title>(\d+)", shown)
        height = found[1] if found else "600"
        picture = into / f"{name}.png"
        subprocess.run(
            [*run, f"--screenshot={picture}", f"--window-size={width},{height}", str(file)],
            capture_output=True,
            check=True,
        )


def telegram_message(raw: str, markup: Mapping[str, Any] | None) -> str:
    """Sets a message of Telegram, whose HTML is shown as it is."""
    rows = (markup or {}).get("inline_keyboard", ())
    keys = (
        "<div class=keys>"
        + "".join(f"<div class=key>{html.escape(key['text'])}</div>" for key in row)
        + "</div>"
        for row in rows
    )
    return f"<div class=bubble>{raw}</div>{''.join(keys)}"


def _markdown(text: str) -> str:
    """Sets what the bot uses of Discord's Markdown."""
    text = html.escape(text, quote=False)
    text = re.sub(r"^-# (.*)$", r"<span class=small>\1</span>", text, flags=re.MULTILINE)
    text = re.sub(
        r"\[((?:[^\]\\]|\\.)*)\]\((?:&lt;)?([^)]*?)(?:&gt;)?\)", r'<a href="\2">\1</a>', text
    )
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"&lt;t:(\d+)(?::\w)?&gt;", lambda m: _time(int(m[1])), text)
    text = re.sub(r"&lt;(https?://[^&]+)&gt;", r"<a>\1</a>", text)
    return re.sub(r"\\(?=[^A-Za-z0-9\s])", "", text).replace("\u2060", "")


def _time(seconds: int) -> str:
    days = (SAMPLES_NOW - datetime.fromtimestamp(seconds, UTC)).days
    return "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"


def _embed(embed: Mapping[str, Any]) -> Iterator[str]:
    if embed.get("title"):
        yield f"<div class=title>{_markdown(embed['title'])}</div>"
    if embed.get("description"):
        yield f"<div>{_markdown(embed['description'])}</div>"
    if embed.get("footer"):
        yield f"<div class=small>{html.escape(embed['footer']['text'])}</div>"


def _components(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        inner = row.get("components", ())
        menus = [one for one in inner if one["type"] != 2]
        for menu in menus:
            yield f"<div class=menu>{html.escape(menu.get('placeholder') or '')} ▾</div>"
        keys = (one.get("label", "") for one in inner if one not in menus)
        yield "<div class=keys>"
        yield from (f"<div class=key>{html.escape(key)}</div>" for key in keys)
        yield "</div>"


def discord_message(body: Mapping[str, Any]) -> str:
    """Sets a message of Discord."""
    embeds = (f"<div class=embed>{''.join(_embed(one))}</div>" for one in body.get("embeds") or ())
    return "".join(
        (
            "<div class=name>Dateline <span class=bot>APP</span></div>",
            f"<div>{_markdown(body.get('content') or '')}</div>",
            *embeds,
            *_components(body.get("components") or ()),
        )
    )


async def on_telegram(app: App, asked: Mapping[str, str]) -> None:
    """Takes pictures of a private talk on Telegram.

    Args:
        app: The bot.
        asked: What is said, by the names of the pictures.
    """
    async with TelegramServer() as server, serving_telegram(server, SampleDesk(app)):
        ada = server.person("Ada")
        chat = server.private(ada)
        for name, line in asked.items():
            said = await ada.says(chat, line)
            (message,) = await server.replies(chat, after=said)
            talk = f"<div class=said>{html.escape(line)}</div>"
            take(name, _page("telegram", talk + telegram_message(message.raw, message.markup)))


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
            take(name, _page("discord", said + discord_message(message.body)))


@dataclass
class SampleDesk(TestDesk):
    """The bot in the place of a test's desk."""

    def __init__(self, app: App) -> None:
        self.dispatcher, self.store = app.dispatcher, app.store


async def main() -> None:
    """Takes all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        config = sample_config(SAMPLES, Path(folder), {})
        async with open_app(config, clock=HandClock(SAMPLES_NOW)) as app:
            await app.poller.load()
            await on_telegram(
                app,
                {
                    "telegram-search": "electric fery",
                    "telegram-follow": "/subscribe transport daily 8:00",
                },
            )
            await on_discord(app, {"discord-latest": ("latest", {"topic": "Transport"})})


if __name__ == "__main__":
    asyncio.run(main())
