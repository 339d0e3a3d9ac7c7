"""Tables of the configuration: what all of them have in common."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from pydantic import ConfigDict

KEY = "key"
"""Metadata of a field whose setting has another name; None for a field that no file sets."""

FILLED_IN = {KEY: None}
"""Metadata of a field that is filled in once the file was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the file, or the whole of it; a key that it does not know is a mistake."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @classmethod
    def settings(cls) -> tuple[str, ...]:
        """Returns the keys that a file may set here."""
        keys = (one.metadata.get(KEY, one.name) for one in fields(cls))
        return tuple(key for key in keys if key is not None)
