"""Calls: a recorded call, its parameters, and the errors that it can end with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """The error of a call that the state of the world does not allow."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class RefusedError(ApiError):
    """The error of a call that violates a rule: no bot should ever send it."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(status, f"Bad Request: {reason}" if status == 400 else reason)


class UnmodelledError(Exception):
    """The error of a call that may be valid, but is not modelled."""


@dataclass(frozen=True)
class Upload:
    """A file in a multipart body."""

    name: str
    kind: str
    content: bytes


class Arguments:
    """The parameters of a call; a form sends them as text, and objects as JSON."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
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
        """Returns an object or an array; None if it was not sent."""
        value = self.values.get(name)
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise RefusedError(f"can't parse {name} JSON object") from None

    def rows(self, name: str) -> list[Json]:
        """Returns an array of objects."""
        value = self.data(name)
        return [] if value is None else _objects(value, name)

    def upload(self, name: str) -> Upload | None:
        """Returns the file that a parameter holds or names."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self.values.get(value.removeprefix("attach://"))
        return value if isinstance(value, Upload) else None


def _objects(value: Any, name: str) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise RefusedError(f"{name} must be an Array of objects")
    return value


@dataclass
class Call:
    """A recorded call.

    Attributes:
        at: The time, by the monotonic clock.
        status: The status of the response; None until there is one.
    """

    method: str
    args: Arguments
    at: float
    status: int | None = None

    @property
    def chat(self) -> str:
        """The chat id, as it was sent."""
        return self.args.text("chat_id")

    @property
    def params(self) -> Mapping[str, Any]:
        return self.args.values


@dataclass(frozen=True)
class RefusedCall:
    """A refused call, and the reason."""

    method: str
    params: Mapping[str, Any]
    reason: str
