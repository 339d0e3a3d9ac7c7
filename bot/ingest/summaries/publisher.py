"""Publishers' own summaries: which of them are good enough to be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.ingest.summaries.datelines import strip_dateline
from bot.ingest.summaries.notices import is_notice
from bot.model import Story
from bot.text.balance import is_balanced
from bot.text.sentences import CLOSED, join_sentences, sentences
from bot.text.tokenizer import words

_FEWEST = 4  # words, or pairs of letters, of one that tells something
_OWN = 2  # words, beside those of the title
_CUT = re.compile(r"(?:…|\.{3}|\[…\]|\[\.{3}\]|\(…\)|»|→|>)$")


def good_summary(given: str, story: Story, length: int) -> str:
    """Returns what of a publisher's own summary can be shown: whole sentences, or nothing.

    Args:
        given: The summary as the publisher gives it.
        story: The story that it is of.
        length: The most characters.

    Returns:
        An empty text for a summary that is cut off, says the title again or nothing at all.
    """
    line = strip_dateline(" ".join(given.split()))
    if not line or _CUT.search(line) or _is_broken_off(line, story):
        return ""
    fitting = _opening([one for one in sentences(line) if not is_notice(one)], length)
    return fitting if _tells(fitting, story.title) else ""


def _is_broken_off(line: str, story: Story) -> bool:
    """Tells whether a summary ends in the middle of a sentence that the story goes on with."""
    if CLOSED.search(line):
        return False
    text = " ".join(story.text.split())
    at = text.find(line)
    following = text[at + len(line) :].lstrip() if at >= 0 else ""
    return following != "" and not following[0].isupper()


def _opening(found: Sequence[str], length: int) -> str:
    """Returns the first sentences that fit, as many as leave nothing open."""
    kept = text = ""
    for sentence in found:
        text = join_sentences((text, sentence))
        if len(text) > length:
            break
        kept = text if is_balanced(text) else kept
    return kept


def _tells(text: str, title: str) -> bool:
    told, headline = words(text), set(words(title))
    if len(told) < _FEWEST:
        return False
    return len(set(told) - headline) >= _OWN
