"""Discord's prose rules for messages, and this project's own rule: no unwanted mentions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from servers.discord.command_rules import (
    bulk_command_violations,
    choice_violations,
    command_violations,
)
from servers.discord.component_rules import (
    V2,
    component_violations,
    form_violations,
    is_address,
    text_above,
)

Body = Mapping[str, Any]

_FILLED = ("content", "embeds", "components", "attachments", "sticker_ids", "poll")
_SHOWN = ("title", "description", "fields", "footer", "author", "image", "thumbnail", "video")
_MESSAGE = re.compile(
    r"/channels/\d+/messages(/\d+)?|/webhooks/\d+/[^/]+(/messages/(@original|\d+))?"
)
_THREADS = re.compile(r"/channels/\d+(/messages/\d+)?/threads")
_COMMANDS = re.compile(r"/applications/\d+(/guilds/\d+)?/commands")
_CALLBACK = re.compile(r"/interactions/\d+/[^/]+/callback")


def violations(
    method: str, path: str, body: Any, *, flags: int = 0, may_call: Collection[int] = ()
) -> list[str]:
    """Returns the violations of a request body; none where no rule is known.

    Args:
        method: As in `POST`.
        path: Without the API's address.
        body: As parsed JSON.
        flags: The flags that the message already has, if it is edited.
        may_call: The roles that moderators want a message to mention.
    """
    if body is None or method not in {"POST", "PUT", "PATCH"}:
        return []
    if _CALLBACK.fullmatch(path):
        return callback_violations(body, flags=flags)
    if _COMMANDS.fullmatch(path):
        return bulk_command_violations(body) if method == "PUT" else command_violations(body)
    if _THREADS.fullmatch(path):
        return thread_violations(body, may_call=may_call)
    if _MESSAGE.fullmatch(path):
        roles = may_call if path.startswith("/channels/") else ()
        return message_violations(body, edit=method == "PATCH", flags=flags, may_call=roles)
    return []


def thread_violations(body: Body, *, may_call: Collection[int] = ()) -> list[str]:
    """Returns the violations of a new thread, and of the message that it begins with."""
    name, message = body["name"], body.get("message")
    found = [] if 1 <= len(name.strip()) <= 100 else [f"a thread cannot be called {name!r}"]
    if len(set(body.get("applied_tags") or ())) < len(body.get("applied_tags") or ()):
        found.append("a thread bears a tag twice")
    return found + (message_violations(message, may_call=may_call) if message else [])


def callback_violations(body: Body, *, flags: int = 0) -> list[str]:
    """Returns the violations of an initial response."""
    kind, data = body["type"], body.get("data") or {}
    if kind == 4:
        return message_violations(data)
    if kind == 7:
        return message_violations(data, edit=True, flags=flags)
    if kind == 8:
        return autocomplete_violations(data)
    if kind == 9:
        return form_violations(data)
    return ["a deferred answer has no content yet"] if data.get("content") else []


def autocomplete_violations(data: Body) -> list[str]:
    """Returns the violations of suggestions."""
    choices = data.get("choices") or ()
    found = [f"{len(choices)} suggestions; at most 25"] if len(choices) > 25 else []
    for choice in choices:
        found += choice_violations("autocomplete", choice, text=isinstance(choice["value"], str))
    return found


def message_violations(
    body: Body, *, edit: bool = False, flags: int = 0, may_call: Collection[int] = ()
) -> list[str]:
    """Returns the violations of a message; an edit may leave out what stays."""
    v2 = bool((flags | (body.get("flags") or 0)) & V2)
    content = body.get("content") or ""
    found = [*_mentions(body, {str(role) for role in may_call}), *_nonce(body)]
    if not edit and is_empty(body):
        found.append("the message is empty")
    if len(content) > 2000:
        found.append(f"{len(content)} characters of content; at most 2000")
    if v2 and any(body.get(key) for key in ("content", "embeds", "poll", "sticker_ids")):
        found.append("a laid-out message has neither content nor embeds")
    found += embed_violations(body.get("embeds") or ())
    return found + component_violations(body.get("components") or (), v2=v2)


def is_empty(body: Body) -> bool:
    """Returns True if nothing of a message would be visible; buttons alone are not enough."""
    v2 = (body.get("flags") or 0) & V2
    keys = _FILLED if v2 else [key for key in _FILLED if key != "components"]
    filled = [body[key] for key in keys if body.get(key)]
    return not any(each.strip() if isinstance(each, str) else each for each in filled)


def embed_violations(bodies: Sequence[Body]) -> list[str]:
    """Returns the violations of a message's embeds."""
    found = [text for body in bodies for text in _one_embed(body)]
    if len(bodies) > 10:
        found.append(f"{len(bodies)} embeds; at most 10")
    if (size := sum(embed_size(body) for body in bodies)) > 6000:
        found.append(f"{size} characters in all embeds; at most 6000")
    return found


def embed_size(body: Body) -> int:
    """Counts the characters that count against 6000."""
    return sum(len(text) for _, text, _ in _texts(body))


def _mentions(body: Body, may_call: Collection[str]) -> Iterator[str]:
    # Ours, not Discord's: a story's text is a stranger's, and must never call anybody. A role that
    # moderators have chosen is called by the message's own mention of it, and no other.
    mentions = body.get("allowed_mentions")
    if mentions is None:
        if any(body.get(key) for key in ("content", "embeds", "components")):
            yield "allowed_mentions is missing"
        return
    mentioned = {role for role in may_call if f"<@&{role}>" in text_above(body)}
    called = {str(role) for role in mentions.get("roles") or ()}
    named = any(mentions.get(key) for key in ("users", "replied_user")) or called - mentioned
    if mentions.get("parse") != [] or named:
        yield f"allowed_mentions allows unwanted mentions: {dict(mentions)}"


def _nonce(body: Body) -> Iterator[str]:
    nonce = body.get("nonce")
    if isinstance(nonce, str) and not 1 <= len(nonce) <= 25:
        yield f"a nonce has at most 25 characters, not {len(nonce)}"
    if nonce is None and body.get("enforce_nonce"):
        yield "enforce_nonce without a nonce"


def _one_embed(body: Body) -> Iterator[str]:
    if not any(body.get(key) for key in _SHOWN):
        yield "an embed is empty"
    if len(body.get("fields") or ()) > 25:
        yield "an embed has at most 25 fields"
    for name, text, most in _texts(body):
        if len(text) > most:
            yield f"{len(text)} characters of embed {name}; at most {most}"
        if not text.strip() and name.startswith("field"):
            yield f"an embed's {name} is empty"
    for where, url in embed_urls(body):
        also = ("attachment",) if where not in {"url", "author.url"} else ()
        if not is_address(url, "http", "https", *also):
            yield f"embed {where} cannot be {url!r}"


def _texts(body: Body) -> Iterator[tuple[str, str, int]]:
    yield "title", body.get("title") or "", 256
    yield "description", body.get("description") or "", 4096
    yield "footer", (body.get("footer") or {}).get("text") or "", 2048
    yield "author", (body.get("author") or {}).get("name") or "", 256
    for field in body.get("fields") or ():
        yield "field name", field.get("name") or "", 256
        yield "field value", field.get("value") or "", 1024


def embed_urls(body: Body) -> Iterator[tuple[str, str]]:
    """Yields the URLs of an embed, each with its place."""
    yield from ((key, body[key]) for key in ("url",) if body.get(key))
    for part in ("author", "footer", "image", "thumbnail", "video"):
        for key in ("url", "icon_url"):
            if found := (body.get(part) or {}).get(key):
                yield f"{part}.{key}", found
