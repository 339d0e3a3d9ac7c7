"""Clusters: the stories of one event, as what they have in common."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.ingest.events.terms import EventTerms

_MOST_TERMS = 40  # of a cluster: what is rarer in it says nothing about the event
_FIRST, _LAST = 3, 5  # members that are kept to be compared one by one

Rarity = Callable[[str], float]
"""Returns the rarity of a stem: its inverse document frequency."""


@dataclass(slots=True)
class Cluster:
    """The stories of one event, or of one development of it.

    Attributes:
        id: The id of the first of them.
        earliest: When its first story was published, in seconds since 1970.
        latest: When its last one was.
        stories: The ids of all its stories.
        sources: The ids of their sources.
        members: The terms of the first and the last of them.
        developments: Of an event, the clusters of what is told several times, by their ids.
        sums: For each stem the sum of its weights in all of them.
    """

    id: str
    earliest: float
    latest: float
    stories: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    members: list[EventTerms] = field(default_factory=list)
    sums: Mapping[str, float] = field(default_factory=dict)
    developments: dict[str, Cluster] = field(default_factory=dict)
    _norm: float = 1.0

    def add(
        self, story: str, terms: EventTerms, at: float, source: str, rarity: Rarity
    ) -> list[str]:
        """Adds a story; returns the stems that the cluster did not have before."""
        self.stories.add(story)
        self.sources.add(source)
        self.earliest, self.latest = min(self.earliest, at), max(self.latest, at)
        self.members.append(terms)
        if len(self.members) > _FIRST + _LAST:
            del self.members[_FIRST]
        fresh = [stem for stem in terms.weights if stem not in self.sums]
        if self.sums:
            sums = dict(self.sums)
            for stem, weight in terms.weights.items():
                sums[stem] = sums.get(stem, 0.0) + weight
            self.sums = sums
        else:
            self.sums = terms.weights  # most clusters are one story: its weights serve for all
        if len(self.sums) > _MOST_TERMS:
            heaviest = sorted(self.sums, key=self.sums.__getitem__, reverse=True)[:_MOST_TERMS]
            self.sums = {stem: self.sums[stem] for stem in heaviest}
        self._norm = math.sqrt(sum((rarity(stem) * sum_) ** 2 for stem, sum_ in self.sums.items()))
        return [stem for stem in fresh if stem in self.sums]

    def likeness(self, vector: Mapping[str, float], rarity: Rarity) -> float:
        """Returns the cosine of a story's vector and of the cluster's centroid, from 0 to 1.

        Args:
            vector: Its stems' rarities times their weights, of length 1.
            rarity: Of stems, as the vector was made by.
        """
        sums = self.sums
        dot = sum(
            value * rarity(stem) * sums[stem] for stem, value in vector.items() if stem in sums
        )
        return dot / self._norm if self._norm else 0.0
