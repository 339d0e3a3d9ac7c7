"""The vocabulary: the words of the stories in memory, to correct typos and complete prefixes.

Its memory is bounded: of more words than it holds, those that came first are kept. A word beyond
them is found all the same where it is typed as it stands in a story; it is only not suggested.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from heapq import nsmallest
from itertools import chain

from bot.search.near_words import ANY_EDIT, ONE_EDIT, SURELY_LONG, TWO_EDITS, NearWords
from bot.search.word_lists import WordLists
from bot.text.german import NOUNS, other_endings, other_spellings, verbs_of_noun
from bot.text.irregular_words import irregular_forms
from bot.text.stemming import plural_or_singular

MAX_COMMON = 250_000
"""Words of two stories and more that are kept in memory."""

MAX_UNIQUE = 50_000
"""Words of one story only that are kept beside them."""

_BY_EAR = range(4, TWO_EDITS)  # letters of a word that is taken for one which sounds alike
_TYPO_PREFIX = 4  # letters from which on a prefix may have a typo
_LONGEST = 48  # letters of what is corrected: the store counts no longer words
HALF = 4
"""Letters that each half of a compound has at least: shorter ones are parts of other words."""

_LONG_HALF = 5
"""Likewise a part that is enough to know a compound by."""

LINKS = ("", "s", "es", "n", "en", "er", "e")
"""Joins between the halves of German and Nordic compounds."""

_LOOSE, _JOINED = 9, 4  # letters of a compound that is parted so, and words for each half
_COMPOUNDS = 200  # words that are looked at as compounds of one word
_COMPLETED = 30_000  # words with a prefix of which the commonest are looked for
_COUNTED = 40  # letters of the longest words that the store counts
# Words that are German alone, and of how many stories one holds one of them.
_GERMAN, _GERMAN_SHARE = ("nach", "und", "werden", "wird"), 100
_CACHED = 2_000  # answers that are cached, of each kind


class Vocabulary:
    """The known words, each with the number of stories that hold it.

    It follows the store by `update`; nothing is built anew.
    """

    def __init__(self, max_common: int = MAX_COMMON, max_unique: int = MAX_UNIQUE) -> None:
        """Makes an empty vocabulary.

        Args:
            max_common: Words of two stories and more that it holds at most.
            max_unique: Words of one story that it holds at most.
        """
        self._counts: dict[str, int] = {}
        self._max_common, self._max_unique = max_common, max_unique
        self._unique = 0  # words of one story among them
        self._named: dict[str, int] = {}  # words that it has no room for, until the next change
        self.is_full = False
        """True once there was no more room: words may have been left out."""

        self.is_behind = False
        """True while there are words of the store that are still to be learnt."""

        self._lists = WordLists()
        self._near = NearWords(self._counts, self._lists)
        self._most = 1
        # Caches until the next change.
        self._is_german: bool | None = None
        self._corrections: dict[tuple[str, int], list[str]] = {}
        self._heard: dict[str, list[str]] = {}
        self._completions: dict[tuple[str, int], list[str]] = {}
        self._inflections: dict[str, tuple[str, ...]] = {}
        self._prefix_counts: dict[str, int] = {}
        self._parts: dict[str, tuple[str, str] | None] = {}

    @classmethod
    def from_counts(cls, counts: Mapping[str, int]) -> Vocabulary:
        """Makes a vocabulary of words with the numbers of stories that hold them."""
        vocabulary = cls()
        vocabulary.update(counts)
        return vocabulary

    def __contains__(self, word: str) -> bool:
        return word in self._counts or word in self._named

    def __len__(self) -> int:
        return len(self._counts)

    def first_known(self, words: Sequence[str]) -> str:
        """Returns the first of some words that is kept in memory; empty for none."""
        return next(filter(self._counts.__contains__, words), "")

    def is_unknown(self, word: str) -> bool:
        """Tells if it is sure that no story holds a word: it is a plain one, and all are known."""
        is_counted = len(word) <= _COUNTED and word.isascii() and word.isalnum()
        return is_counted and not (self.is_full or self.is_behind or word in self)

    def count(self, word: str) -> int:
        """Returns the number of stories that hold a word."""
        return self._counts.get(word, 0) or self._named.get(word, 0)

    @property
    def stories(self) -> int:
        """The number of stories that hold the commonest word: about as many as there are."""
        return self._most

    @property
    def is_german(self) -> bool:
        """True where some of the stories are in German, as its commonest words tell."""
        if self._is_german is None:
            self._is_german = max(map(self.count, _GERMAN)) * _GERMAN_SHARE >= self._most
        return self._is_german

    def weight(self, count: int) -> float:
        """Returns the inverse document frequency of what `count` stories hold: rare weighs more."""
        return math.log(1 + self._most / max(count, 1))

    def update(self, changes: Mapping[str, int]) -> None:
        """Updates the numbers of stories of some words; words with none are removed.

        New words are left out where there is no room for them.
        """
        self._most = max(self._most, max(changes.values(), default=0))
        self._forget_answers()
        gone = [word for word, count in changes.items() if not count and word in self._counts]
        self._lists.remove(gone)
        for word in gone:
            self._unique -= self._counts.pop(word) == 1
        added = []
        for word, count in changes.items():
            known = self._counts.get(word, 0)
            if count and (known or self._has_room(count)):
                self._unique += (count == 1) - (known == 1)
                self._counts[word] = count
                added += [] if known else [word]
        self._lists.add(added)
        self.is_full |= not (self._has_room(1) and self._has_room(2))

    def _forget_answers(self) -> None:
        self._is_german = None
        for cache in (self._corrections, self._heard, self._completions, self._inflections):
            cache.clear()
        self._prefix_counts.clear()
        self._parts.clear()
        self._named.clear()

    def _has_room(self, count: int) -> bool:
        if count == 1:
            return self._unique < self._max_unique
        return len(self._counts) - self._unique < self._max_common

    def add_named(self, counts: Mapping[str, int]) -> None:
        """Adds the numbers of stories of words that there was no room for, until the next change.

        They are neither corrected to nor completed to.
        """
        if len(self._named) > _CACHED:
            self._named.clear()
        self._named.update(counts)

    def complete(self, prefix: str, limit: int) -> list[str]:
        """Returns words that start with a prefix, the commonest first."""
        if len(self._completions) > _CACHED:
            self._completions.clear()
        if (prefix, limit) not in self._completions:
            found = self._lists.by_letters.words_with(prefix)[:_COMPLETED]
            self._completions[prefix, limit] = nsmallest(
                limit, found, key=lambda one: (-self._counts[one], one)
            )
        return self._completions[prefix, limit]

    def count_with(self, prefix: str) -> int:
        """Returns the sum of the numbers of stories that hold each word with a prefix."""
        if prefix not in self._prefix_counts:
            if len(self._prefix_counts) > _CACHED:
                self._prefix_counts.clear()
            found = self._lists.by_letters.words_with(prefix)
            self._prefix_counts[prefix] = sum(map(self._counts.__getitem__, found))
        return self._prefix_counts[prefix]

    def complete_with_typo(self, prefix: str, limit: int) -> list[str]:
        """Returns words that start with a prefix but for one typo in it, the commonest first."""
        near = self.correct_prefix(prefix, ANY_EDIT)
        found = {word for one in near for word in self.complete(one, limit)}
        return nsmallest(limit, found, key=lambda word: (-self._counts[word], word))

    def correct_prefix(self, prefix: str, shortest: int = _TYPO_PREFIX) -> list[str]:
        """Returns the prefixes of words that are one edit away from a prefix with a typo.

        Args:
            prefix: What was typed.
            shortest: How many letters it must have; with fewer it would become any other.
        """
        return self._lists.by_letters.correct_prefix(prefix, self._lists.alphabet, shortest)

    def has_prefix(self, prefix: str) -> bool:
        """Tells if some word starts with a prefix."""
        return self._lists.by_letters.has_prefix(prefix)

    def inflections(self, word: str) -> tuple[str, ...]:
        """Returns other words of the same stem, the commonest first: `pavilions` for `pavilion`."""
        known = self._inflections.get(word)
        if known is None:
            forms = (*plural_or_singular(word), *irregular_forms(word))
            held = filter(self._counts.__contains__, forms)
            kin = {*self._words_of_stem(word), *held} - {word}
            # The stems are of English words, and others have none.
            if not kin:
                others = other_endings(word, is_german=self.is_german)
                kin = {*filter(self._counts.__contains__, others)}
            if not kin and word not in self._counts:
                nouns = (word, *other_spellings(word)) if word.endswith(NOUNS) else ()
                verbs = chain.from_iterable(map(verbs_of_noun, nouns))
                kin = {*filter(self._counts.__contains__, verbs)}
            known = tuple(sorted(kin, key=lambda other: (-self._counts[other], other)))
            if len(self._inflections) > _CACHED:
                self._inflections.clear()
            self._inflections[word] = known
        return known

    def _words_of_stem(self, word: str) -> list[str]:
        stem = self._lists.stem(word)
        # Words of a stem begin as it does, but for its last letter (`city`, `cities`); most of what
        # no story holds begins as none.
        if word not in self._counts and not self.has_prefix(stem[:-1]):
            return []
        return self._lists.by_stem.words_of(stem)

    def split(self, word: str) -> list[tuple[str, str]]:
        """Returns the pairs of words that a word may be without its space, the commonest first."""
        ends = range(2, min(len(word) - 1, 2 * _LONGEST))  # one letter is no word
        pairs = ((word[:at], word[at:]) for at in ends)
        known = (pair for pair in pairs if all(half in self._counts for half in pair))
        return sorted(known, key=lambda pair: -min(map(self.count, pair)))

    def part(self, compound: str) -> list[tuple[str, str]]:
        """Returns the pairs of words that a compound may be made of, the longest halves first.

        Between them a letter or two may join them, as in German: `Verkehr-s-minister`.
        """
        ends = range(HALF, min(len(compound), 2 * _LONGEST) - HALF + 1)
        pairs = ((compound[:at], compound[at:]) for at in ends)
        known = [
            (first.removesuffix(link), last)
            for first, last in pairs
            if last in self._counts
            for link in LINKS
            if first.endswith(link) and len(first) - len(link) >= HALF
            if first.removesuffix(link) in self._counts
        ]
        return sorted(known, key=lambda pair: -min(map(len, pair)))

    def part_once(
        self, compound: str, part: Callable[[str, Vocabulary], tuple[str, str] | None]
    ) -> tuple[str, str] | None:
        """Returns what a function parts a compound into, which is asked once until a change.

        Each step of a search asks it of the same words, and that costs more than the rest of it.
        """
        if compound not in self._parts:
            if len(self._parts) > _CACHED:
                self._parts.clear()
            self._parts[compound] = part(compound, self)
        return self._parts[compound]

    def compounds(self, part: str, limit: int) -> list[str]:
        """Returns words that are made of a word and another known one, the commonest first.

        So `flughafenstreik` for `streik`, and for `flughafen`. What is joined with a long word need
        not be known where that ends with it, or where no story holds the word by itself.
        """
        if len(part) < HALF:
            return []
        ending = self._lists.by_ending.words_with(part[::-1])[:_COMPOUNDS]
        starting = self._lists.by_letters.words_with(part)[:_COMPOUNDS]
        among = {one for one in chain(ending, starting) if len(one) >= len(part) + HALF}
        is_long, is_new = len(part) >= _LONG_HALF, part not in self
        is_sure = not is_new or self.is_german  # that what is joined with it is enough
        found = [
            one
            for one in among
            if (is_long and (is_new or one.endswith(part)))
            or (is_sure and self._is_made_of(one, part))
        ]
        return nsmallest(limit, found, key=lambda one: (-self._counts[one], one))

    def _is_made_of(self, compound: str, half: str) -> bool:
        """Tells if `part` gives a pair of which a known word is one, without looking for all."""
        counts, rest = self._counts, compound.removesuffix(half)
        if len(compound) > 2 * _LONGEST:
            return False
        if compound != rest and any(
            first in counts
            for link in LINKS
            if rest.endswith(link) and len(first := rest.removesuffix(link)) >= HALF
        ):
            return True
        rest = compound.removeprefix(half)
        return compound != rest and any(
            last in counts
            for link in LINKS
            if rest.startswith(link) and len(last := rest[len(link) :]) >= HALF
        )

    def loose_parts(self, compound: str) -> tuple[str, str] | None:
        """Returns the halves of a compound that other words begin or end with; None for none.

        So `ferien` and `stau` of `ferienstau`, where stories hold `ferienbeginn` and `staus`. Of
        several pairs, that of the most even halves.
        """
        if not _LOOSE <= len(compound) <= _LONGEST:
            return None
        ends = range(HALF, len(compound) - HALF + 1)
        near = sorted(ends, key=lambda at: abs(len(compound) - 2 * at))
        pairs = ((compound[:at], compound[at:]) for at in near)
        return next((pair for pair in pairs if all(map(self.joined, pair))), None)

    def joined(self, half: str) -> list[str]:
        """Returns a few words that begin or end with a half of a compound, the commonest first."""
        lists = self._lists
        found = {*lists.by_letters.words_with(half), *lists.by_ending.words_with(half[::-1])}
        return nsmallest(_JOINED, found, key=lambda one: (-self._counts[one], one))

    def main_part(self, compound: str) -> str:
        """Returns the longest known word that a compound begins or ends with; empty for none.

        It makes up half of the compound: `kindergeld` of `kindergelderhohung`.
        """
        if not compound.isalpha() or len(compound) > 2 * _LONGEST:
            return ""
        least = max((len(compound) + 1) // 2, _LONG_HALF)
        sizes = range(len(compound) - HALF, least - 1, -1)
        parts = (part for size in sizes for part in (compound[:size], compound[-size:]))
        return next((part for part in parts if part in self._counts), "")

    def corrections(self, word: str, edits: int) -> list[str]:
        """Returns the known words at an edit distance of exactly one or two, the likeliest first.

        An edit is a letter too many, too few or wrong, or two swapped. Words of three and
        four letters have one edit at most, and that a plausible one (`is_plausible_slip`); of five
        letters one, or two that leave it the same letters in another order; shorter ones and those
        with digits none. One edit never leads to a digit or to another alphabet; `ph` for `f` is
        one.
        """
        shortest = ONE_EDIT if edits == 1 else ANY_EDIT
        if not shortest <= len(word) <= _LONGEST or not word.isalpha():
            return []
        if len(self._corrections) > _CACHED:
            self._corrections.clear()
        if (word, edits) not in self._corrections:
            found = self._near.one_edit_away(word) if edits == 1 else self._two_edits_away(word)
            self._corrections[word, edits] = sorted(
                found, key=lambda near: (near[0] != word[0], -self._counts[near], near)
            )
        return self._corrections[word, edits]

    def sounding_alike(self, word: str) -> list[str]:
        """Returns the known words that a short word may be which was spelled by ear.

        They are more than one edit away, the commonest first.
        """
        if len(word) not in _BY_EAR or not (word.isascii() and word.isalpha()):
            return []
        if len(self._heard) > _CACHED:
            self._heard.clear()
        if word not in self._heard:
            found = self._near.sounding_alike(word).difference(self.corrections(word, 1))
            self._heard[word] = sorted(found, key=lambda near: (-self._counts[near], near))
        return self._heard[word]

    def similar(self, word: str) -> list[str]:
        """Returns the known words that are most like a long word which is full of typos."""
        if not SURELY_LONG <= len(word) <= _LONGEST or not word.isalpha():
            return []
        return self._near.most_similar(word)

    def _two_edits_away(self, word: str) -> set[str]:
        if len(word) < TWO_EDITS:
            return self._near.anagrams(word).difference(self.corrections(word, 1))
        return self._near.two_edits_away(word)
