"""Discord's specification, where it lies beside us; and what is done without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from servers.discord.spec import EXEMPTIONS, SPEC, Exemption, Spec, load_spec

CALLBACK = "/interactions/1/token/callback"
ORIGINAL = "/webhooks/1/token/messages/@original"


@pytest.fixture
def spec() -> Spec:
    found = load_spec(SPEC)
    if found is None:
        pytest.skip(f"there is no {SPEC.name} beside us")
    return found


def tiny() -> dict[str, Any]:
    """A specification of one route."""
    body = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "of": {"$ref": "#/components/schemas/Of"}},
        "required": ["name"],
    }
    content = {"application/json": {"schema": body}}
    of = {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Inner"}]}
    inner = {"type": "object", "properties": {"type": {"const": 1}, "x": {"type": "integer"}}}
    return {
        "paths": {
            "/things/{id}": {"post": {"requestBody": {"content": content}}, "get": {}},
            "/things/@mine": {"get": {}},
        },
        "components": {"schemas": {"Of": of, "Inner": inner}},
    }


def test_what_a_file_says_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "tiny.json"
    document = tiny()
    document["components"]["schemas"] |= {
        each.schema: {"type": "object", "properties": {}} for each in EXEMPTIONS
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    checked = load_spec(path)
    assert checked is not None
    assert checked.violations("POST", "/things/1", {"name": "x", "of": {"type": 1, "x": 1}}) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/things/1", {}, "$: 'name' is a required property"),
        ("POST", "/things/1", {"name": 1}, "$.name: 1 is not of type 'string'"),
        ("POST", "/things/1", {"name": "x", "new": 1}, "'new' was unexpected"),
        ("POST", "/things/1", {"name": "x", "of": {"x": "1"}}, "$.of.x: '1' is not of type"),
        ("POST", "/things/1", {"name": "x", "of": {"y": 1}}, "'y' was unexpected"),
        ("POST", "/things/1", None, "needs a body"),
        ("GET", "/things/1", {}, "takes no body"),
        ("POST", "/things/@mine", {"name": "x"}, "no such route"),
        ("DELETE", "/things/1", None, "no such route"),
        ("GET", "/others", None, "no such route"),
    ],
)
def test_what_is_wrong_is_named(method: str, path: str, body: Any, expected: str) -> None:
    (found,) = Spec(tiny(), exempt=()).violations(method, path, body)
    assert expected in found


def test_exemptions() -> None:
    later = Exemption("Inner", "later", {"type": "boolean"}, "it is coming")
    body = {"name": "x", "of": {"later": True}}
    assert Spec(tiny(), exempt=()).violations("POST", "/things/1", body) != []
    assert Spec(tiny(), exempt=(later,)).violations("POST", "/things/1", body) == []
    with pytest.raises(AssertionError, match=r"has Inner\.x now: no longer needed"):
        Spec(tiny(), exempt=(Exemption("Inner", "x", {}, "no longer needed"),))


def test_without_the_file_nothing_is_checked(tmp_path: Path) -> None:
    assert load_spec(tmp_path / "none.json") is None


def test_the_routes_that_we_use_are_there(spec: Spec) -> None:
    text = {"content": "x", "allowed_mentions": {"parse": []}}
    assert spec.violations("GET", "/gateway/bot", None) == []
    assert spec.violations("POST", "/channels/1/messages", text) == []
    assert spec.violations("PATCH", ORIGINAL, text | {"tts": False}) == []
    assert spec.violations("POST", CALLBACK, {"type": 4, "data": text}) == []
    assert spec.violations("POST", CALLBACK, {"type": 6}) == []
    choices = {"choices": [{"name": "x", "value": "x"}]}
    assert spec.violations("POST", CALLBACK, {"type": 8, "data": choices}) == []
    one = {"name": "x", "description": "x", "options": [], "nsfw": False}
    assert spec.violations("PUT", "/applications/1/commands", [one]) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/channels/1/messages", {"contents": "x"}, "'contents' was unexpected"),
        ("POST", "/channels/1/messages", {"embeds": [{"titel": "x"}]}, "$.embeds[0]: Additional"),
        ("POST", "/channels/1/messages", {"embeds": [{"title": 1}]}, "$.embeds[0].title"),
        ("PATCH", ORIGINAL, {"tts": True}, "$.tts: False was expected"),
        ("POST", CALLBACK, {"type": 99}, "$.type: 99 is not one of"),
        ("POST", CALLBACK, {"type": 4, "data": {"content": 1}}, "$.data.content: 1 is not of"),
        (
            "POST",
            CALLBACK,
            {"type": 4, "data": {"components": [{"type": 1, "components": [{"type": 2}]}]}},
            "$.data.components[0].components[0]: 'style' is a required",
        ),
        ("PUT", "/applications/1/commands", [{"description": "x"}], "'name' is a required"),
    ],
)
def test_the_file_refuses(spec: Spec, method: str, path: str, body: Any, expected: str) -> None:
    found = spec.violations(method, path, body)
    assert any(expected in each for each in found), found
