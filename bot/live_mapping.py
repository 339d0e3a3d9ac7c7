"""Mappings that change as a whole: whoever holds one sees what was last put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from typing_extensions import override

K = TypeVar("K")
V = TypeVar("V")
W = TypeVar("W")


class LiveMapping(Mapping[K, V]):
    """A mapping whose content is replaced at once: nobody meets half of it."""

    def __init__(self, content: Mapping[K, V] | None = None) -> None:
        self._content = dict(content or {})

    def put(self, content: Mapping[K, V]) -> None:
        """Replaces the content; iterators over the old one go on over that."""
        self._content = dict(content)

    @override
    def __getitem__(self, key: K) -> V:
        return self._content[key]

    @override
    def __iter__(self) -> Iterator[K]:
        return iter(self._content)

    @override
    def __len__(self) -> int:
        return len(self._content)


@dataclass(frozen=True, slots=True, eq=False)
class DerivedMapping(Mapping[K, W], Generic[K, V, W]):
    """The values of another mapping as they are now, each turned into something else.

    Attributes:
        whole: The other mapping.
        derive: Makes a value of one of its values.
    """

    whole: Mapping[K, V]
    derive: Callable[[V], W]

    @override
    def __getitem__(self, key: K) -> W:
        return self.derive(self.whole[key])

    @override
    def __iter__(self) -> Iterator[K]:
        return iter(self.whole)

    @override
    def __len__(self) -> int:
        return len(self.whole)
