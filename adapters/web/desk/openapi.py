"""The description of the desk's part of the API."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from adapters.web.desk.api import PROGRAM_PAGES, ROOT
from adapters.web.openapi import DeskDescription
from adapters.web.openapi_parts import (
    MOMENT,
    NUMBER,
    PAGE,
    TEXT,
    Schema,
    a_list,
    an_object,
    maybe,
    parameter,
    reading,
)
from bot.monitoring.model import Health
from bot.web.desk import PAGES

_SCHEME = "deskToken"
_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
_FAILURES = dict.fromkeys((*_REFUSALS, HTTPStatus.SERVICE_UNAVAILABLE), "Error")
_CHAT = parameter("chat", "The id of the chat that it is about, of those in /api/desk/chats")
_NOTHING_SAID: Mapping[HTTPStatus, str] = {HTTPStatus.BAD_REQUEST: "Reply"}

_SCHEMAS: Mapping[str, Schema] = {
    "DeskHealth": an_object(
        version=maybe("string"),
        started=MOMENT,
        lag_ms={"type": "number", "minimum": 0},
        stories=NUMBER,
        stories_last_day=NUMBER,
        chats=NUMBER,
        subscriptions=NUMBER,
        subscriptions_paused=NUMBER,
        disk=an_object(used=NUMBER, free=maybe("integer")),
        posts=a_list("DeskPosts"),
        sent=a_list("DeskSent"),
        given_up=a_list("DeskGivenUp"),
        sources=a_list("DeskSource"),
    ),
    "DeskPosts": an_object(
        platform=TEXT, due=NUMBER, oldest=MOMENT, reason=TEXT, scheduled=NUMBER, paused=NUMBER
    ),
    "DeskSent": an_object(
        platform=TEXT, posts=NUMBER, digests=NUMBER, edits=NUMBER, retries=NUMBER, failures=NUMBER
    ),
    "DeskGivenUp": an_object(platform=TEXT, reason=TEXT, count=NUMBER, last=MOMENT),
    "DeskSource": an_object(
        id=TEXT,
        name=TEXT,
        health={"enum": [one.value for one in Health]},
        error=TEXT,
        failures=NUMBER,
        last_check=MOMENT,
        next_check=MOMENT,
        newest=MOMENT,
        stories=NUMBER,
    ),
    "DeskChat": an_object(platform=TEXT, id=TEXT, name=TEXT),
    "DeskChats": an_object(chats=a_list("DeskChat")),
    "DeskSubscription": an_object(
        chat={"$ref": "#/components/schemas/DeskChat"}, name=TEXT, text=TEXT
    ),
    "DeskSubscriptions": an_object(
        subscriptions=a_list("DeskSubscription"), page=NUMBER, pages=NUMBER
    ),
}


def _get(
    told: str, answer: str, *parameters: Schema, more: Mapping[HTTPStatus, str] = _FAILURES
) -> Schema:
    return reading(told, answer, *parameters, failures=more, security=[{_SCHEME: ()}])


def _page(end: str) -> Schema:
    page = PAGES[end]
    words = (parameter("q", page.hint),) if page.typed else ()
    told = f"What /{page.typed[0] if page.typed else page.command} answers in the chat"
    return _get(told, "Reply", *words, _CHAT, PAGE, more={**_NOTHING_SAID, **_FAILURES})


DESK = DeskDescription(
    paths={
        ROOT: _get("How all is going: the bot, its posts, its sources", "DeskHealth"),
        f"{ROOT}/chats": _get("The chats that you may set up", "DeskChats"),
        f"{ROOT}/subscriptions": _get(
            "What is followed in these chats, or in one of them", "DeskSubscriptions", _CHAT, PAGE
        ),
        **{f"{ROOT}/{end}": _page(end) for end in PROGRAM_PAGES},
    },
    schemas=_SCHEMAS,
    schemes={
        _SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that the bot gives you for /desk token in a private chat",
        }
    },
)
"""The description."""
