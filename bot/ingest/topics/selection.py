"""Selection: which of the names that recur in stories are topics now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.ingest.topics.model import EditKind, NameCount, NameCounts, NameKind, TopicEdit
from bot.ingest.topics.variants import find_variants, follow
from bot.ingest.topics.word_sets import NATIONALITIES
from bot.model import Topic, TopicOrigin
from bot.text.name_keys import name_key

MOST = 500
"""Found topics that are selected at a time, those with the most stories."""

_STEPS = ((30, 1), (200, 2), (2_000, 3), (20_000, 4))
_MORE = 5  # stories that a topic needs among more than these
_FEW = 30  # stories, of which each may have topics of its own
_FIRST_PLACES = 4  # of the names of a story: of one story alone, only these are topics
_SMALL = 200  # stories, among which a name may be in many
_SHARE_OF_FEW, _SHARE_OF_MANY = 0.3, 0.1  # of the stories; a name of more tells nothing


def stories_needed(total: int) -> int:
    """Returns how many stories a name needs to be a topic, among so many."""
    return next((needed for below, needed in _STEPS if total < below), _MORE)


@dataclass(slots=True)
class _Recurring:
    """A name with all its forms and variants, over all stories that are about it."""

    key: str
    forms: Counter[str] = field(default_factory=Counter)
    keys: dict[str, int] = field(default_factory=dict)
    kind: NameKind = NameKind.PHRASE
    stories: int = 0
    place: int = _FIRST_PLACES
    newest: int = 0

    def add(self, one: NameCount) -> None:
        if one.key == self.key:
            self.forms[one.form] += one.stories
        self.keys[one.key] = self.keys.get(one.key, 0) + one.stories
        self.kind = min(self.kind, one.kind)
        self.stories += one.stories
        self.place = min(self.place, one.place)
        self.newest = max(self.newest, one.newest)

    @property
    def is_word(self) -> bool:
        """True for a word alone, which says less than a name or a pair of words."""
        return self.kind is NameKind.PHRASE and " " not in self.key

    @property
    def rank(self) -> float:
        return self.stories / 2 if self.is_word else self.stories

    @property
    def form(self) -> str:
        return max(self.forms, key=lambda form: (self.forms[form], form))


def select_topics(
    counts: NameCounts,
    desk: Sequence[Topic],
    edits: Sequence[TopicEdit] = (),
    others: Iterable[str] = (),
) -> list[Topic]:
    """Selects the topics, those with the most stories first.

    Args:
        counts: The names that the newest stories are about.
        desk: The operator's topics: a name that is one of theirs only gives them its keys.
        edits: What moderators have decided.
        others: Names that are no topics, such as those of sources.
    """
    recurring = _join(counts, edits)
    refused = {name_key(name) for name in others} | _common(recurring, counts.stories)
    titles = {edit.key: edit.value for edit in edits if edit.kind is EditKind.RENAME}
    chosen = titles.keys() | {edit.value for edit in edits if edit.kind is EditKind.MERGE}
    kept = [
        one
        for one in recurring.values()
        if one.forms and (one.key in chosen or _is_topic(one, counts.stories, refused))
    ]
    kept.sort(key=lambda one: (-one.rank, -one.newest, one.key))
    own = {key: topic.name for topic in desk for key in _desk_keys(topic)}
    return [*_of_desk(recurring, own), *_found(kept, own, titles)][: MOST + len(desk)]


def _join(counts: NameCounts, edits: Sequence[TopicEdit]) -> Mapping[str, _Recurring]:
    """Joins what is one name: as stories show, and as moderators say."""
    evidence = 1 if counts.stories < _FEW else 2
    merged = {edit.key: edit.value for edit in edits if edit.kind is EditKind.MERGE}
    hidden = {edit.key for edit in edits if edit.kind is EditKind.HIDE}
    decided = merged.keys() | hidden | {e.key for e in edits if e.kind is EditKind.RENAME}
    variants = {
        key: name
        for key, name in find_variants(counts.names, evidence).items()
        if key not in decided
    }
    variants |= merged
    joined: dict[str, _Recurring] = {}
    for one in counts.names:
        key = follow(one.key, variants)
        if not one.means and one.key not in hidden and key not in hidden:
            joined.setdefault(key, _Recurring(key)).add(one)
    for short in {one.key for one in counts.names if one.means} & variants.keys():
        into = joined.get(follow(short, variants))
        if into is not None:
            into.keys.setdefault(short, 0)
    return joined


def _common(recurring: Mapping[str, _Recurring], total: int) -> set[str]:
    """Returns names that stand in so many stories that they tell nothing of one."""
    share = _SHARE_OF_FEW if total < _SMALL else _SHARE_OF_MANY
    most = max(share * total, _FIRST_PLACES)
    return {
        key
        for key, one in recurring.items()
        if one.stories > most and one.kind is not NameKind.CATEGORY
    }


def _is_topic(one: _Recurring, total: int, refused: set[str]) -> bool:
    needed = stories_needed(total)
    if one.is_word and needed > 1:
        needed *= 2
    if one.key in refused or one.stories < needed:
        return False
    if one.stories == 1 and one.place >= _FIRST_PLACES:
        return False
    # What nearly all stories are about qualifies nothing: in Japan, no property is Japanese.
    first, _, rest = one.key.partition(" ")
    is_qualified = one.kind is NameKind.PHRASE and rest and first in NATIONALITIES
    return not (is_qualified and NATIONALITIES[first] in refused)


def _desk_keys(topic: Topic) -> Iterable[str]:
    yield name_key(topic.name)
    if topic.query:
        yield name_key(topic.query)


def _of_desk(recurring: Mapping[str, _Recurring], own: Mapping[str, str]) -> Iterable[Topic]:
    keys: dict[str, list[str]] = defaultdict(list)
    for key, one in recurring.items():
        if key in own:
            keys[own[key]] += one.keys
    return [Topic(name, keys=tuple(known)) for name, known in keys.items()]


def _found(
    kept: Sequence[_Recurring], own: Mapping[str, str], titles: Mapping[str, str]
) -> Iterable[Topic]:
    taken = {name.casefold() for name in own.values()}
    for one in kept:
        name = titles.get(one.key, one.form)
        if one.key in own or name.casefold() in taken:
            continue
        taken.add(name.casefold())
        origin = TopicOrigin.SOURCE if one.kind is NameKind.CATEGORY else TopicOrigin.FOUND
        keys = tuple(dict.fromkeys((one.key, *one.keys)))
        yield Topic(name, origin=origin, keys=keys)
