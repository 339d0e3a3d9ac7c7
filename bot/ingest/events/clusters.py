"""Clusters: the stories of one event, as what they have in common.

Most events are told once, and there are tens of thousands of those in memory: a cluster of one
story keeps nothing but its terms, and serves as its only development, too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.ingest.events.likeness import Rarity
from bot.ingest.events.terms import EventTerms

_MOST_TERMS = 40  # of a cluster: what is rarer in it says nothing about the event
_FIRST, _LAST = 3, 21  # members that are kept to be compared one by one


@dataclass(slots=True)
class Cluster:
    """The stories of one event, or of one development of it.

    Attributes:
        id: The id of the first of them.
        earliest: When its first story was published, in seconds since 1970.
        latest: When its last one was.
        stories: The ids of all its stories.
        sources: The ids of their sources, each once.
        members: The terms of the first and the last of them.
    """

    id: str
    earliest: float
    latest: float
    stories: tuple[str, ...]
    sources: tuple[str, ...]
    members: tuple[EventTerms, ...]
    _sums: Mapping[str, int] | None = None
    _norm: float = 0.0

    @property
    def sums(self) -> Mapping[str, int]:
        """Returns for each stem the sum of its weights in all stories."""
        return self.members[0].weights if self._sums is None else self._sums

    def add(self, story: str, terms: EventTerms, at: float, source: str) -> list[str]:
        """Adds a story; returns the stems that the cluster did not have before."""
        self.stories += (story,)
        if source not in self.sources:
            self.sources += (source,)
        self.earliest, self.latest = min(self.earliest, at), max(self.latest, at)
        before = self.sums
        self._sums = _heaviest(_sum(before, terms.weights))
        members = (*self.members, terms)
        self.members = (*members[:_FIRST], *members[_FIRST:][-_LAST:])
        self._norm = 0.0
        return [stem for stem in self._sums if stem not in before]

    def likeness(self, vector: Mapping[str, float], rarity: Rarity) -> float:
        """Returns the cosine of a story's vector and of the cluster's centroid, from 0 to 1.

        Args:
            vector: Its stems' rarities times their weights, of length 1.
            rarity: Of stems, as the vector was made by.
        """
        sums = self.sums
        if not self._norm:
            self._norm = math.sqrt(sum((rarity(stem) * one) ** 2 for stem, one in sums.items()))
        dot = sum(
            value * rarity(stem) * sums[stem] for stem, value in vector.items() if stem in sums
        )
        return dot / self._norm if self._norm else 0.0


@dataclass(slots=True)
class EventCluster:
    """An event: all its stories, and those of each development.

    Attributes:
        whole: All its stories.
        developments: What is told alike; the whole itself while there is one of them.
    """

    whole: Cluster
    developments: tuple[Cluster, ...]

    @classmethod
    def of_one(cls, whole: Cluster) -> EventCluster:
        """Returns the event of one story."""
        return cls(whole, (whole,))

    def add(
        self, development: str, story: str, terms: EventTerms, at: float, source: str
    ) -> list[str]:
        """Adds a story to a development; returns the stems that the event did not have before."""
        alone = self.developments[0] is self.whole
        if not alone or development != self.whole.id:
            if alone:
                self.developments = (replace(self.whole),)
            self._add_to(development, story, terms, at, source)
        return self.whole.add(story, terms, at, source)

    def _add_to(
        self, development: str, story: str, terms: EventTerms, at: float, source: str
    ) -> None:
        same = next((one for one in self.developments if one.id == development), None)
        if same is None:
            fresh = Cluster(development, at, at, (story,), (source,), (terms,))
            self.developments += (fresh,)
        else:
            same.add(story, terms, at, source)

    def development_of(self, id_: str) -> Cluster:
        """Returns a development by its id."""
        return next(one for one in self.developments if one.id == id_)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    sums = dict(one)
    for stem, weight in other.items():
        sums[stem] = sums.get(stem, 0) + weight
    return sums


def _heaviest(sums: dict[str, int]) -> dict[str, int]:
    if len(sums) <= _MOST_TERMS:
        return sums
    stems = sorted(sums, key=sums.__getitem__, reverse=True)[:_MOST_TERMS]
    return {stem: sums[stem] for stem in stems}
