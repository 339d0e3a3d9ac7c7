"""Snippets: the part of a story that shows why it was found, with the matches to highlight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import NamedTuple

from bot.model import Story
from bot.reply import Snippet
from bot.search.occurrences import Form
from bot.text.tokenizer import fold_in_place, is_run

LENGTH = 220
"""Characters a snippet has at most, but for its ellipses."""

_WORD = re.compile(r"[^\W_]+")


class _Span(NamedTuple):
    """A match of a form in a text."""

    start: int
    end: int
    form: Form


def make_snippet(
    story: Story, forms: Sequence[Form], prefix: str = "", enough: int = 99
) -> Snippet | None:
    """Returns the piece of a story in which most of what was searched for stands.

    The summary is taken whole where nothing beyond it holds more.

    Args:
        story: The story.
        forms: The words and phrases that were searched for.
        prefix: The prefix of a word that was searched for, too; empty for none.
        enough: How many different forms a piece must hold so that no better one is searched for.

    Returns:
        None when no paragraph holds any of it: it stands in the title, or in the dateline.
    """
    spans = _find_spans(story.summary, forms, prefix)
    whole = Snippet(story.summary, tuple((span.start, span.end) for span in spans))
    best: tuple[int, Snippet | None] = (_count_forms(spans), whole if spans else None)
    for paragraph in story.paragraphs:
        if best[0] >= enough:
            break
        if paragraph.text in story.summary:
            continue
        spans = _find_spans(paragraph.text, forms, prefix)
        if _count_forms(spans) > best[0]:
            best = max(best, _window(paragraph.text, spans), key=lambda one: one[0])
    return best[1]


def _count_forms(spans: Sequence[_Span]) -> int:
    return len({span.form for span in spans})


def _find_spans(text: str, forms: Sequence[Form], prefix: str) -> list[_Span]:
    """Returns the spans of the forms, in order, without overlaps."""
    flat = fold_in_place(text)
    found = set(_WORD.findall(flat))
    held = [*filter(found.issuperset, forms)]
    if prefix and prefix in flat:
        held += [(word,) for word in found if word.startswith(prefix)]
    spans = [span for form in held for span in _find_words(flat, form)]
    if not flat.isascii():
        spans += [span for form in forms if is_run(form[0]) for span in _find_runs(flat, form)]
    return _drop_overlaps(sorted(spans, key=lambda span: (span.start, -span.end)))


def _find_words(flat: str, form: Form) -> Iterator[_Span]:
    """Yields the spans where the words of a form stand side by side, whole."""
    if len(form) > 1:
        inner = r"[\W_]+".join(map(re.escape, form))
        for match in re.finditer(rf"(?<![^\W_]){inner}(?![^\W_])", flat):
            yield _Span(match.start(), match.end(), form)
        return
    # Most forms are one word, and each is new: a pattern for each would cost more than it saves.
    word = form[0]
    at = flat.find(word)
    while at >= 0:
        end = at + len(word)
        if not (flat[at - 1 : at].isalnum() or flat[end : end + 1].isalnum()):
            yield _Span(at, end, form)
        at = flat.find(word, end)


def _find_runs(flat: str, form: Form) -> Iterator[_Span]:
    """Yields the spans of letters that were searched for by pairs, in scripts without spaces."""
    run = form[0] + "".join(word[-1] for word in form[1:])
    for match in re.finditer(re.escape(run), flat):
        yield _Span(match.start(), match.end(), form)


def _drop_overlaps(spans: Sequence[_Span]) -> list[_Span]:
    kept: list[_Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _window(text: str, spans: Sequence[_Span]) -> tuple[int, Snippet | None]:
    """Returns the number of different forms in the best piece, and the piece."""
    best = max(range(len(spans)), key=lambda first: (_count_forms(_fitting(spans, first)), -first))
    inside = _fitting(spans, best)
    start = _window_start(text, inside[0].start, inside[-1].end)
    end = _window_end(text, start, inside[-1].end)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple(
        (s.start + shift, s.end + shift) for s in spans if start <= s.start and s.end <= end
    )
    return _count_forms(inside), Snippet(f"{before}{text[start:end].strip()}{after}", marks)


def _fitting(spans: Sequence[_Span], first: int) -> list[_Span]:
    limit = spans[first].start + LENGTH - 40  # leaves room for a few words around them
    # Spans come in order: only a few are looked at, however many there are.
    ends = takewhile(lambda span: span.end <= limit, islice(spans, first, None))
    return list(ends) or [spans[first]]


def _window_end(text: str, start: int, last: int) -> int:
    """Ends the piece behind a word, and not before the last mark."""
    end = max(start + LENGTH, last)
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", last, end + 1)
    if space < 0:
        space = text.find(" ", end)
    return space if space >= 0 else len(text)


def _window_start(text: str, first: int, last: int) -> int:
    """Starts the piece at a sentence or a word, so that its marks have words around them."""
    earliest = max(0, min(first, last - LENGTH + 40))
    earliest = max(0, min(earliest, first - 60)) if first > LENGTH // 2 else 0
    if last <= LENGTH:
        return 0
    sentence = max(text.rfind(sign, earliest, first) for sign in (". ", "? ", "! "))
    if sentence >= 0:
        return sentence + 2
    space = text.find(" ", earliest, first)
    return space + 1 if space >= 0 else earliest
