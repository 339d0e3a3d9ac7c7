"""Parts of the API's description: schemas and operations (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
NUMBER: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}


def maybe(type_: str) -> Schema:
    """Returns the schema of a value of a type, or of none."""
    return {"type": [type_, "null"]}


def an_object(**properties: Any) -> Schema:
    """Returns the schema of an object that has all of these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def a_list(name: str) -> Schema:
    """Returns the schema of a list of what a named schema describes."""
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def parameter(name: str, told: str, *, place: str = "query", is_needed: bool = False) -> Schema:
    """Returns the description of a parameter."""
    return {
        "name": name,
        "in": place,
        "required": is_needed,
        "description": told,
        "schema": {"type": "integer", "minimum": 1} if name == "page" else TEXT,
    }


PAGE = parameter("page", "Which page")
_LANGUAGE = parameter("lang", "The language of the answer, such as de")


def reading(
    told: str,
    answer: str,
    *parameters: Schema,
    failures: Mapping[HTTPStatus, str],
    security: Sequence[Mapping[str, Sequence[str]]] = (),
) -> Schema:
    """Returns the description of an operation that reads.

    Args:
        told: What it answers, in a line.
        answer: The name of the answer's schema.
        parameters: What it takes, beside the language.
        failures: The names of the schemas of other answers, by their statuses.
        security: What lets somebody ask; nothing where everybody may.
    """
    statuses = {HTTPStatus.OK: answer, **failures}
    described = {
        "summary": told,
        "parameters": [*parameters, _LANGUAGE],
        "responses": {str(int(one)): _response(one, name) for one, name in statuses.items()},
    }
    return {"get": {**described, "security": [*security]} if security else described}


def _response(status: HTTPStatus, name: str) -> Schema:
    return {
        "description": "The answer" if status is HTTPStatus.OK else "Why there is none",
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }
