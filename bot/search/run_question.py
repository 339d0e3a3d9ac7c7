"""Words of questions in scripts without spaces, parted in the pieces that a story holds.

Nobody types spaces between the words of such a question, so its words are not known. `花莲地震` is
held whole where `花莲` and `地震` stand apart, and `日航の飲酒` where `飲酒` does and a name that
`日航` is short for. Of what a story does not hold, that weighs most which few stories have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.search.run_cover import Cover, CoveringText
from bot.text.han_numerals import with_digits, with_numerals
from bot.text.japanese import bare_of_okurigana, loosely_spelt, written_in_kana
from bot.text.korean import loosely_spelt_hangul
from bot.text.run_questions import particle_at_end
from bot.text.tokenizer import fold_in_place, fold_widths, is_run

Rarity: TypeAlias = Callable[[str], float]
"""Returns how much a pair of letters tells: from 0 to 1, and 1 for one that is nowhere."""

_SEGMENT = re.compile(r"[^\W_]+")
_PART = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+|[a-z]+|[0-9]+")
_IDEOGRAPHS = re.compile("[\u3400-\u9fff]{2}")
_LOOSE = re.compile("[\u30a1-\u30fc\uac00-\ud7a3]")
_VERB = re.compile("[\uac00-\ud7a3]{2,}[다요]")
_PARTICLES = frozenset("がをはにのでともへや的之了在是与和於于")
_HANGUL = "\uac00"
_SHORTEST, _LONGEST_SHORT = 2, 4  # letters of a piece, and of a short name
_NAME, _LONGEST_NAME = 4, 6  # letters of a whole name that is looked for by its short one
_THREE = 3  # letters of a word in which one may be wrong
_INFLECTED = 4  # kana in which forms of a verb may differ
_LEADING, _LEAD = 2, 1.3  # letters that begin a question tell what it is about, and weigh more
_KANA_WEIGHT = 0.3  # of hiragana, which stand in any text
_WORD_WEIGHT = 2.0  # of a word of other letters, of digits, or of one letter
_VERB_WEIGHT = 0.6  # a verb says less than that which it is said of
_LETTER, _LETTER_BELOW = 0.5, 0.7  # what a letter lacks that stands there without its neighbours
_SYLLABLE = 0.9  # likewise a letter that means nothing by itself
_BELOW = 0.1  # what each letter lacks that stands in the summary alone
_ENDING = 0.02  # what each letter of another ending of a verb lacks
_SHORT_NAME, _LONGER_NAME = 0.4, 0.05  # what a short name lacks, but for so much for each letter
_BEGUN = 0.15  # what a word lacks that others begin with


class RunQuestion:
    """A word of a question, as it was typed."""

    def __init__(
        self, typed: str, rarity: Rarity, *, leads: bool = False, is_alone: bool = False
    ) -> None:
        """Parts what was typed.

        Args:
            typed: What stands between two spaces.
            rarity: Tells how much its pairs of letters tell.
            leads: True where it begins the question.
            is_alone: True where nothing else was typed.
        """
        plain = fold_widths(unicodedata.normalize("NFC", typed.lower()))
        others = (with_digits(plain), with_numerals(plain), *written_in_kana(plain))
        self._variants = list[tuple[str, str, Sequence[_Run | _Word]]]()
        for one in dict.fromkeys((plain, *others)):
            for kind, spelt in _spellings(one):
                parts = list(_parts(spelt, rarity, leads=leads, is_alone=is_alone))
                self._variants.append((kind, spelt, parts))

    def cover(self, text: CoveringText) -> Cover:
        """Returns what a text holds of it, however it is written."""
        covers = list[Cover]()
        seen = set[tuple[str, str]]()
        for kind, spelt, parts in self._variants:
            among: str = getattr(text, kind)
            if (spelt, among) in seen:
                continue
            seen.add((spelt, among))
            covers.append(sum((part.cover(text, among) for part in parts), Cover(0, 0)))
            if covers[-1].is_whole and not covers[-1].names:
                break  # as it was typed, mostly
        return max(covers, key=lambda one: (one.share, one.is_whole))


def _spellings(plain: str) -> Iterator[tuple[str, str]]:
    """Yields how a word may be spelt, each with the property of a text in which it is so."""
    yield "folded", plain
    if _IDEOGRAPHS.search(plain):
        yield "bare", bare_of_okurigana(plain)
    if _LOOSE.search(plain):
        yield "loose", loosely_spelt_hangul(loosely_spelt(plain))


def _parts(plain: str, rarity: Rarity, *, leads: bool, is_alone: bool) -> Iterator[_Run | _Word]:
    for segment in _SEGMENT.finditer(plain):
        for part in _PART.finditer(segment[0]):
            if is_run(part[0]):
                is_last = part.end() == len(segment[0])
                end = particle_at_end(part[0], is_alone=is_alone) if is_last else len(part[0])
                yield _Run(part[0], rarity, leads=leads, end=end)
            else:
                yield _Word(part[0])
            leads = False


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of Latin letters, or of digits."""

    word: str

    def cover(self, _text: CoveringText, among: str) -> Cover:
        """Returns what a folded text holds of it."""
        found = re.search(rf"(?<![a-z0-9]){self.word}([a-z0-9]*)", among)
        if found is None:
            return Cover(_WORD_WEIGHT, _WORD_WEIGHT, is_whole=False)
        if not found[1]:
            return Cover(0, _WORD_WEIGHT)
        return Cover(_BEGUN * _WORD_WEIGHT, _WORD_WEIGHT, is_whole=False)


