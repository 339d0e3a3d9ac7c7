"""Term expansion: all that may be meant by one word, each with how likely it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.search.digit_writings import other_digit_writings
from bot.search.occurrences import Form
from bot.search.plan import MAX_FORMS, MAX_HEARD, ExpandedTerm, may_change, other_forms, weigh
from bot.search.plausibility import begins_alike, is_plausible_slip
from bot.search.query import Term
from bot.search.ranking import COMPOUND, DOUBTFUL, INFLECTED
from bot.search.vocabulary import Vocabulary
from bot.search.writings import other_writings
from bot.text.english import is_english_word, is_spelling_variant
from bot.text.german import bare_stems, other_endings, other_spellings, verb_forms
from bot.text.german_verbs import strong_forms
from bot.text.initials import MARK, SHORTEST, is_abbreviation
from bot.text.stemming import bases, plural_or_singular
from bot.text.stopwords import EXTENDED_STOPWORDS, STOPWORDS
from bot.text.tokenizer import is_run

ONE_EDIT = 0.85
"""The quality of an unknown word's correction by one edit."""

CORRECTED_KIN = 0.73
"""The quality of another form of such a correction: what is one edit away was rather meant."""

TWO_EDITS = 0.65
"""The quality of a correction by two edits, of a likely one."""

_KIN = CORRECTED_KIN / ONE_EDIT
_NEAR_KIN = 0.95  # the quality of a form of an unknown word that is one edit from it
_UNFINISHED = 0.88  # likewise of a correction by the one letter that lacks at the end

# The quality of what may be meant by an unknown word: two words, of which one is very short; a word
# of which it is a prefix (as the last word, and anywhere); and a word with a typo.
_SPLIT, _SPLIT_SHORT = 0.85, 0.7
_PREFIX, _COMPLETED = 0.85, 0.8
_COMPOUND, _COMPOUNDS = 0.7, 4  # likewise by a word that it is a part of, and how many of these
_MANY_EDITS = 0.5
_VERB = 0.7  # likewise by another form of what may be a German verb
_CLITICS = frozenset(("ll", "re", "ve"))  # what an apostrophe parts: `hell` is not `he'll`
_MAIN_PART = 0.66  # likewise by half of a compound: rather than by two edits
_KNOWN_PREFIX, _KNOWN_EDIT = DOUBTFUL, DOUBTFUL  # likewise by a known word
_NEAR_BASES = 3  # words of which an unknown one may be a form with a slip
_OTHER_START = 0.85  # of the quality of a word that begins with another letter than was typed
_TRIFLE = 0.997  # between words that may equally be meant, so that the commoner comes first
_RARE, _TWENTYFOLD = 2, 20  # stories that hold a word which is doubted beside one so much commoner;
# where twice as many hold it, the other must be four times as common
_ACRONYM = 3  # letters of a word in capitals that is one, whether stories hold it or not
_LONG = 5  # letters from which on a known word is doubted


