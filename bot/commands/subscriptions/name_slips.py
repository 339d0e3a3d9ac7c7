"""Names of topics and sources that are typed with slips (`covd`) or in part (`ferries`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.chat.request import Services
from bot.subscriptions.model import TargetKind
from bot.text.tokenizer import whole_words

_SMALL = frozenset({"and", "the"})
_LONGEST = 12  # words
_SHORTEST, _SHORT, _LONG = 4, 5, 11  # letters of a name that may have a slip, one, two


@dataclass(frozen=True, slots=True)
class NearName:
    """A topic or a source whose name is near to what was typed.

    Attributes:
        kind: Which of the two.
        what: The topic's name, or the source's id.
        slips: How many slips lie between; 0 when only signs differ.
        is_part: True when only some of the name's words were typed.
    """

    kind: TargetKind
    what: str
    slips: int
    is_part: bool = False


def near_names(services: Services, typed: str, kind: TargetKind | None = None) -> list[NearName]:
    """Returns topics and sources with names near to what was typed, the nearest first.

    Args:
        services: The topics and the sources.
        typed: The words.
        kind: Which of the two; None for both.
    """
    words = _key(typed)
    if len(words) > _LONGEST:
        return []
    nearest: dict[tuple[TargetKind, str], NearName] = {}
    for known, what, name in _names(services):
        near = _compare(words, _key(name)) if kind in {None, known} else None
        if near is not None:
            one = NearName(known, what, *near)
            nearest[known, what] = min(one, nearest.get((known, what), one), key=_rank)
    return sorted(nearest.values(), key=_rank)


def _rank(one: NearName) -> tuple[bool, int]:
    return one.is_part, one.slips


def _names(services: Services) -> Iterable[tuple[TargetKind, str, str]]:
    for topic in services.topics:
        yield TargetKind.TOPIC, topic.name, topic.name
    for source in services.sources.values():
        yield TargetKind.SOURCE, source.id, source.name
        yield TargetKind.SOURCE, source.id, source.id


def _key(name: str) -> Sequence[str]:
    """Returns the words of a name, without emoji, signs, and words that people leave out."""
    words = [word.casefold() for word in whole_words(name)]
    return [word for word in words if word not in _SMALL] or words


def _compare(typed: Sequence[str], name: Sequence[str]) -> tuple[int, bool] | None:
    """Returns the slips between two names, and whether one is a part of the other; else None."""
    if not typed or not name:
        return None
    slips = min(_slips(" ".join(typed), " ".join(name)), _slips("".join(typed), "".join(name)))
    if slips <= _allowed(" ".join(name)):
        return slips, False
    parts = [min((_slips(word, one), one) for one in name) for word in typed]
    is_part = len({one for _, one in parts}) == len(typed) < len(name)
    if is_part and all(slips <= _allowed(one) for slips, one in parts):
        return sum(slips for slips, _ in parts), True
    return None


def _slips(one: str, other: str) -> int:
    return OSA.distance(one, other)


def _allowed(name: str) -> int:
    if len(name) < _SHORTEST:
        return 0
    return 1 if len(name) <= _SHORT else 2 if len(name) <= _LONG else 3
