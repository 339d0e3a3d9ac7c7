"""Embeds each passage once, and keeps its vector in a file for the next run."""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from bot.search.meaning.ports import Embedder, Vector

_MANY = 64  # passages at once: most are in the file


@dataclass
class CachedEmbedder(Embedder):
    """Asks another embedder only for what is not in the file.

    Attributes:
        embedder: The other.
        path: The file.
    """

    embedder: Embedder
    path: Path
    _known: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._known = sqlite3.connect(self.path)
        self._known.execute(
            "CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB NOT NULL)"
        )

    @property
    @override
    def model(self) -> str:
        return self.embedder.model

    @property
    @override
    def batch(self) -> int:
        return _MANY

    @override
    async def embed_query(self, text: str) -> Vector:
        return await self.embedder.embed_query(text)

    @override
    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        found = [self._look_up(text) for text in texts]
        missing = [text for text, vector in zip(texts, found, strict=True) if vector is None]
        for start in range(0, len(missing), self.embedder.batch):
            part = missing[start : start + self.embedder.batch]
            made = await self.embedder.embed_passages(part)
            self._keep(dict(zip(part, made, strict=True)))
        return [vector or self._expect(text) for text, vector in zip(texts, found, strict=True)]

    @override
    async def aclose(self) -> None:
        self._known.close()
        await self.embedder.aclose()

    def _expect(self, text: str) -> Vector:
        vector = self._look_up(text)
        if vector is None:
            raise AssertionError("a vector was kept a moment ago, and is gone")
        return vector

    def _look_up(self, text: str) -> Vector | None:
        row = self._known.execute(
            "SELECT vector FROM vectors WHERE digest = ?", (self._digest(text),)
        ).fetchone()
        return array("f", row[0]) if row else None

    def _keep(self, vectors: dict[str, Vector]) -> None:
        rows = [(self._digest(text), vector.tobytes()) for text, vector in vectors.items()]
        with self._known:
            self._known.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self.model}\n{text}".encode(), digest_size=16).digest()
