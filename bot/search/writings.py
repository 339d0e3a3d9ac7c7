"""Other writings of a run of ideographs, kana or Hangul: other signs for the same words.

Kana for ideographs and the other way round, okurigana that may be left out, numbers, and the short
names of institutions.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.search.ideographs import short_names
from bot.search.occurrences import Form
from bot.search.ranking import INFLECTED
from bot.search.vocabulary import Vocabulary
from bot.text.han_numerals import with_digits, with_numerals
from bot.text.initials import MARK
from bot.text.japanese import in_ideographs, in_kana, with_okurigana, without_okurigana
from bot.text.tokenizer import is_run, unite, words

_SHORT_NAME = 0.85  # the quality of the short form of a name


def other_writings(
    typed: Form, vocabulary: Vocabulary, *, is_whole: bool
) -> list[tuple[Form, float]]:
    """Returns a run as it may also be written, and letters with stops without these.

    Args:
        typed: A run's pairs of neighbours, or letters.
        vocabulary: The words of the stories.
        is_whole: False for a part of a run, of which nobody knows where its words begin.
    """
    if all(len(word) == 1 and word.isascii() for word in typed) and len(typed) > 1:
        joined = "".join(typed)
        return [((joined,), INFLECTED), ((f"{MARK}{joined}",), INFLECTED)]
    found = [*in_kana(typed), *without_okurigana(typed)]
    short: list[Form] = []
    if is_whole:
        short += short_names(typed)
        found += _with_other_numbers(typed)
        found += [tuple(words(written)) for written in in_ideographs(typed)]
    elif len(typed) == 1 and typed[0] not in vocabulary:
        found += with_okurigana(typed[0])
    writings = [(form, INFLECTED) for form in dict.fromkeys(found)]
    return writings + [(form, _SHORT_NAME) for form in short]


def _with_other_numbers(typed: Form) -> Iterator[Form]:
    """Yields a run with its numbers in digits, and in ideographs: `41度` for `四十一度`."""
    text = unite(typed) if any(map(is_run, typed)) else ""
    for other in (with_digits(text), with_numerals(text)):
        if other != text:
            yield tuple(words(other))
