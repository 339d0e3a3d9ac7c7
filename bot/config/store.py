"""The schema of the table of the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from bot.config import operator_values, values
from bot.config.table import FILLED_IN, Table
from bot.text.urls import split_url

_SCHEMES = frozenset(("postgresql", "postgres"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreConfig(Table):
    """Settings of the store.

    Attributes:
        path: The database; absolute once read.
        url: A PostgreSQL database that is used in its place; None for the file.
        keep: How long stories are kept after they were published; None for ever.
        keep_stories: How many of each source are kept, the newest; 0 for all.
        secret_files: The files that the URL is written in.
    """

    path: values.FilePath = Path("dateline.db")
    url: values.SecretText = None
    keep: operator_values.Keep = None
    keep_stories: operator_values.KeepNumber = 0
    secret_files: values.SecretFiles = field(default=(), metadata=FILLED_IN)

    @property
    def name(self) -> str:
        """The store as people call it: the file, or the database without user and password."""
        if self.url is None:
            return str(self.path)
        parts = split_url(self.url.get_secret_value())
        where = f"{parts.netloc.rpartition('@')[2]}{parts.path}" if parts else ""
        return f"postgresql://{where}"

    def __reduce__(self) -> NoReturn:
        """A pickle would hold the URL, with its password, as it is."""
        raise TypeError("the settings of the store cannot be pickled: they hold a password")


def database_url(text: str) -> str:
    """Validates the URL of a PostgreSQL database.

    Raises:
        ValueError: It is none. The message does not repeat it.
    """
    parts = split_url(text)
    if not parts or parts.scheme not in _SCHEMES or not parts.path.strip("/"):
        raise ValueError(
            'expected the URL of a database, such as "postgresql://127.0.0.1/dateline"'
        )
    return text
