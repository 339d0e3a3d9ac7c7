"""Takes pictures of Telegram's rich messages, at the width of a phone: the README's, or all kinds.

A talk with the bot about the sample stories comes over the wire of the tests' own server; posts, a
digest, an episode, a long report and a story from right to left are made up.
"""

from __future__ import annotations

import asyncio
import html
import sys
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from chromium import take
from rich_html import page, rich_html
from rich_replies import CONTEXT, SENTENCE, episode, five, listing, reading, report
from sample_desk import SAMPLES_NOW, SampleDesk
from servers.telegram.server import Server
from stories import NOW, HandClock, story
from telegram_bot import platform, serving

from adapters.telegram.rich.buttons import ButtonMaker
from adapters.telegram.rich.render import render_rich
from adapters.telegram.rich.serialization import message_json
from bot.app import SAMPLES, App, open_app
from bot.chat.button_tokens import ActionTokens
from bot.config.load import sample_config
from bot.model import Story
from bot.posting.digest import DisplayNames, digest
from bot.reply import Action, Button, Card, Entry, LocalClock, Reply, Role, Snippet

_FOLDER = Path(__file__).parents[2] / "docs/pictures"
_IN_README = frozenset({"search", "follow", "list", "report", "digest", "post"})
_WIDTH = 390  # pixels, as of a phone

_TALK = {
    "latest": "/latest",
    "search": "electric fery",
    "read": "/read 2",
    "topics": "/topics",
    "sources": "/sources",
    "help": "/help",
    "help-search": "/help search",
    "settings": "/settings",
    "follow": "/subscribe transport daily 8:00",
    "subscriptions": "/subscriptions",
    "posts": "/posts",
    "catchup": "/catchup",
    "start": "/start",
}


def _titled(number: int, title: str, topics: tuple[str, ...]) -> Story:
    summary = "Passengers may ride for free until Sunday. The city expects forty thousand a day."
    return story(
        title,
        summary,
        summary=summary,
        url=f"https://www.example.org/{number}",
        published=NOW - timedelta(minutes=37 * number),
        topics=topics,
    )


def _stories() -> list[Story]:
    titles = {
        "Night trains return to the coast after twelve years": ("Transport",),
        "Harbour bridge closes for repairs in March": ("Transport",),
        "Museum opens a wing for forgotten inventors": ("Culture",),
        "Rain ends the driest autumn since 1911": (),
        "Library lends seeds, tools and a telescope": ("Culture",),
    }
    made = [_titled(at, title, topics) for at, (title, topics) in enumerate(titles.items(), 1)]
    more = "Fog Gales Ducks Sails Ropes Tides Nets Buoys Crabs Masts Knots Docks Oars Piers".split()
    others = (_titled(at, f"{name} at {at}", ()) for at, name in enumerate(more, 6))
    return [*made, *others]


def _right_to_left() -> Story:
    text = "افتتحت المدينة خط الترام الجديد يوم الأحد، ويتوقع المسؤولون أربعين ألف راكب يوميا."
    return story(
        "خط الترام الجديد يفتح أبوابه للركاب",
        "\n".join([text] * 3),
        url="https://example.org/ar",
        language="ar",
        image="https://example.org/a.jpg",
    )


def _made_up() -> Iterator[tuple[str, Reply]]:
    names = DisplayNames(CONTEXT.words, {"wire": "The Wire"})
    stories = _stories()
    posted = replace(stories[0], image="https://example.org/train.jpg", place="PORT ALDER")
    read = Button("Read", Action("read", (("story", posted.id),)), Role.READ)
    yield "post", Reply("post", cards=(names.card(posted),), buttons=(read,))
    yield "digest", digest(stories, names)
    yield "list", replace(listing(*five()), clock=LocalClock(CONTEXT.zone, now=NOW))
    snippet = Snippet("The first tram left the old town at dawn, crowded.", ((10, 14), (24, 32)))
    yield "found", Reply("search", title="“tram”", cards=(Card(posted, "The Wire", 1, 1, snippet),))
    yield "report", reading(report())
    yield "report-plain", reading(story("A report without subheadings", f"{SENTENCE * 5}\n" * 40))
    yield "episode", reading(episode())
    yield "right-to-left", reading(_right_to_left(), pages=1)
    yield "posts-full", _posts(stories)
    resume = Button("Resume", Action("subscriptions", (("resume", "on"),)))
    yield "notice", Reply("notice", text=("Posting is paused: I was muted.",), buttons=(resume,))


def _posts(stories: list[Story]) -> Reply:
    states = (
        "posted 12 minutes ago · Transport",
        "waiting for the digest at Tue, Nov 24, 08:00 · Culture",
        "retrying in 2 minutes: Telegram asks to wait",
        "gave up: the chat was closed",
    )
    entries = tuple(
        Entry(one.title, state, Action("posts", (("story", one.id),)))
        for one, state in zip(stories, states, strict=False)
    )
    buttons = (Button("All subscriptions here", Action("subscriptions")),)
    return Reply("posts", title="Posts in this chat", entries=entries, buttons=buttons)


class Album:
    """The pictures, in a folder."""

    def __init__(self, folder: Path, names: Container[str]) -> None:
        self._folder, self._names = folder, names
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, rich: Mapping[str, Any], now: datetime, said: str = "") -> None:
        """Takes a picture of a rich message, and of what was said before it, if it is wanted."""
        if name not in self._names:
            return
        talk = f"<div class=said>{html.escape(said)}</div>" if said else ""
        take(f"telegram-{name}", page(talk + rich_html(rich, now), _WIDTH), self._folder, _WIDTH)


async def talk(app: App, album: Album, clock: HandClock) -> None:
    """Takes pictures of a private talk."""
    desk = SampleDesk(app)
    async with Server() as server, serving(server, desk, serve=platform(server, desk, rich=True)):
        ada = server.person("Ada")
        chat = server.private(ada)
        for name, line in _TALK.items():
            clock.pass_(30)  # nobody asks faster
            said = await ada.says(chat, line)
            (message,) = await server.replies(chat, after=said)
            if message.rich:
                album.take(name, message.rich, SAMPLES_NOW, line)
            if name == "follow":
                await ada.presses(message, "Subscribe")
                await server.edited(message)


def made_up(app: App, album: Album) -> None:
    """Takes pictures of what the samples do not have."""
    buttons = ButtonMaker(ActionTokens(app.store.chats), "DatelineBot")
    for name, reply in _made_up():
        album.take(name, message_json(render_rich(reply, CONTEXT, buttons)), NOW)


async def main(album: Album) -> None:
    """Takes the pictures of an album."""
    with TemporaryDirectory() as data:
        config = sample_config(SAMPLES, Path(data), {})
        clock = HandClock(SAMPLES_NOW)
        async with open_app(config, clock=clock) as app:
            await app.poller.load()
            made_up(app, album)
            await talk(app, album, clock)


if __name__ == "__main__":
    kinds = _IN_README if len(sys.argv) == 1 else {*_TALK, *(name for name, _ in _made_up())}
    asyncio.run(main(Album(Path(*sys.argv[1:]) if len(sys.argv) > 1 else _FOLDER, kinds)))
