"""The catalogue: all topics at hand, the desk's own and those that are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import overload

from typing_extensions import override

from bot.ingest.topics.model import StoryName
from bot.model import Topic, TopicOrigin


class TopicCatalogue(Sequence[Topic]):
    """All topics in memory, the desk's own first; what is found comes and goes."""

    def __init__(self, desk: Sequence[Topic]) -> None:
        self.desk = tuple(desk)
        self._topics = self.desk
        self._by_key: dict[str, str] = {}

    def change_desk(self, desk: Sequence[Topic]) -> None:
        """Makes these the desk's own topics; those that were found stay, but under their names."""
        known = {topic.key for topic in self.desk}
        found = [one for one in self._topics if one.key not in known]
        self.desk = tuple(desk)
        self.put_found(found)

    def put_found(self, topics: Iterable[Topic]) -> None:
        """Makes these the found topics; one that bears the name of the desk's gives it its keys."""
        found = {topic.key: topic for topic in topics}
        own = [replace(one, keys=_keys(found.pop(one.key, None))) for one in self.desk]
        rest = [one for one in found.values() if one.origin is not TopicOrigin.DESK]
        self._topics = (*own, *rest)
        self._by_key = {key: one.name for one in self._topics for key in one.keys}

    def names_of(self, names: Iterable[StoryName]) -> tuple[str, ...]:
        """Returns the names of the topics that a story belongs to which is about some names."""
        found = (self._by_key.get(one.key) for one in names)
        return tuple(dict.fromkeys(name for name in found if name is not None))

    @overload
    def __getitem__(self, index: int) -> Topic: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Topic]: ...
    @override
    def __getitem__(self, index: int | slice) -> Topic | Sequence[Topic]:
        return self._topics[index]

    @override
    def __len__(self) -> int:
        return len(self._topics)


def _keys(topic: Topic | None) -> tuple[str, ...]:
    return topic.keys if topic else ()
