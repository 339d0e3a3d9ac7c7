"""Titles of older stories than the index in memory holds, found by the store's own index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.search.ports import SearchStore
from bot.search.query import Filter, Query, Term
from bot.search.title_index import TitleIndex, TitleInput, TitleMatch
from bot.search.vocabulary import Vocabulary
from bot.text.stopwords import STOPWORDS
from bot.text.tokenizer import is_run

_FOUND = 40  # stories that hold all the words, of which the best are chosen
_PREFIX_FROM = 3  # letters of a prefix that is searched for: with fewer it is of too many words
_MEANT = 3  # words that stand for a prefix which was meant
_FORMS = 8  # words that may stand in one place
_ASKED = 3  # searches of the store for one question

_EVERYTHING = Filter()


class OlderTitles:
    """The titles of a store's stories, for one question."""

    def __init__(self, store: SearchStore, vocabulary: Vocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._left = _ASKED

    async def search(self, typed: Sequence[TitleInput], limit: int) -> list[TitleMatch]:
        """Finds the stories whose titles hold all that was typed, as `TitleIndex.search` does."""
        terms = dict.fromkeys(filter(None, map(self._term, typed)))
        # Nearly any title holds a stopword; whether one does, the index of those found tells.
        telling = tuple(term for term in terms if term.prefix or term.words[0] not in STOPWORDS)
        if not (terms and self._left):
            return []
        self._left -= 1
        query = Query((telling or tuple(terms),), in_title=True)
        found = await self._store.candidates(query, _EVERYTHING, _FOUND)
        oldest_first = sorted(found, key=lambda one: one.published)
        titles = TitleIndex.from_titles({one.id: one.title for one in oldest_first})
        return titles.search(typed, limit)

    def _term(self, one: TitleInput) -> Term | None:
        """Returns what the store is asked for; None for what nearly any title holds."""
        typed = max(one.words, key=one.words.__getitem__)
        if typed in one.prefixes and len(typed) < _PREFIX_FROM and not is_run(typed):
            return None
        others = [word for word in (*one.words, *self._meant(one.prefixes)) if word != typed]
        also = tuple((word,) for word in dict.fromkeys(others))
        return Term((typed,), prefix=typed in one.prefixes, also=also[:_FORMS])

    def _meant(self, prefixes: Iterable[str]) -> Iterator[str]:
        """Yields the commonest words that start with a prefix."""
        for prefix in prefixes:
            yield from self._vocabulary.complete(prefix, _MEANT)
