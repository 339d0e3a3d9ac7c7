"""Examples of commands, made of what is really served: a topic, a source, words of a headline."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from string import Formatter

from bot.chat.command import Command
from bot.chat.request import Request
from bot.search.query import Filter
from bot.text.stopwords import EXTENDED_STOPWORDS
from bot.text.tokenizer import whole_words

_SHORTEST = 4  # letters of a word that tells something


async def examples(request: Request, command: Command) -> tuple[str, ...]:
    """Returns a command's examples, filled in; without those for which there is nothing to name.

    Raises:
        StoreError: The store cannot be read.
    """
    known = await _values(request)
    return tuple(one.format_map(known) for one in command.examples if _names(one) <= known.keys())


def _names(example: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(example) if name}


async def _values(request: Request) -> Mapping[str, str]:
    services = request.services
    counts = await services.store.stories.topic_counts()
    newest = (await services.store.stories.latest(Filter(), 1)).stories
    title = whole_words(newest[0].title) if newest else []
    told = [word for word in dict.fromkeys(title) if _tells(word)]
    phrases = (pair for pair in pairwise(title) if all(map(_tells, pair)))
    values = {
        "topic": max(counts, key=lambda name: counts[name], default=""),
        "source": next(iter(services.sources), ""),
        "words": " ".join(told[:2]),
        "phrase": " ".join(next(phrases, ())),
        "word": told[0] if told else "",
        "other": told[-1] if len(told) > 2 else "",  # noqa: PLR2004 - none of the words
    }
    return {name: value for name, value in values.items() if value}


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and word not in EXTENDED_STOPWORDS