@dataclass(frozen=True, slots=True)
class TermExpander:
    """Expands terms.

    Attributes:
        vocabulary: The words of the stories.
        edits: How many there may be in a word; three stand for words that are only similar.
        found: True where some story holds the very words.
        alone: True where a single word was typed.
        shouted: True where several words were typed, all of them in capitals.
    """

    vocabulary: Vocabulary
    edits: int
    found: bool = False
    alone: bool = False
    shouted: bool = False

    def expand(self, term: Term, *, is_prefix: bool, is_doubted: bool) -> ExpandedTerm:
        """Returns a term with all that may be meant by it."""
        if not may_change(term):
            (word, *rest) = term.words
            is_letter = not rest and len(word) == 1 and is_run(word)  # found as a pair begins
            is_whole = self.edits <= 2  # noqa: PLR2004 - some will do then
            others = other_writings(term.words, self.vocabulary, is_whole=is_whole)
            others += other_digit_writings(term.words, self.vocabulary)
            others = [] if term.quoted else others
            return weigh(term, others, self.vocabulary, INFLECTED if is_letter else 0.0)
        word = term.words[0]
        is_capital = term.typed.isupper()
        if is_capital and self._is_acronym(word):
            initials: list[tuple[Form, float]] = [((f"{MARK}{word}",), INFLECTED)]
            initials += other_digit_writings((word,), self.vocabulary)
            return weigh(term, initials, self.vocabulary)
        prefix = _KNOWN_PREFIX if self.found and word in self.vocabulary else _PREFIX
        others = self._others(word, is_doubted=is_doubted, is_capital=is_capital)
        is_long = len(word) > 1 + self.alone  # two letters alone begin far too much
        is_begun = is_prefix and is_long and not self._is_whole(word)
        return weigh(term, others, self.vocabulary, prefix if is_begun else 0.0)

    def _is_acronym(self, word: str) -> bool:
        """Tells if a word in capitals is an abbreviation: `UN` begins no word, and is no slip."""
        if self.shouted or not is_abbreviation(word):
            return False
        return word in self.vocabulary or len(word) <= _ACRONYM

    def _is_whole(self, word: str) -> bool:
        """Tells if a word is one of its own, though no story holds it.

        So is `trump` alone, and `fee` where stories hold `fees`.
        """
        if word in self.vocabulary or not is_english_word(word):
            return False
        is_last_resort = self.edits > 2  # noqa: PLR2004
        return self.alone or (is_last_resort and bool(self.vocabulary.inflections(word)))

    def _others(self, word: str, *, is_doubted: bool, is_capital: bool) -> list[tuple[Form, float]]:
        """Returns what may stand in a word's place, the best first."""
        words = self.vocabulary
        found = other_forms(word, words)
        if not word.isalpha():
            found += other_digit_writings((word,), words)
        if self.edits > 1 and words.is_german:
            verbs = (*verb_forms(word), *strong_forms(word))
            found += [((one,), _VERB) for one in verbs if one in words]
        if is_doubted and word in words:
            found += self._likelier(word)
        elif is_doubted:
            has_forms = any(len(f) == 1 and self._is_ending(word, *f) for f, _ in found)
            found = self._plausible_kin(word, found)
            found += self._corrections(word, has_forms=has_forms)
        spellings = [] if word in words or is_english_word(word) else self._spellings(word)
        found += [((one,), self._spelling_quality(one)) for one in spellings if one in words]
        if self.edits > 1 and words.is_german:
            kin = (other for one in spellings for other in words.inflections(one))
            found += [((one,), ONE_EDIT) for one in kin]
        may_be_german = words.is_german and word not in words
        if self.edits > 1 and (may_be_german or not is_english_word(word)):
            # English has few, and they mean else.
            stems = bare_stems(word) if words.is_german else []
            parts = (word, *spellings, *stems)
            compounds = (c for one in parts for c in words.compounds(one, _COMPOUNDS))
            good = COMPOUND if words.is_german else _COMPOUND
            found += [((one,), good) for one in compounds]
        # In small letters it is rather a typo, unless there is nothing that it is a typo of.
        if is_abbreviation(word) and (is_capital or self._may_be_initials(word, found)):
            found.append(((f"{MARK}{word}",), INFLECTED))
        best: dict[Form, float] = {}
        for form, quality in found:
            best[form] = max(quality, best.get(form, 0.0))
        return sorted(best.items(), key=lambda one: -one[1])[: MAX_FORMS * 2]

    def _spellings(self, word: str) -> list[str]:
        """Returns German spellings of a word; in English, `oen` is no `on`."""
        others = other_spellings(word)
        return others if self.vocabulary.is_german else [o for o in others if o not in STOPWORDS]

    def _spelling_quality(self, word: str) -> float:
        """Returns the quality of a German spelling; in English, `cloese` is a slip of `close`."""
        is_slip = is_english_word(word) and not self.vocabulary.is_german
        return ONE_EDIT if is_slip else INFLECTED

    def _may_be_initials(self, word: str, found: Sequence[tuple[Form, float]]) -> bool:
        """Tells if nothing else may be meant by a word but what nobody searches for: `not`."""
        if word in self.vocabulary or (self.alone and len(word) == SHORTEST):
            return False  # two letters alone would stand for anything
        return not found or all(
            len(form) == 1 and form[0] in EXTENDED_STOPWORDS for form, _ in found
        )

    def _plausible_kin(self, word: str, kin: list[tuple[Form, float]]) -> list[tuple[Form, float]]:
        """Returns other forms of an unknown word, those first that are one edit from it.

        Where only words of other stems are that near, or none is its form by an ending, it is a
        typo of these, and its own stem one by chance: `officeals` is no form of `office`.
        """
        near = [] if is_english_word(word) else self.vocabulary.corrections(word, 1)
        if not near:
            return kin
        if not any(form[0] in near and self._is_ending(word, *form) for form, _ in kin):
            return [(form, ONE_EDIT if form[0] in near else CORRECTED_KIN) for form, _ in kin]
        return [(form, _NEAR_KIN if form[0] in near else good) for form, good in kin]

    def _is_ending(self, word: str, kin: str) -> bool:
        """Tells if words of one stem differ by an ending: `occurrencs` is no form of any word."""
        forms = [*plural_or_singular(word), *bases(word)]
        if self.vocabulary.is_german:
            forms += [*other_endings(word, is_german=True), *verb_forms(word), *strong_forms(word)]
        return kin in forms or word in (*plural_or_singular(kin), *bases(kin))

    def _corrections(self, word: str, *, has_forms: bool) -> list[tuple[Form, float]]:
        """Returns what may be meant by an unknown word.

        Where stories hold other forms of it, it is no word with two slips.
        """
        words = self.vocabulary
        near = words.corrections(word, 1)
        if is_english_word(word):
            # It was meant as it stands. What is one edit away may only be offered (`near_words`);
            # at the end, where nothing holds the other words either, a plain slip counts a little.
            kin = [one for one in near if is_spelling_variant(one, word)]
            is_doubted = self.edits > 2 and not self.alone  # noqa: PLR2004
            slips = [one for one in near if is_doubted and is_plausible_slip(word, one)]
            found = [((one,), INFLECTED) for one in kin] + self._halves(word)
            return found + [((one,), _KNOWN_EDIT) for one in slips if one not in kin]
        if self.edits > 2:  # noqa: PLR2004 - so much is doubted here that the rest must be likely
            near = [one for one in near if begins_alike(word, one)]
        found = _by_likelihood(word, near[:MAX_FORMS], ONE_EDIT)
        if not any(begins_alike(word, one) for one in near):
            found += _by_likelihood(word, self._near_bases(word), CORRECTED_KIN)
        found += [
            ((kin,), good * _KIN)
            for (one,), good in found[:3]
            for kin in words.inflections(one)
            if kin not in STOPWORDS
        ]
        found += [((one,), _UNFINISHED) for one in near if one[:-1] == word]
        found += self._halves(word)
        if len(word) >= _LONG - 1:
            found += [((one,), _COMPLETED) for one in words.complete(word, 3)]
        far: list[str] = []
        if self.edits > 1 and not has_forms:
            far = [*words.corrections(word, 2)[:MAX_FORMS], *self._sounding_alike(word)]
            found += _by_likelihood(word, far, TWO_EDITS)
        if self.edits > 2:  # noqa: PLR2004 - beyond two there is no counting
            found += [((one,), _MANY_EDITS) for one in words.similar(word)]
            part, is_slip = words.main_part(word), any(map(is_english_word, far))
            found += [((part,), _MANY_EDITS if is_slip else _MAIN_PART)] if part else []
        return found

    def _near_bases(self, word: str) -> list[str]:
        """Returns words of which a form with a slip may be meant: `ferry` by `feries`."""
        words = self.vocabulary
        near = (
            one
            for base in bases(word)
            for one in ([base] if base in words else words.corrections(base, 1))
        )
        found = (one for one in near if begins_alike(word, one) and one not in EXTENDED_STOPWORDS)
        return list(dict.fromkeys(found))[:_NEAR_BASES]

    def _halves(self, word: str) -> list[tuple[Form, float]]:
        """Returns two words that one may be without its space."""
        pairs = [pair for pair in self.vocabulary.split(word) if _CLITICS.isdisjoint(pair)]
        return [
            (pair, _SPLIT if min(map(len, pair)) > 2 else _SPLIT_SHORT)  # noqa: PLR2004 - `a` and `of` are in every story
            for pair in pairs[:2]
        ]

    def _sounding_alike(self, word: str) -> list[str]:
        """Returns what a word beside others may be that was spelled by ear; one alone is a name."""
        return [] if self.alone else self.vocabulary.sounding_alike(word)[:MAX_HEARD]

    def _likelier(self, word: str) -> list[tuple[Form, float]]:
        """Returns what a known word may be a typo of: much commoner ones or, at the end, any.

        Stories hold it, so it may well be meant: only where no story holds it beside the other
        words, these count for something.
        """
        words = self.vocabulary
        if self.edits > 2:  # noqa: PLR2004 - nothing else was found
            return [((one,), _KNOWN_EDIT) for one in words.corrections(word, 1)[:MAX_FORMS]]
        count = max(words.count(word), 1)
        least = count * _TWENTYFOLD * max(1, count // _RARE)
        if len(word) < _LONG or least > words.stories or (self.found and count > _RARE):
            return []
        near = words.corrections(word, 1)
        found = [((one,), ONE_EDIT) for one in near if words.count(one) >= least][:MAX_FORMS]
        return found + [
            half for half in self._halves(word) if min(map(words.count, half[0])) >= least
        ]


def _by_likelihood(typed: str, words: Sequence[str], best: float) -> list[tuple[Form, float]]:
    """Returns words, the likeliest first, with a quality that falls by a trifle from each."""
    return [
        ((word,), (best if begins_alike(typed, word) else best * _OTHER_START) * _TRIFLE**at)
        for at, word in enumerate(words)
    ]
