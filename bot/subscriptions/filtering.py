"""Filtering of stories that are on a subscription's subject, as pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Story
from bot.search.query import parse
from bot.subscriptions.criteria import Criterion, query_criteria
from bot.subscriptions.story_filters import FilterKind, FilterRefusal, StoryFilters
from bot.subscriptions.story_terms import StoryTerms
from bot.text.scripts import base_language, may_be_in
from bot.text.stemming import Stem

_HOUR = timedelta(hours=1)


class CompiledFilters:
    """Filters, parsed to be asked of one story after another."""

    def __init__(self, filters: StoryFilters, stem: Stem) -> None:
        self._filters = filters
        self._languages = frozenset(map(base_language, filters.languages))
        self._except = frozenset(filters.except_sources)
        titled = replace(parse(filters.title), in_title=True)
        self._title = query_criteria(titled, stem) if titled else ()
        parts = (part.strip() for part in filters.without.split(","))
        found = [(part, query_criteria(parse(part), stem)) for part in parts if part]
        self._without: list[tuple[str, tuple[Criterion, ...]]] = found

    def refusal(
        self, story: Story, terms: StoryTerms, now: datetime | None
    ) -> FilterRefusal | None:
        """Returns the first filter that keeps a story out; None where all let it through.

        Args:
            story: The story.
            terms: Its terms.
            now: The time at which it comes in; None to ask nothing about its age.
        """
        # The cheapest first: most stories are kept out by one.
        return (
            self._by_source(story)
            or self._by_age(story, now)
            or self._by_length(story)
            or self._by_language(story)
            or self._by_title(terms)
            or self._by_words(terms)
        )

    def _by_source(self, story: Story) -> FilterRefusal | None:
        if self._except.issuperset(story.sources):
            return FilterRefusal(FilterKind.SOURCE, story.source)
        return None

    def _by_age(self, story: Story, now: datetime | None) -> FilterRefusal | None:
        most = self._filters.most_age
        if most is None or now is None:
            return None
        # A date counts as a whole day: its story may be from any hour of it.
        is_old = (
            story.published.date() < (now - most).date()
            if story.date_only
            else story.published < now - most
        )
        hours = str((now - story.published) // _HOUR)
        return FilterRefusal(FilterKind.AGE, hours) if is_old else None

    def _by_length(self, story: Story) -> FilterRefusal | None:
        least = self._filters.least_length
        if least and (length := len(story.text)) < least:
            return FilterRefusal(FilterKind.LENGTH, str(length))
        return None

    def _by_language(self, story: Story) -> FilterRefusal | None:
        """Goes by what the source says; where nobody says, by the script of the words."""
        if not self._languages:
            return None
        told = base_language(story.language)
        if told:
            fits = told in self._languages
        else:
            text = f"{story.title} {story.summary or story.text}"
            fits = any(may_be_in(text, one) for one in self._languages)
        return None if fits else FilterRefusal(FilterKind.LANGUAGE, told)

    def _by_title(self, terms: StoryTerms) -> FilterRefusal | None:
        if self._title and not any(one.is_met(terms) for one in self._title):
            return FilterRefusal(FilterKind.TITLE)
        return None

    def _by_words(self, terms: StoryTerms) -> FilterRefusal | None:
        for words, any_of in self._without:
            if any(one.is_met(terms) for one in any_of):
                return FilterRefusal(FilterKind.WORDS, words)
        return None
