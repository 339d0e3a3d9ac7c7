"""Attachments: the files of a multipart request, and what a message has of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from servers.discord.calls import ApiError, Call
from servers.discord.component_rules import V2
from servers.discord.world import Ids, Message


@dataclass(frozen=True)
class SentFile:
    """A file that a person attaches to a command.

    Attributes:
        url: Where it can be downloaded.
    """

    id: int
    name: str
    content: bytes
    url: str

    def payload(self) -> dict[str, Any]:
        """Returns the attachment object."""
        size = len(self.content)
        names = {"id": str(self.id), "filename": self.name, "size": size}
        return names | {"url": self.url, "proxy_url": self.url, "ephemeral": True}


MOST_BYTES = 10 << 20  # https://docs.discord.com/developers/reference#uploading-files
_FILE = re.compile(r"files\[(\d+)\]")
_SHOWN = re.compile(r'"attachment://([^"]+)"')


async def parse_multipart(request: web.Request) -> tuple[Any, dict[int, tuple[str, bytes]]]:
    """Returns the JSON of a multipart request, and names and contents of its files by number."""
    form = await request.post()
    payload = form.get("payload_json")
    files = {
        int(found[1]): (field.filename, field.file.read())
        for name, field in form.items()
        if isinstance(field, web.FileField) and (found := _FILE.fullmatch(name))
    }
    return (json.loads(payload) if isinstance(payload, str) else None), files


def attachment_violations(call: Call) -> Iterator[str]:
    """Yields what is wrong with the files of a call."""
    entries = {str(one["id"]): one for one in _message_of(call.body).get("attachments") or ()}
    for number, (name, _content) in call.files.items():
        entry = entries.pop(str(number), None)
        if entry is None or entry.get("filename") != name:
            yield f"file {number}, {name}, is not among the attachments"
        elif name.endswith(".png") and not (entry.get("description") or "").strip():
            # Ours, not Discord's.
            yield f"attachment {name} has no description for those who do not see it"
    shown = set(_SHOWN.findall(json.dumps(_message_of(call.body).get("components") or ())))
    named = {str(one.get("filename")) for one in _message_of(call.body).get("attachments") or ()}
    yield from (f"{name} is shown, but not attached" for name in shown - named)
    if int(_message_of(call.body).get("flags") or 0) & V2:
        yield from (f"{name} is attached, but not shown" for name in named - shown)
    yield from (f"attachment {one} has no file" for one in entries if len(one) < len("1000000"))


def check_size(call: Call) -> None:
    """Refuses a request that is too large."""
    if sum(len(content) for _name, content in call.files.values()) > MOST_BYTES:
        raise ApiError(413, 40005, "Request entity too large")


def attach(call: Call, edited: Message | None, ids: Ids) -> None:
    """Puts the files into the body of a call, in the place of what names them."""
    message = _message_of(call.body)
    if message.get("attachments") is None:
        return
    known = {one["id"]: one for one in edited.attachments} if edited else {}
    message["attachments"] = [
        _attachment(one, call.files, ids) if _is_new(one, call) else known[str(one["id"])]
        for one in message["attachments"]
    ]


def _is_new(entry: Mapping[str, Any], call: Call) -> bool:
    return str(entry["id"]).isdecimal() and int(entry["id"]) in call.files


def _attachment(
    entry: Mapping[str, Any], files: Mapping[int, tuple[str, bytes]], ids: Ids
) -> dict[str, Any]:
    name, content = files[int(entry["id"])]
    number = str(ids.next())
    return {
        "id": number,
        "filename": name,
        "description": entry.get("description"),
        "content": content,
        "url": f"https://cdn.example/{number}/{name}",
    }


def attachment_payload(one: Mapping[str, Any]) -> dict[str, Any]:
    """Returns an attachment object."""
    fields = {key: one[key] for key in ("id", "filename", "description", "url")}
    return fields | {"proxy_url": one["url"], "size": len(one["content"])}


def _message_of(body: Any) -> dict[str, Any]:
    """Returns the message in a body; in a callback's data, or in that of a new thread."""
    if not isinstance(body, dict):
        return {}
    data, first = body.get("data"), body.get("message")
    if isinstance(first, dict):
        return first
    return data if isinstance(data, dict) and "type" in body else body
