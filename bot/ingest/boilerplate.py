"""Boilerplate: what a source adds to its stories, known by its own repetition.

A sentence is boilerplate when it ends many different stories of one source. What recurs there may
be the writer's own, too, a refrain or a closing word: so a sentence that neither invites to
anything nor names a rights holder has to recur in nearly all stories, and to be long. An opening
recurs for good reasons (`TOKYO —`, `Good morning.`, a forecast's first sentence): only one that
invites to something is boilerplate. A text that would be left empty stays as it is: the same
notice, given again, is news.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.ingest.boilerplate_cues import has_cue
from bot.model import Paragraph, Story
from bot.text.digests import digest
from bot.text.sentences import sentences

MEMORY = 60
"""The stories of a source whose edges are remembered."""

_PARAGRAPHS = 4  # at each end that are looked at
_HEAD, _TAIL = 4, 8  # sentences
_EDGE = 2_000  # characters of a paragraph
_LEAST = 3  # stories that have it
_OFTEN, _NEARLY_ALWAYS = 0.3, 0.75  # of the stories
_LONG = 80  # characters that no refrain has
_NAMING = 30  # characters of an ending that names the source
_TITLE = "\0"  # stands for the story's own title
_SHORTEST_TITLE = 6  # characters of one that is no word of the text by chance
# Boilerplate often begins with a sign that begins no sentence: `©`, `→`, `#`.
_BEFORE_SIGN = re.compile(r"(?<=[.!?…”\"»)]) +(?=[^\w\s\"“‘«(])")
_KEY_LENGTH = 12  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class StoryEdges:
    """The sentences that a story begins and ends with, as digests.

    Attributes:
        head: The first ones.
        tail: The last ones.
    """

    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence at an edge of a text.

    Attributes:
        text: The sentence.
        key: Its digest, the story's title in it replaced.
        paragraph: The number of its paragraph.
        quotes: True when the story's title stands in it.
    """

    text: str
    key: str
    paragraph: int
    quotes: bool


class Boilerplate:
    """The boilerplate of one source, as far as it is known.

    Args:
        edges: Of its stories, by their ids, the oldest first.
        name: The name of the source.
    """

    def __init__(self, edges: Mapping[str, StoryEdges], name: str) -> None:
        # The same text in several stories counts once: it is the notice that recurs, not its end.
        different = set(edges.values())
        self._stories = len(different)
        self._heads = Counter(key for one in different for key in set(one.head))
        self._tails = Counter(key for one in different for key in set(one.tail))
        self._name = name.casefold()

    def strip(self, paragraphs: Sequence[Paragraph], title: str) -> list[Paragraph]:
        """Returns the paragraphs of a story without boilerplate at their ends."""
        last = self._run(list(reversed(_tail(paragraphs, title))), self._tails, opening=False)
        first = self._run(_head(paragraphs, title), self._heads, opening=True)
        kept = _without_last(paragraphs, last)
        kept = _without_first(kept, first) if first else kept
        return kept or list(paragraphs)

    def _run(
        self, found: Sequence[_Sentence], counts: Counter[str], *, opening: bool
    ) -> list[_Sentence]:
        """Returns the sentences of boilerplate at an edge, from the outermost one."""
        run = list(takewhile(lambda one: self._recurs(one, counts, opening=opening), found))
        if not run or (len(run) == len(found) < (_HEAD if opening else _TAIL)):
            return []
        if any(self._is_sure(one, counts, opening=opening) for one in run):
            return run
        text = " ".join(one.text for one in run)
        least = _NAMING if self._name and self._name in text.casefold() else _LONG
        return [] if opening or len(text) < least else run

    def _recurs(self, one: _Sentence, counts: Counter[str], *, opening: bool) -> bool:
        if self._is_sure(one, counts, opening=opening):
            return True
        often = counts[one.key] >= max(_LEAST, self._stories * _NEARLY_ALWAYS)
        return often and not opening

    def _is_sure(self, one: _Sentence, counts: Counter[str], *, opening: bool) -> bool:
        often = counts[one.key] >= max(_LEAST, self._stories * _OFTEN)
        return often and (one.quotes or has_cue(one.text, opening=opening))


def story_edges(story: Story) -> StoryEdges:
    """Returns the edges of a story's text."""
    texts = (story.paragraphs, (Paragraph(story.summary),))
    heads = (one.key for text in texts for one in _head(text, story.title))
    tails = (one.key for text in texts for one in _tail(text, story.title))
    return StoryEdges(tuple(dict.fromkeys(heads)), tuple(dict.fromkeys(tails)))


def remember(known: Mapping[str, StoryEdges], stories: Iterable[Story]) -> dict[str, StoryEdges]:
    """Returns the edges of stories with those that are known already, the newest ones at the end.

    A story without text has none.
    """
    edges = {one.id: story_edges(one) for one in stories if one.paragraphs}
    return {**{id_: known[id_] for id_ in known if id_ not in edges}, **edges}


def _head(paragraphs: Sequence[Paragraph], title: str) -> list[_Sentence]:
    found = _sentences(enumerate(paragraphs[:_PARAGRAPHS]), title, ending=False)
    return found[:_HEAD]


def _tail(paragraphs: Sequence[Paragraph], title: str) -> list[_Sentence]:
    start = max(len(paragraphs) - _PARAGRAPHS, 0)
    return _sentences(enumerate(paragraphs[start:], start), title, ending=True)[-_TAIL:]


def _sentences(
    numbered: Iterable[tuple[int, Paragraph]], title: str, *, ending: bool
) -> list[_Sentence]:
    folded = _fold(title)
    return [
        _sentence(text, folded, number)
        for number, paragraph in numbered
        for whole in sentences(paragraph.text[-_EDGE:] if ending else paragraph.text[:_EDGE])
        for text in _BEFORE_SIGN.split(whole)
    ]


def _sentence(text: str, title: str, paragraph: int) -> _Sentence:
    folded = _fold(text)
    quotes = len(title) >= _SHORTEST_TITLE and title in folded and title != folded
    key = digest(folded.replace(title, _TITLE) if quotes else folded)[:_KEY_LENGTH]
    return _Sentence(text, key, paragraph, quotes)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _without_last(paragraphs: Sequence[Paragraph], run: Sequence[_Sentence]) -> list[Paragraph]:
    kept = list(paragraphs)
    for one in run:
        if not kept or not kept[-1].text.endswith(one.text):
            break
        rest = kept[-1].text.removesuffix(one.text).rstrip()
        kept = kept[:-1]
        if rest:
            kept.append(Paragraph(rest, paragraphs[one.paragraph].heading))
    return kept


def _without_first(paragraphs: Sequence[Paragraph], run: Sequence[_Sentence]) -> list[Paragraph]:
    kept = list(paragraphs)
    for one in run:
        if not kept or not kept[0].text.startswith(one.text):
            break
        rest = kept[0].text.removeprefix(one.text).lstrip()
        kept = [Paragraph(rest, kept[0].heading), *kept[1:]] if rest else kept[1:]
    return kept
