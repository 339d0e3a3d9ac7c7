"""Words spelled by ear: known ones are taken for others that sound alike, beside what was typed."""

from __future__ import annotations

from dataclasses import replace

from bot.search.expansion import literal_plan
from bot.search.plan import (
    MAX_HEARD,
    ExpandedTerm,
    Plan,
    make_plan,
    may_change,
    weigh,
    weigh_with_forms,
)
from bot.search.query import Query, Term
from bot.search.ranking import DOUBTFUL
from bot.search.vocabulary import Vocabulary
from bot.text.english import is_english_word

_BRIEF = 4  # words of a question of which one may have been spelled by ear
_FEW, _SHARE = 5, 400  # stories that hold a word which is doubted at most, or a part of all of them


def by_ear_plan(query: Query, vocabulary: Vocabulary) -> Plan:
    """Plans to search for titles with one word that sounds like what was typed, beside the others.

    Where several words only sound like what was typed, or stand in a text, they do by chance.
    """
    (terms, *_) = query.alternatives
    typed = [weigh_with_forms(term, vocabulary) for term in terms]
    groups = [
        [_weigh_heard(one, vocabulary) if one is doubted else one for one in typed]
        for doubted in typed
        if 1 < len(terms) <= _BRIEF and _is_doubted_by_ear(doubted.term, vocabulary)
    ]
    if not groups:
        return literal_plan(query, vocabulary)
    return make_plan(replace(query, in_title=True), groups, vocabulary)


def _is_doubted_by_ear(term: Term, vocabulary: Vocabulary) -> bool:
    """Tells if a word sounds like others, though it is none that is sure to be misspelled."""
    (word, *_) = term.words
    count = vocabulary.count(word)
    is_rare = count <= max(_FEW, vocabulary.stories // _SHARE)
    is_known = count > 0 or is_english_word(word)
    return may_change(term) and is_rare and is_known and bool(vocabulary.sounding_alike(word))


def _weigh_heard(one: ExpandedTerm, vocabulary: Vocabulary) -> ExpandedTerm:
    heard = vocabulary.sounding_alike(one.term.words[0])[:MAX_HEARD]
    return weigh(one.term, [((word,), DOUBTFUL) for word in heard], vocabulary)
