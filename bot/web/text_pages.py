"""Pages of a story's text: of a long one, as much as a page of the site may weigh."""

from __future__ import annotations

import html
from collections.abc import Sequence

from bot.commands.story_pages import split_pages
from bot.model import Paragraph

_MOST_BYTES = 18_000  # of a page's text as it is sent: an hour's read has several pages
_AROUND = 24  # bytes of markup around a paragraph


def text_pages(body: Sequence[Paragraph]) -> Sequence[Sequence[Paragraph]]:
    """Splits a text into pages that take about as many bytes as HTML; there is always one."""
    weight = sum(_AROUND + len(html.escape(one.text).encode("utf-8", "replace")) for one in body)
    if weight <= _MOST_BYTES:
        return [body]
    characters = sum(len(one.text) for one in body)
    return split_pages(body, max(1, characters * _MOST_BYTES // weight))
