"""Features by which a story's subject is known: the stems of its words, and its page's sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text.stemming import Stem
from bot.text.tokenizer import words
from bot.text.urls import split_url

LEAD = 600
"""Characters of a story's opening that are read; what follows says little more, and costs time."""

_SECTION = re.compile(r"[a-z][a-z-]{2,}")
_NUMBERED = re.compile(r"([a-z][a-z-]{2,}?)-\d{5,}")


def features(title: str, lead: str, url: str, stem: Stem) -> set[str]:
    """Returns each feature that a story has, once.

    A section of its page is written with a slash before it, so that it is no word.

    Args:
        title: The story's title.
        lead: How it begins; empty for nothing.
        url: Its page; empty for none.
        stem: Gives words their stems.
    """
    found = {stem(word) for word in _words(title, lead)}
    found.update(f"/{section}" for section in sections(url))
    return found


def _words(title: str, lead: str) -> Iterator[str]:
    # Numbers tell years and scores of the stories that were learnt from, not subjects.
    for word in words(f"{title}\n{lead[:LEAD]}"):
        if not word.isdigit():
            yield word


def sections(url: str) -> list[str]:
    """Returns the sections in the path of a page, such as `sport` and `cricket`.

    What the page itself is called is none of them, unless that is a section with a number.
    """
    address = split_url(url)
    if address is None:
        return []
    *parts, last = address.path.lower().split("/")
    numbered = _NUMBERED.fullmatch(last)
    found = [part for part in parts if _SECTION.fullmatch(part)]
    return [*found, numbered[1]] if numbered else found
