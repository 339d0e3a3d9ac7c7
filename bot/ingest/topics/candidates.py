"""The names that a story is about, in any script: the candidates for topics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.ingest.summaries.datelines import strip_dateline
from bot.ingest.topics.capitals import is_english
from bot.ingest.topics.east_asian import is_japanese, japanese_names
from bot.ingest.topics.model import NameKind, StoryName
from bot.ingest.topics.names import (
    Mentions,
    join_variants,
    name_mentions,
    stated_abbreviations,
)
from bot.ingest.topics.phrases import story_phrases
from bot.ingest.topics.publishers import without_publisher
from bot.ingest.topics.word_sets import CATEGORIES_OF_NOTHING, COUNTRIES
from bot.model import Story
from bot.text.name_keys import name_key
from bot.text.tokenizer import whole_words

METHOD = "3"
"""Changed whenever the same story may have other names than before."""

_READ = 12_000  # signs of a story that are read: what it is about, it says by then
_MOST = 6  # names of a story
_MANY_CATEGORIES = 5
_LONGEST_CATEGORY = 40  # signs
_TITLE, _LEAD = 6, 2  # mentions that one in the headline or in the first paragraph is worth
_ABOUT = 5  # mentions, so weighed, from which on a story is about a name
_ADDRESS = re.compile(r"https?:|www\.|[@#<>{}]")


def story_names(story: Story) -> tuple[StoryName, ...]:
    """Returns the names that a story is about, the weightiest first, its categories before all."""
    texts = _texts(story)
    start = " ".join(texts[:4])
    if is_japanese(start):
        found = japanese_names(texts)
    else:
        english = story.language[:2] == "en" or is_english(start)
        names = name_mentions(story, texts, english=english)
        mentioned = join_variants(names, stated_abbreviations(texts, names))
        found = [_name(one) for one in mentioned.values() if _weight(one) >= _ABOUT]
        found += story_phrases(texts) if english else []
    best = sorted(found, key=lambda one: (-one.weight, one.key))[:_MOST]
    return _distinct([*_categories(story), *best])


def _texts(story: Story) -> Sequence[str]:
    texts = [without_publisher(story.title, story.url)]
    left = _READ
    given = [one.text for one in story.paragraphs if not one.heading] or [story.summary]
    for at, text in enumerate(given):
        texts.append((strip_dateline(text) if not at else text)[:left])
        left -= len(text)
        if left <= 0:
            break
    return texts


def _name(one: Mentions) -> StoryName:
    return StoryName(one.key, one.form, NameKind.NAME, _weight(one), tuple(sorted(one.short)))


def _weight(one: Mentions) -> int:
    """Returns how much a story is about a name; less for a country, of which many stories speak."""
    weight = one.count + _TITLE * one.in_title + _LEAD * one.in_lead
    return weight - _LEAD if one.key in COUNTRIES else weight


def _categories(story: Story) -> Iterable[StoryName]:
    for category in story.categories[:_MANY_CATEGORIES]:
        form = " ".join(category.split())
        key = name_key(form)
        if key and len(form) <= _LONGEST_CATEGORY and not _says_nothing(form):
            yield StoryName(key, form, NameKind.CATEGORY, 2 * _TITLE)


def _says_nothing(form: str) -> bool:
    words = whole_words(form)
    return bool(_ADDRESS.search(form)) or all(
        word in CATEGORIES_OF_NOTHING or word.isdigit() for word in words
    )


def _distinct(names: Sequence[StoryName]) -> tuple[StoryName, ...]:
    """Returns names, each once: a category that is also a name has the name's variants."""
    merged: dict[str, StoryName] = {}
    for one in names:
        merged.setdefault(one.key, one)
    return tuple(merged.values())
