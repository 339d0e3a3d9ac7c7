"""Takes pictures of posts, digests and lists on Discord, at the width of a phone.

`discord_pictures.py FOLDER`: they are for whoever changes the looks of them, to be looked at.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from chromium import take
from discord_hostile import RENDER_CONTEXT
from rich_replies import SENTENCE, episode, five, listing, reading
from stories import NOW, story
from tools.discord_html import STYLE, message_html

from adapters.discord.buttons import NO_ASKER, render_controls
from adapters.discord.render import render
from bot.chat.button_tokens import ActionTokens
from bot.model import Action, Enclosure, Story
from bot.posting.digest import DisplayNames, digest
from bot.reply import Button, Reply, Role

_WIDTH = 390  # pixels, as of a phone
_ICON = "<:dl_0123456789ab_0123456789ab:42>"
_STYLE = f"""
* {{ box-sizing: border-box; margin: 0 }}
body {{ width: {_WIDTH}px; padding: 10px; font: 15px/1.4 "Noto Sans", "DejaVu Sans", sans-serif }}
{STYLE}
"""
_SCRIPT = "<script>document.title = document.body.scrollHeight</script>"
_TITLES = {
    "Night trains return to the coast after twelve years": ("Transport",),
    "Harbour bridge closes for repairs in March, and ferries run all night": ("Transport",),
    "Museum opens a wing for forgotten inventors": ("Culture",),
    "Rain ends the driest autumn since 1911": (),
    "Library lends seeds, tools and a telescope": ("Culture",),
}
_MORE = "Fog Gales Ducks Sails Ropes Tides Nets Buoys Crabs Masts Knots Docks Oars Piers".split()


def _stories() -> list[Story]:
    titles = {**_TITLES, **{f"{name} off the northern pier": () for name in _MORE}}
    summary = "Passengers may ride for free until Sunday. The city expects forty thousand a day."
    return [
        story(
            title,
            summary,
            summary=summary,
            source=("wire", "bay")[at % 2],
            url=f"https://www.example.org/{at}",
            published=NOW - timedelta(minutes=37 * at),
            topics=topics,
        )
        for at, (title, topics) in enumerate(titles.items())
    ]


def _replies() -> Iterator[tuple[str, Reply]]:
    sources = {"wire": "The Wire", "bay": "Bay News"}
    names = DisplayNames(RENDER_CONTEXT.words, sources, icons={"wire": "🗞️"})
    stories = _stories()
    picture = "https://example.org/train.jpg"
    posted = replace(stories[0], image=picture, place="PORT ALDER", byline="Ines Calloway")
    read = Button("Read", Action("read", (("story", posted.id),)), Role.READ)
    more = tuple(Enclosure(f"https://example.org/{n}.jpg", "image/jpeg") for n in range(2))
    yield "post", Reply("post", cards=(names.card(posted),), buttons=(read,))
    yield "post-plain", Reply("post", cards=(names.card(stories[1]),), buttons=(read,))
    gallery = replace(posted, enclosures=more, source="bay")
    yield "post-gallery", Reply("post", cards=(names.card(gallery),), buttons=(read,))
    yield "post-episode", Reply("post", cards=(names.card(episode()),), buttons=(read,))
    yield "digest", digest(stories, names)
    yield "digest-short", digest(stories[:3], names)
    yield "list", listing(*five())
    pictured = [replace(one, image=picture) for one in five()]
    yield "list-pictures", listing(*pictured)
    long = story("A report", f"{SENTENCE * 4}\n" * 4, url="https://example.org/a", image=picture)
    yield "read", reading(long)


def _body(reply: Reply) -> dict[str, Any]:
    controls = render_controls(reply, NO_ASKER, ActionTokens(_Memory()), RENDER_CONTEXT.words)  # type: ignore[arg-type]
    context = replace(RENDER_CONTEXT, icons={"bay": _ICON})
    view = render(reply, context, controls).view()
    return {"components": view.to_components()}  # type: ignore[no-untyped-call]


class _Memory:
    """Remembers nothing of what buttons ask for."""

    async def remember_actions(self, actions: object) -> None:
        del actions


async def main(into: Path) -> None:
    """Takes all pictures."""
    into.mkdir(parents=True, exist_ok=True)
    for name, reply in _replies():
        shown = message_html(_body(reply), NOW)
        page = f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><body class=discord>"
        take(f"discord-{name}", page + shown + _SCRIPT, into, _WIDTH)


if __name__ == "__main__":
    asyncio.run(main(Path((*sys.argv, "pictures")[1])))
