"""Stories that hold what was typed, letter by letter: right by what the bot promises its readers.

The sets call right what holds the words that were meant. A story that holds the words as they were
typed stands before such a one, and is no miss of the search: of `strikes` it cannot be known that
`strike` was meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bench.headlines import STRIDE, Corpus
from bench.search_queries import PAGE, Outcome

from bot.text.tokenizer import words


class TypedWords:
    """Tells which stories of a corpus hold all the words of a query as they were typed."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._held = {
            one.number: frozenset(words(f"{one.title} {one.text}")) for one in corpus.headlines
        }

    def held_by(self, number: int, text: str) -> bool:
        """Tells whether a story holds all words of a text; of a copy only where that is sure."""
        typed = words(text)
        is_sure = number < STRIDE or not any(map(self._corpus.rare, typed))
        return is_sure and self._held[number % STRIDE].issuperset(typed)

    def recall(self, outcomes: Iterable[Outcome]) -> Mapping[str, tuple[float, float]]:
        """Returns of each kind of query how often the first result, and one of a page, is right.

        Right is what the set defines, or holds what was typed.
        """
        by_kind: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            by_kind.setdefault(outcome.asked.kind, []).append(outcome)
        return {
            kind: (self._share(some, 1), self._share(some, PAGE)) for kind, some in by_kind.items()
        }

    def _share(self, outcomes: list[Outcome], first: int) -> float:
        return sum(self._is_right(one, first) for one in outcomes) / len(outcomes)

    def _is_right(self, outcome: Outcome, first: int) -> bool:
        text = outcome.asked.text
        return outcome.right(first) or any(self.held_by(one, text) for one in outcome.found[:first])
