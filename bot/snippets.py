"""The part of a story that shows why it was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Story
from bot.ranking import Form
from bot.words import folded

LENGTH = 220
"""Characters a snippet has at most, but for its ellipses."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a story's text.

    Attributes:
        text: The piece.
        marks: Where in it the words stand that were looked for: from and up to which character.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Spot:
    start: int
    end: int
    form: Form


def title_marks(title: str, forms: Sequence[Form], begun: str = "") -> tuple[tuple[int, int], ...]:
    """Where in a title the words stand that were looked for."""
    return tuple((spot.start, spot.end) for spot in _spots(title, forms, begun))


def snippet(story: Story, forms: Sequence[Form], begun: str = "") -> Snippet | None:
    """The piece of a story in which most of what was looked for stands.

    Args:
        story: The story.
        forms: The words and phrases that were looked for.
        begun: The beginning of a word that was looked for, too; empty for none.

    Returns:
        None when no paragraph holds any of it: it stands in the title, or in the dateline.
    """
    best: tuple[int, Snippet] | None = None
    for text in (story.summary, *(paragraph.text for paragraph in story.paragraphs)):
        spots = _spots(text, forms, begun)
        if spots:
            count, piece = _window(text, spots)
            if best is None or count > best[0]:
                best = (count, piece)
    return best[1] if best else None


def _spots(text: str, forms: Sequence[Form], begun: str) -> list[_Spot]:
    """Where the words stand, in order, none over another."""
    found = [(match.start(), match.end(), folded(match[0])) for match in _WORD.finditer(text)]
    by_first: dict[str, list[Form]] = {}
    for form in sorted(forms, key=len, reverse=True):
        by_first.setdefault(form[0], []).append(form)
    spots: list[_Spot] = []
    at = 0
    while at < len(found):
        start, end, word = found[at]
        form = _form_at(found, at, by_first.get(word, []))
        if form:
            spots.append(_Spot(start, found[at + len(form) - 1][1], form))
        elif begun and word.startswith(begun):
            spots.append(_Spot(start, end, (begun,)))
        at += len(form) if form else 1
    return spots


def _form_at(found: Sequence[tuple[int, int, str]], at: int, forms: Sequence[Form]) -> Form | None:
    for form in forms:
        if tuple(word for _, _, word in found[at : at + len(form)]) == form:
            return form
    return None


def _window(text: str, spots: Sequence[_Spot]) -> tuple[int, Snippet]:
    """The piece with the most different things in it, and how many they are."""
    best = max(
        range(len(spots)), key=lambda first: (len({s.form for s in _within(spots, first)}), -first)
    )
    inside = _within(spots, best)
    start = _start(text, inside[0].start, inside[-1].end)
    end = min(len(text), start + LENGTH)
    if end < len(text):
        space = text.rfind(" ", inside[-1].end, end + 1)
        end = space if space > 0 else end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple(
        (s.start + shift, s.end + shift) for s in spots if start <= s.start and s.end <= end
    )
    return len({s.form for s in inside}), Snippet(
        f"{before}{text[start:end].strip()}{after}", marks
    )


def _within(spots: Sequence[_Spot], first: int) -> list[_Spot]:
    limit = spots[first].start + LENGTH - 40  # leaves room for a few words around them
    return [spot for spot in spots[first:] if spot.end <= limit] or [spots[first]]


def _start(text: str, first: int, last: int) -> int:
    """Where the piece begins: at a sentence or at a word, so that its marks have words around."""
    earliest = max(0, min(first, last - LENGTH + 40))
    earliest = max(0, min(earliest, first - 60)) if first > LENGTH // 2 else 0
    if last <= LENGTH:
        return 0
    sentence = max(text.rfind(sign, earliest, first) for sign in (". ", "? ", "! "))
    if sentence >= 0:
        return sentence + 2
    space = text.find(" ", earliest, first)
    return space + 1 if space >= 0 else earliest
