"""Turns Markdown into paragraphs, as readers of the page see them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt

from adapters.sources.archive.markdown.footnotes import number_footnotes
from adapters.sources.archive.markdown.template_tags import strip_template_tags
from adapters.sources.archive.rich_text import html_paragraphs
from bot.model import Paragraph

_MOST_BRACKETS = 1_000
_GAP = re.compile(r"(\n[ \t]*\n)")


def markdown_paragraphs(text: str) -> tuple[tuple[Paragraph, ...], Sequence[str]]:
    """Returns the paragraphs of a post in Markdown, and its images."""
    markdown = number_footnotes(strip_template_tags(text))
    return html_paragraphs(_parser().render(_tame(markdown)))


def template_paragraphs(html: str) -> tuple[tuple[Paragraph, ...], Sequence[str]]:
    """Returns the paragraphs of a post in HTML, and its images."""
    return html_paragraphs(strip_template_tags(html))


def _tame(text: str) -> str:
    """Returns a text in which no block has more brackets than the parser takes in good time.

    For each that opens a link it looks for the end, so its time grows with their square.
    """
    if text.count("[") <= _MOST_BRACKETS:
        return text
    return "".join(
        block.replace("[", r"\[") if block.count("[") > _MOST_BRACKETS else block
        for block in _GAP.split(text)
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
