"""Words and pairs of words that recur in an English story: `vaccine`, `cloud services`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.ingest.topics.capitals import is_title_case
from bot.ingest.topics.model import NameKind, StoryName
from bot.ingest.topics.word_sets import NAMELESS, NATIONALITIES, everyday_words
from bot.text.name_keys import name_key, singular
from bot.text.stopwords import EXTENDED_STOPWORDS

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s’'-]")
_SHORTEST = 4  # letters
_RECURS = 3  # times that what is no name has to stand in a story
_NEAR = 4  # words before a word in which a nationality qualifies it
_NOT_NOUNS = re.compile(r".*(?:ly|ing|ed|ous|ive|ful|less|able|ible|ish|ize|ise|ical|est|wards?)$")
_ORIGINS = {name.title(): name for name in NATIONALITIES} | {
    country.title(): name for name, country in reversed(NATIONALITIES.items()) if country
}
_BEHIND_NOUNS = frozenset(
    "of is was are were as has had and or for in on at by that which who".split()
)
_MOST = 3
_TWICE, _BRIEF, _TELLING = 2, 80, 8
"""Times that will do for a word alone: in a text of so few words, or for one of so many letters.

A short word stands twice in any long text; a long one says more.
"""
_QUALIFIED = 3  # mentions that a nationality is worth

_Rows = Sequence[Sequence[str]]


def story_phrases(texts: Sequence[str]) -> list[StoryName]:
    """Returns the words and pairs of words that a story keeps coming back to.

    Args:
        texts: The headline, and the paragraphs.
    """
    rows = [_WORD.findall(text) for text in texts]
    if rows and is_title_case(texts[0]):
        rows[0] = [word.lower() for word in rows[0]]
    title = frozenset(singular(word.lower()) for word in rows[0]) if rows else frozenset()
    words = {word for row in rows for word in row}
    forms = {word: key for word in words if (key := singular(word)) in title}
    found = [*_pairs(rows, forms, title), *_single(rows, forms, title)]
    return [*_qualified(rows, forms), *_apart(found)[:_MOST]]


def _apart(found: Sequence[StoryName]) -> list[StoryName]:
    """Returns pairs first, without what shares a word with a weightier one or with a pair."""
    taken: set[str] = set()
    kept = []
    for one in sorted(found, key=lambda each: (" " not in each.key, -each.weight, each.key)):
        words = one.key.split(" ")
        if taken.isdisjoint(words):
            kept.append(one)
            taken.update(words)
    return kept


def _pairs(rows: _Rows, forms: Mapping[str, str], title: frozenset[str]) -> list[StoryName]:
    """Returns pairs such as `cloud services`, at most one of whose words is an everyday one.

    Args:
        rows: The words.
        forms: Words of the headline in all their forms, with their singulars.
        title: The words of the headline, in the singular.
    """
    known: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for one, other in pairwise(row):
            if (one in forms or other in forms) and _may_pair(one, other):
                known[name_key(f"{one} {other}")][f"{one} {other}"] += 1
    return [
        StoryName(key, _written(written), NameKind.PHRASE, _weight(written.total(), key, title))
        for key, written in known.items()
        if written.total() >= _RECURS
    ]


def _may_pair(one: str, other: str) -> bool:
    if len(one) < _SHORTEST or len(other) < _SHORTEST or not (one.islower() and other.islower()):
        return False
    if one.endswith(("ly", "ed", "ing")) or _NOT_NOUNS.fullmatch(other):
        return False
    common = everyday_words()
    return (
        one not in EXTENDED_STOPWORDS
        and other not in EXTENDED_STOPWORDS
        and not (one in common and other in common)
    )


def _weight(count: int, key: str, title: frozenset[str]) -> int:
    in_title = sum(singular(word) in title for word in key.split(" "))
    return count + 3 * in_title


def _qualified(rows: _Rows, forms: Mapping[str, str]) -> list[StoryName]:
    """Returns nouns of the headline before which a nationality keeps standing.

    `Chinese property` where a story tells of what the Chinese buy of Hokkaido's properties.
    """
    near: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for at, name in enumerate(row):
            origin = _ORIGINS.get(name)
            if origin:
                behind = {forms[one] for one in row[at + 1 : at + 1 + _NEAR] if one in forms}
                near.update((origin, word) for word in behind)
    return [
        StoryName(
            f"{origin} {word}", f"{origin.title()} {word}", NameKind.PHRASE, count + _QUALIFIED
        )
        for (origin, word), count in near.items()
        if count >= _RECURS and len(word) >= _SHORTEST and not _is_poor(word)
    ]


def _is_poor(word: str) -> bool:
    return word.title() in _ORIGINS or bool(_NOT_NOUNS.fullmatch(word))


def _single(rows: _Rows, forms: Mapping[str, str], title: frozenset[str]) -> list[StoryName]:
    """Returns nouns of the headline that recur in the text."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    nouns: set[str] = set()
    for row in rows:
        for one, other in pairwise([*row, "."]):
            key = forms.get(one)
            if key is not None:
                written[key][one] += 1
                # Only a noun stands before a sign, or before some of the small words.
                if not other[0].isalpha() or other in _BEHIND_NOUNS:
                    nouns.add(key)
    is_brief = sum(map(len, rows)) < _BRIEF
    return [
        StoryName(key, _written(known), NameKind.PHRASE, _weight(known.total(), key, title))
        for key, known in written.items()
        if known.total() >= (_TWICE if is_brief or len(key) >= _TELLING else _RECURS)
        and key in nouns
        and _may_stand_alone(key)
    ]


def _may_stand_alone(word: str) -> bool:
    common = everyday_words()
    if len(word) <= _SHORTEST or word in common or f"{word}s" in common or word in NAMELESS:
        return False
    return not _is_poor(word)


def _written(forms: Counter[str]) -> str:
    """Returns the form that is written most often, as a name."""
    form = max(forms, key=lambda one: (forms[one], -len(one), one))
    return form[0].upper() + form[1:]
