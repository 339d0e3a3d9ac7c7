"""The website's API, held against its own description."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import jsonschema
import pytest
from newsdesk import TestDesk, twelve
from site_desk import BASE, Reader, serving_site
from stories import story

from adapters.web.openapi import SCHEMAS
from bot.posting.page_links import story_path

pytestmark = pytest.mark.server

OWN = story("Gates open", "The gates opened.\nMany came.")
ELSEWHERE = story("Trams return", "A secret end.", url="https://e.example/", summary="Back.")


@pytest.fixture
async def reader(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[Reader]:
    await twelve(desk)
    await desk.has(OWN, ELSEWHERE)
    async with serving_site(desk, unused_tcp_port) as opened:
        yield opened


def check(name: str, given: object) -> None:
    """Holds an answer against the shape that the description names."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    jsonschema.Draft202012Validator(schema).validate(given)


def shape(description: Any, path: str, status: int) -> str:
    """The name of the shape that an answer is to have."""
    wanted = "/api/story/{id}" if path.startswith("/api/story") else path.partition("?")[0]
    content = description["paths"][wanted]["get"]["responses"][str(status)]["content"]
    return str(content["application/json"]["schema"]["$ref"].rpartition("/")[2])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/search?q=gates", 200),
        ("/api/search?q=gaets+opne&page=1&lang=de", 200),
        ("/api/search?q=story&page=3", 200),
        ("/api/search?q=zzzz", 200),
        ("/api/search", 400),
        ("/api/latest", 200),
        ("/api/latest?topic=World&source=wire&since=2d", 200),
        ("/api/latest?source=nobody", 400),
        ("/api/latest?since=whenever", 400),
        (f"/api/story/{OWN.id}", 200),
        ("/api/story/bcdfgh222222", 404),
        ("/api/suggest?q=gat", 200),
        ("/api/suggest?q=", 200),
        ("/api/site", 200),
    ],
)
async def test_answers_are_as_they_are_described(reader: Reader, path: str, status: int) -> None:
    description = json.loads((await reader.get("/api/openapi.json")).text)
    answer = await reader.get(path)
    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("application/json")
    check(shape(description, path, status), json.loads(answer.text))


async def test_the_description_is_a_valid_one(reader: Reader) -> None:
    told = json.loads((await reader.get("/api/openapi.json")).text)
    assert told["openapi"].startswith("3.1")
    assert told["servers"] == [{"url": BASE}]
    for schema in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


async def test_a_story_is_told_with_what_may_be_shown(reader: Reader) -> None:
    own = json.loads((await reader.get(f"/api/story/{OWN.id}")).text)
    assert own["text"] == "The gates opened.\n\nMany came."
    assert own["stories"][0]["url"] == f"{BASE}{story_path(OWN)}"
    other = json.loads((await reader.get(f"/api/story/{ELSEWHERE.id}")).text)
    assert other["text"] == ""
    assert other["stories"][0]["url"] == ELSEWHERE.url


async def test_what_is_typed_is_completed(reader: Reader) -> None:
    told = json.loads((await reader.get("/api/suggest?q=gat")).text)
    assert told == {"suggestions": ["gates"]}


@pytest.mark.parametrize(
    "query", ["", "url=", "url=https://evil.example/s/bcdf", f"url={BASE}/s/", "url=x&format=json"]
)
async def test_what_is_no_story_cannot_be_embedded(reader: Reader, query: str) -> None:
    assert (await reader.get(f"/oembed?{query}")).status == 404


async def test_embedding_is_told_in_json_alone(reader: Reader) -> None:
    asked = f"url={BASE}{story_path(OWN)}"
    assert (await reader.get(f"/oembed?{asked}&format=xml")).status == 501
    assert json.loads((await reader.get(f"/oembed?{asked}")).text)["title"] == OWN.title


@pytest.mark.parametrize("change", ["{}?lang=de", "{}%23text", "{}?a=1%23b"])
async def test_an_address_that_was_copied_can_be_embedded(reader: Reader, change: str) -> None:
    for base in (BASE, BASE.replace("https", "http"), BASE.upper().replace("HTTPS", "https")):
        for path in (story_path(OWN), f"/s/{OWN.id}"):
            asked = change.format(f"{base}{path}")
            told = json.loads((await reader.get(f"/oembed?url={asked}")).text)
            assert told["url"] == f"{BASE}{story_path(OWN)}"
