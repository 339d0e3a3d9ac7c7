"""Sets rich messages as HTML, in the manner of Telegram on a phone, to be looked at."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

STYLE = """
* { box-sizing: border-box; margin: 0 }
body { width: WIDTHpx; padding: 10px; background: #d5e6c8;
  font: 16px/1.35 "Noto Sans", "DejaVu Sans", sans-serif; color: #000 }
.said { background: #e8fcd3; border-radius: 14px; padding: 7px 12px; width: fit-content;
  margin: 0 0 8px auto }
.rich { background: #fff; border-radius: 14px; padding: 10px 14px 12px; overflow-wrap: anywhere }
.rich > * { margin-bottom: 8px }
.rich > :last-child { margin-bottom: 0 }
.rich h1 { font-size: 25px } .rich h2 { font-size: 22px } .rich h3 { font-size: 19px }
.rich h4 { font-size: 17px } .rich h5 { font-size: 16px } .rich h6 { font-size: 15px }
.rich h1, .rich h2, .rich h3, .rich h4 { line-height: 1.25; margin-top: 4px; margin-bottom: 4px }
.rich h3:not(:first-child) { margin-top: 16px; border-bottom: 2px solid #eef1f3 }
.rich h3:not(:first-child) { margin-top: 16px; border-bottom: 2px solid #eef1f3 }
.rich footer { font-size: 13px; color: #707579; margin-top: -2px }
.rich a { color: #2481cc; text-decoration: none }
.rich footer a { color: #5c8db8 }
.rich hr { border: 0; border-top: 1px solid #e3e6e8; margin: 12px 0 }
.rich ul, .rich ol { padding-left: 22px }
.rich li { margin-bottom: 4px }
.rich img, .picture { display: block; width: calc(100% + 28px); margin: -10px -14px 10px;
  border-radius: 14px 14px 0 0; height: 190px; color: #fff;
  background: linear-gradient(135deg, #9db8d2, #4b6a8a);
  padding: 84px 12px 0; text-align: center; font-size: 13px }
.collage { display: grid; grid-template-columns: 1fr 1fr; gap: 2px }
.collage .picture { margin: 0; width: 100%; height: 110px; border-radius: 4px; padding-top: 44px }
.audio { display: flex; gap: 10px; align-items: center; background: #f1f5f8; border-radius: 10px;
  padding: 8px 10px; font-size: 14px }
.audio b { background: #2481cc; color: #fff; border-radius: 50%; width: 38px; height: 38px;
  text-align: center; line-height: 38px }
details { border: 1px solid #e3e6e8; border-radius: 10px; padding: 8px 12px }
details > * { margin-bottom: 8px }
summary { font-weight: 600; cursor: pointer; margin: 0; list-style: none }
summary::before { content: "▸ "; color: #2481cc } [open] > summary::before { content: "▾ " }
blockquote { border-left: 3px solid #2481cc; padding-left: 10px; background: #f1f7fc }
table { border-collapse: collapse; width: 100% } td { padding: 7px 8px; vertical-align: top }
.striped tr:nth-child(odd) { background: #f4f7f9 }
.keys { display: flex; gap: 5px }
.key { flex: 1; background: #e6f0f8; color: #1c6fb0; border-radius: 9px; padding: 7px 8px;
  text-align: center; font-size: 14px; font-weight: 500; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis }
.inline { color: #2481cc; font-weight: 500 }
mark { background: #fff1a8 }
time { border-bottom: 1px dotted #a9b4bd }
"""

_PLAIN = {
    "heading": "<h{size}>{text}</h{size}>",
    "paragraph": "<p>{text}</p>",
    "footer": "<footer>{text}</footer>",
    "divider": "<hr>",
    "blockquote": "<blockquote>{inner}</blockquote>",
    "collage": "<div class=collage>{inner}</div>",
}
_FORMATS = {"bold": "b", "italic": "i", "underline": "u", "marked": "mark", "code": "code"}


def page(body: str, width: int) -> str:
    """Returns a page with one message or more."""
    style = STYLE.replace("WIDTH", str(width))
    return (
        f"<!doctype html><meta charset=utf-8><style>{style}</style>"
        f"<body>{body}<script>document.title = document.body.scrollHeight</script>"
    )


def rich_html(message: Mapping[str, Any], now: datetime) -> str:
    """Sets an `InputRichMessage`; moments are shown as of `now`."""
    direction = "rtl" if message.get("is_rtl") else "ltr"
    return f"<div class=rich dir={direction}>{_Setter(now).blocks(message['blocks'])}</div>"


class _Setter:
    """Sets blocks and texts."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def blocks(self, blocks: Sequence[Mapping[str, Any]]) -> str:
        return "".join(map(self._block, blocks))

    def _block(self, block: Mapping[str, Any]) -> str:
        text = self.text(block["text"]) if "text" in block else ""
        inner = self.blocks(block["blocks"]) if "blocks" in block else ""
        kind = block["type"]
        if kind in _PLAIN:
            return _PLAIN[kind].format(text=text, inner=inner, size=block.get("size"))
        setter = {
            "details": self._details,
            "photo": self._photo,
            "audio": self._audio,
            "list": self._list,
            "table": self._table,
            "buttons": self._buttons,
        }[kind]
        return setter(block)

    def _details(self, block: Mapping[str, Any]) -> str:
        summary = f"<summary>{self.text(block['summary'])}</summary>"
        is_open = "open" if block.get("is_open") else ""
        return f"<details {is_open}>{summary}{self.blocks(block['blocks'])}</details>"

    def _photo(self, block: Mapping[str, Any]) -> str:
        return f"<div class=picture>{html.escape(block['photo']['media'])}</div>"

    def _buttons(self, block: Mapping[str, Any]) -> str:
        keys = (f"<div class=key>{self.text(one['text'])}</div>" for one in block["buttons"])
        return f"<div class=keys>{''.join(keys)}</div>"

    def _audio(self, block: Mapping[str, Any]) -> str:
        audio = block["audio"]
        minutes, seconds = divmod(audio.get("duration", 0), 60)
        title, performer = (html.escape(audio.get(name, "")) for name in ("title", "performer"))
        told = f"<span>{title}<br><small>{performer} · {minutes}:{seconds:02}</small></span>"
        return f"<div class=audio><b>▶</b>{told}</div>"

    def _list(self, block: Mapping[str, Any]) -> str:
        items = block["items"]
        tag = "ol" if items[0].get("type") else "ul"
        return f"<{tag}>{''.join(map(self._item, items))}</{tag}>"

    def _item(self, item: Mapping[str, Any]) -> str:
        return f"<li>{self.blocks(item['blocks'])}</li>"

    def _table(self, block: Mapping[str, Any]) -> str:
        rows = (
            "".join(
                f"<td style='text-align:{cell['align']};vertical-align:{cell['valign']}'>"
                f"{self.text(cell.get('text', ''))}</td>"
                for cell in row
            )
            for row in block["cells"]
        )
        looks = "striped" if block.get("is_striped") else ""
        return f"<table class='{looks}'>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    def text(self, text: Any) -> str:
        """Sets a rich text."""
        if isinstance(text, str):
            return html.escape(text, quote=False)
        if isinstance(text, list):
            return "".join(map(self.text, text))
        kind = text["type"]
        if kind == "button":
            return f"<span class=inline>{self.text(text['button']['text'])}</span>"
        inner = self.text(text["text"])
        if kind == "url":
            return f'<a href="{html.escape(text["url"])}">{inner}</a>'
        if kind == "date_time":
            return f"<time>{self._moment(text)}</time>"
        return f"<{_FORMATS[kind]}>{inner}</{_FORMATS[kind]}>"

    def _moment(self, text: Mapping[str, Any]) -> str:
        at = datetime.fromtimestamp(text["unix_time"], UTC)
        if text["date_time_format"] != "r":
            return at.strftime("%H:%M, %B %-d, %Y")
        minutes = int((self._now - at).total_seconds()) // 60
        return f"{minutes // 60} hours ago" if minutes >= 60 else f"{minutes} minutes ago"
