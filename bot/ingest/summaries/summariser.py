"""The summariser: takes a publisher's own summary, or makes one of the story's sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.ingest.summaries.choice import choose
from bot.ingest.summaries.editing import penalty
from bot.ingest.summaries.features import NAMES, Measured, measure
from bot.ingest.summaries.passages import Passage, passages
from bot.ingest.summaries.publisher import good_summary
from bot.ingest.summaries.weights import WEIGHTS
from bot.model import Story
from bot.text.balance import drop_unmatched, is_balanced
from bot.text.sentences import join_sentences
from bot.text.stemming import new_stemmer

LENGTH = 300
"""Characters that a summary has at most, where nobody sets it."""

VERSION = 5
"""Raised whenever the same story gets another summary than before."""

_WEIGHTS = tuple(WEIGHTS.get(name, 0) for name in NAMES)
_CLAUSE = re.compile(r"[,;:—–、，]\s*(?=[^,;:—–、，]*$)")
_BETWEEN = " · "  # lines of a list
_LEAST_KEPT = 0.6  # of the length, where a sentence is cut at the end of a clause


@dataclass(frozen=True, slots=True)
class Summariser:
    """Makes summaries.

    Attributes:
        length: The most characters of one.
    """

    length: int = LENGTH

    @property
    def method(self) -> str:
        """Names how summaries are made: stories whose summaries bear another name are outdated."""
        return f"{VERSION}/{self.length}"

    def summarise(self, story: Story, given: str = "") -> str:
        """Returns the summary of a story.

        It is whole sentences that stand in the story or in the publisher's summary, some without
        a lead-in that tells nothing (`But that is not what this story is about: …`). Where no
        sentence is short enough, the first is cut between words and ends in an ellipsis.

        Args:
            story: The story.
            given: The publisher's own summary; empty for none.
        """
        return good_summary(given, story, self.length) or self._extract(story, given)

    def _extract(self, story: Story, given: str) -> str:
        found = passages(story.paragraphs, story.title)
        if not found:
            return cut(drop_unmatched(" ".join(given.split())), self.length)
        usable = [one for one in found if one.usable]
        if not usable:
            return self._list(found) or self._makeshift(found)
        whole = _join(usable)
        if len(whole) <= self.length:
            return whole
        measured = [one for one in measure(found, story.title, new_stemmer()) if one.passage.usable]
        chosen = choose(measured, worths(measured, _WEIGHTS), self.length)
        return _join([one.passage for one in chosen]) or self._makeshift(usable)

    def _list(self, found: Sequence[Passage]) -> str:
        """Returns the whole of a text without a sentence, such as an alert's; empty if too long."""
        whole = _BETWEEN.join(one.text for one in found)
        return whole if len(whole) <= self.length and is_balanced(whole) else ""

    def _makeshift(self, found: Sequence[Passage]) -> str:
        """Returns the first text that fits, of a story without a sentence that would."""
        whole = [one.text for one in found if len(one.text) <= self.length]
        balanced = filter(is_balanced, whole)
        return next(balanced, "") or cut(drop_unmatched(found[0].text), self.length)


def worths(found: Sequence[Measured], weights: Sequence[float]) -> list[float]:
    """Returns the worth of a word of each passage, by the weights of its features."""
    return [
        sum(weight * value for weight, value in zip(weights, one.features, strict=True))
        - penalty(one)
        for one in found
    ]


def _join(found: Sequence[Passage]) -> str:
    return join_sentences(one.text for one in found)


def cut(text: str, length: int) -> str:
    """Cuts a text at the end of a clause or a word, before any quote that would stay open."""
    if len(text) <= length:
        return text
    head = _at_word(text, length - 1)
    clause = _CLAUSE.search(head)
    if clause and clause.start() >= length * _LEAST_KEPT:
        head = head[: clause.start()]
    while not is_balanced(head) and " " in head:
        head = head.rpartition(" ")[0]
    return drop_unmatched(head).rstrip(" ,;:–—-") + "…"


def _at_word(text: str, length: int) -> str:
    kept = text[:length]
    if text[length].isspace():
        return kept
    head, _, tail = kept.rpartition(" ")
    # A run without a space (a URL, Chinese) is cut where it stands.
    return head if head and len(tail) < length // 2 else kept
