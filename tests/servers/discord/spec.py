"""Checks request bodies against Discord's published OpenAPI specification, if it is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .tagged_unions import TaggedValidator, tag_unions

SPEC = Path(__file__).parents[4] / "shared" / "specs" / "discord-openapi.json"
_URI = "urn:discord"


class Exemption(NamedTuple):
    """A deviation of Discord from its specification: in a property, or (`""`) in a whole schema."""

    schema: str
    name: str
    schema_part: dict[str, Any]
    reason: str
    replaces: bool = False  # what the specification has there


_TTS = "discord.py's edits always say `tts: false`, and Discord overlooks it"
_CALLBACK_EDIT = "IncomingWebhookUpdateForInteractionCallbackRequestPartial"
EXEMPTIONS = (
    Exemption("MessageEditRequestPartial", "tts", {"const": False}, _TTS),
    Exemption("IncomingWebhookUpdateRequestPartial", "tts", {"const": False}, _TTS),
    Exemption(_CALLBACK_EDIT, "tts", {"const": False}, _TTS),
    Exemption("BaseCreateMessageCreateRequest", "tts", {"const": False}, _TTS),
    Exemption(
        "CreateForumThreadRequest",
        "type",
        {"const": 11},
        "discord.py always says that a forum's thread is a public one, as all of them are",
    ),
    Exemption(
        "RichEmbed",
        "flags",
        {"const": 0},
        "discord.py's embeds always say so, for it is a field of received embeds",
    ),
    Exemption(
        "ApplicationCommandUpdateRequest",
        "nsfw",
        {"type": "boolean"},
        "it is documented for commands; the preview leaves it out",
    ),
    Exemption(
        "ApplicationFormPartial",
        "description",
        {"type": "string", "maxLength": 400},
        "it is documented as a text, and discord.py sends one",
        replaces=True,
    ),
    Exemption(
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
        """Counts literal parts: `@original` is matched before `{message_id}`."""
        return sum("{" not in part for part in self.template.split("/"))


class Spec:
    """Discord's HTTP API by its OpenAPI document; properties it does not name are violations."""

    def __init__(self, document: dict[str, Any], exempt: Sequence[Exemption] = EXEMPTIONS) -> None:
        _apply_exemptions(document, exempt)
        _forbid_unknown(document)
        tag_unions(document)
        self._router = [_route(template, one) for template, one in document["paths"].items()]
        self._router.sort(key=lambda route: -route.literal)
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)

    def violations(self, method: str, path: str, body: object | None) -> list[str]:
        """Returns the violations of a request.

        Args:
            method: As in `POST`.
            path: Without the API's address.
            body: As parsed JSON; None for none.
        """
        route = next((one for one in self._router if one.pattern.fullmatch(path)), None)
        if route is None or method.lower() not in route.operations:
            return [f"{method} {path}: there is no such route"]
        content = route.operations[method.lower()].get("requestBody", {}).get("content")
        if content is None:
            return [] if body is None else [f"{method} {route.template} takes no body"]
        if body is None:
            return [f"{method} {route.template} needs a body"]
        return list(self._body_violations(method.lower(), route.template, body))

    def _body_violations(self, method: str, template: str, body: object) -> Iterator[str]:
        parts = ("paths", template, method, "requestBody", "content", "application/json", "schema")
        pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)
        schema = {"$ref": f"{_URI}#/{quote(pointer)}"}
        validator = TaggedValidator(schema, registry=self._registry)
        for error in validator.iter_errors(body):
            closest = _closest_error(error)
            yield f"{closest.json_path}: {closest.message}"


@lru_cache
def load_spec(path: Path = SPEC) -> Spec | None:
    """Loads the specification; returns None if there is no such file: then nothing is checked."""
    if not path.exists():
        return None
    return Spec(json.loads(path.read_text(encoding="utf-8")))


def _route(template: str, operations: dict[str, Any]) -> _Route:
    literals = (re.escape(one) for one in re.split(r"\{[^}]*\}", template))
    return _Route(template, re.compile("[^/]+".join(literals)), operations)


def _apply_exemptions(document: dict[str, Any], exempt: Sequence[Exemption]) -> None:
    for one in exempt:
        schemas = document["components"]["schemas"]
        where = schemas[one.schema]["properties"] if one.name else schemas
        name = one.name or one.schema
        if one.name and name in where and not one.replaces:
            raise AssertionError(f"the file has {one.schema}.{name} now: {one.reason}")
        where[name] = one.schema_part


def _forbid_unknown(node: object) -> None:
    # No schema of a request is put together with allOf but those of multipart bodies, which are not
    # asked for here: so this forbids nothing that another part of a schema would allow.
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            node.setdefault("additionalProperties", False)
        for one in node.values():
            _forbid_unknown(one)
    elif isinstance(node, list):
        for one in node:
            _forbid_unknown(one)


def _closest_error(error: ValidationError) -> ValidationError:
    """Returns the error of the closest `anyOf` branch: of the right `type`, with fewest errors."""
    if not error.context:
        return error
    branches: dict[object, list[ValidationError]] = {}
    for one in error.context:
        branches.setdefault(one.schema_path[0], []).append(one)
    alternatives = reversed(branches.values())  # null comes first, and is seldom the one
    closest = min(alternatives, key=lambda errors: (_is_wrong_type(errors), len(errors)))
    return _closest_error(closest[0])


def _is_wrong_type(errors: Sequence[ValidationError]) -> bool:
    return any(
        (error.validator == "type" and not error.path) or list(error.path) == ["type"]
        for error in errors
    )
