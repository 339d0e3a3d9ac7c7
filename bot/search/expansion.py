"""From the words that a reader typed to all that they may mean, in steps from sure to bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.search.query import Query, Term
from bot.search.ranking import Form, RankingQuery
from bot.search.vocabulary import Vocabulary
from bot.text.stopwords import FILLERS
from bot.text.tokenizer import is_run

INFLECTED = 0.9
"""How good another form of a word is: what is found by it was not corrected."""

_HALVED, _CUT_SHORT, _LONGER, _STARTED = 0.85, 0.7, 0.8, 0.9
_BEGUN, _GOES_ON = 0.85, 0.45  # what an unknown word begins, and what a whole word goes on to
_ONE_SLIP, _TWO_SLIPS, _MANY_SLIPS, _OTHER_WORD = 0.85, 0.65, 0.5, 0.6
_RARE, _TWENTYFOLD = 2, 20  # stories that hold a word which is doubted beside one so much commoner
_LITTLE, _BEGUN_BY_LITTLE = 3, 20  # letters that begin too much, and words taken for all of it
_LONG = 5  # letters from which on a known word is doubted
_FORMS = 12  # other forms of one word that are searched for
_UNKNOWN = 0.3  # what a word that nothing is like counts beside a rare one


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to look for what was typed.

    Attributes:
        query: For the store.
        wanted: For the ranking: the same alternatives with how good each form is.
    """

    query: Query
    wanted: tuple[tuple[RankingQuery, ...], ...]


def content(query: Query, fillers: frozenset[str] = FILLERS) -> Query:
    """The query without filler words; as it is when nothing else would be left of a list."""
    groups = tuple(
        tuple(term for term in group if term.quoted or not fillers.issuperset(term.words)) or group
        for group in query.alternatives
    )
    return replace(query, alternatives=groups)


def left_out(query: Query, core: Query, vocabulary: Vocabulary) -> list[RankingQuery]:
    """The words of a query that are not in its core."""
    terms = (term for term in query.terms if term not in core.terms)
    return [_wanted(term, (), vocabulary).wanted for term in terms]


def literal(query: Query, vocabulary: Vocabulary | None = None) -> Plan:
    """Every word as it was typed."""
    return _plan(query, [[_wanted(term, (), vocabulary) for term in g] for g in query.alternatives])


def mended(query: Query, vocabulary: Vocabulary) -> Plan:
    """What may be meant by words with one slip.

    Unknown words are mended, joined words parted, parted words joined, and the last word is taken
    for the beginning of one.
    """
    return _forgiving(query, _Step(vocabulary, slips=1))


def beside(query: Query, vocabulary: Vocabulary) -> Plan:
    """What may be meant as well where stories hold the very words; those stay the first."""
    return _forgiving(query, _Step(vocabulary, slips=1, found=True))


def bold(query: Query, vocabulary: Vocabulary) -> Plan:
    """As `mended`, with two slips, and with known words taken for slips of others."""
    return _forgiving(query, _Step(vocabulary, slips=2))


def boldest(query: Query, vocabulary: Vocabulary) -> Plan:
    """As `mended`, with words that are only remotely like what was typed in an unknown one's place.

    Known words are left alone: so much else is doubted here that they are what remains sure.
    """
    return _forgiving(query, _Step(vocabulary, slips=3))


def unfinished(query: Query, vocabulary: Vocabulary) -> Plan:
    """Every word as it was typed, the last as the beginning of one."""
    last = query.terms[-1]
    return _plan(
        query,
        [
            [_wanted(term, (), vocabulary, _STARTED if term is last else 0.0) for term in group]
            for group in query.alternatives
        ],
    )


def without_beginning(query: Query) -> Query | None:
    """The query without a last word of which only a letter or two are there; None for no other."""
    *groups, group = query.alternatives
    if len(group) == 1 or not _is_short(group[-1]):
        return None
    return replace(query, alternatives=(*groups, group[:-1]))


def _forgiving(query: Query, step: _Step) -> Plan:
    groups = _widened(_apart(query), step)
    return _plan(query, [one for group in groups for one in (group, *_joined(group, step))])


