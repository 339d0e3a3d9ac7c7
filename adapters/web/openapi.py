"""The description of the API (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import __version__

_TEXT: Mapping[str, Any] = {"type": "string"}
_TEXTS: Mapping[str, Any] = {"type": "array", "items": _TEXT}
_NUMBER: Mapping[str, Any] = {"type": "integer", "minimum": 0}


def _maybe(type_: str) -> Mapping[str, Any]:
    return {"type": [type_, "null"]}


def _object(**properties: Any) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _list(name: str) -> Mapping[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


SCHEMAS: Mapping[str, Any] = {
    "Enclosure": _object(url=_TEXT, type=_TEXT, length=_NUMBER, duration=_NUMBER, alt=_TEXT),
    "Snippet": _object(
        text=_TEXT,
        marks={
            "type": "array",
            "items": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
        },
    ),
    "Story": _object(
        id=_TEXT,
        number=_maybe("integer"),
        title=_TEXT,
        url=_maybe("string"),
        image=_maybe("string"),
        image_alt=_TEXT,
        enclosures=_list("Enclosure"),
        source=_TEXT,
        also=_TEXTS,
        told_by=_TEXTS,
        published=_TEXT,
        place=_TEXT,
        byline=_TEXT,
        summary=_TEXT,
        topics=_TEXTS,
        categories=_TEXTS,
        language=_TEXT,
        score=_maybe("number"),
        snippet={"oneOf": [{"$ref": "#/components/schemas/Snippet"}, {"type": "null"}]},
        heading=_TEXT,
    ),
    "Button": _object(label=_TEXT, role=_TEXT, command=_TEXT),
    "Reply": _object(
        command=_TEXT,
        ok={"type": "boolean"},
        text=_TEXT,
        stories=_list("Story"),
        more=_list("Story"),
        page=_NUMBER,
        pages=_NUMBER,
        notes=_TEXTS,
        buttons=_list("Button"),
        ms={"type": "number", "minimum": 0},
    ),
    "Suggestions": _object(suggestions=_TEXTS),
    "Error": _object(error=_TEXT),
}
"""The shapes of the answers; docs/json.md tells what the fields mean."""


def _parameter(name: str, told: str, *, place: str = "query", is_needed: bool = False) -> Any:
    return {
        "name": name,
        "in": place,
        "required": is_needed,
        "description": told,
        "schema": {"type": "integer", "minimum": 1} if name == "page" else _TEXT,
    }


def _answers(name: str) -> Mapping[str, Any]:
    told = {"200": name, "400": "Reply", "404": "Error", "503": "Error"}
    return {
        status: {
            "description": "The answer" if status == "200" else "Why there is none",
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{one}"}}},
        }
        for status, one in told.items()
    }


def _get(told: str, answer: str, *parameters: Any) -> Mapping[str, Any]:
    language = _parameter("lang", "The language of the answer, such as de")
    return {
        "get": {
            "summary": told,
            "parameters": [*parameters, language],
            "responses": _answers(answer),
        }
    }


_PAGE = _parameter("page", "Which page")
PATHS: Mapping[str, Any] = {
    "/api/search": _get(
        "Stories by words, as /search answers",
        "Reply",
        _parameter("q", "The search, in the grammar of /search", is_needed=True),
        _PAGE,
    ),
    "/api/latest": _get(
        "The newest stories, as /latest answers",
        "Reply",
        _parameter("topic", "Only stories on a topic"),
        _parameter("source", "Only stories from a source"),
        _parameter("since", "Only stories since a date: 2d, 3w, yesterday, 2023-10"),
        _PAGE,
    ),
    "/api/story/{id}": _get(
        "A story, with as much of its text as the site shows",
        "Reply",
        _parameter("id", "The story's id", place="path", is_needed=True),
    ),
    "/api/suggest": _get(
        "Completions of a search that is being typed",
        "Suggestions",
        _parameter("q", "What is typed so far", is_needed=True),
    ),
}
"""The operations of the API, by their paths."""


def description(name: str, base: str) -> Mapping[str, Any]:
    """Returns the description of a site's API.

    Args:
        name: The site's name.
        base: Its public address.
    """
    return {
        "openapi": "3.1.0",
        "info": {"title": name, "version": __version__},
        "servers": [{"url": base}],
        "paths": PATHS,
        "components": {"schemas": SCHEMAS},
    }
