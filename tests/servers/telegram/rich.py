"""Rich messages: their rules, and how they look to people and in what the API returns.

The rules are those of https://core.telegram.org/bots/api#rich-message-formatting-options, of the
types' descriptions and of TDLib, which the Bot API's server is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from servers.telegram.calls import ApiError, Call, Json, RefusedError, UnmodelledError
from servers.telegram.entities import ParsedText, find_entities

_CHARACTERS, _BLOCKS, _DEPTH, _MEDIA, _COLUMNS, _ROW = 32_768, 500, 16, 50, 20, 8
_FORMATS = frozenset(
    "bold italic underline strikethrough spoiler marked code date_time url".split()
)
_WITH_TEXT = frozenset("paragraph heading footer pullquote expandable_blockquote pre".split())
_WITH_BLOCKS = frozenset("blockquote details collage slideshow".split())
_MEDIA_BLOCKS = frozenset("photo video audio animation document voice_note".split())
_LOOKS = frozenset({"text", "style"})
_SCHEMES = frozenset({"http", "https", "tg", "mailto", "tel"})
_DATE_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


def _require(holds: object, reason: str) -> None:
    if not holds:
        raise RefusedError(reason)


class _Check:
    """Checks one message, and counts what it holds."""

    def __init__(self) -> None:
        self.characters = self.blocks = self.media = 0

    def message(self, rich: Json) -> None:
        given = sorted(rich.keys() & {"html", "markdown", "blocks"})
        _require(len(given) == 1, f"a rich message must have html, markdown or blocks, not {given}")
        if given != ["blocks"]:
            raise UnmodelledError(f"a rich message as {given[0]}")
        _require(rich["blocks"], "Rich message must be non-empty")
        self.blocks_in(rich["blocks"], 1)
        _require(self.characters <= _CHARACTERS, f"RICH_MESSAGE_TOO_LONG: {self.characters}")
        _require(self.blocks <= _BLOCKS, f"RICH_MESSAGE_BLOCKS_TOO_MUCH: {self.blocks}")
        _require(self.media <= _MEDIA, f"RICH_MESSAGE_MEDIA_TOO_MUCH: {self.media}")

    def blocks_in(self, blocks: Sequence[Json], depth: int) -> None:
        _require(blocks, "Block must be non-empty")
        for block in blocks:
            self.block(block, depth)

    def block(self, block: Json, depth: int) -> None:
        _require(depth <= _DEPTH, "RICH_MESSAGE_DEPTH_TOO_MUCH")
        self.blocks += 1
        kind = block["type"]
        for name in ("summary", "credit"):
            if name in block:
                self.text(block[name], depth + 1, name)
        self._caption(block.get("caption"), depth)
        if kind in _WITH_TEXT:
            self.text(block["text"], depth + 1, kind)
            size = block.get("size", 1)
            _require(1 <= size <= 6, "Invalid section heading size specified")
        elif kind in _WITH_BLOCKS:
            self._nested(kind, block["blocks"], depth)
        elif kind in _MEDIA_BLOCKS:
            self.media += 1
            _url(block[kind]["media"], "media", {"http", "https"})
        elif kind in {"list", "table", "buttons"}:
            {"list": self._list, "table": self._table, "buttons": self._row}[kind](block, depth)
        elif kind != "divider":
            raise UnmodelledError(f"a block of the type {kind}")

    def _caption(self, caption: Any, depth: int) -> None:
        if caption is not None:
            is_object = isinstance(caption, dict) and "type" not in caption
            self.text(caption["text"] if is_object else caption, depth + 1, "caption")

    def _nested(self, kind: str, blocks: Sequence[Json], depth: int) -> None:
        if kind in {"collage", "slideshow"}:
            _require({one["type"] for one in blocks} <= _MEDIA_BLOCKS, f"{kind} is of media only")
        self.blocks_in(blocks, depth + 1)

    def _list(self, block: Json, depth: int) -> None:
        _require(block["items"], "List must be non-empty")
        kinds = {bool(item.get("type")) for item in block["items"]}
        _require(len(kinds) == 1, "List must be either ordered or unordered")
        for item in block["items"]:
            self.blocks += 1
            _require(item.get("type", "1") in set("aAiI1"), "Invalid list item type specified")
            self.blocks_in(item["blocks"], depth + 2)

    def _table(self, block: Json, depth: int) -> None:
        _require(block["cells"], "Table must be non-empty")
        for row in block["cells"]:
            self.blocks += 1
            width = sum(cell.get("colspan", 1) for cell in row)
            _require(1 <= width <= _COLUMNS, f"RICH_MESSAGE_COLUMNS_TOO_MUCH: {width}")
            for cell in row:
                _require(cell["align"] in {"left", "center", "right"}, "invalid cell alignment")
                _require(cell["valign"] in {"top", "middle", "bottom"}, "invalid cell alignment")
                self.text(cell.get("text", ""), depth + 2)

    def _row(self, block: Json, depth: int) -> None:
        _require(1 <= len(block["buttons"]) <= _ROW, "a row of buttons must have 1 to 8 buttons")
        align = block.get("align", "left")
        _require(align in {"left", "center", "right"}, "invalid alignment of buttons")
        for button in block["buttons"]:
            self.button(button, depth + 1)

    def button(self, button: Json, depth: int) -> None:
        self.text(button["text"], depth, "button")
        _require(_is_plain(button["text"]), "the label of a button may hold plain text only")
        actions = sorted(button.keys() - _LOOKS)
        _require(len(actions) == 1, f"a button must have exactly one action, not {actions}")
        style = button.get("style", "primary")
        _require(
            style in {"danger", "success", "primary", "link"}, "invalid button style specified"
        )
        _require(style != "link" or "callback_data" in button, "BUTTON_STYLE_INVALID")
        if "callback_data" in button:
            size = len(button["callback_data"].encode())
            _require(1 <= size <= 64, f"BUTTON_DATA_INVALID: {size} bytes")
        if "url" in button:
            _url(button["url"], "button", {"http", "https", "tg"})

    def text(self, text: Any, depth: int, needed: str = "") -> None:
        """Checks a text; `needed` names what must not be empty."""
        _require(depth <= _DEPTH, "RICH_MESSAGE_DEPTH_TOO_MUCH")
        _require(not needed or plain_text(text).strip(), f"{needed} must be non-empty")
        if isinstance(text, str):
            _require(_is_utf8(text), "Rich text must be encoded in UTF-8")
            self.characters += len(text)
        elif isinstance(text, list):
            for one in text:
                self.text(one, depth)
        else:
            self._format(text, depth)

    def _format(self, text: Json, depth: int) -> None:
        if text["type"] == "button":
            self.button(text["button"], depth + 1)
            return
        if text["type"] not in _FORMATS:
            raise UnmodelledError(f"a text of the type {text['type']}")
        if text["type"] == "url":
            _url(text["url"], "link", _SCHEMES)
        if text["type"] == "date_time":
            _require(_DATE_FORMAT.fullmatch(text["date_time_format"]), "invalid date-time format")
            _require(0 <= text["unix_time"] < 1 << 31, "invalid date-time")
        self.text(text["text"], depth + 1, text["type"])


def check_rich(rich: Json) -> None:
    """Checks a message to be sent.

    Raises:
        RefusedError: It violates a rule.
        UnmodelledError: It holds what is not modelled.
    """
    _Check().message(rich)


def check_supported(call: Call) -> None:
    """Answers as a server does that is older than rich messages.

    Raises:
        ApiError: The call needs them.
    """
    if call.method == "sendRichMessage":
        raise ApiError(404, "Not Found: method not found")
    if "rich_message" in call.args and "text" not in call.args:
        raise ApiError(400, "Bad Request: message text is empty")
    results = call.args.rows("results")
    if any("rich_message" in one.get("input_message_content", {}) for one in results):
        raise ApiError(
            400, "Bad Request: can't parse inline query result: message content expected"
        )


def _is_plain(text: Any) -> bool:
    if isinstance(text, list):
        return all(map(_is_plain, text))
    return isinstance(text, str) or text["type"] in {"custom_emoji", "date_time"}


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _url(url: str, what: str, schemes: frozenset[str] | set[str]) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise RefusedError(f"{what} URL '{url}' is invalid") from None
    _require(parts.scheme in schemes and (parts.netloc or parts.path), f"{what} URL is invalid")
    _require(parts.scheme not in {"http", "https"} or parts.netloc, f"{what} URL has no host")
    _require(not re.search(r"\s", url), f"{what} URL '{url}' is invalid: it has a blank")


def plain_text(text: Any) -> str:
    """Returns a text without its formats."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(map(plain_text, text))
    return plain_text(text["button"]["text"] if text["type"] == "button" else text.get("text", ""))


