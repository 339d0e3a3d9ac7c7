"""Rich messages as JSON, as the Bot API takes them."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any

from adapters.telegram.rich.blocks import RichMessage

# What the API requires though it could have been left out here.
_REQUIRED = frozenset({"align", "valign"})


def message_json(message: RichMessage) -> dict[str, Any]:
    """Returns a message as an `InputRichMessage`."""
    body: dict[str, Any] = as_json(message)
    return body


def as_json(node: Any) -> Any:
    """Returns a part of a message; fields that hold their default are left out."""
    if isinstance(node, tuple):
        return [as_json(one) for one in node]
    if node is None or isinstance(node, str | int):
        return node
    kind = getattr(node, "TYPE", "")
    body: dict[str, Any] = {"type": kind} if kind else {}
    shape: type[object] = type(node)
    for field in _fields(shape):  # type: ignore[arg-type]  # a class has a hash
        value = getattr(node, field.name)
        if field.name in _REQUIRED or not _is_default(field, value):
            body[field.name] = as_json(value)
    return body


@cache
def _fields(kind: type[Any]) -> tuple[Field[Any], ...]:
    return fields(kind)  # which gathers them anew each time


def _is_default(field: Field[Any], value: Any) -> bool:
    # `skip_entity_detection` is True here where the API's default is not.
    return field.default is not MISSING and value == field.default and value is not True