class _Run:
    """A run of letters without spaces, and what each of them weighs."""

    def __init__(self, run: str, rarity: Rarity, *, leads: bool, end: int) -> None:
        self.typed, self.folded = run, fold_in_place(run)
        self.kana = ["\u3041" <= letter <= "\u309f" for letter in run]
        self.katakana = ["\u30a1" <= letter <= "\u30fc" for letter in run]
        self.end = end
        kana_weight = 1.0 if all(self.kana) else _KANA_WEIGHT  # `はしか` is a word
        verb = _VERB_WEIGHT if _VERB.fullmatch(run) else 1.0
        self.weights = [
            verb * (kana_weight if kana else 1.0) * (_LEAD if leads and at < _LEADING else 1.0)
            for at, kana in enumerate(self.kana)
        ]
        pairs = [rarity(self.folded[at : at + 2]) for at in range(len(run) - 1)]
        for at in range(len(run)):
            near = pairs[max(at - 1, 0) : at + 1] or [rarity(self.folded)]
            self.weights[at] *= min(near)

    def cover(self, text: CoveringText, among: str) -> Cover:
        """Returns what a text holds of it, parted so that as little as can be is lacking."""
        size, parting = len(self.folded), _Parting(self, text, among)
        best = [Cover(0, 0), *[Cover(size * 2.0, 0, is_whole=False)] * size]
        for start in range(size):
            for end, cover in parting.pieces(start):
                so_far, known = best[start] + cover, best[end]
                if (so_far.lacking, not so_far.is_whole) < (known.lacking, not known.is_whole):
                    best[end] = so_far
        return best[size]


