"""Takes the README's pictures of Discord: real answers about the sample stories.

The bot answers over the wire of the tests' own servers; what it sent is set as HTML in the
platform's manner, and Chromium takes the picture.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from chromium import take
from discord_desk import serving as serving_discord
from sample_desk import SAMPLES_NOW, SampleDesk
from servers.discord.server import discord_server
from stories import HandClock

from bot.app import SAMPLES, App, open_app
from bot.config.load import sample_config

FOLDER = Path(__file__).parents[2] / "docs/pictures"
_WIDTH = 560  # pixels

_STYLE = """
* { box-sizing: border-box; margin: 0 }
body { width: WIDTHpx; padding: 14px; font: 15px/1.4 "Noto Sans", "DejaVu Sans", sans-serif }
.said, .bubble { border-radius: 14px; padding: 8px 12px; width: fit-content; max-width: 92% }
.said { background: #e8fcd3; margin: 0 0 8px auto }
.bubble { background: #fff; white-space: pre-wrap; margin-bottom: 3px }
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
            take(name, _page("discord", said + discord_message(message.body)), FOLDER, _WIDTH)


async def main() -> None:
    """Takes all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        config = sample_config(SAMPLES, Path(folder), {})
        async with open_app(config, clock=HandClock(SAMPLES_NOW)) as app:
            await app.poller.load()
            await on_discord(app, {"discord-latest": ("latest", {"topic": "Transport"})})


if __name__ == "__main__":
    asyncio.run(main())
