"""Finds the list of stories on a page, among its navigation and the boxes beside it.

Links of one shape (the tags and classes around them) make a list. The best list is the page's, and
those lists join it that are nearly as good: a front page has several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from adapters.sources.page.dates import find_date
from adapters.sources.page.document import Document, Element, names_of, text_of
from adapters.sources.page.links import Link, story_links
from adapters.sources.page.records import Record, make_records
from adapters.sources.page.scoring import LEAST, StoryList, score_list

_LEAST_MEAN = 0.95  # of a list that is taken for one of stories
_LEAST_SINGLE = 0.8  # of the best list's mean, for what joins it
_MAX_DATE_TEXT = 400


def find_stories(document: Document) -> tuple[list[Record], tuple[str, ...]]:
    """Returns the stories that a page lists, in its order, and the shape of the best list.

    There are none where the page is no list of stories.
    """
    has_date = _date_finder(document.language)
    shapes: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in story_links(document):
        place = "chrome" if link.in_chrome else "beside" if link.is_beside else "main"
        shapes[place, *link.shape].append(link)
    lists = {shape: score_list(links, has_date) for shape, links in shapes.items()}
    usable = [shape for shape, one in lists.items() if len(one.stories) >= LEAST]
    best = max(usable, key=lambda shape: lists[shape].score, default=None)
    if best is None or lists[best].mean < _LEAST_MEAN:
        return [], ()
    chosen = _joining(lists, best)
    links = [link for link in _in_order(document, shapes, chosen) if link.key in _keys(lists, chosen)]
    return make_records(links, has_date), best


def _joining(
    lists: dict[tuple[str, ...], StoryList], best: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """Returns the best shape and those nearly as good, or that lead to the same stories."""
    first = lists[best]
    chosen = [best]
    for shape, one in lists.items():
        if shape == best or not one.stories:
            continue
        same = len(one.keys & first.keys) / len(one.keys)
        is_good = (
            shape[0] == best[0]
            and one.mean >= first.mean * _LEAST_SINGLE
            and one.looks >= first.looks - 0.35
        )
        if is_good or same > 0.5:  # noqa: PLR2004 - most of them
            chosen.append(shape)
    return chosen


def _keys(
    lists: dict[tuple[str, ...], StoryList], chosen: Sequence[tuple[str, ...]]
) -> frozenset[str]:
    return frozenset().union(*(lists[shape].keys for shape in chosen))


def _in_order(
    document: Document,
    shapes: dict[tuple[str, ...], list[Link]],
    chosen: Iterable[tuple[str, ...]],
) -> list[Link]:
    links = {link.element: link for shape in chosen for link in shapes[shape]}
    return [links[anchor] for anchor in document.root.iter("a") if anchor in links]


def _date_finder(language: str) -> Callable[[Element], bool]:
    @cache
    def has_date(element: Element) -> bool:
        if next(element.iter("time"), None) is not None:
            return True
        text = text_of(element)[:_MAX_DATE_TEXT]
        if any(sign.isdecimal() for sign in text) and find_date(text, language):
            return True
        return "date" in names_of(element) or any("date" in names_of(each) for each in element.iter("span", "div", "p"))

    return has_date
