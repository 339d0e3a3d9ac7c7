"""The ports of search: what it needs of a store, and what the store gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, Protocol

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
        text: Its text, with its place; None where that was not asked for.
        development: The id of the development that it tells of; empty where nobody knows one.
        make_story: Makes the story itself; None where only what ranks it was read.
    """

    id: str
    title: str
    summary: str
    published: datetime
    text: str | None = None
    development: str = ""
    make_story: Callable[[], Story] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of stories.

    Attributes:
        stories: The page's stories, in order.
        total: How many there are on all pages.
    """

    stories: tuple[Story, ...]
    total: int


Cursor = NewType("Cursor", str)
"""A place in a feed of changes. Only the store that gave it knows what it says."""

START = Cursor("")
"""The cursor from which a feed gives all there is."""


@dataclass(frozen=True, slots=True)
class WordChanges:
    """Words whose number of stories changed.

    Attributes:
        counts: Each word with the number of stories that hold it now, which may be none.
        cursor: Continues behind these changes.
        outdated: True when what was known at the cursor that was asked with cannot be followed any
            further; these changes are then all there is, as from the start.
    """

    counts: Mapping[str, int]
    cursor: Cursor
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class TitleChanges:
    """Titles of stories that were added or changed.

    Attributes:
        titles: The titles by story id, in the order in which the stories were first added.
        cursor: Continues behind these changes.
    """

    titles: Mapping[str, str]
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class PartialQuery:
    """A query for stories that hold some of its terms.

    Attributes:
        terms: The terms, each with its weight.
        within: The stories to search.
        depth: How many of the stories that hold a term count for it: those that were added last.
        least: How many of the terms a story must hold.
        without: Terms that must not stand in the story.
        in_title: True when the terms must stand in the title.
        counts: How many stories hold each of the terms at most; empty where nobody knows.
    """

    terms: Sequence[tuple[Term, float]]
    within: Filter
    depth: int
    least: int = 1
    without: tuple[Term, ...] = ()
    in_title: bool = False
    counts: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class PartialMatch:
    """A story that holds some of the terms of a query.

    Attributes:
        candidate: The story.
        weight: The sum of the weights of the terms that it holds.
    """

    candidate: Candidate
    weight: float


class SearchStore(Protocol):
    """Finds stories by words, and feeds the indexes in memory. Methods may raise StoreError.

    Stories have an order: that in which they were first added. An edited story keeps its place.
    """

    async def candidates(
        self,
        query: Query,
        within: Filter,
        limit: int,
        *,
        texts: bool = False,
        most: int | None = None,
        seconds: float | None = None,
    ) -> Sequence[Candidate]:
        """Returns stories that match, in no particular order, each once; with their texts if asked.

        Where more than `limit` match, those that were added last are taken, and beside them up to
        `limit` that match by their titles alone: an old story about something is not crowded out by
        newer ones that mention it. Of a query for the newest, those `2 * limit` that were
        published last are taken instead; of one for the oldest, those that were published first.
        An empty query matches nothing. Of few matches a store may read all of each, so that nobody
        needs to ask for it again.

        Args:
            query: What is asked for.
            within: The stories to search.
            limit: How many of them.
            texts: True for their texts, too.
            most: How many match at most, by which a store may choose its way; None where nobody
                knows.
            seconds: How long one statement may take.

        Raises:
            TimeoutError: One statement took longer than `seconds`, the wait for its turn left
                aside, and was ended.
        """
        ...

    async def partial_matches(
        self, query: PartialQuery, limit: int, *, texts: bool = False, seconds: float | None = None
    ) -> Sequence[PartialMatch]:
        """Returns the `limit` stories of the most weight, the heaviest first; with texts if asked.

        Of stories of equal weight, the one that was added last comes first.

        Raises:
            TimeoutError: It took longer than `seconds`; see `candidates`.
        """
        ...

    async def candidates_by_id(self, ids: Sequence[str]) -> Sequence[Candidate]:
        """Returns the stories with these ids, in the order of the ids.

        Ids that name no story are left out.
        """
        ...

    async def words_since(self, cursor: Cursor) -> WordChanges:
        """Returns words whose number of stories changed behind a cursor.

        They are so many at most that reading them takes no time worth mentioning. Asking until
        there are no more gives all.

        Words are as `bot.text.tokenizer.words` gives them, but for those of scripts without spaces
        and for those of more than 40 letters, which are addresses and typos of machines. Every
        write of stories is seen: one of this process at once, one of another within a second, or as
        soon as the store tells of it.
        """
        ...

    async def common_words(self, common: int, unique: int) -> WordChanges:
        """Returns the words that most stories hold, with a cursor behind all that there are now.

        The words are those of `words_since`. It takes a second or two for a million stories, in
        which it holds nothing up.

        Args:
            common: How many words of two stories and more at most, the commonest.
            unique: How many words of one story at most, those of the newest writes.
        """
        ...

    async def word_counts(self, names: Sequence[str]) -> Mapping[str, int]:
        """Returns the number of stories that hold each of some words; others are left out.

        Pairs of letters of scripts without spaces are counted, too, but not beyond some thousands.
        """
        ...

    async def before_newest(self, limit: int) -> Cursor:
        """Returns the cursor behind all titles but those of the `limit` stories added last."""
        ...

    async def merge_index(self) -> bool:
        """Merges parts of the index of words, which each search has to look into, one by one.

        It does a small piece of the work, which nobody notices; while it is asked again at once, it
        goes on. Parts are few enough while there is a handful.

        Returns:
            False when there is nothing left to do.
        """
        ...

    async def titles_since(self, cursor: Cursor) -> TitleChanges:
        """Returns the titles of stories that were added or changed behind a cursor.

        Where many were added, those that were added first come first, with a cursor behind them:
        asking until there are no more gives all, new stories in the order in which they were added.
        """
        ...


@dataclass(frozen=True, slots=True)
class Headline:
    """The entry of one story in an index of all.

    Attributes:
        place: Its place among all stories, in the order in which they were added.
        story: The story, without its text, its summary and all that is looked up elsewhere.
    """

    place: int
    story: Story


class StoryStore(Protocol):
    """Reads stories. Methods may raise StoreError."""

    async def latest(
        self,
        within: Filter,
        limit: int,
        offset: int = 0,
        *,
        oldest_first: bool = False,
        once: bool = False,
    ) -> Listing:
        """Returns stories, newest first; of those with one time, the one added last first.

        With `oldest_first` they come the other way round, with `once` only one of those that tell
        the same: the first that is known, and was published first.
        """
        ...

    async def newest(self, within: Filter) -> Story | None:
        """Returns the headline of the first that `latest` lists; None where it lists none.

        The others are not counted, and nothing more is read than `headlines` gives.
        """
        ...

    async def by_ids(self, ids: Sequence[str]) -> Sequence[Story]:
        """Returns the stories with these ids, in the order of the ids.

        Ids that name no story are left out.
        """
        ...

    async def topic_counts(self) -> Mapping[str, int]:
        """Returns the number of stories of each topic, by its name; 0 for a topic without any.

        Broad subjects that no story is on are left out.
        """
        ...

    async def first_seen(self, story: str) -> datetime | None:
        """Returns the time at which a story was added; None for one that is not there."""
        ...

    async def evidence(self, story: str) -> Sequence[str]:
        """Returns why a story was last taken for one that was known, or for no news.

        Empty for a story that never was; else as `StoryRecord.evidence` was.
        """
        ...

    async def revision(self) -> str:
        """Returns a text that is another one once stories, their topics or events have changed.

        It is read in no time worth mentioning. Summaries that are made anew leave it as it is.
        """
        ...

    async def was_forgotten(self, story: str) -> bool:
        """Tells whether a story was here, and is kept no longer; False once nobody knows it."""
        ...

    async def headlines(self, after: int, limit: int) -> Sequence[Headline]:
        """Returns stories in the order in which they were added, behind a place; 0 for the start.

        Of those places up to `after + limit` are looked at, and places without a story skipped.
        """
        ...

    async def last_place(self) -> int:
        """Returns the place of the story that was added last; 0 for none."""
        ...

    async def new_since(self, seen: datetime, published: datetime, limit: int) -> Listing:
        """Returns the `limit` newest of the stories that were added after `seen`, newest first.

        Only those count that were published at `published` or later or, where only the date is
        known, on the day of `published` (UTC) or later.
        """
        ...
