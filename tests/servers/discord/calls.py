"""Calls: a recorded request, and responses in Discord's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


class ApiError(Exception):
    """An error response with one of Discord's codes."""

    def __init__(self, status: int, code: int, message: str, **also: object) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body = {"message": message, "code": code, **also}


@dataclass
class Call:
    """A recorded request.

    Attributes:
        path: Without the API's address.
        template: The path with the names of its parameters.
        at: The time, in seconds of the machine's monotonic clock.
        status: The status of the response; 0 while there is none, or when the connection was cut.
        why: The error that it was refused with.
        files: The name and the content of each file, by the number that the body names it by.
    """

    method: str
    path: str
    template: str
    match: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    at: float
    status: int = 0
    why: str = ""
    files: Mapping[int, tuple[str, bytes]] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """Returns a parameter of the path that is an id."""
        value = self.match[name]
        if not value.isdecimal():
            raise ApiError(400, 50035, f"{value!r} is not snowflake.")
        return int(value)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status or 'no answer'} {self.why}".strip()


def json_response(
    status: int, body: object | None, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Returns a response as Discord's: discord.py needs this very content type, and `Via`."""
    response = web.json_response(body, status=status) if body is not None else web.Response()
    response.set_status(status)
    if body is not None:
        response.headers["Content-Type"] = "application/json"
    response.headers.update({"Via": "1.1 google"} | dict(headers or {}))
    return response
