"""Rich messages as Telegram hands them back: their text, and the buttons that stand in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from telegram import Message


def has_rich_button(message: Message, data: str) -> bool:
    """Tells if a button in a rich message has this callback data."""
    return any(one.get("callback_data") == data for one in _objects(_rich(message)))


def rich_text(message: Message) -> str:
    """Returns the text of a rich message, in the order in which it is read; empty for another."""
    return " ".join(" ".join(_texts(_rich(message))).split())


def _rich(message: Message) -> Any:
    # The library knows no such field yet, and keeps it among those that it does not know.
    return message.to_dict().get("rich_message")


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for one in node:
            yield from _objects(one)
    elif isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _objects(value)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in node:
            yield from _texts(one)
    elif isinstance(node, dict) and node.get("type") != "buttons":
        for name in ("summary", "text", "blocks", "items", "cells", "button"):
            yield from _texts(node.get(name))