def reading(rich: Json) -> str:
    """Returns what a person reads, a line for each block, without the rows of buttons."""
    return "\n".join(_lines(rich["blocks"]))


def _lines(blocks: Sequence[Json]) -> Iterator[str]:
    for block in blocks:
        for name in ("summary", "text"):
            if name in block:
                yield plain_text(block[name])
        for item in block.get("items", ()):
            label = f"{item['value']}." if item.get("type") else "•"
            yield f"{label} " + "\n".join(_lines(item["blocks"]))
        for row in block.get("cells", ()):
            yield " | ".join(plain_text(cell.get("text", "")) for cell in row)
        yield from _lines(block.get("blocks", ()))


def button_rows(rich: Json) -> list[list[Json]]:
    """Returns the buttons, row by row; each that stands in a text is a row of its own."""
    return list(_rows(rich["blocks"]))


def _rows(node: Any) -> Iterator[list[Json]]:
    if isinstance(node, list):
        for one in node:
            yield from _rows(one)
    elif isinstance(node, dict):
        if node.get("type") == "buttons":
            yield node["buttons"]
        elif node.get("type") == "button":
            yield [node["button"]]
        else:
            for value in node.values():
                yield from _rows(value)


def links(rich: Json) -> list[str]:
    """Returns the URLs of all links and buttons."""
    return list(_links(rich))


