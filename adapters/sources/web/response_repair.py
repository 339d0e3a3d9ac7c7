"""Repair of HTTP responses whose head no strict parser takes: wrong lengths, headers that are none.

Browsers and curl read them all the same. Servers that send such heads are few, so a connection of
this kind is used only where an ordinary one has failed.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import cast

import aiohttp
from aiohttp.client_proto import ResponseHandler
from typing_extensions import override

_LONGEST_HEAD = 128 << 10  # bytes; what is longer goes on as it is, and is refused
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(
    rb"(?:HTTP/[0-3](?:\.\d)?|ICY)[ \t]+(\d{3})(?:[ \t]([^\r\n]*))?", re.IGNORECASE
)
_HEADER = re.compile(rb"([!#$%&'*+.^`|~\w-]+)[ \t]*:[ \t]*(.*)", re.DOTALL)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_CHUNK = re.compile(rb"\s*[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]*)?\r?\n")
_LONGEST_CHUNK_LINE = 1_024
_INTERIM = b"1"  # how the status of a response begins that another one follows
# How far a body goes is told by what comes: chunks, or else the end of the connection.
_FRAMING = frozenset((b"content-length", b"transfer-encoding", b"connection", b"keep-alive"))


class RepairingConnector(aiohttp.TCPConnector):
    """Connections for one response each, whose head is repaired before it is parsed."""

    @override
    def __init__(self, **options: object) -> None:
        super().__init__(force_close=True, **options)  # type: ignore[arg-type]
        # aiohttp has no public way to choose the protocol of a client's connections.
        self._factory = cast(partial[ResponseHandler], partial(_RepairingHandler, loop=self._loop))


class _RepairingHandler(ResponseHandler):
    """Reads the head of a response itself, and hands on a repaired one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._unread: bytes | None = b""  # None once the head has gone on

    @override
    def data_received(self, data: bytes) -> None:
        if self._unread is None:
            super().data_received(data)
            return
        self._unread += data
        if repaired := repair(self._unread):
            self._unread = None
            super().data_received(repaired)
        elif len(self._unread) > _LONGEST_HEAD:
            self._hand_on()

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        self._hand_on()
        super().connection_lost(exc)

    def _hand_on(self) -> None:
        whole, self._unread = self._unread, None
        if whole:
            super().data_received(repair(whole, is_all=True) or whole)


def repair(data: bytes, *, is_all: bool = False) -> bytes:
    """Returns a response with its head repaired.

    Args:
        data: What has come of it so far.
        is_all: True when no more comes.

    Returns:
        Nothing while too little has come to tell.
    """
    start = 0
    while end := _HEAD_END.search(data, start):
        status = _STATUS_LINE.match(data, start)
        if status is None:
            return data  # not HTTP
        if status[1].startswith(_INTERIM):
            start = end.end()
            continue
        body = data[end.end() :]
        if not (body or is_all):
            return b""
        return _repaired_head(status, data[status.end() : end.start()], body) + body
    return b""


def _repaired_head(status: re.Match[bytes], lines: bytes, body: bytes) -> bytes:
    headers = (_HEADER.fullmatch(line.strip()) for line in _FOLD.sub(b" ", lines).split(b"\n"))
    found = [(each[1], _CONTROL.sub(b"", each[2])) for each in headers if each]
    kept = [(name, value) for name, value in found if name.lower() not in _FRAMING]
    codings = b",".join(v for name, v in found if name.lower() == b"transfer-encoding").lower()
    if b"chunked" in codings and _CHUNK.match(body[:_LONGEST_CHUNK_LINE]):
        kept.append((b"Transfer-Encoding", b"chunked"))
    kept.append((b"Connection", b"close"))
    rows = (name + b": " + value for name, value in kept)
    first = b"HTTP/1.1 " + status[1] + b" " + _CONTROL.sub(b"", status[2] or b"").strip()
    return b"\r\n".join((first, *rows, b"", b""))
