"""The clusterer of events: one story after another joins the event that it tells of.

Near copies of a text come first, by shingles. Otherwise a story joins the cluster that its words
are most alike to, weighed by how rare they are (TF-IDF, cosine with the centroid), unless it is
about a look-alike. An event has developments, whose stories tell the same: a story is compared with
the first one of each. Only stories of a few days are remembered, so what a story costs is bounded.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import filterfalse
from operator import itemgetter

from bot.ingest.events.agreement import agreement, may_be_copy
from bot.ingest.events.clusters import Cluster, EventCluster
from bot.ingest.events.likeness import UNLIKE, to_vector
from bot.ingest.events.look_alikes import (
    are_issues,
    are_look_alikes,
    are_of_one_template,
    share_no_name,
)
from bot.ingest.events.near_copies import NearCopies
from bot.ingest.events.placement import Placement, Splits
from bot.ingest.events.rarity import RarityCounter
from bot.ingest.events.terms import EventTerms, is_date

METHOD = "4"
"""Names the way in which events are found; another one finds others."""

GAP = timedelta(days=2)
"""The time without a story after which an event is over."""

LONGEST = timedelta(days=7)
"""The time between the first story of an event and the last, at most."""

_ALIKE = 0.34  # the cosine with its centroid from which on a story joins an event
_DEVELOPMENTS = 64  # of an event that are looked at, the newest
_SUPPORT = 2  # words that tell of an event and that a story shares with it, at least
_SAME_WORDS = 3  # of a title, from which on another one of just these tells the same
_LOOKED_UP = 8  # of a story's stems, the rarest
_POSTINGS = 300  # clusters with one stem that are looked at, the newest
_COMPARED = 24  # clusters at most

_OLD = 0.4  # more where it comes a day after the first: it is more likely what happened next
_DAY = 24 * 3_600.0
_OWN = 0.15  # more where its own source has told of the event: it is more likely another one
_NAMELESS = 0.1  # more where its title names nobody and nothing
_TWICE = 0.1  # more where the source of the first story tells it
_LATER, _AGAIN = 0.3, 0.12  # of what is more for those: agreement


@dataclass(frozen=True, slots=True)
class DatedTerms:
    """The terms of a story with the time when it was published, to place it.

    Attributes:
        story: Its id.
        terms: Its terms.
        published: When it was published.
        source: Its source's id; empty where nobody says.
    """

    story: str
    terms: EventTerms
    published: datetime
    source: str = ""

    @property
    def at(self) -> float:
        """The time when it was published, in seconds since 1970."""
        return self.published.timestamp()


NO_SPLITS: Splits = {}
"""Nobody has split anything."""

_NO_STORIES: frozenset[str] = frozenset()


class EventClusterer:
    """Puts stories into events, in about the order in which they are published."""

    def __init__(self, splits: Splits = NO_SPLITS) -> None:
        self._splits = splits
        self._rarities = RarityCounter()
        self._copies = NearCopies()
        self._events: dict[str, EventCluster] = {}
        self._places: dict[str, Placement] = {}
        self._postings = defaultdict[str, list[str]](list)
        self._ends: list[tuple[float, str]] = []
        self._now = -math.inf

    @property
    def size(self) -> int:
        """Returns how many stories are remembered."""
        return len(self._places)

    def assign(self, one: DatedTerms) -> Placement:
        """Finds out where a story belongs; one that is known stays where it is."""
        known = self._places.get(one.story)
        if known is not None:
            return known
        self._pass_on(one.at)
        place = self._copied(one) or self._most_alike(one)
        self._keep(one, place)
        return place

    def restore(self, one: DatedTerms, place: Placement) -> None:
        """Takes in a story of which it is known where it belongs."""
        self._pass_on(one.at)
        self._keep(one, place)

    def _keep(self, one: DatedTerms, place: Placement) -> None:
        self._rarities.add((*one.terms.title, *one.terms.lead), one.at)
        event = self._events.get(place.event)
        if event is None:
            fresh: Iterable[str] = self._begin(one, place)
        else:
            fresh = event.add(place.development, one.story, one.terms, one.at, one.source)
        for stem in fresh:
            self._postings[stem].append(place.event)
        self._copies.add(one.story, one.terms.shingles)
        self._places[one.story] = place

    def _begin(self, one: DatedTerms, place: Placement) -> Iterable[str]:
        """Begins an event; returns its stems."""
        first = Cluster(place.event, one.at, one.at, (one.story,), (one.source,), (one.terms,))
        event = EventCluster.of_one(first)
        if place.development != place.event:
            event.developments = (replace(first, id=place.development),)
        self._events[place.event] = event
        heapq.heappush(self._ends, (one.at + GAP.total_seconds(), place.event))
        return first.sums

    def _copied(self, one: DatedTerms) -> Placement | None:
        for copy in self._copies.find(one.terms.shingles):
            place = self._places[copy]
            event = self._events[place.event]
            development = event.development_of(place.development)
            if (
                self._is_open(event.whole, one)
                and may_be_copy(one.terms, development.members[0])
                and not _is_other(development, one.terms)
                and not (_is_by_the_same(development, one) and _is_boilerplate(development, one))
            ):
                return place
        return None

    def _most_alike(self, one: DatedTerms) -> Placement:
        vector = to_vector(one.terms, self._rarities.rarity)
        events = [self._events[event] for event in self._candidates(vector)]
        same = self._agreeing(events, one)
        if same is not None:
            return same
        found = self._nearest((event.whole for event in events), one, vector)
        return Placement(found.id if found else one.story, one.story)

    def _agreeing(self, events: Iterable[EventCluster], one: DatedTerms) -> Placement | None:
        """Returns the development that tells the most what a story tells, of whatever event.

        An event of many stories has a centroid that few of them are like, so it is not asked.
        """
        vector = to_vector(one.terms, self._rarities.idf)
        agreeing = (
            (agreement, Placement(event.whole.id, development.id))
            for event in events
            for development in event.developments[-_DEVELOPMENTS:]
            if (agreement := self._agreement(development, one, vector)) >= 0
            and self._is_open(event.whole, one)
        )
        best = max(agreeing, key=itemgetter(0), default=None)
        return best[1] if best else None

    def _agreement(
        self, development: Cluster, one: DatedTerms, vector: Mapping[str, float]
    ) -> float:
        """Returns how much a story agrees with a development, see `agreement`."""
        terms, first = one.terms, development.members[0]
        words = vector.keys() & first.stems
        if len(words) < _SUPPORT:
            return UNLIKE  # nearly all end here
        shared = set(filterfalse(is_date, words))
        plain = 0 if _are_in_same_words(terms, first) else 1
        if not _supports(shared, terms, plain) or not self._is_open(development, one):
            return UNLIKE
        found = agreement(terms, development.members, vector, self._rarities.idf)
        found -= _LATER * _lateness(development, one) + _AGAIN * _repetition(development, one)
        if _is_by_the_same(development, one):
            is_other = are_of_one_template(terms, first) or are_issues(terms, first)
            found = UNLIKE if is_other else found - _TWICE
        return found if found >= 0 and not _is_other(development, terms) else UNLIKE

    def _nearest(
        self, clusters: Iterable[Cluster], one: DatedTerms, vector: Mapping[str, float]
    ) -> Cluster | None:
        """Returns the cluster that a story is most alike to, if it is alike enough."""
        alike = []
        for cluster in clusters:
            words = set(filterfalse(is_date, vector.keys() & cluster.sums.keys()))
            if not _supports(words, one.terms) or not self._is_open(cluster, one):
                continue
            likeness = cluster.likeness(vector, self._rarities.rarity)
            if likeness >= _ALIKE + _surcharge(cluster, one):
                alike.append((likeness, cluster.id, cluster))
        alike.sort(reverse=True)
        return next((found for *_, found in alike if not _is_other(found, one.terms)), None)

    def _candidates(self, vector: Mapping[str, float]) -> Sequence[str]:
        """Returns the events that share the most of a story's rarest stems."""
        scores = defaultdict[str, float](float)
        for stem in heapq.nsmallest(_LOOKED_UP, vector, key=self._rarities.count):
            value = vector[stem]
            for event in self._postings.get(stem, ())[-_POSTINGS:]:
                scores[event] += value
        known = (event for event in scores if event in self._events)
        return heapq.nlargest(_COMPARED, known, key=scores.__getitem__)

    def _is_open(self, cluster: Cluster, one: DatedTerms) -> bool:
        """Tells if a story may be of a cluster, by its time and by what moderators split."""
        start, end = min(cluster.earliest, one.at), max(cluster.latest, one.at)
        if (
            _distance(cluster, one.at) > GAP.total_seconds()
            or end - start > LONGEST.total_seconds()
        ):
            return False
        return self._splits.get(one.story, _NO_STORIES).isdisjoint(cluster.stories)

    def _pass_on(self, at: float) -> None:
        """Forgets the events that are over by the time of a story."""
        self._now = max(self._now, at)
        while self._ends and self._ends[0][0] < self._now:
            _, event = heapq.heappop(self._ends)
            end = self._events[event].whole.latest + GAP.total_seconds()
            if end < self._now:
                self._forget(self._events.pop(event))
            else:
                heapq.heappush(self._ends, (end, event))
        self._rarities.forget(self._now - LONGEST.total_seconds())

    def _forget(self, event: EventCluster) -> None:
        for story in event.whole.stories:
            self._copies.remove(story)
            del self._places[story]
        for stem in event.whole.sums:
            self._prune(stem)

    def _prune(self, stem: str) -> None:
        """Takes events that are over from the old end of a stem's postings."""
        postings = self._postings.get(stem)
        if postings is None:
            return
        old = next((at for at, one in enumerate(postings) if one in self._events), len(postings))
        del postings[:old]
        if not postings:
            del self._postings[stem]


