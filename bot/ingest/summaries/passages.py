"""Passages: the pieces of a story that a summary may be made of.

A passage is a sentence, or the sentences that one quote or bracket holds together: taken apart they
would be words in nobody's mouth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.ingest.debris_phrases import MODULES
from bot.ingest.summaries.datelines import strip_dateline
from bot.ingest.summaries.lead_ins import strip_lead_in
from bot.ingest.summaries.notices import is_notice
from bot.model import Paragraph
from bot.text.balance import is_balanced
from bot.text.sentences import CLOSED, join_sentences, sentences

_MOST = 60  # passages, the first; later ones are hardly ever taken, and cost time
_MOST_TEXT = 20_000  # characters that are looked at
_LONGEST = 420  # characters of a quote in straight marks, whose end may be missing
_SHORT = 120  # characters that a credit has at most
_TAIL = 8  # characters in which a sentence ends, with the quotes and brackets behind it
_DATELINED = 2  # paragraphs that may begin with a dateline

_BULLET = re.compile(r"^[•‣◦▪●○■□*-]\s+(?=\w)")
_FOOTNOTE = re.compile(r"(?<=[\w.!?,;”\"])\[\d{1,3}\]")
_CREDIT = re.compile(
    r"\(?(?:By|Photo|Photos|Image|Picture|Video|Credit|Source|File|Foto|Caption|Also read|"
    r"Read also|Read more|Related|Watch|Listen|Updated|Published|Last updated|Posted)\b"
    r"(?:[: ] ?\(?[A-Z\d]|\s*[:(])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a story that stands by itself.

    Attributes:
        text: As it stands in the story.
        position: Its place among the passages, from 0.
        paragraph: The number of its paragraph.
        usable: False for what a summary must not show: a credit, an invitation, half a quote.
    """

    text: str
    position: int
    paragraph: int
    usable: bool = True


def passages(paragraphs: Sequence[Paragraph], title: str) -> list[Passage]:
    """Returns the passages of a text, in order; subheadings and datelines are in none.

    Args:
        paragraphs: The text.
        title: The story's headline, which is no passage where the text repeats it.
    """
    found: list[Passage] = []
    for number, text in enumerate(_texts(paragraphs)):
        body = _FOOTNOTE.sub("", text) if "[" in text else text
        body = strip_dateline(body) if number < _DATELINED else body
        for piece, whole in _pieces(sentences(body)):
            usable = whole and _tells(piece, title)
            bare = strip_lead_in(_BULLET.sub("", piece, count=1))
            found.append(Passage(bare, len(found), number, usable))
            if len(found) == _MOST:
                return found
    return found


def _texts(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    room = _MOST_TEXT
    for paragraph in paragraphs:
        if room <= 0:
            return
        if paragraph.heading or MODULES.fullmatch(paragraph.text):
            continue
        yield paragraph.text[:room] if len(paragraph.text) <= room else _first_part(paragraph, room)
        room -= len(paragraph.text)


def _first_part(paragraph: Paragraph, room: int) -> str:
    """Returns the whole sentences of a paragraph within so many characters, if there are any."""
    head = paragraph.text[:room]
    whole = sentences(head)[:-1]
    return head[: head.rindex(whole[-1]) + len(whole[-1])] if whole else head


def _pieces(found: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yields sentences, those of one quote or bracket together, and whether they are balanced."""
    at = 0
    while at < len(found):
        end = _balanced_end(found, at)
        if end:
            yield join_sentences(found[at:end]), True
            at = end
        else:
            yield found[at], False
            at += 1


def _balanced_end(found: Sequence[str], start: int) -> int:
    """Returns behind which sentence all that the first one opens is closed; 0 for none."""
    text = ""
    for end, sentence in enumerate(found[start:], start + 1):
        text = f"{text} {sentence}" if text else sentence
        if is_balanced(text):
            return end
        if len(text) > _LONGEST and "“" not in found[start]:
            return 0
    return 0


def _tells(text: str, title: str) -> bool:
    """Tells whether a passage may tell something of the story."""
    if text.casefold().strip(" .!?") == title.casefold().strip(" .!?"):
        return False
    if not CLOSED.search(text, max(len(text) - _TAIL, 0)):
        # A caption, a byline, a link to another story, or a sentence that its publisher cut off.
        return False
    return not (is_notice(text) or (len(text) <= _SHORT and _CREDIT.match(text)))
