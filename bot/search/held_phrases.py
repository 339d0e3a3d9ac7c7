"""Phrases that stories hold exactly: is what was typed the name of something?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol

from typing_extensions import override

from bot.search.ports import Candidate
from bot.search.query import Filter, Query, Term, parse
from bot.text.tokenizer import whole_words

_LOOKED_AT = 60  # stories with a phrase whose titles are compared


class CandidateSource(Protocol):
    """Finds stories, as `SearchStore` does. Methods may raise StoreError."""

    async def candidates(
        self, query: Query, within: Filter, limit: int, *, texts: bool = False
    ) -> Sequence[Candidate]:
        """Returns stories that match; see `SearchStore.candidates`."""
        ...


class RememberedCandidates(CandidateSource):
    """Remembers what stories match, so that a store is asked for nothing twice in one question.

    Nor is it asked for what has a word that no story holds.
    """

    def __init__(
        self, store: CandidateSource, may_hold: Callable[[Query], Awaitable[bool]]
    ) -> None:
        """Remembers what a store finds.

        Args:
            store: The store.
            may_hold: Tells if some story may hold all words of a query.
        """
        self._store, self._may_hold = store, may_hold
        self._known: dict[tuple[Query, Filter, int, bool], Sequence[Candidate]] = {}

    @override
    async def candidates(
        self, query: Query, within: Filter, limit: int, *, texts: bool = False
    ) -> Sequence[Candidate]:
        asked = (query, within, limit, texts)
        if asked not in self._known:
            self._known[asked] = (
                await self._store.candidates(query, within, limit, texts=texts)
                if await self._may_hold(query)
                else ()
            )
        return self._known[asked]


async def titles_with(store: CandidateSource, text: str) -> Sequence[str]:
    """Returns the titles, of the newest stories first, that hold a text as a phrase.

    Raises:
        StoreError: The store cannot be read.
    """
    return [one.title for one in await _holding(store, _phrase(text), in_title=True)]


async def is_title(store: CandidateSource, text: str) -> bool:
    """Tells if a text is the whole title of a story, but for case, accents and signs.

    Raises:
        StoreError: The store cannot be read.
    """
    typed = whole_words(text)
    return any(whole_words(title) == typed for title in await titles_with(store, text))


async def is_held(store: CandidateSource, text: str) -> bool:
    """Tells if some story holds a text as a phrase.

    Raises:
        StoreError: The store cannot be read.
    """
    return bool(await _holding(store, _phrase(text)))


async def are_all_held(store: CandidateSource, text: str, *, in_title: bool) -> bool:
    """Tells if one story (its title, with `in_title`) holds all words of a text, as typed.

    Raises:
        StoreError: The store cannot be read.
    """
    return bool(await _holding(store, parse(text), in_title=in_title))


def _phrase(text: str) -> Query:
    return parse(f'"{text.replace(chr(34), " ")}"')


async def _holding(
    store: CandidateSource, query: Query, *, in_title: bool = False
) -> Sequence[Candidate]:
    exact = tuple(tuple(map(_exact, group)) for group in query.alternatives)
    # What is to be left out tells nothing of the rest, and finding it costs as much.
    asked = replace(query, alternatives=exact, without=(), in_title=in_title, newest=False)
    return await store.candidates(asked, Filter(), _LOOKED_AT)


def _exact(term: Term) -> Term:
    return replace(term, quoted=True)