def _distance(cluster: Cluster, at: float) -> float:
    """Returns the seconds between a time and those in which a cluster's stories were published."""
    return max(0.0, at - cluster.latest, cluster.earliest - at)


def _supports(words: set[str], terms: EventTerms, plain: int = 0) -> bool:
    """Tells if what a story shares with a cluster is enough, and some of it is in its title.

    Args:
        words: What they share.
        terms: The story's terms.
        plain: How many of these must be no names: who is in the news has more than one thing told
            of them.
    """
    is_in_title = not words.isdisjoint(terms.title)
    return is_in_title and len(words) >= _SUPPORT and len(words.difference(terms.names)) >= plain


def _are_in_same_words(one: EventTerms, other: EventTerms) -> bool:
    return len(one.title) >= _SAME_WORDS and set(one.title) == set(other.title)


def _surcharge(cluster: Cluster, one: DatedTerms) -> float:
    """Returns how much more alike a story must be to a cluster than others."""
    nameless = 0.0 if one.terms.names else _NAMELESS
    return _lateness(cluster, one) + _repetition(cluster, one) + nameless


def _lateness(cluster: Cluster, one: DatedTerms) -> float:
    return _OLD * min(1.0, max(0.0, one.at - cluster.earliest) / _DAY)


def _repetition(cluster: Cluster, one: DatedTerms) -> float:
    return _OWN if one.source and one.source in cluster.sources else 0.0


def _is_by_the_same(cluster: Cluster, one: DatedTerms) -> bool:
    """Tells if a story is of the source that told what was posted: few tell one thing twice."""
    return bool(one.source) and cluster.sources[0] == one.source


def _is_boilerplate(cluster: Cluster, one: DatedTerms) -> bool:
    """Tells if what a source's texts have in common is no story, as their titles have nothing."""
    first = cluster.members[0]
    shared = set(one.terms.title).intersection(first.title)
    return len(shared) < _SUPPORT or are_of_one_template(one.terms, first)


def _is_other(cluster: Cluster, terms: EventTerms) -> bool:
    """Tells if a story is about a look-alike of what a cluster is about."""
    mine = terms.weights.keys()
    nearest = max(cluster.members, key=lambda member: len(mine & member.weights.keys()))
    return are_look_alikes(terms, nearest) or share_no_name(terms, cluster.members)
