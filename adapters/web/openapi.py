"""The description of the API (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from adapters.web.openapi_parts import (
    NUMBER,
    PAGE,
    TEXT,
    TEXTS,
    Schema,
    a_list,
    an_object,
    maybe,
    parameter,
    reading,
)
from bot import __version__

SCHEMAS: Mapping[str, Schema] = {
    "Enclosure": an_object(url=TEXT, type=TEXT, length=NUMBER, duration=NUMBER, alt=TEXT),
    "Snippet": an_object(
        text=TEXT,
        marks={
            "type": "array",
            "items": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
        },
    ),
    "Story": an_object(
        id=TEXT,
        number=maybe("integer"),
        title=TEXT,
        url=maybe("string"),
        image=maybe("string"),
        image_alt=TEXT,
        enclosures=a_list("Enclosure"),
        source=TEXT,
        also=TEXTS,
        told_by=TEXTS,
        published=TEXT,
        place=TEXT,
        byline=TEXT,
        summary=TEXT,
        topics=TEXTS,
        categories=TEXTS,
        language=TEXT,
        score=maybe("number"),
        snippet={"oneOf": [{"$ref": "#/components/schemas/Snippet"}, {"type": "null"}]},
        heading=TEXT,
    ),
    "Button": an_object(label=TEXT, role=TEXT, command=TEXT),
    "Reply": an_object(
        command=TEXT,
        ok={"type": "boolean"},
        text=TEXT,
        stories=a_list("Story"),
        more=a_list("Story"),
        page=NUMBER,
        pages=NUMBER,
        notes=TEXTS,
        buttons=a_list("Button"),
        ms={"type": "number", "minimum": 0},
    ),
    "Suggestions": an_object(suggestions=TEXTS),
    "Site": an_object(name=TEXT, address=TEXT, forwarded={"type": "boolean"}),
    "Error": an_object(error=TEXT),
}
"""The shapes of the answers; docs/json.md tells what the fields mean."""

_FAILURES = {
    HTTPStatus.BAD_REQUEST: "Reply",
    HTTPStatus.NOT_FOUND: "Error",
    HTTPStatus.SERVICE_UNAVAILABLE: "Error",
}


def _get(told: str, answer: str, *parameters: Schema) -> Schema:
    return reading(told, answer, *parameters, failures=_FAILURES)


PATHS: Mapping[str, Schema] = {
    "/api/search": _get(
        "Stories by words, as /search answers",
        "Reply",
        parameter("q", "The search, in the grammar of /search", is_needed=True),
        PAGE,
    ),
    "/api/latest": _get(
        "The newest stories, as /latest answers",
        "Reply",
        parameter("topic", "Only stories on a topic"),
        parameter("source", "Only stories from a source"),
        parameter("since", "Only stories since a date: 2d, 3w, yesterday, 2023-10"),
        PAGE,
    ),
    "/api/story/{id}": _get(
        "A story, with as much of its text as the site shows",
        "Reply",
        parameter("id", "The story's id", place="path", is_needed=True),
    ),
    "/api/suggest": _get(
        "Completions of a search that is being typed",
        "Suggestions",
        parameter("q", "What is typed so far", is_needed=True),
    ),
    "/api/site": _get(
        "The site: its name, its public address, and whether its web server says who asks",
        "Site",
    ),
}
"""The operations of the API, by their paths."""


@dataclass(frozen=True, slots=True)
class DeskDescription:
    """The part that needs a token.

    Attributes:
        paths: Its operations.
        schemas: The shapes of their answers.
        schemes: What lets somebody ask.
    """

    paths: Mapping[str, Schema]
    schemas: Mapping[str, Schema]
    schemes: Mapping[str, Schema]


def description(name: str, base: str, desk: DeskDescription | None = None) -> Mapping[str, Any]:
    """Returns the description of a site's API.

    Args:
        name: The site's name.
        base: Its public address.
        desk: The description of the desk's part; None where there is no desk.
    """
    components: dict[str, Any] = {"schemas": {**SCHEMAS, **(desk.schemas if desk else {})}}
    if desk:
        components["securitySchemes"] = desk.schemes
    return {
        "openapi": "3.1.0",
        "info": {"title": name, "version": __version__},
        "servers": [{"url": base}],
        "paths": {**PATHS, **(desk.paths if desk else {})},
        "components": components,
    }
