"""Cover of a question in scripts without spaces: how much of it a title and a summary hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.search.abbreviated_runs import find_clipped, find_whole_name
from bot.text.japanese import bare_of_okurigana, loosely_spelt
from bot.text.korean import loosely_spelt_hangul
from bot.text.tokenizer import fold_in_place, fold_widths, is_run

_IDEOGRAPHS = re.compile("[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Cover:
    """Share of a question that a story holds.

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
    """A title and a summary, in which pieces of a question are looked for.

    Attributes:
        title: The title.
        summary: The summary; or more of the story.
        has_names: True where names are looked for by their short ones, too.
    """

    title: str
    summary: str
    has_names: bool = True

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
        """Both, folded, with what is spelt in two ways spelt alike."""
        return fold_in_place(loosely_spelt_hangul(loosely_spelt(self._whole)))

    @cached_property
    def folded_title(self) -> str:
        """The title, folded."""
        return self.folded.partition("\n")[0]

    def whole_name(self, short: str, folded: str) -> str:
        """Returns the name that a word is short for, as it is written; empty for none."""
        if not self.has_names:
            return ""
        found = find_whole_name(folded, self.folded) or find_clipped(short, self._whole)
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
