"""Ends of the elements of HTML, whatever is missing or too much."""

from __future__ import annotations

from collections.abc import Sequence

# Elements of which none can stand in another of its kind.
_UNNESTED_TAGS = frozenset(
    "script style iframe form noframes noembed audio video button select option textarea title "
    "figcaption head".split()
)


class ElementEnds:
    """Finds the ends of elements; no tag is looked at more than a few times in all.

    Args:
        names: Of the tags, as `html_tokens.Tokens` has them.
    """

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._absent: set[str] = set()  # tags of which no more come
        self._ends: dict[str, dict[int, int]] = {}  # of each tag that may stand in its like

    def end_of(self, tag: str, at: int) -> int | None:
        """Returns the tag that ends an element, or the last one in it; None if it never ends.

        Args:
            tag: Its name.
            at: The tag that begins it.
        """
        if tag == "p" or tag in self._ends:
            return self._all_ends(tag).get(at)
        end = self.next_end(tag, at)
        if end is None or tag in _UNNESTED_TAGS or tag not in self._names[at + 1 : end]:
            return end
        return self._all_ends(tag).get(at)

    def next_end(self, tag: str, start: int) -> int | None:
        """Returns the next end of an element; one that is not there is searched for once."""
        if tag in self._absent:
            return None
        try:
            return self._names.index(f"/{tag}", start)
        except ValueError:
            self._absent.add(tag)
            return None

    def _all_ends(self, tag: str) -> dict[int, int]:
        if tag not in self._ends:
            self._ends[tag] = _find_ends(self._names, tag)
        return self._ends[tag]


def _find_ends(names: Sequence[str], tag: str) -> dict[int, int]:
    """Returns where each element of a name ends, by where it begins; not those that never do."""
    ends: dict[int, int] = {}
    begun: list[int] = []
    end_tag = f"/{tag}"
    for at, name in enumerate(names):
        if name == end_tag:
            if begun:
                ends[begun.pop()] = at
        elif name == tag:
            if tag == "p" and begun:
                ends[begun.pop()] = at - 1  # paragraphs are often ended by the next
            begun.append(at)
    return ends