def _links(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _links(one)
    elif isinstance(node, dict):
        if isinstance(node.get("url"), str):
            yield node["url"]
        for value in node.values():
            yield from _links(value)


def detected(rich: Json) -> ParsedText:
    """Returns the text in which Telegram looks for links and mentions; none if that is skipped."""
    if rich.get("skip_entity_detection"):
        return ParsedText("")
    text = reading(rich)
    return ParsedText(text, find_entities(text))


def received(rich: Json, name: str) -> Json:
    """Returns the `RichMessage` that bots receive; `name` makes the ids of its files."""
    shown: Json = {"blocks": [_received(block, name) for block in rich["blocks"]]}
    return {**shown, "is_rtl": True} if rich.get("is_rtl") else shown


def _received(block: Json, name: str) -> Json:
    shown = dict(block)
    file = {"file_id": name, "file_unique_id": name}
    if block["type"] == "photo":
        shown["photo"] = [{**file, "width": 640, "height": 480}]
    elif block["type"] == "audio":
        shown["audio"] = {**file, "duration": block["audio"].get("duration", 0)}
    if "blocks" in block:
        shown["blocks"] = [_received(one, name) for one in block["blocks"]]
    if "items" in block:
        shown["items"] = [_received_item(item, name) for item in block["items"]]
    return shown


def _received_item(item: Json, name: str) -> Json:
    label = f"{item['value']}." if item.get("type") else "•"
    return {**item, "label": label, "blocks": [_received(one, name) for one in item["blocks"]]}
