"""Cover of a question in scripts without spaces: how much of it a title and a summary hold.

Nobody types spaces between the words of such a question, so its words are not known. It is
parted in those pieces that a story holds: `花莲地震` is held whole where `花莲` and `地震` stand
apart, and `日航の飲酒` where `飲酒` does and a name that `日航` is short for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.search.abbreviated_runs import find_clipped, find_whole_name
from bot.text.han_numerals import with_digits, with_numerals
from bot.text.japanese import bare_of_okurigana, loosely_spelt, written_in_kana
from bot.text.run_questions import particle_at_end
from bot.text.tokenizer import fold_in_place, fold_widths, is_run

LONGEST = 40
"""Letters of a question whose pieces are looked for; a longer one is a pasted text."""

_SEGMENT = re.compile(r"[^\W_]+")
_PART = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+|[a-z]+|[0-9]+")
_KATAKANA = re.compile("[\u30a1-\u30fc]")
_IDEOGRAPHS = re.compile("[\u3400-\u9fff]+")
_PARTICLES = frozenset("がをはにのでともへや的之了在是与和於于")
_SHORTEST, _LONGEST_SHORT = 2, 4  # letters of a piece, and of a short name
_NAME, _LONGEST_NAME = 4, 6  # letters of a whole name that is looked for by its short one
_VERB, _VERB_WEIGHT = re.compile("[\uac00-\ud7a3]{2,}[다요]"), 0.6  # says less than a noun does
_INFLECTED = 4  # kana in which forms of a verb may differ
_LEADING, _LEAD = 2, 1.3  # letters that begin a question tell what it is about, and weigh more
_KANA_WEIGHT = 0.3  # of hiragana, which stand in any text
_WORD_WEIGHT = 2.0  # of a word of other letters, of digits, or of one letter
_LETTER, _LETTER_BELOW = 0.5, 0.7  # what a letter lacks that stands there without its neighbours
_ENDING, _SHORT_NAME = 0.02, 0.15  # what another ending of a verb lacks, and each letter of a name


@dataclass(frozen=True, slots=True)
class Cover:
    """What a story holds of a question.

    Attributes:
        lacking: The weight of what it does not hold.
        total: The weight of the question.
        is_whole: True where it holds all of it, in pieces.
        names: What was taken for short names, each with the whole one.
    """

    lacking: float
    total: float
    is_whole: bool = True
    names: tuple[tuple[str, str], ...] = ()

    @property
    def share(self) -> float:
        """The share of the question that the story holds, from 0 to 1."""
        return 1 - self.lacking / self.total if self.total else 0.0

    def __add__(self, other: Cover) -> Cover:
        return Cover(
            self.lacking + other.lacking,
            self.total + other.total,
            self.is_whole and other.is_whole,
            self.names + other.names,
        )


@dataclass(frozen=True)
class CoveringText:
    """A title and a summary, in which pieces of a question are looked for."""

    title: str
    summary: str

    @cached_property
    def _whole(self) -> str:
        return fold_widths(f"{self.title}\n{self.summary}")

    @cached_property
    def folded(self) -> str:
        """Both, folded."""
        return fold_in_place(self._whole)

    @cached_property
    def bare(self) -> str:
        """Both, folded and without the kana that may be left out between ideographs."""
        return bare_of_okurigana(self.folded)

    @cached_property
    def loose(self) -> str:
        """Both, folded, with words of other languages spelt alike."""
        return fold_in_place(loosely_spelt(self._whole))

    @cached_property
    def folded_title(self) -> str:
        """The title, folded."""
        return self.folded.partition("\n")[0]

    def whole_name(self, short: str) -> str:
        """Returns the name that a word is short for, as it is written; empty for none."""
        found = find_whole_name(short, self.folded) or find_clipped(short, self._whole)
        return self._whole[slice(*found)] if found else ""

    def holds_short_name(self, short: str) -> bool:
        """Tells if the title holds the first letters of the words of a name."""
        return short in self.folded_title and _IDEOGRAPHS.fullmatch(short) is not None

    def begins_word(self, letter: str) -> bool:
        """Tells if the text holds a letter; of Hangul, at the beginning of a word."""
        at = self.folded.find(letter)
        while at >= 0:
            if not ("\uac00" <= letter <= "\ud7a3" and is_run(self.folded[at - 1 : at])):
                return True
            at = self.folded.find(letter, at + 1)
        return False


@dataclass
class RunQuestion:
    """A word of a question, as it was typed, and its pieces."""

    typed: str
    leads: bool = False
    """True where it begins the question."""

    variants: Sequence[str] = field(init=False)
    """It with numbers in digits, and in ideographs, too, and with words in kana."""

    def __post_init__(self) -> None:
        plain = fold_widths(unicodedata.normalize("NFC", self.typed.lower()))
        others = (with_digits(plain), with_numerals(plain), *written_in_kana(plain))
        self.variants = list(dict.fromkeys((plain, *others)))

    def cover(self, text: CoveringText) -> Cover:
        """Returns what a text holds of it."""
        return max(self._covers(text), key=lambda one: (one.share, one.is_whole))

    def _covers(self, text: CoveringText) -> Iterator[Cover]:
        for plain in self.variants:
            yield _cover(plain, text, text.folded, leads=self.leads)
            bare = bare_of_okurigana(plain)
            if bare != plain:
                yield _cover(bare, text, text.bare, leads=self.leads)
            if _KATAKANA.search(plain):
                yield _cover(loosely_spelt(plain), text, text.loose, leads=self.leads)


def _cover(plain: str, text: CoveringText, among: str, *, leads: bool) -> Cover:
    total = Cover(0, 0)
    for segment in _SEGMENT.finditer(plain):
        for part in _PART.finditer(segment[0]):
            if is_run(part[0]):
                ends = part.end() == len(segment[0])
                total += _Parting(
                    part[0], text, among, leads=leads and not total.total, ends=ends
                ).best()
            else:
                is_held = re.search(rf"(?<![a-z0-9]){part[0]}(?![a-z0-9])", among) is not None
                total += Cover(0 if is_held else _WORD_WEIGHT, _WORD_WEIGHT, is_held)
    return total


class _Parting:
    """The parting of a run in pieces that a text holds, so that as little as can be is lacking."""

    def __init__(
        self, run: str, text: CoveringText, among: str, *, leads: bool, ends: bool
    ) -> None:
        self._typed, self._run, self._text, self._among = run, fold_in_place(run), text, among
        self._kana = ["\u3041" <= letter <= "\u309f" for letter in run]
        self._weights = [_KANA_WEIGHT if kana else 1.0 for kana in self._kana]
        self._end = particle_at_end(run) if ends else len(run)
        if _VERB.fullmatch(run):
            self._weights = [_VERB_WEIGHT * one for one in self._weights]
        if leads:
            self._weights[:_LEADING] = [one * _LEAD for one in self._weights[:_LEADING]]

    def best(self) -> Cover:
        """Returns the best parting."""
        size = len(self._run)
        best = [Cover(0, 0), *[Cover(size * 2.0, 0, is_whole=False)] * size]
        for start in range(size):
            for end, cover in self._pieces(start):
                so_far = best[start] + cover
                if (so_far.lacking, not so_far.is_whole) < (
                    best[end].lacking,
                    not best[end].is_whole,
                ):
                    best[end] = so_far
        return best[size]

    def _pieces(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields the pieces that begin at a place: where each ends, and what it lacks."""
        yield start + 1, self._letter(start)
        if start and start == self._end:  # a particle
            yield len(self._run), self._held(start, len(self._run))
        yield from self._literal(start)
        yield from self._short_names(start)
        yield from self._whole_names(start)

    def _literal(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields what the text holds as it stands, with other endings, too."""
        run, size = self._run, len(self._run)
        end = start + _SHORTEST
        while end <= size and run[start:end] in self._among:
            yield end, self._held(start, end)
            for ending in range(end + 1, min(end + _INFLECTED, size) + 1):
                if not self._kana[ending - 1] or self._kana[start]:
                    break
                yield ending, self._held(start, ending, _ENDING * (ending - end))
            end += 1

    def _short_names(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields what may be short for names that the text holds."""
        for end in range(start + _SHORTEST, min(start + _LONGEST_SHORT, len(self._run)) + 1):
            if self._run[start:end] not in self._among:
                typed = self._typed[start:end]
                yield from self._named(start, end, self._text.whole_name(typed))

    def _whole_names(self, start: int) -> Iterator[tuple[int, Cover]]:
        """Yields the names of which the text may hold a short form."""
        short = self._run[start : start + 3 : 2]
        if len(short) == _SHORTEST and self._text.holds_short_name(short):
            for end in range(start + _NAME, min(start + _LONGEST_NAME, len(self._run)) + 1):
                if self._is_new(start, end):
                    yield from self._named(start, end, short)

    def _named(self, start: int, end: int, name: str) -> Iterator[tuple[int, Cover]]:
        if name:
            names = ((self._typed[start:end], name),)
            yield end, self._held(start, end, _SHORT_NAME * (end - start), names)

    def _held(
        self,
        start: int,
        end: int,
        lacking: float = 0,
        names: tuple[tuple[str, str], ...] = (),
    ) -> Cover:
        return Cover(lacking, sum(self._weights[start:end]), names=names)

    def _is_new(self, start: int, end: int) -> bool:
        """Tells if the text holds no two letters of a row side by side, and it has no kana."""
        pairs = (self._run[at : at + 2] for at in range(start, end - 1))
        return not any(self._kana[start:end]) and not any(map(self._among.__contains__, pairs))

    def _is_word(self, at: int) -> bool:
        """Tells if a letter is a word by itself, which the text holds: `米の値段`, `쌀 가격`."""
        letter, size = self._run[at], len(self._run)
        is_alone = (not at or self._kana[at - 1]) and (at + 1 == size or self._kana[at + 1])
        return is_alone and not self._kana[at] and self._text.begins_word(letter)

    def _letter(self, at: int) -> Cover:
        letter, weight = self._run[at], self._weights[at]
        if self._is_word(at):
            return Cover(0, weight * _WORD_WEIGHT)
        if at and letter in _PARTICLES:
            return Cover(0, 0)
        if self._kana[at] or letter not in self._among:
            return Cover(weight, weight, is_whole=False)
        lacking = _LETTER if letter in self._text.folded_title else _LETTER_BELOW
        return Cover(lacking * weight, weight, is_whole=False)
