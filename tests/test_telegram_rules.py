"""Rules of the local Bot API: those of the prose, and the published types."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from servers.telegram.calls import Upload
from servers.telegram.server import Server
from servers.telegram.spec import SPEC, Spec, load_spec
from telegram_stock import refused

HI = {"message_text": "Hi"}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """Without the published description: the rules hold on their own."""
    async with Server(spec=tmp_path / "none.json") as api:
        yield api
        assert api.unmodelled == []


@pytest.fixture
def spec() -> Spec:
    found = load_spec(SPEC)
    if found is None:
        pytest.skip("the description of the API is not here")
    return found


def article(number: object = 1, **more: object) -> dict[str, object]:
    told = {"type": "article", "id": str(number), "title": "Osaka", "input_message_content": HI}
    return {**told, **more}


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([("Latest", "x")], "BOT_COMMAND_INVALID"),
        ([("x" * 33, "x")], "BOT_COMMAND_INVALID"),
        ([("latest", "x" * 257)], "DESCRIPTION_INVALID"),
        ([("latest", "x"), ("latest", "y")], "twice"),
        ([(f"c{number}", "x") for number in range(101)], "TOO_MUCH"),
    ],
)
async def test_commands_that_break_a_rule_are_refused(
    server: Server, commands: list[tuple[str, str]], reason: str
) -> None:
    told = json.dumps([{"command": name, "description": text} for name, text in commands])
    assert reason in await refused(server, "setMyCommands", commands=told)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"results": [article(number) for number in range(51)]}, "RESULTS_TOO_MUCH: 51"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article("é" * 33)]}, "RESULT_ID_INVALID"),
        ({"results": [article("")]}, "RESULT_ID_INVALID"),
        ({"results": [article(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [article(input_message_content={"message_text": ""})]}, "text is empty"),
        (
            {"results": [article(input_message_content={**HI, "parse_mode": "XML"})]},
            "unsupported parse_mode",
        ),
        ({"results": [article(url="javascript:alert(1)")]}, "url 'javascript:alert(1)' is invalid"),
        ({"results": [article(thumbnail_url="a.jpg")]}, "thumbnail_url 'a.jpg' is invalid"),
        ({"results": [], "next_offset": "é" * 33}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "button": {"text": "More", "start_parameter": "a b"}}, "START_PARAM"),
        ({"results": [], "button": {"text": "More"}}, "needs one action"),
    ],
)
async def test_inline_results_that_break_a_rule_are_refused(
    server: Server, how: Mapping[str, Any], reason: str
) -> None:
    told = {name: one if isinstance(one, str) else json.dumps(one) for name, one in how.items()}
    assert reason in await refused(server, "answerInlineQuery", inline_query_id="1", **told)


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "TOO_LONG"),
        ("answerCallbackQuery", {"callback_query_id": "1", "url": "file:///etc"}, "is invalid"),
        ("sendChatAction", {"chat_id": 1, "action": "thinking"}, "wrong parameter action"),
        ("sendPhoto", {"chat_id": 1, "photo": "ftp://example.org/a.jpg"}, "photo URL"),
        ("sendPhoto", {"chat_id": 1, "photo": "attach://none"}, "there is no file"),
        ("setMyDescription", {"description": "x" * 513}, "longer than 512"),
        ("setMyShortDescription", {"short_description": "x" * 121}, "longer than 120"),
        ("getMyCommands", {"language_code": "english"}, "invalid language code"),
        ("getUpdates", {"limit": 101}, "limit must be 1 to 100"),
        ("sendMessage", {"chat_id": 1, "text": "Hi", "reply_markup": "{"}, "can't parse"),
        ("sendMessage", {"chat_id": 1, "text": "Hi", "entities": "[1]"}, "Array of objects"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "Hi", "link_preview_options": '{"url": "tg://user?id=1"}'},
            "link preview URL",
        ),
    ],
)
async def test_a_call_that_breaks_a_rule_is_refused(
    server: Server, method: str, params: Mapping[str, object], reason: str
) -> None:
    assert reason in await refused(server, method, **params)


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (article(), ""),
        (article(hide_url=True), "results[0]: hide_url is unknown"),
        (article(type="photo"), "results[0]: photo_file_id is missing"),
        (article(thumbnail_width="5"), "results[0].thumbnail_width: must be Integer, not '5'"),
        (article(thumbnail_width=True), "must be Integer, not True"),
        (
            article(input_message_content={**HI, "entities": [{"type": "bold", "offset": 0}]}),
            "results[0].input_message_content.entities[0]: length is missing",
        ),
    ],
)
def test_a_fault_is_found_where_it_is(spec: Spec, result: object, fault: str) -> None:
    params = {"inline_query_id": "1", "results": json.dumps([result])}
    told = spec.call_violation("answerInlineQuery", params)
    assert fault in told if fault else not told


def test_a_member_of_a_union_is_told_by_its_constant(spec: Spec) -> None:
    good = {"type": "chat", "chat_id": -1001}
    assert not spec.violation(good, ["BotCommandScope"], "scope")
    assert "chat_id is missing" in spec.violation({"type": "chat"}, ["BotCommandScope"], "scope")
    assert "is no" in spec.violation({"type": "everyone"}, ["BotCommandScope"], "scope")


def test_a_file_may_be_attached_under_another_name(spec: Spec) -> None:
    file = Upload("a.jpg", "image/jpeg", b"")
    params = {"chat_id": "1", "photo": "attach://one", "one": file}
    assert not spec.call_violation("sendPhoto", params)
    assert "two is unknown" in spec.call_violation("sendPhoto", {**params, "two": file})
    assert not spec.call_violation("sendPhoto", {"chat_id": "1", "photo": file})
    assert "must be Integer" in spec.call_violation("getUpdates", {"limit": "ten"})


async def test_the_server_tells_a_bot_nothing_that_is_not_described(spec: Spec) -> None:
    assert spec.updates >= {"message", "callback_query", "inline_query"}
    server = Server()
    with pytest.raises(AssertionError, match="message: chat, date, message_id is missing"):
        server.world.push("message", {})
