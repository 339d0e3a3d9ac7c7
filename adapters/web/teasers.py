"""Teasers: stories as lists show them, each with a bounded part of its text."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.reply import Snippet

LONGEST_HEADLINE = 240
"""Bytes of a headline where it is not the page's own."""

_ELLIPSIS, _WIDEST = "…", 4  # bytes of a character

MOST_TOPICS = 10
"""Topics that a page names of a story."""

LONGEST_SUMMARY = 480
"""Bytes of a summary in a list."""


def clip(text: str, most: int) -> str:
    """Returns a text, or the beginning of one that takes more bytes than its place has.

    Of wide characters, which take more bytes, less is needed to fill a line.
    """
    if len(text) <= most // _WIDEST:
        return text
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= most:
        return text
    return encoded[: most - len(_ELLIPSIS.encode())].decode("utf-8", "ignore").rstrip() + _ELLIPSIS


def mark_words(snippet: Snippet) -> Markup:
    """Returns a passage with its words marked, and all else escaped."""
    text, at = snippet.text, 0
    parts = list[str]()
    for start, end in snippet.marks:
        if start < at:
            continue
        parts += (escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>")
        at = end
    return Markup("".join((*parts, escape(text[at:]))))  # noqa: S704 - all of it is escaped


@dataclass(frozen=True, slots=True)
class Teaser:
    """A story of a list, ready for a template: one call makes what dozens would.

    Attributes:
        title: Its headline, or the beginning of a very long one.
        link: The address of its page.
        direction: `rtl` for one that is read from right to left, else `ltr`.
        language: Its language; empty where nobody says.
        picture: The address of its picture; empty for none.
        topic: Its first topic; empty for none.
        topic_link: The address of that topic's page.
        place: Where it was written; empty where nobody says.
        passage: What a search found in it, or its summary.
        source: The name of its source.
        source_link: The address of the source's page; empty where it has none.
        moment: When it was published, for programs.
        when: The same for people.
        also: What tells its other sources; empty for none.
    """

    title: str
    link: str
    direction: str
    language: str
    picture: str
    topic: str
    topic_link: str
    place: str
    passage: Markup
    source: str
    source_link: str
    moment: str
    when: str
    also: str
