"""Japanese words in runs without spaces: where the particles between them stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_PARTICLES = frozenset("がをはにのでともへや")


def content_pairs(pairs: Sequence[str]) -> list[str]:
    """Returns the pairs of neighbours that may tell stories apart, of those of a run.

    A particle and what begins behind it are of no word together; an ideograph alone before one is
    a word by itself: of `熊が出た`, only `熊` and `出` are. All are returned where none is left.
    """
    return list(dict.fromkeys(_content(pairs))) or [*pairs]


def _content(pairs: Sequence[str]) -> Iterator[str]:
    for at, (before, pair) in enumerate(zip(("", *pairs), pairs, strict=False), 1):
        first, second = pair[:1], pair[1:]
        if first in _PARTICLES and not _is_hiragana(second):
            if at == len(pairs) > 1:
                yield second  # no other pair begins with it
            continue
        is_alone = before[1:] != first or before[:1] in _PARTICLES
        yield first if is_alone and not _is_kana(first) and _is_hiragana(second) else pair


def _is_hiragana(letter: str) -> bool:
    return "\u3041" <= letter <= "\u309f"


def _is_kana(letter: str) -> bool:
    return "\u3041" <= letter <= "\u30ff"
