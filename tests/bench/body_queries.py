"""A corpus of whole texts, and queries for words that stand only there: in no title or summary."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import string
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.headlines import Corpus, Headline
from bench.search_queries import SearchQuery

from bot.ingest.summaries.summariser import Summariser
from bot.text.stopwords import EXTENDED_STOPWORDS
from bot.text.tokenizer import words

BODY_KINDS = {"body 1": 1, "body 2": 2, "body 3": 3}
"""Kinds of queries by the number of words that they take out of a text."""

SLIP = "body 3, a slip"
"""The kind of three such words, one of them with one edit."""

_START = datetime(2004, 1, 1, tzinfo=UTC)
_SHORTEST = 4  # letters of a word that is asked for
_LONG_ENOUGH = 5  # letters of one with a slip


def read_bodies(path: Path, limit: int | None = None) -> Corpus:
    """Reads a corpus of whole texts: lines of JSON with `title` and `body`, packed by gzip."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines][:limit]
    headlines = [_headline(number, one) for number, one in enumerate(read)]
    counts = Counter[str]()
    for headline in headlines:
        counts.update(set(words(f"{headline.title} {headline.body}")))
    content = hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()
    return Corpus(f"bodies-{content}-{len(headlines)}", headlines, len(headlines), counts)


def _headline(number: int, given: Mapping[str, str]) -> Headline:
    published = _START + timedelta(hours=number)
    return Headline(number, given["title"], "", "", published, given["body"])


def body_queries(corpus: Corpus, each: int, seed: int = 0) -> list[SearchQuery]:
    """Makes so many queries of each kind; right is every story that holds all the words."""
    chance = random.Random(seed)  # noqa: S311 - repeatable queries, no secret
    index = _Index.of(corpus.headlines)
    made = list[SearchQuery]()
    for kind, length in (*BODY_KINDS.items(), (SLIP, 3)):
        source = index.pick(chance, length)
        for _ in range(each):
            target, chosen = next(source)
            typed = _with_slip(chosen, chance) if kind == SLIP else chosen
            right = frozenset.intersection(*(frozenset(index.holders[one]) for one in chosen))
            made.append(SearchQuery(kind, " ".join(typed), " ".join(chosen), target, right))
    return made


@dataclass(frozen=True, slots=True)
class _Index:
    """The words of a corpus.

    Attributes:
        holders: The stories that hold each word anywhere.
        hidden: For each story, the words that stand in its text alone.
    """

    holders: Mapping[str, set[int]]
    hidden: Mapping[int, Sequence[str]]

    @classmethod
    def of(cls, headlines: Sequence[Headline]) -> _Index:
        """Reads the words of stories."""
        summariser = Summariser()
        holders, hidden = defaultdict[str, set[int]](set), dict[int, Sequence[str]]()
        for one in headlines:
            held = dict.fromkeys(words(f"{one.title} {one.body}"))
            for word in held:
                holders[word].add(one.number)
            shown = {
                *words(one.title),
                *words(summariser.summarise(one.story)),
                *EXTENDED_STOPWORDS,
            }
            rest = (word for word in held if word.isalpha() and len(word) >= _SHORTEST)
            hidden[one.number] = [word for word in rest if word not in shown]
        return cls(holders, hidden)

    def pick(self, chance: random.Random, length: int) -> Iterator[tuple[int, list[str]]]:
        """Yields stories with some of their hidden words."""
        numbers = [number for number, found in self.hidden.items() if len(found) >= length]
        while True:
            number = chance.choice(numbers)
            yield number, chance.sample(self.hidden[number], length)


def _with_slip(chosen: Sequence[str], chance: random.Random) -> list[str]:
    """Returns the words, the longest with one edit."""
    at = max(range(len(chosen)), key=lambda one: len(chosen[one]))
    return [_slip(word, chance) if one == at else word for one, word in enumerate(chosen)]


def _slip(word: str, chance: random.Random) -> str:
    if len(word) < _LONG_ENOUGH:
        return word
    at = chance.randrange(1, len(word) - 1)
    other = chance.choice(string.ascii_lowercase)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at:],
            word[:at] + other + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
