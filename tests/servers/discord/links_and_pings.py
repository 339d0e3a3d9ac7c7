"""Extracts the mentions that notify, and the links, of a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from servers.discord.component_rules import CONTAINER, GALLERY, TEXT, THUMBNAIL, walk
from servers.discord.rules import embed_urls

Body = Mapping[str, Any]

_CODE = re.compile(r"(?P<escaped>\\[^A-Za-z0-9\s])|(?P<ticks>`+)(?s:.+?)(?P=ticks)")
_MENTION = re.compile(r"@everyone|@here|<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>")
_MASKED = re.compile(r"(?<!\\)\[(?P<label>(?:\\.|[^\]\\])*)\]\(\s*<?(?P<url>[^\s)>]*)")
_LINKED = re.compile(r"\[(?P<label>(?:\\.|[^\]\\])*)\]\([^\s)]*\)")
_HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
_ESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s<>)\]]+")
_INVITE = re.compile(
    r"(?:https?://)?(?:www\.)?(?:discord\.gg|discord(?:app)?\.com/invite)/[\w-]+", re.IGNORECASE
)


class Link(NamedTuple):
    """A link that a reader can follow."""

    kind: str  # masked, bare, invite, embed, button
    url: str
    label: str = ""

    @property
    def scheme(self) -> str:
        try:
            return urlsplit(self.url).scheme.lower()
        except ValueError:
            return ""


def pings(body: Body) -> list[str]:
    """Returns the mentions that notify: `@everyone`, `<@1>`; `reply` for a reply's."""
    allowed = body.get("allowed_mentions")
    found = [
        match.group()
        for text in _pinging_texts(body)
        for match in _MENTION.finditer(_without_code(text))
        if allowed is None or _is_allowed(match, allowed)
    ]
    if body.get("message_reference") and (allowed is None or allowed.get("replied_user")):
        found.append("reply")
    return found


def boxes(body: Body) -> list[str]:
    """Returns the texts in each box (container) of a message that is laid out."""
    found = [one for one in body.get("components") or () if one["type"] == CONTAINER]
    return [
        "\n".join(each["content"] for each in walk([box]) if each["type"] == TEXT) for box in found
    ]


def pictures(body: Body) -> list[str]:
    """Returns the addresses of the pictures of a message that is laid out."""
    every = list(walk(body.get("components") or ()))
    media = [one["media"] for one in every if one["type"] == THUMBNAIL]
    media += [item["media"] for one in every if one["type"] == GALLERY for item in one["items"]]
    return [one["url"] for one in media]


def headlines(body: Body) -> list[str]:
    """Returns the headings in the boxes of a message, as a reader sees them."""
    found = (match for box in boxes(body) for match in _HEADING.finditer(box))
    return [_ESCAPED.sub(r"\1", _LINKED.sub(r"\g<label>", one[1])) for one in found]


def _pinging_texts(body: Body) -> Iterator[str]:
    # Embeds show mentions but notify nobody.
    yield body.get("content") or ""
    for component in walk(body.get("components") or ()):
        if component["type"] == TEXT:
            yield component["content"]


def _without_code(text: str) -> str:
    """Returns a text without its spans of code; a backtick that is escaped begins none."""
    return _CODE.sub(lambda match: match["escaped"] or "", text)


def _is_allowed(match: re.Match[str], allowed: Body) -> bool:
    parse = allowed.get("parse") or ()
    for kind in ("user", "role"):
        if match[kind]:
            named = {str(one) for one in allowed.get(f"{kind}s") or ()}
            return f"{kind}s" in parse or match[kind] in named
    return "everyone" in parse


def links(body: Body) -> list[Link]:
    """Returns all links of a message, in its text, its embeds and its buttons."""
    found = [link for text in texts(body) for link in _links_in(_without_code(text))]
    for embed in body.get("embeds") or ():
        found += [Link("embed", url, where) for where, url in embed_urls(embed)]
    for component in walk(body.get("components") or ()):
        if component.get("url"):
            found.append(Link("button", component["url"], component.get("label") or ""))
    return found


def texts(body: Body) -> Iterator[str]:
    """Yields every text of a message in which a link may stand."""
    yield from _pinging_texts(body)
    for embed in body.get("embeds") or ():
        yield from (embed.get(key) or "" for key in ("title", "description"))
        yield (embed.get("footer") or {}).get("text") or ""
        yield (embed.get("author") or {}).get("name") or ""
        for field in embed.get("fields") or ():
            yield from (field["name"], field["value"])


def _links_in(text: str) -> Iterator[Link]:
    for match in _INVITE.finditer(text):
        yield Link("invite", match.group())
    for match in _MASKED.finditer(text):
        yield Link("masked", match["url"], match["label"])
    for match in _BARE.finditer(_MASKED.sub(" ", text)):
        yield Link("bare", match.group())
