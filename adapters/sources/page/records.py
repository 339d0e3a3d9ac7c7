"""Records: the parts of a page that belong to one story each, around the links to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from adapters.sources.page.document import Element
from adapters.sources.page.links import StoryLink

_MAX_TEXT = 50_000  # characters of a story's part of the page
_MAX_ALONE = 3_000  # the same, of a link that is alone of its kind
_MUCH = 300  # characters of text beside a link, of which more are no better
_MAX_GAP = 6  # elements between two headlines of a flat list


@dataclass(slots=True)
class Record:
    """The part of a page that belongs to one story.

    Attributes:
        links: The links to it, the first first.
        element: The largest element that holds no other story.
        elements: That one and, in a flat list, those beside it that belong to the story.
        elsewhere: Other parts of the page in which the story is linked.
    """

    links: list[StoryLink]
    element: Element
    elements: list[Element] = field(default_factory=list)
    elsewhere: list[Element] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The key that identifies its story."""
        return self.links[0].key


def make_records(
    links: Sequence[StoryLink],
    has_date: Callable[[Element], bool],
    lengths: Mapping[Element, int],
) -> list[Record]:
    """Returns a record for each story that is linked, in the page's order.

    Args:
        links: The links to the stories of one list; several may lead to the same.
        has_date: Tells if an element has a date in it.
        lengths: Of the text in each element.
    """
    keys: dict[Element, set[str]] = defaultdict(set)
    for link in links:
        for element in link.path:
            keys[element].add(link.key)
    by_key: dict[str, list[StoryLink]] = defaultdict(list)
    for link in links:
        by_key[link.key].append(link)
    records = []
    for same in by_key.values():
        elements = [_largest(link, keys, lengths) for link in same]
        best = max(
            range(len(same)),
            key=lambda at: _worth(same[at], elements[at], has_date, lengths),
        )
        others = [link for link in same if link is not same[best]]
        elsewhere = [each for each in elements if each is not elements[best]]
        records.append(Record([same[best], *others], elements[best], elsewhere=elsewhere))
    places = {id(link): place for place, link in enumerate(links)}
    records.sort(key=lambda record: places[id(record.links[0])])
    _widen(records, has_date)
    return records


def _worth(
    link: StoryLink,
    element: Element,
    has_date: Callable[[Element], bool],
    lengths: Mapping[Element, int],
) -> tuple[bool, bool, int]:
    """Returns what a place where a story is linked is worth: a page may link to it in several."""
    is_aside = link.in_chrome or link.is_beside
    return not is_aside, has_date(element), min(lengths[element], _MUCH)


def _largest(
    link: StoryLink, keys: Mapping[Element, set[str]], lengths: Mapping[Element, int]
) -> Element:
    """Returns the largest element around a link that holds no other story's.

    Around a link that is alone of its kind, that would be most of the page.
    """
    most = _MAX_TEXT if len(keys[link.path[-1]]) > 1 else _MAX_ALONE
    own = list(takewhile(lambda each: len(keys[each]) == 1 and lengths[each] <= most, link.path))
    return own[-1] if own else link.element


def _widen(records: Sequence[Record], has_date: Callable[[Element], bool]) -> None:
    """Gives the stories of flat lists what stands beside their headlines."""
    by_parent: dict[Element, list[Record]] = defaultdict(list)
    for record in records:
        record.elements = [record.element]
        parent = record.element.getparent()
        if parent is not None:
            by_parent[parent].append(record)
    for parent, group in by_parent.items():
        if len(group) > 1:
            _widen_flat(list(parent), group, has_date)


def _widen_flat(
    children: list[Element], group: Sequence[Record], has_date: Callable[[Element], bool]
) -> None:
    places = [children.index(record.element) for record in group]
    gaps = sorted(second - first - 1 for first, second in pairwise(places))
    gap = gaps[len(gaps) // 2]
    if not 0 < gap <= _MAX_GAP:
        return
    lead = _lead(children, places, gap, has_date)
    for record, place, following in zip(group, places, [*places[1:], len(children)], strict=True):
        first = max(0, place - lead)
        last = min(following - (lead if following < len(children) else 0), first + gap + 1)
        beside = children[first:last]
        record.elements += [each for each in beside if each is not record.element]


def _lead(
    children: Sequence[Element],
    places: Sequence[int],
    gap: int,
    has_date: Callable[[Element], bool],
) -> int:
    """Returns how many elements before its headline belong to a story: those from its date on."""
    before = children[max(0, places[0] - gap) : places[0]]
    after = children[places[-1] + 1 : places[-1] + 1 + gap]
    dated = [at for at, element in enumerate(before) if has_date(element)]
    return len(before) - dated[0] if dated and not any(map(has_date, after)) else 0
