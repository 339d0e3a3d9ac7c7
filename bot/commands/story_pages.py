"""Pagination of long texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Paragraph
from bot.text.sentences import join_sentences, sentences

PAGE_LENGTH = 1_500
"""Characters of a story that a page holds at most: two or three screens of a phone."""

_BREAK = 2  # characters that part paragraphs
_LONGEST_HEADING = 200  # characters


def split_pages(
    paragraphs: Sequence[Paragraph], length: int = PAGE_LENGTH
) -> list[tuple[Paragraph, ...]]:
    """Splits paragraphs into pages of at most `length` characters, with the breaks between them.

    Pages are broken between paragraphs. A paragraph that is longer than a page is broken between
    sentences, and a sentence that is, between words. Subheadings are never the last of their page
    when more follows; those of up to 200 characters together may make the next one longer by their
    own length. There is always one page.
    """
    pages: list[list[Paragraph]] = [[]]
    room = length
    for piece in (
        piece for paragraph in paragraphs for piece in _split_paragraph(paragraph, length)
    ):
        head = _last_subheadings(pages[-1]) if len(piece.text) > room else pages[-1]
        if len(head) < len(pages[-1]):
            del pages[-1][len(pages[-1]) - len(head) :]
            pages.append(head)
            room = length - _length(head)
        pages[-1].append(piece)
        room -= len(piece.text) + _BREAK
    return [tuple(page) for page in pages]


def _last_subheadings(page: list[Paragraph]) -> list[Paragraph]:
    """Returns the subheadings at the end of a page; very long ones, and long lists, are none."""
    start = len(page)
    while start and page[start - 1].heading and _length(page[start - 1 :]) <= _LONGEST_HEADING:
        start -= 1
    return page[start:]


def _length(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(paragraph.text) + _BREAK for paragraph in paragraphs)


def _split_paragraph(paragraph: Paragraph, length: int) -> list[Paragraph]:
    if len(paragraph.text) <= length:
        return [paragraph]
    pieces = [""]
    for sentence in sentences(paragraph.text):
        for part in _split_sentence(sentence, length):
            joined = join_sentences((pieces[-1], part))
            if len(joined) <= length:
                pieces[-1] = joined
            else:
                pieces.append(part)
    return [replace(paragraph, text=piece) for piece in pieces]


def _split_sentence(sentence: str, length: int) -> list[str]:
    """Splits a sentence into parts of at most `length` characters, at spaces if there are any."""
    parts = []
    while len(sentence) > length:
        cut = sentence.rfind(" ", 1, length + 1)
        cut = cut if cut > 0 else length
        parts.append(sentence[:cut].rstrip())
        sentence = sentence[cut:].lstrip()
    return [*parts, sentence]
