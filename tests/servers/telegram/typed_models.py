"""Checks calls against aiogram's typed methods, another reading of the Bot API, if installed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_MODELS = {
    "sendRichMessage": "SendRichMessage",
    "editMessageText": "EditMessageText",
    "answerInlineQuery": "AnswerInlineQuery",
}


def load_models() -> None:
    """Loads the typed methods, which takes seconds, before there are connections that wait."""
    for method in _MODELS:
        model_violation(method, {"rich_message": {}})


def model_violation(method: str, params: Mapping[str, Any]) -> str:
    """Returns what a typed method finds wrong in a call with a rich message; empty for nothing."""
    model = _model(method)
    given = {name: _decoded(value) for name, value in params.items()}
    if model is None or '"rich_message"' not in json.dumps(given, default=str):
        return ""
    try:
        model.model_validate(given)
    except ValueError as error:  # pydantic's errors are
        return f"{method}: {str(error)[:2_000]}"
    return ""


@cache
def _model(method: str) -> Any:
    if method not in _MODELS or not find_spec("aiogram"):
        return None
    return getattr(import_module("aiogram.methods"), _MODELS[method])


def _decoded(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
