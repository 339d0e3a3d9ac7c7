"""The API, which only reads, in the shapes of `dateline ask --json`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from adapters.web.content import Content, NotFoundError, json_content
from adapters.web.documents import embed
from adapters.web.render import View
from bot.exchange.reply_json import reply_as_json
from bot.reply import Card, Reply
from bot.text.urls import split_url

_SUGGESTIONS = 8
_LATEST = ("topic", "source", "since")


async def search(view: View) -> Content:
    """Answers what `/search` answers."""
    words = view.asked.text("q")
    if not words:
        asked = view.asked.words.gettext("What would you like to search for?")
        return reply_content(view, Reply("search", text=(asked,), ok=False), time.perf_counter())
    return await _answer(view, "search", {"words": words})


async def latest(view: View) -> Content:
    """Answers what `/latest` answers."""
    given = {name: value for name in _LATEST if (value := view.asked.text(name))}
    return await _answer(view, "latest", given)


async def _answer(view: View, command: str, options: Mapping[str, str]) -> Content:
    start = time.perf_counter()
    reply = await view.site.ask(command, {**options, "page": str(view.asked.page)})
    return reply_content(view, reply, start)


async def story(view: View) -> Content:
    """Tells a story, with as much of its text as may be shown."""
    start = time.perf_counter()
    found = await view.site.one(view.asked.parts["story"])
    if found is None:
        raise NotFoundError
    body = tuple(view.site.body(found))
    return reply_content(view, Reply("read", cards=(view.site.card(found),), body=body), start)


def reply_content(view: View, reply: Reply, start: float) -> Content:
    """Returns a reply as JSON, in which stories without a link lead to their pages.

    Args:
        view: The request.
        reply: The reply.
        start: The second of the performance counter at which it was begun.
    """
    shown = replace(
        reply,
        cards=tuple(_linked(view, card) for card in reply.cards),
        more=tuple(_linked(view, card) for card in reply.more),
    )
    ms = (time.perf_counter() - start) * 1_000
    status = HTTPStatus.OK if reply.ok else HTTPStatus.BAD_REQUEST
    told = reply_as_json(shown, ms)
    identity = json_content({**told, "ms": 0}).body
    return replace(json_content(told, status), identity=identity)


def _linked(view: View, card: Card) -> Card:
    return replace(card, story=view.site.links.linked(card.story))


async def suggest(view: View) -> Content:
    """Completes a search that is being typed."""
    typed = view.asked.text("q")
    found = await view.site.suggest(typed) if typed else ()
    return json_content({"suggestions": list(found[:_SUGGESTIONS])})


async def site(view: View) -> Content:
    """Tells which site answers, and how it was reached: for `dateline doctor` and monitors."""
    facts = {
        "name": view.site.name,
        "address": view.site.links.base,
        "forwarded": view.asked.is_forwarded,
    }
    return replace(json_content(facts), max_age=0, is_kept=False)


async def oembed(view: View) -> Content:
    """Tells other sites how to show a link to a story (https://oembed.com)."""
    if view.asked.text("format") not in {"", "json"}:
        return json_content({"error": "only json"}, HTTPStatus.NOT_IMPLEMENTED)
    found = await view.site.one(_story_of(view, view.asked.text("url")))
    if found is None:
        raise NotFoundError
    return json_content(embed(view, found))


def _story_of(view: View, url: str) -> str:
    """Returns the id of the story that an address of the site names; empty for none.

    It may be one that was copied: with parameters, a place on the page, or without `https`.
    """
    base, asked = split_url(view.site.links.base), split_url(url)
    if base is None or asked is None or asked.scheme not in {"http", "https"}:
        return ""
    pages = f"{view.base_path}/s/"
    if asked.netloc.casefold() != base.netloc.casefold() or not asked.path.startswith(pages):
        return ""
    return asked.path.removeprefix(pages).partition("/")[0]
