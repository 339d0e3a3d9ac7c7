"""Checks calls and results against the published description of the Bot API, if it is there."""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from servers.telegram.calls import Json, Upload

SPEC = Path(__file__).parents[4] / "shared" / "specs" / "telegram-bot-api.json"

_SIMPLE: dict[str, Callable[[Any], bool]] = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "InputFile": lambda value: isinstance(value, Upload),
}
RICH = "telegram-bot-api-10.3.json"
"""The name of a newer description beside it, without prose, that has all of rich messages."""

# What of the newer description is about ephemeral messages: whole types, and fields of others.
_REPLACED = frozenset({"ReplyParameters", "BotCommand"})
_EPHEMERAL = frozenset({"ephemeral_message_id", "ephemeral_message_parameters", "receiver_user"})

# The description's types do not say which text tells the members of a union apart: its prose does.
_CONSTANT = re.compile(r"\b(?:must be|always) [“\"]?(\w+)[”\"]?\.?$")


class Spec:
    """The methods and types of the Bot API. A violation reads `place: what is wrong`."""

    def __init__(self, described: Json) -> None:
        self._methods: dict[str, Json] = described["methods"]
        self._types: dict[str, Json] = described["types"]
        self._tags = {
            name: _constant(field)
            for name, one in self._types.items()
            for field in one.get("fields", ())
            if field["name"] == "type"
        }
        self.updates = {field["name"] for field in self._types["Update"]["fields"]} - {"update_id"}

    def knows(self, method: str) -> bool:
        return method in self._methods

    def returns(self, method: str) -> list[str]:
        """Returns the types of a method's result."""
        types: list[str] = self._methods[method]["returns"]
        return types

    def call_violation(self, method: str, params: Mapping[str, Any]) -> str:
        """Returns the violation in the parameters of a call; empty for none."""
        fields = {field["name"]: field for field in self._methods[method].get("fields", ())}
        given = _without_attached(params, fields)
        if violation := _name_violation(given, fields, method):
            return violation
        checked = (
            self.violation(_decoded(value, fields[name]["types"]), fields[name]["types"], name)
            for name, value in given.items()
        )
        return next(filter(None, checked), "")

    def violation(self, value: Any, types: Sequence[str], at: str) -> str:
        """Returns the violation of a value that should be of one of the types; empty for none."""
        kinds = self._meant(value, _joined_arrays(types))
        violations = [self._type_violation(value, kind, at) for kind in kinds]
        return "" if "" in violations else max(violations, key=_depth)

    def _meant(self, value: Any, kinds: list[str]) -> list[str]:
        """Returns the members of a union that a value says it is one of, if it says so."""
        if not isinstance(value, dict) or "type" not in value:
            return kinds
        return [kind for kind in kinds if self._tags.get(kind) == value["type"]] or kinds

    def _type_violation(self, value: Any, kind: str, at: str) -> str:
        if kind.startswith("Array of "):
            return self._array_violation(value, kind.split(" | "), at)
        if kind in _SIMPLE:
            return "" if _SIMPLE[kind](value) else f"{at}: must be {kind}, not {value!r:.80}"
        described = self._types[kind]
        if subtypes := described.get("subtypes"):
            return self.violation(value, subtypes, at)
        return self._object_violation(value, described, at)

    def _array_violation(self, value: Any, arrays: Sequence[str], at: str) -> str:
        kinds = [one.removeprefix("Array of ") for one in arrays]
        if not isinstance(value, list):
            return f"{at}: must be an Array of {' or '.join(kinds)}, not {value!r:.80}"
        violations = (
            self.violation(one, kinds, f"{at}[{place}]") for place, one in enumerate(value)
        )
        return next(filter(None, violations), "")

    def _object_violation(self, value: Any, described: Json, at: str) -> str:
        name = described["name"]
        fields = {field["name"]: field for field in described.get("fields", ())}
        if not isinstance(value, dict) or _is_another(value, fields):
            return f"{at}: is no {name}: {reprlib.repr(value)}"
        if violation := _name_violation(value, fields, at):
            return violation
        violations = (
            self.violation(one, fields[key]["types"], f"{at}.{key}") for key, one in value.items()
        )
        return next(filter(None, violations), "")


def _joined_arrays(types: Sequence[str]) -> list[str]:
    """Joins arrays of several types, which the newer description lists one by one."""
    arrays = [kind for kind in types if kind.startswith("Array of ")]
    if len(arrays) <= 1:
        return list(types)
    return [*(kind for kind in types if kind not in arrays), " | ".join(arrays)]


def _depth(violation: str) -> tuple[int, bool]:
    """Ranks violations of a union: the member that was meant fits down to the deepest place."""
    place, _, reason = violation.partition(": ")
    return len(place), not reason.startswith("is no ")


def _without_attached(params: Mapping[str, Any], fields: Mapping[str, Json]) -> dict[str, Any]:
    """Drops the files that other parameters name."""
    texts = [value for value in params.values() if isinstance(value, str)]

    def is_attached(name: str) -> bool:
        return name not in fields and any(f"attach://{name}" in text for text in texts)

    return {name: value for name, value in params.items() if not is_attached(name)}


def _name_violation(given: Mapping[str, Any], fields: Mapping[str, Json], at: str) -> str:
    required = {name for name, field in fields.items() if field["required"]}
    if missing := sorted(required - given.keys()):
        return f"{at}: {', '.join(missing)} is missing"
    if unknown := sorted(given.keys() - fields.keys()):
        return f"{at}: {', '.join(unknown)} is unknown"
    return ""


def _is_another(value: Json, fields: Mapping[str, Json]) -> bool:
    """Returns True if a constant says that this is another member of the union."""
    for name, field in fields.items():
        constant = _constant(field)
        # Only texts that must be there tell members apart; `must be True` describes some flags.
        if constant and field["required"] and field["types"] == ["String"]:
            return bool(value.get(name) != constant)
    return False


def _constant(field: Json) -> str:
    if "const" in field:
        return str(field["const"])
    found = _CONSTANT.search(field.get("description", ""))
    return found[1] if found else ""


def _decoded(value: Any, types: Sequence[str]) -> Any:
    """Parses JSON that a form sent as text."""
    if not isinstance(value, str) or "String" in types:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


@cache
def load_spec(path: Path = SPEC) -> Spec | None:
    """Loads the description; returns None if there is no such file: then nothing is checked."""
    if not path.exists():
        return None
    described, newer = json.loads(path.read_text("utf-8")), path.with_name(RICH)
    if newer.exists():
        _add_rich(described, json.loads(newer.read_text("utf-8")))
    return Spec(described)


def _add_rich(described: Json, newer: Json) -> None:
    """Takes what is new, and all of rich and ephemeral messages, from a newer description."""
    for part in ("methods", "types"):
        for name, one in newer[part].items():
            known = described[part].get(name)
            if known is None or "rich" in name.lower() or name in _REPLACED:
                described[part][name] = one
                continue
            names = {field["name"] for field in known.get("fields", ())}
            fields = (one for one in one.get("fields", ()) if one["name"] not in names)
            known.setdefault("fields", []).extend(
                field for field in fields if field["name"] in _EPHEMERAL
            )
