"""Feeds out: Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from adapters.web.content import Content, feed_content
from adapters.web.documents import canonical, web_address
from adapters.web.pages import asked_source, asked_topic
from adapters.web.render import View
from bot.model import Story
from bot.posting.page_links import story_path
from bot.search.query import Filter
from bot.web.site import FEED_SIZE

_ATOM = "http://www.w3.org/2005/Atom"
_NAMES = UUID("6d3c2c7a-9b0e-5a53-8f4e-0d1f6c1d2b57")  # any will do that always stays the same
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed without stories, which stays as it is
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0


@dataclass(frozen=True, slots=True)
class _Feed:
    """A feed: what it is called, the page that it is of, and its stories."""

    title: str
    page: str
    stories: Sequence[Story]


async def everything(view: View) -> Content:
    """The feed of all stories."""
    stories = await view.site.newest(Filter())
    return _content(view, _Feed(view.site.name, "/", stories))


async def topic(view: View) -> Content:
    """The feed of a topic."""
    found = asked_topic(view)
    stories = await view.site.newest(Filter(topic=found.name))
    return _content(view, _Feed(f"{found.name} · {view.site.name}", _page(view), stories))


async def source(view: View) -> Content:
    """The feed of a source."""
    found = asked_source(view)
    stories = await view.site.newest(Filter(source=found.id))
    return _content(view, _Feed(f"{found.name} · {view.site.name}", _page(view), stories))


async def search(view: View) -> Content:
    """The feed of a search, the newest stories first whatever fits best."""
    words = view.asked.text("q")
    ordered = words if "sort:" in words else f"{words} sort:new"
    reply = await view.site.ask("search", {"words": ordered}, FEED_SIZE) if words else None
    found = [card.story for card in reply.cards] if reply else []
    return _content(view, _Feed(f"{words} · {view.site.name}", _page(view), found))


def _page(view: View) -> str:
    """Returns the path of the page that has the same stories as the feed that is asked for."""
    path, _, end = view.here().removeprefix(view.base_path).partition("/feed.")
    _, sign, query = end.partition("?")
    return f"{path or '/'}{sign}{query}"


def _content(view: View, feed: _Feed) -> Content:
    if view.asked.path.endswith(".json"):
        told = json.dumps(json_feed(view, feed), ensure_ascii=False).encode("utf-8", "replace")
        return feed_content(told, "application/feed+json; charset=utf-8")
    return feed_content(atom(view, feed), "application/atom+xml; charset=utf-8")


def entry_id(story: Story) -> str:
    """Returns what readers know a story by, which stays whatever address the site has."""
    return uuid5(_NAMES, story.id).urn


def _own_address(view: View) -> str:
    return view.public(view.here().removeprefix(view.base_path))


def _as_html(view: View, story: Story) -> str:
    parts = (
        f"<h2>{html.escape(one.text)}</h2>" if one.heading else f"<p>{html.escape(one.text)}</p>"
        for one in view.site.body(story)
    )
    return "".join(parts)


def json_feed(view: View, feed: _Feed) -> Mapping[str, Any]:
    """Returns a feed as JSON Feed."""
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": view.public(feed.page),
        "feed_url": _own_address(view),
        "description": view.site.about,
        "icon": "",
        "items": [_item(view, story) for story in feed.stories],
    }
    if view.hub:
        told["hubs"] = [{"type": "WebSub", "url": view.hub}]
    return {name: value for name, value in told.items() if value or name == "items"}


def _item(view: View, story: Story) -> Mapping[str, Any]:
    whole = _as_html(view, story)
    told = {
        "id": entry_id(story),
        "url": view.public(story_path(story)),
        "external_url": web_address(story.url),
        "title": story.title,
        "content_html": whole,
        "content_text": "" if whole else story.summary or story.title,
        "summary": story.summary,
        "image": web_address(story.image),
        "date_published": _moment(story.published),
        "authors": [{"name": story.byline or view.source_name(story.source)}],
        "tags": list(story.topics),
        "language": story.language,
        "attachments": [
            {"url": one.url, "mime_type": one.type or "application/octet-stream"}
            for one in story.enclosures
            if web_address(one.url)
        ],
    }
    return {name: value for name, value in told.items() if value}


def atom(view: View, feed: _Feed) -> bytes:
    """Returns a feed as Atom."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _add(root, "title", feed.title)
    _add(root, "subtitle", view.site.about)
    _add(root, "id", _own_address(view))
    newest = max((one.published for one in feed.stories), default=_NEVER)
    _add(root, "updated", _moment(newest))
    _add(root, "generator", "Dateline")
    _link(root, "self", _own_address(view), "application/atom+xml")
    _link(root, "alternate", view.public(feed.page), "text/html")
    if view.hub:
        _link(root, "hub", view.hub)
    for story in feed.stories:
        _add_entry(root, view, story)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _add_entry(root: etree._Element, view: View, story: Story) -> None:
    entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
    _add(entry, "title", story.title)
    _add(entry, "id", entry_id(story))
    _add(entry, "updated", _moment(story.published))
    _add(entry, "published", _moment(story.published))
    author = etree.SubElement(entry, f"{{{_ATOM}}}author")
    _add(author, "name", story.byline or view.source_name(story.source))
    _link(entry, "alternate", canonical(view, story), "text/html")
    if story.url:
        _link(entry, "related", view.public(story_path(story)), "text/html")
    for name in story.topics:
        etree.SubElement(entry, f"{{{_ATOM}}}category", term=_clean(name))
    for one in filter(lambda each: web_address(each.url), story.enclosures):
        _link(entry, "enclosure", one.url, one.type, one.length)
    if story.summary:
        _add(entry, "summary", story.summary)
    if whole := _as_html(view, story):
        _add(entry, "content", whole, type="html")


def _add(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", **attributes)
    element.text = _clean(text)


def _link(parent: etree._Element, rel: str, href: str, type_: str = "", length: int = 0) -> None:
    given = {"rel": rel, "href": href, "type": type_, "length": str(length) if length else ""}
    attributes = {name: _clean(value) for name, value in given.items() if value}
    etree.SubElement(parent, f"{{{_ATOM}}}link", **attributes)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
