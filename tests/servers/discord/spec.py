"""Checks what is sent to Discord against its published specification, where that lies beside us."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

SPEC = Path(__file__).parents[4] / "shared" / "specs" / "discord-openapi.json"
_URI = "urn:discord"


class Exempt(NamedTuple):
    """Where Discord takes what the file does not allow: a property, or all of a schema (`""`)."""

    schema: str
    name: str
    means: dict[str, Any]
    reason: str


_TTS = "discord.py's edits always say `tts: false`, and Discord overlooks it"
_CALLBACK_EDIT = "IncomingWebhookUpdateForInteractionCallbackRequestPartial"
EXEMPT = (
    Exempt("MessageEditRequestPartial", "tts", {"const": False}, _TTS),
    Exempt("IncomingWebhookUpdateRequestPartial", "tts", {"const": False}, _TTS),
    Exempt(_CALLBACK_EDIT, "tts", {"const": False}, _TTS),
    Exempt(
        "RichEmbed",
        "flags",
        {"const": 0},
        "discord.py's embeds always say so, for it is a field of received embeds",
    ),
    Exempt(
        "ApplicationCommandUpdateRequest",
        "nsfw",
        {"type": "boolean"},
        "it is documented for commands; the preview leaves it out",
    ),
    Exempt(
        "SnowflakeType",
        "",
        {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$", "minimum": 0},
        "Discord takes ids as numbers, too, and discord.py often sends them so",
    ),
)


@dataclass(frozen=True)
class _Route:
    template: str
    pattern: re.Pattern[str]
    operations: dict[str, Any]

    @property
    def literal(self) -> int:
        """How many parts are given word for word: `@original` goes before `{message_id}`."""
        return sum("{" not in part for part in self.template.split("/"))


class Spec:
    """Discord's HTTP API as its file describes it; what the file does not name is wrong."""

    def __init__(self, document: dict[str, Any], exempt: Sequence[Exempt] = EXEMPT) -> None:
        _exempt(document, exempt)
        _forbid_unknown(document)
        self._router = [_route(template, each) for template, each in document["paths"].items()]
        self._router.sort(key=lambda route: -route.literal)
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)

    def complaints(self, method: str, path: str, body: object | None) -> list[str]:
        """What is wrong with a request; `path` without the API's address, `body` as parsed JSON."""
        route = next((each for each in self._router if each.pattern.fullmatch(path)), None)
        if route is None or method.lower() not in route.operations:
            return [f"{method} {path}: there is no such route"]
        content = route.operations[method.lower()].get("requestBody", {}).get("content")
        if content is None:
            return [] if body is None else [f"{method} {route.template} takes no body"]
        if body is None:
            return [f"{method} {route.template} needs a body"]
        return list(self._invalid(method.lower(), route.template, body))

    def _invalid(self, method: str, template: str, body: object) -> Iterator[str]:
        parts = ("paths", template, method, "requestBody", "content", "application/json", "schema")
        pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)
        schema = {"$ref": f"{_URI}#/{quote(pointer)}"}
        validator = Draft202012Validator(schema, registry=self._registry)
        for error in validator.iter_errors(body):
            meant = _meant(error)
            yield f"{meant.json_path}: {meant.message}"


@lru_cache
def spec_at(path: Path = SPEC) -> Spec | None:
    """The specification in a file, or None where there is none: then nothing is checked."""
    if not path.exists():
        return None
    return Spec(json.loads(path.read_text(encoding="utf-8")))


def _route(template: str, operations: dict[str, Any]) -> _Route:
    literals = (re.escape(each) for each in re.split(r"\{[^}]*\}", template))
    return _Route(template, re.compile("[^/]+".join(literals)), operations)


def _exempt(document: dict[str, Any], exempt: Sequence[Exempt]) -> None:
    for each in exempt:
        schemas = document["components"]["schemas"]
        where = schemas[each.schema]["properties"] if each.name else schemas
        name = each.name or each.schema
        if each.name and name in where:
            raise AssertionError(f"the file has {each.schema}.{name} now: {each.reason}")
        where[name] = each.means


def _forbid_unknown(node: object) -> None:
    # No schema of a request is put together with allOf but those of multipart bodies, which are not
    # asked for here: so this forbids nothing that another part of a schema would allow.
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            node.setdefault("additionalProperties", False)
        for each in node.values():
            _forbid_unknown(each)
    elif isinstance(node, list):
        for each in node:
            _forbid_unknown(each)


def _meant(error: ValidationError) -> ValidationError:
    """The error within the alternative that was meant: its `type` fits, and it has fewest."""
    if not error.context:
        return error
    branches: dict[object, list[ValidationError]] = {}
    for each in error.context:
        branches.setdefault(each.schema_path[0], []).append(each)
    alternatives = reversed(branches.values())  # null comes first, and is seldom meant
    closest = min(alternatives, key=lambda errors: (_wrong_kind(errors), len(errors)))
    return _meant(closest[0])


def _wrong_kind(errors: Sequence[ValidationError]) -> bool:
    return any(
        (error.validator == "type" and not error.path) or list(error.path) == ["type"]
        for error in errors
    )
