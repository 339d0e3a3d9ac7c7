"""The part of a story that shows why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.model import Story
from bot.reply import Snippet
from bot.search.ranking import Form
from bot.text.tokenizer import flattened, is_run

LENGTH = 220
"""Characters a snippet has at most, but for its ellipses."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Spot:
    start: int
    end: int
    form: Form


def snippet(
    story: Story, forms: Sequence[Form], begun: str = "", enough: int = 99
) -> Snippet | None:
    """The piece of a story in which most of what was looked for stands.

    The summary is taken whole where nothing beyond it holds more.

    Args:
        story: The story.
        forms: The words and phrases that were looked for.
        begun: The beginning of a word that was looked for, too; empty for none.
        enough: How many different things a piece needs to hold so that no better one is looked for.

    Returns:
        None when no paragraph holds any of it: it stands in the title, or in the dateline.
    """
    spots = _spots(story.summary, forms, begun)
    whole = Snippet(story.summary, tuple((spot.start, spot.end) for spot in spots))
    best: tuple[int, Snippet | None] = (_different(spots), whole if spots else None)
    for paragraph in story.paragraphs:
        if best[0] >= enough:
            break
        if paragraph.text in story.summary:
            continue
        spots = _spots(paragraph.text, forms, begun)
        if _different(spots) > best[0]:
            best = max(best, _window(paragraph.text, spots), key=lambda one: one[0])
    return best[1]


def _different(spots: Sequence[_Spot]) -> int:
    return len({spot.form for spot in spots})


def _spots(text: str, forms: Sequence[Form], begun: str) -> list[_Spot]:
    """Where the words stand, in order, none over another."""
    flat = flattened(text)
    found = set(_WORD.findall(flat))
    wanted = [form for form in forms if found.issuperset(form)]
    if begun:
        wanted += [(word,) for word in found if word.startswith(begun)]
    spots = [spot for form in wanted for spot in _all(flat, form)]
    spots += [spot for form in forms if is_run(form[0]) for spot in _runs(flat, form)]
    return _apart(sorted(spots, key=lambda spot: (spot.start, -spot.end)))


def _all(flat: str, form: Form) -> Iterator[_Spot]:
    """Where the words of a form stand side by side, whole."""
    inner = r"[\W_]+".join(map(re.escape, form))
    if len(form) > 1:
        for match in re.finditer(rf"(?<![^\W_]){inner}(?![^\W_])", flat):
            yield _Spot(match.start(), match.end(), form)
        return
    # Most forms are one word, and each is new: a pattern for each would cost more than it saves.
    word = form[0]
    at = flat.find(word)
    while at >= 0:
        end = at + len(word)
        if not (flat[at - 1 : at].isalnum() or flat[end : end + 1].isalnum()):
            yield _Spot(at, end, form)
        at = flat.find(word, end)


def _runs(flat: str, form: Form) -> Iterator[_Spot]:
    """Where letters stand in a row that were looked for by pairs, in a script without spaces."""
    run = form[0] + "".join(word[-1] for word in form[1:])
    for match in re.finditer(re.escape(run), flat):
        yield _Spot(match.start(), match.end(), form)


def _apart(spots: Sequence[_Spot]) -> list[_Spot]:
    kept: list[_Spot] = []
    for spot in spots:
        if not kept or spot.start >= kept[-1].end:
            kept.append(spot)
    return kept


def _window(text: str, spots: Sequence[_Spot]) -> tuple[int, Snippet | None]:
    """The piece with the most different things in it, and how many they are."""
    best = max(range(len(spots)), key=lambda first: (_different(_within(spots, first)), -first))
    inside = _within(spots, best)
    start = _start(text, inside[0].start, inside[-1].end)
    end = _end(text, start, inside[-1].end)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple(
        (s.start + shift, s.end + shift) for s in spots if start <= s.start and s.end <= end
    )
    return _different(inside), Snippet(f"{before}{text[start:end].strip()}{after}", marks)


def _within(spots: Sequence[_Spot], first: int) -> list[_Spot]:
    limit = spots[first].start + LENGTH - 40  # leaves room for a few words around them
    return [spot for spot in spots[first:] if spot.end <= limit] or [spots[first]]


def _end(text: str, start: int, last: int) -> int:
    """Where the piece ends: behind a word, and not before the last mark."""
    end = max(start + LENGTH, last)
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", last, end + 1)
    if space < 0:
        space = text.find(" ", end)
    return space if space >= 0 else len(text)


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
