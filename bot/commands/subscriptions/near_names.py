"""Topics and sources with names near to what was typed, typos and all; see `name_matching`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.request import Services
from bot.subscriptions.model import TargetKind
from bot.text.name_matching import NameRating, rate_names


@dataclass(frozen=True, slots=True)
class NearName:
    """A topic or a source whose name is near to what was typed.

    Attributes:
        kind: The kind of what has it.
        what: The topic's name, or the source's id.
        rating: How near it is.
    """

    kind: TargetKind
    what: str
    rating: NameRating


def near_names(services: Services, typed: str, kind: TargetKind | None = None) -> list[NearName]:
    """Returns topics and sources with names near to what was typed, the nearest first.

    Args:
        services: The topics and the sources.
        typed: The words.
        kind: Topics or sources alone; None for both.
    """
    named = {name: (known, what) for known, what, name in _names(services) if kind in {None, known}}
    rated = sorted(rate_names(typed, named), key=_rank)
    nearest: dict[tuple[TargetKind, str], NearName] = {}
    for one in rated:
        nearest.setdefault(named[one.name], NearName(*named[one.name], one))
    return list(nearest.values())


def _rank(one: NameRating) -> tuple[bool, float]:
    return not one.is_whole, -one.quality


def _names(services: Services) -> Iterable[tuple[TargetKind, str, str]]:
    """Yields sources before topics: of one name, the topic is meant."""
    for source in services.sources.values():
        yield TargetKind.SOURCE, source.id, source.name
        yield TargetKind.SOURCE, source.id, source.id
    for topic in services.topics:
        yield TargetKind.TOPIC, topic.name, topic.name
