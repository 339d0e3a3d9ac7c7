"""Finds the list of stories on a page, among its navigation and the boxes beside it.

Links of one shape (the tags and classes around them) make a list. The best list is the page's, and
those lists join it that are nearly as good: a front page has several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from adapters.sources.page.dates import looks_dated
from adapters.sources.page.document import Element, PageTree, names_of, text_of
from adapters.sources.page.links import StoryLink, story_links
from adapters.sources.page.records import Record, make_records
from adapters.sources.page.scoring import LEAST, StoryGroup, score_list

_LEAST_MEAN = 0.95  # of a list that is taken for one of stories
_LEAST_ALIKE = 0.8  # of the best list's mean, for what joins it
_LEAST_UNDATED = 0.9  # the same, for stories without dates where the best have them
_LOOKS_APART = 0.35  # of the addresses of two lists of one kind
_SECTION_APART = 0.9  # of an address that is not like those of the other stories
_MOST = 0.5
_PARAGRAPH, _PROSE = 80, 1_500  # characters of a paragraph of a story, and of a story
_MAX_DATE_TEXT = 400
_DATE_TAGS = ("span", "div", "p", "td", "li", "small")


def find_stories(document: PageTree) -> tuple[list[Record], tuple[str, ...]]:
    """Returns the stories that a page lists, in its order, and the shape of the best list.

    There are none where the page is no list of stories.
    """
    has_date = _date_finder()
    shapes: dict[tuple[str, ...], list[StoryLink]] = defaultdict(list)
    for link in story_links(document):
        place = "chrome" if link.in_chrome else "beside" if link.is_beside else "main"
        shapes[place, *link.shape].append(link)
    lists = {
        shape: score_list(links, has_date, document.lengths) for shape, links in shapes.items()
    }
    usable = [shape for shape, one in lists.items() if len(one.stories) >= LEAST]
    best = max(usable, key=lambda shape: lists[shape].score, default=None)
    if best is None or lists[best].mean < _LEAST_MEAN:
        return [], ()
    chosen = _joining(lists, best)
    keys = _keys(lists, chosen)
    links = [link for link in _in_order(document, shapes, chosen) if link.key in keys]
    records = make_records(links, has_date, document.lengths)
    return ([], ()) if _is_story(document, records) else (records, best)


def _is_story(document: PageTree, records: Sequence[Record]) -> bool:
    """Tells if a page is a story itself, with a box of others: most of its prose is in no list."""
    listed = [element for record in records for element in record.elements]
    inside = {paragraph for element in listed for paragraph in element.iter("p")}
    lengths = document.lengths
    prose = sum(
        lengths[each]
        for each in document.root.iter("p")
        if lengths[each] >= _PARAGRAPH and each not in inside
    )
    return prose > _PROSE and prose > 2 * sum(map(lengths.__getitem__, listed))


def _joining(
    lists: dict[tuple[str, ...], StoryGroup], best: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """Returns the best shape and those nearly as good, or that lead to the same stories."""
    first = lists[best]
    chosen = [best]
    for shape, one in lists.items():
        if shape == best or not one.stories:
            continue
        same = len(one.keys & first.keys) / len(one.keys)
        is_good = shape[0] == best[0] and _is_alike(one, first)
        if is_good or same > _MOST:
            chosen.append(shape)
    return chosen


def _is_alike(one: StoryGroup, best: StoryGroup) -> bool:
    """Tells if a list is nearly as good as the best, by the same signs."""
    lacks_dates = best.dated > _MOST and one.dated < _MOST
    if lacks_dates and len(one.stories) < LEAST:
        return False
    least = _LEAST_UNDATED if lacks_dates else _LEAST_ALIKE
    return one.mean >= best.mean * least and one.looks >= best.looks - _LOOKS_APART


def _keys(
    lists: dict[tuple[str, ...], StoryGroup], chosen: Sequence[tuple[str, ...]]
) -> frozenset[str]:
    """Returns the stories' keys, without what looks like sections or other sites among them."""
    stories = [one for shape in chosen for one in lists[shape].stories]
    own = [one for one in stories if one.record.links[0].is_inside]
    if len(own) <= len(stories) * _MOST:  # a list of links to other sites, which may be anything
        return frozenset(one.record.key for one in stories)
    stories = own
    looks = {one.record.key: one.record.links[0].looks for one in stories}
    mean = sum(looks.values()) / len(looks)
    dated = {one.record.key for one in stories if one.has_date}
    return frozenset(
        key for key, each in looks.items() if key in dated or each > mean - _SECTION_APART
    )


def _in_order(
    document: PageTree,
    shapes: dict[tuple[str, ...], list[StoryLink]],
    chosen: Iterable[tuple[str, ...]],
) -> list[StoryLink]:
    links = {link.element: link for shape in chosen for link in shapes[shape]}
    return [links[anchor] for anchor in document.root.iter("a") if anchor in links]


def _date_finder() -> Callable[[Element], bool]:
    """Returns what tells if a date stands in an element; it looks at each element once."""

    @cache
    def has_date(element: Element) -> bool:
        if next(element.iter("time"), None) is not None or looks_dated(
            text_of(element)[:_MAX_DATE_TEXT]
        ):
            return True
        return any("date" in names_of(each) for each in element.iter(*_DATE_TAGS))

    return has_date
