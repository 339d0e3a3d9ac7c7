"""A call to the Bot API: its parameters, and how it can end other than well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """What the Bot API answers when the state of things does not allow a call."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class RefusedError(ApiError):
    """A call that breaks a rule of the Bot API: no bot should ever send it."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(status, f"Bad Request: {reason}" if status == 400 else reason)


class UnmodelledError(Exception):
    """A call that may be right, but that this server knows nothing about."""


@dataclass(frozen=True)
class Upload:
    """A file in a multipart body."""

    name: str
    kind: str
    content: bytes


class Args:
    """The parameters of a call; a form sends them as text, and objects as JSON."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def text(self, name: str) -> str:
        value = self.given.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        text = self.text(name)
        try:
            return int(text) if text else default
        except ValueError:
            raise RefusedError(f"{name} must be an Integer") from None

    def flag(self, name: str) -> bool:
        return self.text(name) == "true"

    def data(self, name: str) -> Any:
        """An object or an array; None when it was not given."""
        value = self.given.get(name)
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise RefusedError(f"can't parse {name} JSON object") from None

    def rows(self, name: str) -> list[Json]:
        """An array of objects."""
        value = self.data(name)
        return [] if value is None else _objects(value, name)

    def upload(self, name: str) -> Upload | None:
        """The file that a parameter holds or names."""
        value = self.given.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self.given.get(value.removeprefix("attach://"))
        return value if isinstance(value, Upload) else None


def _objects(value: Any, name: str) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise RefusedError(f"{name} must be an Array of objects")
    return value


@dataclass
class Call:
    """A call that came in.

    Attributes:
        at: When it came, by the monotonic clock.
        status: The status of the answer; None while there is none.
    """

    method: str
    args: Args
    at: float
    status: int | None = None

    @property
    def chat(self) -> str:
        """The chat it is about, as it was given."""
        return self.args.text("chat_id")

    @property
    def params(self) -> Mapping[str, Any]:
        return self.args.given


@dataclass(frozen=True)
class Refused:
    """A call that was refused, and why."""

    method: str
    params: Mapping[str, Any]
    reason: str
