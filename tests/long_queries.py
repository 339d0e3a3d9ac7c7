"""Questions that cost a search the most, made of words that stand in many stories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice, pairwise

LENGTH = 1_000
"""Characters of each, about; as many as are read."""

COMMON = (
    "the to in of a and on s for is with that as h at by it an he was from be are t has have not "
    "but its his who they will had more were been this or their said would after one new year two "
    "about also can last which all out first if when over into up than some other time"
).split()

JOINERS = {
    "spaces": " ",
    "hyphens": "-",
    "dots": ".",
    "slashes": "/",
    "underscores": "_",
    "apostrophes": "'",
    "commas": ",",
    "zero-width spaces": "\u200b",
    "zero-width joiners": "\u200d",
    "emoji": "😀",
    "emoji of several signs": "👩\u200d👩\u200d👧",
    "private signs": "\ue000",
    "combining marks": "\u0301 ",
    "marks of Devanagari": "\u0902",
    "mixed signs": "-._/'\u200b",
}


def long_queries(common: Sequence[str] = COMMON) -> Iterator[tuple[str, str]]:
    """Yields long questions, each behind its name.

    Args:
        common: Words that stand in many stories.
    """
    for name, joiner in JOINERS.items():
        yield f"words joined by {name}", _row(common, joiner)
        yield f"a phrase of words joined by {name}", f'"{_row(common, joiner)}"'
    yield from _with_operators(common)
    yield from _with_typos(common)
    yield from _in_other_scripts()


def _with_operators(common: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "OR between all", _row(common, " OR ")
    yield "OR between rows", _row(common, "-", " OR ")
    yield (
        "a phrase that says one word again and again",
        f'"{common[0]} ' * 1 + f"{common[0]} " * 200,
    )
    yield (
        "short phrases",
        _row([f'"{a} {b}"' for a, b in pairwise(common)], " "),
    )
    yield "quotes in quotes", _row([f'"{word}' for word in common], ' ""')
    yield "words left out", f"{common[0]} {_row([f'-{word}' for word in common], ' ')}"
    yield "phrases left out", f'{common[0]} -"{_row(common, " ")}"'
    yield "in titles", f"in:title {_row(common, '-')}"
    yield "the newest", f"sort:new {_row(common, '-')}"
    yield "of a source", f"source:news {_row(common, '-')}"
    yield "many filters", _row(["in:title", "sort:new", "since:2d", "topic:x"], " ")


def _with_typos(common: Sequence[str]) -> Iterator[tuple[str, str]]:
    long = [word for word in common if len(word) > 3] or list(common)
    for joiner in (" ", "-"):
        yield f"one edit, by {joiner!r}", _row([f"{w[0]}x{w[1:]}" for w in long], joiner)
        yield f"two edits, by {joiner!r}", _row([f"{w[0]}x{w[1:]}qz" for w in long], joiner)
        yield f"two words as one, by {joiner!r}", _row([a + b for a, b in _pairs(long)], joiner)
        yield f"prefixes, by {joiner!r}", _row([word[:3] for word in long], joiner)
    yield "one word without end", "abcdefghij" * 100
    yield "letters", _row("abcdefghijklmnopqrstuvwxyz", "-")
    yield "numbers", _row([str(number) for number in range(500)], "-")


def _in_other_scripts() -> Iterator[tuple[str, str]]:
    yield "a run of Chinese", "大阪万博の費用と関西国際空港" * 80
    yield "one letter of Chinese", "万" * LENGTH
    yield "letters of Chinese", "万 博 大 阪 の " * 200
    yield "Chinese and words", "大阪expo万博the" * 100
    yield "Korean", "오사카 엑스포 " * 120
    yield "Devanagari", "समाचार-हिन्दी-" * 70
    yield "letters with many marks", "e\u0301\u0302\u0303\u0304" * 200
    yield "ligatures", "ﷺ-" * 500
    yield "letters that fold to several", "İß-" * 300


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(words, words[7:], strict=False)


def _row(words: Sequence[str], joiner: str, also: str = "") -> str:
    """Joins words, over and over, until the text is long enough."""
    count = LENGTH // (sum(map(len, words)) // len(words) + len(joiner)) + 1
    row = list(islice(cycle(words), count))
    if also:
        row = [joiner.join(row[at : at + 8]) for at in range(0, len(row), 8)]
    return (also or joiner).join(row)[:LENGTH]
