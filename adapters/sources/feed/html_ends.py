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
        self._ends: dict[int, int] | None = None

    def end_of(self, tag: str, at: int) -> int | None:
        """Returns the tag that ends an element, or the last one in it; None if it never ends.

        Args:
            tag: Its name.
            at: The tag that begins it.
        """
        if tag == "p" or (tag not in _UNNESTED_TAGS and self._ends is not None):
            return self._all_ends().get(at)
        end = self.next_end(tag, at)
        if end is None or tag in _UNNESTED_TAGS or tag not in self._names[at + 1 : end]:
            return end
        return self._all_ends().get(at)

    def next_end(self, tag: str, start: int) -> int | None:
        """Returns the next end of an element; one that is not there is searched for once."""
        if tag in self._absent:
            return None
        try:
            return self._names.index(f"/{tag}", start)
        except ValueError:
            self._absent.add(tag)
            return None

    def _all_ends(self) -> dict[int, int]:
        if self._ends is None:
            self._ends = _find_ends(self._names)
        return self._ends


def _find_ends(names: Sequence[str]) -> dict[int, int]:
    """Returns where each element ends, by where it begins; not those that never do."""
    ends: dict[int, int] = {}
    begun: dict[str, list[int]] = {}
    for at, tag in enumerate(names):
        places = begun.setdefault(tag.removeprefix("/"), [])
        if tag[:1] == "/":
            if places:
                ends[places.pop()] = at
        elif tag == "p" and places:
            ends[places[0]] = at - 1  # paragraphs are often ended by the next
            places[0] = at
        elif not places or tag not in _UNNESTED_TAGS:
            places.append(at)
    return ends
