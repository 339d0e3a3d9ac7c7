"""Checks calls against aiogram's typed methods, another reading of the Bot API, if installed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_MODELS = {
    "sendMessage": "SendMessage",
    "sendRichMessage": "SendRichMessage",
    "editMessageText": "EditMessageText",
    "editEphemeralMessageText": "EditEphemeralMessageText",
    "deleteEphemeralMessage": "DeleteEphemeralMessage",
    "answerInlineQuery": "AnswerInlineQuery",
}

_NEWER = ('"rich_message"', '"ephemeral_message_')


def has_models() -> bool:
    """Tells if there are typed methods here."""
    return find_spec("aiogram") is not None


def load_models() -> None:
    """Loads the typed methods, which takes seconds, before there are connections that wait."""
    for method in _MODELS:
        model_violation(method, {"rich_message": {}})


def model_violation(method: str, params: Mapping[str, Any]) -> str:
    """Returns what a typed method finds wrong in a call that only newer servers know.

    Those are calls with rich and ephemeral messages; empty for nothing, and for others.
    """
    model = _model(method)
    given = {name: _decoded(value) for name, value in params.items()}
    written = json.dumps(given, default=str)
    if model is None or not any(name in written for name in _NEWER):
        return ""
    try:
        model.model_validate(given)
    except ValueError as error:  # pydantic's errors are
        return f"{method}: {str(error)[:2_000]}"
    return ""


@cache
def _model(method: str) -> Any:
    if method not in _MODELS or not has_models():
        return None
    return getattr(import_module("aiogram.methods"), _MODELS[method])


def _decoded(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
