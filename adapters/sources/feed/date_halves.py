"""Finds the words for the halves of the day beside a time, in any language: `12:00 ص`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from adapters.sources.feed.date_words import DateToken, DateWord, find_words, tokens

_LONGEST_HALF = 4  # words


def split_half(before: str, behind: str, languages: Collection[str]) -> tuple[int | None, str, str]:
    """Takes the word for the half of the day off the texts before and behind a time.

    Args:
        before: The folded text before it.
        behind: The folded text behind it.
        languages: The languages that may be meant; none for all, in letters of their own alone.

    Returns:
        0 for a.m., 1 for p.m., None where nothing says so; and the texts.
    """
    first, last = tokens(before)[-_LONGEST_HALF:], tokens(behind)[:_LONGEST_HALF]
    for word in _halves(last, languages):
        if word.first == 0:
            return word.number, before, behind[last[word.last].end :]
    for word in _halves(first, languages):
        start = first[word.first].start
        if word.last == len(first) - 1 and not before[:start][-1:].isdecimal():  # `3a` is the third
            return word.number, before[:start], behind
    return None, before, behind


def _halves(found: Sequence[DateToken], languages: Collection[str]) -> Iterator[DateWord]:
    for word in find_words(found):
        written = "".join(one.text for one in found[word.first : word.last + 1])
        is_meant = word.language in languages if languages else not written.isascii()
        if word.kind == "halves" and is_meant:
            yield word
