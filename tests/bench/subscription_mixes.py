"""Mixes of subscriptions to measure with, made of the words of stories."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from bench.corpus import COMMON, SOURCES, TOPICS

from bot.model import Chat, Story
from bot.subscriptions.matcher import Matcher
from bot.subscriptions.model import Subscription, TargetKind
from bot.text.stopwords import EXTENDED_STOPWORDS
from bot.text.tokenizer import words

_LEAST = 3  # letters of a word that somebody follows
_RARE = 20  # a word that more stories hold than one of so many tells little


@dataclass(frozen=True, slots=True)
class StoryVocabulary:
    """The words of stories, for subscriptions to be made of.

    Attributes:
        titles: The words of each title, in order.
        rare: The telling words of each story.
        common: The others of each story, but for those of questions.
    """

    titles: Sequence[Sequence[str]]
    rare: Sequence[Sequence[str]]
    common: Sequence[Sequence[str]]


def vocabulary(stories: Sequence[Story]) -> StoryVocabulary:
    """Collects the words of stories."""
    found = [sorted(_telling_words(words(f"{one.title} {one.text}"))) for one in stories]
    counts = Counter(chain.from_iterable(found))
    most = len(stories) // _RARE
    rare = [[word for word in each if counts[word] <= most] for each in found]
    common = [[word for word in each if counts[word] > most] for each in found]
    titles = [words(one.title) for one in stories]
    return StoryVocabulary(
        [each for each in titles if len(each) > 1],
        [each for each in rare if len(each) > 1],
        [each for each in common if len(each) > 1],
    )


def _telling_words(found: Sequence[str]) -> set[str]:
    return {word for word in found if len(word) >= _LEAST and word not in EXTENDED_STOPWORDS}


def with_topics(stories: Sequence[Story]) -> list[Story]:
    """Adds to stories the topics that they belong to."""
    matcher = Matcher()
    for number, topic in enumerate(TOPICS):
        if topic.query:
            matcher.put(_subscription((TargetKind.SEARCH, topic.query), number))
    return [
        replace(one, topics=tuple(TOPICS[found.id].name for found in matcher.matching(one)))
        for one in stories
    ]


def subscriptions(mix: str, count: int, vocabulary: StoryVocabulary) -> list[Subscription]:
    """Makes so many subscriptions of a mix."""
    chance = random.Random(count)  # noqa: S311 - repeatable, no secret
    makers, weights = zip(*MIXES[mix], strict=True)
    chosen = chance.choices(makers, weights, k=count)
    return [_subscription(make(chance, vocabulary), n) for n, make in enumerate(chosen, 1)]


def _subscription(what: tuple[TargetKind, str], number: int) -> Subscription:
    return Subscription(Chat("bench", str(number)), *what, id=number)


def _two_rare(chance: random.Random, vocabulary: StoryVocabulary) -> tuple[TargetKind, str]:
    return TargetKind.SEARCH, " ".join(chance.sample(chance.choice(vocabulary.rare), 2))


def _two_common(chance: random.Random, vocabulary: StoryVocabulary) -> tuple[TargetKind, str]:
    return TargetKind.SEARCH, " ".join(chance.sample(chance.choice(vocabulary.common), 2))


def _phrase(chance: random.Random, vocabulary: StoryVocabulary) -> tuple[TargetKind, str]:
    pair = chance.choice(list(pairwise(chance.choice(vocabulary.titles))))
    return TargetKind.SEARCH, f'"{" ".join(pair)}"'


def _elaborate(chance: random.Random, vocabulary: StoryVocabulary) -> tuple[TargetKind, str]:
    one, two = chance.sample(chance.choice(vocabulary.rare), 2)
    other, without = chance.sample(chance.choice(vocabulary.rare), 2)
    return TargetKind.SEARCH, f"{one} {two} OR {other} -{without}"


def _topic(chance: random.Random, _: StoryVocabulary) -> tuple[TargetKind, str]:
    return TargetKind.TOPIC, chance.choice(TOPICS).name


def _source(chance: random.Random, _: StoryVocabulary) -> tuple[TargetKind, str]:
    return TargetKind.SOURCE, chance.choice(SOURCES).id


def _common_and_rare(chance: random.Random, vocabulary: StoryVocabulary) -> tuple[TargetKind, str]:
    return TargetKind.SEARCH, f"{COMMON} {chance.choice(chance.choice(vocabulary.rare))}"


def _common_without(chance: random.Random, _: StoryVocabulary) -> tuple[TargetKind, str]:
    """One word that all share, so that all are looked at; and each is another search."""
    without = "".join(chance.choices("bcdfghjkmnpqrstvwxyz", k=8))
    return TargetKind.SEARCH, f"{COMMON} -{without}"


def _same(_: random.Random, __: StoryVocabulary) -> tuple[TargetKind, str]:
    return TargetKind.SEARCH, COMMON


Maker = Callable[[random.Random, StoryVocabulary], tuple[TargetKind, str]]

MIXES: Mapping[str, Sequence[tuple[Maker, int]]] = {
    "two words": [(_two_rare, 1)],
    "two common words": [(_two_common, 1)],
    "phrases": [(_phrase, 1)],
    "topics": [(_topic, 1)],
    "sources": [(_source, 1)],
    "mixed": [(_two_rare, 50), (_phrase, 10), (_elaborate, 10), (_topic, 20), (_source, 10)],
    f"“{COMMON}” and a word": [(_common_and_rare, 1)],
    f"“{COMMON}” without a word": [(_common_without, 1)],
    f"“{COMMON}”, all the same": [(_same, 1)],
}
"""The kinds of subscriptions, each with its weight in the mix."""
