"""Sets messages of Discord's components as HTML, much as its client shows them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from servers.discord.component_rules import (
    BUTTON,
    CONTAINER,
    GALLERY,
    LINK,
    ROW,
    SECTION,
    SEPARATOR,
    TEXT,
    THUMBNAIL,
)

Component = Mapping[str, Any]

STYLE = """
.discord { background: #313338; color: #dbdee1 }
.discord .said { background: none; color: #b5bac1; font-size: 13px; margin: 0 0 6px; padding: 0 }
.discord .name { color: #fff; font-weight: 600; margin-bottom: 4px }
.discord .bot { background: #5865f2; color: #fff; font-size: 10px; border-radius: 3px;
  padding: 1px 4px }
.discord h1, .discord h2, .discord h3 { color: #f2f3f5; line-height: 1.25; margin: 4px 0 2px }
.discord h2 { font-size: 19px } .discord h3 { font-size: 16px }
.discord .text { white-space: pre-wrap; overflow-wrap: anywhere }
.discord .box { background: #2b2d31; border-left: 4px solid; border-radius: 8px;
  padding: 12px 14px; margin: 6px 0; display: flex; flex-direction: column; gap: 8px }
.discord a { color: #00a8fc; text-decoration: none }
.discord .emoji { display: inline-block; width: 1.3em; height: 1.3em; border-radius: 4px;
  background: #e0a030; vertical-align: -0.3em }
.discord .small { font-size: 12px; color: #949ba4 }
.discord .section { display: flex; gap: 12px; justify-content: space-between;
  align-items: flex-start }
.discord .thumb { width: 80px; height: 80px; flex: none; border-radius: 8px }
.discord .picture { width: 100%; height: 190px; border-radius: 8px }
.discord .thumb, .discord .picture { background: linear-gradient(135deg, #6b7a90, #41566e) }
.discord .gallery { display: grid; gap: 4px; grid-auto-flow: column }
.discord hr { border: 0; border-top: 1px solid #44474e; width: 100%; margin: 2px 0 }
.discord .row { display: flex; flex-wrap: wrap; gap: 8px; margin: 2px 0 }
.discord .key { background: #4e5058; color: #fff; font-size: 14px; flex: none; padding: 6px 14px;
  border-radius: 6px; white-space: nowrap }
.discord .primary { background: #5865f2 }
.discord .menu { background: #1e1f22; border-radius: 6px; padding: 8px 12px; color: #949ba4;
  width: 100% }
"""


def message_html(body: Mapping[str, Any], now: datetime) -> str:
    """Sets a message as it is seen at a time."""
    name = "<div class=name>Dateline <span class=bot>APP</span></div>"
    return name + "".join(_set_all(body.get("components") or (), now))


def _set_all(components: Iterable[Component], now: datetime) -> Iterator[str]:
    for one in components:
        setter = _SETTERS.get(one["type"])
        if setter is None:
            raise AssertionError(f"a component of type {one['type']} is not drawn")
        yield from setter(one, now)


def _text(one: Component, now: datetime) -> Iterator[str]:
    yield f"<div class=text>{markdown_html(one['content'], now)}</div>"


def _container(one: Component, now: datetime) -> Iterator[str]:
    colour = f"#{one.get('accent_color') or 0x44474E:06x}"
    yield f"<div class=box style='border-color: {colour}'>"
    yield from _set_all(one["components"], now)
    yield "</div>"


def _section(one: Component, now: datetime) -> Iterator[str]:
    yield "<div class=section><div>"
    yield from _set_all(one["components"], now)
    yield "</div>"
    yield from _set_all([one["accessory"]], now)
    yield "</div>"


def _row(one: Component, now: datetime) -> Iterator[str]:
    yield "<div class=row>"
    yield from _set_all(one["components"], now)
    yield "</div>"


def _button(one: Component, _: datetime) -> Iterator[str]:
    emoji = (one.get("emoji") or {}).get("name", "")
    mark = " ↗" if one["style"] == LINK else ""
    label = html.escape(f"{emoji} {one.get('label') or ''}{mark}".strip())
    yield f"<div class='key {'primary' if one['style'] == 1 else ''}'>{label}</div>"


def _menu(one: Component, _: datetime) -> Iterator[str]:
    yield f"<div class=menu>{html.escape(one.get('placeholder') or '')} ▾</div>"


def _gallery(one: Component, _: datetime) -> Iterator[str]:
    yield "<div class=gallery>" + "<div class=picture></div>" * len(one["items"]) + "</div>"


_SETTERS: dict[int, Callable[[Component, datetime], Iterator[str]]] = {
    TEXT: _text,
    CONTAINER: _container,
    SECTION: _section,
    ROW: _row,
    BUTTON: _button,
    3: _menu,
    GALLERY: _gallery,
    SEPARATOR: lambda _one, _now: iter(("<hr>",)),
    THUMBNAIL: lambda _one, _now: iter(("<div class=thumb></div>",)),
}


def markdown_html(text: str, now: datetime) -> str:
    """Sets what the bot uses of Discord's Markdown."""
    text = html.escape(text, quote=False)
    text = "".join(map(_line, text.split("\n"))).removesuffix("\n")
    text = re.sub(
        r"\[((?:[^\]\\]|\\.)*)\]\((?:&lt;)?([^)]*?)(?:&gt;)?\)", r'<a href="\2">\1</a>', text
    )
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"&lt;t:(\d+)(?::\w)?&gt;", lambda m: _time(int(m[1]), now), text)
    text = re.sub(r"&lt;/(\w+):\d+&gt;", r"<a>/\1</a>", text)
    text = re.sub(r"&lt;a?:\w+:\d+&gt;", "<i class=emoji></i>", text)
    text = re.sub(r"&lt;(https?://[^&]+)&gt;", r"<a>\1</a>", text)
    return re.sub(r"\\(?=[^A-Za-z0-9\s])", "", text).replace("\u2060", "")


def _line(line: str) -> str:
    """Sets a line: small print, a heading, or text."""
    if line.startswith("-# "):
        return f"<div class=small>{line[3:]}</div>"
    heading = re.match(r"(#{1,3}) (.*)", line)
    return f"<h{len(heading[1])}>{heading[2]}</h{len(heading[1])}>" if heading else f"{line}\n"


def _time(seconds: int, now: datetime) -> str:
    days = (now - datetime.fromtimestamp(seconds, UTC)).days
    return "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"