@dataclass(frozen=True, slots=True)
class _Step:
    """How far a step goes."""

    vocabulary: Vocabulary
    slips: int = 0
    found: bool = False  # whether some story holds the very words

    def others(self, word: str) -> list[tuple[Form, float]]:
        """What may stand in a word's place, the best first."""
        words = self.vocabulary
        known = word in words
        found: list[tuple[Form, float]] = [
            ((other,), INFLECTED) for other in words.inflections(word)[:_FORMS]
        ]
        if known and self.slips:
            found += self._doubted(word)
        if not known and self.slips:
            found += self._mended(word)
        best: dict[Form, float] = {}
        for form, quality in found:
            best[form] = max(quality, best.get(form, 0.0))
        return sorted(best.items(), key=lambda one: -one[1])[: _FORMS * 2]

    def _mended(self, word: str) -> list[tuple[Form, float]]:
        """What an unknown word may be."""
        words = self.vocabulary
        near = words.near(word, 1)
        found: list[tuple[Form, float]] = [((one,), _ONE_SLIP) for one in near[:_FORMS]]
        found += [
            ((kin,), _ONE_SLIP * INFLECTED) for one in near[:3] for kin in words.inflections(one)
        ]
        for half in words.halves(word)[:2]:
            found.append((half, _HALVED if min(map(len, half)) > 2 else _CUT_SHORT))  # noqa: PLR2004 - `a` and `of` are in every story
        if len(word) >= _LONG - 1:
            found += [((one,), _LONGER) for one in words.begun(word, 3)]
        if self.slips > 1:
            found += [((one,), _TWO_SLIPS) for one in words.near(word, 2)[:_FORMS]]
        if self.slips > 2:  # noqa: PLR2004 - beyond two there is no counting
            found += [((one,), _MANY_SLIPS) for one in words.remote(word)]
        return found

    def _doubted(self, word: str) -> list[tuple[Form, float]]:
        """What a known word may have been meant for: a much commoner one or, boldly, any."""
        words = self.vocabulary
        least = 1 if self.slips == 2 else max(words.count(word), 1) * _TWENTYFOLD  # noqa: PLR2004 - bold
        if self.slips == 1 and (words.count(word) > _RARE or len(word) < _LONG):
            return []
        near = [one for one in words.near(word, 1) if words.count(one) >= least]
        return [((one,), _ONE_SLIP if least > 1 else _OTHER_WORD) for one in near[:_FORMS]]


def _widened(query: Query, step: _Step) -> list[list[_Looked]]:
    last = query.terms[-1]
    return [
        [_looked(term, step, begun=bool(step.slips) and term is last) for term in group]
        for group in query.alternatives
    ]


def _looked(term: Term, step: _Step, *, begun: bool) -> _Looked:
    if not _may_change(term):
        return _wanted(term, (), step.vocabulary)
    word = term.words[0]
    prefix = _GOES_ON if step.found and word in step.vocabulary else _BEGUN
    return _wanted(term, step.others(word), step.vocabulary, prefix if begun else 0.0)


def _joined(group: Sequence[_Looked], step: _Step) -> list[list[_Looked]]:
    """The group with each two neighbours that make up a known word joined to it."""
    found = []
    for at in range(len(group) - 1):
        pair = group[at : at + 2]
        word = "".join(one.term.words[0] for one in pair)
        kin = [((other,), INFLECTED) for other in step.vocabulary.inflections(word)[:_FORMS]]
        if all(_may_change(one.term) for one in pair) and (kin or word in step.vocabulary):
            joined = _wanted(Term((word,)), kin, step.vocabulary)
            found.append([*group[:at], joined, *group[at + 2 :]])
    return found


def _may_change(term: Term) -> bool:
    return not term.quoted and len(term.words) == 1 and not is_run(term.words[0])


def _wanted(
    term: Term,
    others: Sequence[tuple[Form, float]],
    vocabulary: Vocabulary | None,
    prefix: float = 0.0,
) -> _Looked:
    if prefix and vocabulary is not None and _is_short(term):
        # So much begins with a letter or two that the commonest words must do for all of it.
        begun = vocabulary.begun(term.words[0], _BEGUN_BY_LITTLE)
        others = [*others, *(((word,), prefix) for word in begun if word != term.words[0])]
        prefix = 0.0
    forms = ((term.words, 1.0), *others)
    weight, known = 1.0, True
    if vocabulary is not None:
        counts = [min(map(vocabulary.count, form)) for form, _ in forms]
        known = counts[0] > 0
        alike = any(counts) or (prefix and vocabulary.begins(term.words[-1]))
        weight = vocabulary.weight(max(counts)) if alike else vocabulary.weight(1) * _UNKNOWN
    return _Looked(term, RankingQuery(forms, weight, prefix, known))


@dataclass(frozen=True, slots=True)
class _Looked:
    """A term beside what is wanted in its place."""

    term: Term
    wanted: RankingQuery


def _plan(query: Query, groups: Sequence[Sequence[_Looked]]) -> Plan:
    asked = tuple(tuple(_term(one) for one in group) for group in groups)
    wanted = tuple(tuple(one.wanted for one in group) for group in groups)
    return Plan(replace(query, alternatives=asked), wanted)


def _term(looked: _Looked) -> Term:
    also = tuple(form for form, _ in looked.wanted.forms[1:])
    return replace(looked.term, also=also, prefix=looked.term.prefix or looked.wanted.prefix > 0)


def _is_short(term: Term) -> bool:
    return _may_change(term) and len(term.words[0]) < _LITTLE


def _apart(query: Query) -> Query:
    """The query with words that a mark held together (`well-known`) each on its own."""
    groups = tuple(
        tuple(one for term in group for one in _words_of(term)) for group in query.alternatives
    )
    return replace(query, alternatives=groups)


def _words_of(term: Term) -> tuple[Term, ...]:
    if term.quoted or len(term.words) == 1 or any(map(is_run, term.words)):
        return (term,)
    return tuple(Term((word,)) for word in term.words)
