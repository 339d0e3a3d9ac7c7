"""Answers before they are sent: bodies with their types, and what else can be said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
PAGE_AGE = 60
"""Seconds for which a page may be shown before it is asked for again."""

FOREVER = 31_536_000
"""A year, in seconds: for what never changes at its address."""

_DRAWING = "image/svg+xml"  # the only kind of picture that is not packed by itself
_READABLE_BY_ALL = {"Access-Control-Allow-Origin": "*"}


@dataclass(frozen=True, slots=True)
class Content:
    """An answer.

    Attributes:
        body: Its bytes, as they are before they are packed.
        type: Its media type.
        status: Its status.
        max_age: Seconds for which it stays fresh.
        headers: Further headers.
        is_kept: False for what is not to be kept here, since it will soon be another one.
        identity: What tells it from another answer, where its body also has what does not matter,
            such as how long it took; empty for the body.
    """

    body: bytes = field(repr=False)
    type: str = HTML
    status: HTTPStatus = HTTPStatus.OK
    max_age: int = PAGE_AGE
    headers: Mapping[str, str] = field(default_factory=dict)
    is_kept: bool = True
    identity: bytes = field(default=b"", repr=False)

    @property
    def is_text(self) -> bool:
        """True for what packing makes smaller."""
        return not self.type.startswith("image/") or self.type == _DRAWING


def json_content(value: Any, status: HTTPStatus = HTTPStatus.OK, type_: str = JSON) -> Content:
    """Returns a value as JSON that pages of other sites may read, too."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Content(body, type_, status, headers=_READABLE_BY_ALL)


def feed_content(body: bytes, type_: str) -> Content:
    """Returns a feed, which pages of other sites may read, too."""
    return Content(body, type_, headers=_READABLE_BY_ALL)


class NotFoundError(Exception):
    """There is no such page."""


class GoneError(Exception):
    """There was such a page, and there is none any more."""


class MovedError(Exception):
    """The page has another address.

    Attributes:
        path: Its path within the site.
        is_permanent: False where it may be another one again.
    """

    def __init__(self, path: str, *, is_permanent: bool = True) -> None:
        super().__init__(path)
        self.path = path
        self.is_permanent = is_permanent
