"""The schema of the table of the search by meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from bot.config import values
from bot.config.table import FILLED_IN, Table

BUNDLED = "bundled"
"""The name of the model that the extra `meaning` brings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningConfig(Table):
    """Settings of the search by meaning.

    Attributes:
        model: `BUNDLED`, or the name of a server's model; empty to search by words alone.
        url: The base of the server's API, without a slash at the end; empty for the bundled model.
        key: The key that the server wants; None for none.
        query_prefix: What the server's model wants before questions.
        passage_prefix: What it wants before stories.
        secret_files: The files that the key is written in.
    """

    model: values.ModelName = ""
    url: values.OptionalBaseAddress = ""
    key: values.SecretText = None
    query_prefix: values.Prefix = ""
    passage_prefix: values.Prefix = ""
    secret_files: values.SecretFiles = field(default=(), metadata=FILLED_IN)

    def __reduce__(self) -> NoReturn:
        """A pickle would hold the key as it is."""
        raise TypeError("the settings of the search by meaning cannot be pickled: they hold a key")
