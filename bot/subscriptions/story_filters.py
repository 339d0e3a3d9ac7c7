"""Filters of a subscription: what keeps stories out that are on its subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class FilterKind(StrEnum):
    """Kinds of filters."""

    LANGUAGE = "language"
    SOURCE = "source"
    LENGTH = "length"
    TITLE = "title"
    WORDS = "words"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class StoryFilters:
    """The filters of one subscription; a story has to pass all of them.

    Attributes:
        languages: Codes of the languages, one of which it must be in; empty for any.
        except_sources: Ids of sources; a story that no other source has is left out.
        least_length: Characters that its text must have; 0 for any.
        title: Words that its title must have, in the query grammar; empty for any.
        without: Words that it must not have, as queries that commas part; empty for none.
        most_age: How old it may be when it comes in; None for any age.
    """

    languages: tuple[str, ...] = ()
    except_sources: tuple[str, ...] = ()
    least_length: int = 0
    title: str = ""
    without: str = ""
    most_age: timedelta | None = None


NO_FILTERS = StoryFilters()
"""Filters that let everything through."""


@dataclass(frozen=True, slots=True)
class FilterRefusal:
    """The filter that kept a story out.

    Attributes:
        kind: Its kind.
        found: What it found in the story: the code of its language, empty where only its script
            is known; the id of its source; the characters of its text; the words that it has; its
            age in whole hours. Empty for the title, in which something is missing.
    """

    kind: FilterKind
    found: str = ""