@dataclass(frozen=True, slots=True)
class _Parting:
    """The pieces of a run, and what of each a text lacks."""

    run: _Run
    text: CoveringText
    among: str

    def pieces(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields the pieces that begin at a place: where each ends, and what it lacks."""
        yield start + 1, self._letter(start)
        if start and start == self.run.end:  # a particle
            yield len(self.run.folded), self._held(start, len(self.run.folded))
        yield from self._literal(start)
        yield from self._with_one_wrong(start)
        yield from self._short_names(start)
        yield from self._whole_names(start)

    def _literal(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields what the text holds as it stands, with other endings, too."""
        run, size = self.run, len(self.run.folded)
        end, title = start + _SHORTEST, self.among.find("\n")
        while end <= size and (at := self.among.find(run.folded[start:end])) >= 0:
            below = _BELOW * (end - start) if at > title else 0
            if not self._is_syllable(start, end):
                yield end, self._held(start, end, below)
            for ending in range(end + 1, min(end + _INFLECTED, size) + 1):
                if not run.kana[ending - 1] or run.kana[start]:
                    break
                yield ending, self._held(start, ending, below + _ENDING * (ending - end))
            end += 1

    def _is_syllable(self, start: int, end: int) -> bool:
        """Tells if a piece is two letters of a longer word in kana, which stand in many."""
        if end - start > _SHORTEST:
            return False
        return any(
            all(kind[start:end]) and any(kind[max(start - 1, 0) : start] + kind[end : end + 1])
            for kind in (self.run.kana, self.run.katakana)
        )

    def _with_one_wrong(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields three letters of which the title holds the first and the last, around another."""
        run, end, title = self.run, start + _THREE, self.text.folded_title
        if end > len(run.folded) or any(run.kana[start:end]):
            return
        first, last = run.folded[start], run.folded[end - 1]
        places = (at for at, letter in enumerate(title[:-2]) if letter == first)
        if any(title[at + 2] == last and is_run(title[at + 1]) for at in places):
            weight = sum(run.weights[start:end])
            yield end, Cover(weight / _THREE, weight, is_whole=False)

    def _short_names(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields what may be short for names that the text holds."""
        run = self.run
        for end in range(start + _SHORTEST, min(start + _LONGEST_SHORT, len(run.folded)) + 1):
            folded = run.folded[start:end]
            if folded not in self.among:
                name = self.text.whole_name(run.typed[start:end], folded)
                yield from self._named(start, end, name)

    def _whole_names(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields the names of which the text may hold a short form."""
        folded = self.run.folded
        short = folded[start : start + 3 : 2]
        if len(short) == _SHORTEST and self.text.holds_short_name(short):
            for end in range(start + _NAME, min(start + _LONGEST_NAME, len(folded)) + 1):
                if self._is_new(start, end):
                    yield from self._named(start, end, short)

    def _named(self, start: int, end: int, name: str) -> Iterator[tuple[int, Cover]]:
        if name:
            names = ((self.run.typed[start:end], name),)
            lacking = _SHORT_NAME - _LONGER_NAME * (end - start)
            yield end, self._held(start, end, lacking, names)

    def _held(
        self,
        start: int,
        end: int,
        lacking: float = 0,
        names: tuple[tuple[str, str], ...] = (),
    ) -> Cover:
        return Cover(lacking, sum(self.run.weights[start:end]), names=names)

    def _is_new(self, start: int, end: int) -> bool:
        """Tells if the text holds no two letters of a row side by side, and it has no kana."""
        pairs = (self.run.folded[at : at + 2] for at in range(start, end - 1))
        return not (any(self.run.kana[start:end]) or any(map(self.among.__contains__, pairs)))

    def _letter(self, at: int) -> Cover:
        letter, weight = self.run.folded[at], self.run.weights[at]
        if self._is_word(at):
            return Cover(0, weight * _WORD_WEIGHT)
        if at and letter in _PARTICLES:
            return Cover(0, 0)
        if self.run.kana[at] or letter not in self.among:
            return Cover(weight, weight, is_whole=False)
        lacking = _LETTER if letter in self.text.folded_title else _LETTER_BELOW
        if self.run.katakana[at] or letter >= _HANGUL:  # a syllable, and no word
            lacking = _SYLLABLE
        return Cover(lacking * weight, weight, is_whole=False)

    def _is_word(self, at: int) -> bool:
        """Tells if a letter is a word by itself, which the text holds: `米の値段`, `쌀 가격`."""
        kana, size = self.run.kana, len(self.run.folded)
        is_alone = (not at or kana[at - 1]) and (at + 1 == size or kana[at + 1])
        return is_alone and not kana[at] and self.text.begins_word(self.run.folded[at])
