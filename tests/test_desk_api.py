"""The desk's part of the API: held against its own description, and closed to all others."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import jsonschema
import pytest
from newsdesk import TestDesk, desk_over, twelve
from site_desk import BASE, Answer
from site_login import ANNA, BEN, NEWS, OPERATOR, TALK, WebDeskRig, serving_desk
from stores import open_store, store
from stories import MODERATOR, NOW, batch, story

from adapters.web.desk.api import PROGRAM_PAGES
from adapters.web.openapi import description
from bot.chat.ports import Store
from bot.ingest.results import LoadReport
from bot.logins.ports import Visitor

__all__ = ["open_store", "store"]

pytestmark = pytest.mark.server


@pytest.fixture
async def rig(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    await twelve(desk)
    failed = LoadReport("other", NOW, error="404 <b>", failures=2, next_check=NOW)
    await desk.store.sources.finish_load(failed, "")
    async with serving_desk(desk, unused_tcp_port) as served:
        yield served


async def token_of(rig: WebDeskRig, person: str) -> str:
    tokens = rig.desk.dispatcher.services.logins.tokens  # type: ignore[union-attr] # it is served
    return await tokens.make(Visitor("telegram", person, person, person), "report")


async def ask(rig: WebDeskRig, token: str, path: str, method: str = "GET") -> Answer:
    given = {"Authorization": f"Bearer {token}"}
    return await rig.browser().ask(method, f"/api/desk{path}", None, given)


async def described(rig: WebDeskRig) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads((await rig.browser().get("/api/openapi.json")).text)
    return told


def check(api: Mapping[str, Any], path: str, answer: Answer) -> Any:
    """Holds an answer against what the description says of its path and status."""
    operation = api["paths"][f"/api/desk{path.partition('?')[0]}"]["get"]
    assert operation["security"] == [{"deskToken": []}]
    content = operation["responses"][str(answer.status)]["content"]["application/json"]
    schema = {**content["schema"], "components": api["components"]}
    told = json.loads(answer.text)
    jsonschema.Draft202012Validator(schema).validate(told)
    return told


@pytest.mark.parametrize("person", [OPERATOR, ANNA])
async def test_answers_are_as_they_are_described(rig: WebDeskRig, person: str) -> None:
    api, token = await described(rig), await token_of(rig, person)
    await rig.desk.ask("/subscribe wire confirm:on", MODERATOR, NEWS)
    pages = [f"/{one}" for one in PROGRAM_PAGES]
    words = ["/stories?q=story+3&page=1", "/why?q=story+3", "/topics?q=world", "/audit?q=max"]
    for path in ("", "/chats", "/subscriptions", f"/posts?chat={NEWS.id}&lang=de", *pages, *words):
        answer = await ask(rig, token, path)
        assert answer.status in {200, 400}, (path, answer.text)
        check(api, path, answer)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_health_is_told_in_figures(rig: WebDeskRig) -> None:
    told = json.loads((await ask(rig, await token_of(rig, OPERATOR), "")).text)
    assert told["stories"] == 12
    first = told["sources"][0]
    assert (first["id"], first["health"], first["error"], first["failures"]) == (
        *("other", "failing", "404 <b>", 2),
    )
    assert first["next_check"] == NOW.isoformat().replace("+00:00", "Z")


async def test_each_sees_what_they_may_see_in_a_chat(rig: WebDeskRig) -> None:
    anna = await token_of(rig, ANNA)
    chats = json.loads((await ask(rig, anna, "/chats")).text)["chats"]
    assert chats == [{"platform": "telegram", "id": NEWS.id, "name": "Harbour News"}]
    for path in ("/posts", "/subscriptions", "/settings", ""):
        refused = await ask(rig, anna, f"{path}?chat={TALK.id}")
        assert refused.status == 403
        assert json.loads(refused.text)["error"].startswith("Only administrators of Harbour Talk")
    ben = await token_of(rig, BEN)
    await rig.desk.ask("/subscribe wire confirm:on", MODERATOR, NEWS)
    followed = [json.loads((await ask(rig, one, "/subscriptions")).text) for one in (anna, ben)]
    told = [[one["name"] for one in each["subscriptions"]] for each in followed]
    assert told == [["The Wire"], []]


async def test_all_that_a_chat_follows_is_told(rig: WebDeskRig) -> None:
    words = [f"word{number}" for number in range(23)]
    for word in words:
        await rig.desk.ask(f"/subscribe {word} confirm:on", MODERATOR, NEWS)
    told = json.loads((await ask(rig, await token_of(rig, ANNA), "/subscriptions")).text)
    assert [one["name"] for one in told["subscriptions"]] == [f"“{word}”" for word in words]
    shown = await (await rig.logged_in(ANNA)).get("/desk/subscriptions")
    assert len(shown.words("//div[@class='followed']")) == len(words)


async def test_without_a_good_token_nothing_is_told(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    token, (cookie,) = await token_of(rig, OPERATOR), browser.cookies.values()
    given = ["", "Bearer", "Bearer x", f"Basic {token}", token, f"Bearer {cookie}", "Bearer é"]
    given += [f"Bearer {token[:-1]}", f"Bearer {token}x", f"Bearer {'x' * 5_000}"]
    for header in given:
        answer = await browser.get("/api/desk", Authorization=header)
        assert answer.status == 401, header
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    in_address = await browser.get(f"/api/desk?token={token}&access_token={token}")
    assert in_address.status == 401
    with_token = await rig.browser().get("/desk", Cookie=f"dateline-desk={token}")
    assert with_token.status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_it_only_reads(rig: WebDeskRig, method: str) -> None:
    token = await token_of(rig, OPERATOR)
    for path in ("", "/chats", "/settings"):
        assert (await ask(rig, token, path, method)).status == 405


@pytest.mark.parametrize("path", ["/tokens", "/do", "/enter", "/picture", "/x", "/chats/x", "/é"])
async def test_there_is_nothing_else(rig: WebDeskRig, path: str) -> None:
    assert (await ask(rig, await token_of(rig, OPERATOR), path)).status == 404


async def test_guesses_and_hurry_are_limited_and_told_for_how_long(rig: WebDeskRig) -> None:
    token, other = await token_of(rig, OPERATOR), await token_of(rig, ANNA)
    answers = [await ask(rig, token, "/chats") for _ in range(61)]
    assert [one.status for one in answers] == [200] * 60 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert (await ask(rig, other, "/chats")).status == 200
    guesses = [await ask(rig, f"dateline_{n}", "/chats") for n in range(11)]
    assert [one.status for one in guesses] == [401] * 10 + [429]
    assert (await ask(rig, other, "/chats")).status == 200  # whoever is in stays in


async def test_a_platform_that_is_away_costs_nobody_their_token(rig: WebDeskRig) -> None:
    token = await token_of(rig, ANNA)
    assert (await ask(rig, token, "/posts")).status == 200
    rig.directory.is_down = True
    assert (await ask(rig, token, "/posts")).status == 503
    rig.directory.is_down = False
    assert (await ask(rig, token, "/posts")).status == 200


async def test_stories_lead_to_their_pages(rig: WebDeskRig) -> None:
    await rig.desk.store.ingest.write(batch([story("Gates open", "The gates opened.")]))
    found = await ask(rig, await token_of(rig, ANNA), "/stories?q=gates")
    assert json.loads(found.text)["stories"][0]["url"].startswith(f"{rig.address}/s/")


def test_a_site_without_a_desk_describes_none() -> None:
    told = description("Harbour", BASE)
    assert not [one for one in told["paths"] if "desk" in one]
    assert "securitySchemes" not in told["components"]


async def test_what_a_store_does_not_know_is_described(store: Store, unused_tcp_port: int) -> None:
    async with desk_over(store) as desk, serving_desk(desk, unused_tcp_port) as rig:
        answer = await ask(rig, await token_of(rig, OPERATOR), "")
        told = check(await described(rig), "", answer)
        assert told["disk"]["used"] > 0
