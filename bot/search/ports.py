"""The store, as the search needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Story
from bot.search.query import Filter, Query, Term


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that matches a query, with what is needed to rank it.

    Attributes:
        id: The story's id.
        title: Its title.
        summary: Its summary.
        published: When it was published.
    """

    id: str
    title: str
    summary: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of stories.

    Attributes:
        stories: The page's stories, in order.
        total: How many there are on all pages.
    """

    stories: tuple[Story, ...]
    total: int


ANY = Query()
"""A query that asks for nothing in particular."""


class SearchStore(Protocol):
    """Finds stories by words. Every method may raise StoreError."""

    async def candidates(self, query: Query, within: Filter, limit: int) -> Sequence[Candidate]:
        """Stories that match, in no particular order, each once.

        Where more than `limit` match, those that came last are taken, and beside them up to `limit`
        that match by their titles alone: an old story about something is not crowded out by newer
        ones that mention it. Of a query for the newest, those `2 * limit` that were
        published last are taken instead. An empty query matches nothing.
        """
        ...

    async def holders(
        self, terms: Sequence[Term], within: Filter, limit: int, asked: Query = ANY
    ) -> Sequence[Sequence[int]]:
        """For each term the stories that hold it: at most `limit`, those that came last.

        Of the query that was asked only `without` and `in_title` count.
        The stories are given by the store's own numbers, which `by_numbers` takes and which mean
        nothing else, but that a story that came later has a higher one.
        """
        ...

    async def by_numbers(self, numbers: Sequence[int]) -> Mapping[int, Candidate]:
        """The stories with these numbers; numbers that name none are left out."""
        ...

    async def words_since(self, revision: int) -> tuple[int, Mapping[str, int]]:
        """The words whose number of stories changed after a revision, and the revision now.

        Words are as `bot.text.tokenizer.words` gives them, but for those of scripts without spaces
        and for those of more than 40 letters, which are addresses and slips of machines. Each comes
        with the number of stories that hold it now, which may be none. Revision 0 gives all words
        there are. Every write of stories, by any process, makes a higher revision.
        """
        ...

    async def titles_since(self, revision: int) -> tuple[int, Mapping[int, str]]:
        """The titles of stories that were written after a revision, by the stories' numbers.

        Where there are many, those that were written first, with the revision up to which they go:
        who asks again with that, until there are no more, has all. Revision 0 is before the first
        story; revisions are those of `words_since`, numbers those that `by_numbers` takes.
        """
        ...


class StoryStore(Protocol):
    """Reads stories. Every method may raise StoreError."""

    async def latest(self, within: Filter, limit: int, offset: int = 0) -> Listing:
        """Stories newest first; of those with one time, the one written last first."""
        ...

    async def by_ids(self, ids: Sequence[str]) -> Sequence[Story]:
        """The stories with these ids, in the order of the ids; ids that name none are left out."""
        ...

    async def topic_counts(self) -> Mapping[str, int]:
        """How many stories each topic has, by the topic's name; topics without one have 0."""
        ...

    async def first_seen(self, story: str) -> datetime | None:
        """When a story was first written; None for one that is not there."""
        ...

    async def new_since(self, seen: datetime, published: datetime, limit: int) -> Listing:
        """Stories that were first written after `seen`, newest first; at most `limit` of them.

        Only those that were published at `published` or later or, where only the date is known, on
        the day of `published` (UTC) or later.
        """
        ...
