"""Stories that are only named: a headline that leads to the story's page, and its source."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from adapters.discord.markdown import fitted, heading, label, linked, small, units
from bot.i18n import Words
from bot.reply import Card

_ADDRESS = 2_048
_LINE, _NAME = 120, 100  # units of a headline, and of a source's name
_LINK = 500  # units of an address that may stand behind a headline


def named(cards: Sequence[Card], words: Words, room: int) -> str:
    """A line for each story, as far as there is room, and how many are left out."""
    told = ""
    lines: list[str] = []
    for count, card in enumerate(cards, 1):
        lines.append(_line(card))
        longer = "\n".join((*lines, *_left(len(cards) - count, words)))
        if units(longer) > room:
            break
        told = longer
    return told


def _line(card: Card) -> str:
    """A story in one line: `• Headline — The Wire`."""
    title, url = card.story.title, web_page(card.story.url)
    if url and units(url) <= _LINK:
        headline = linked(fitted(title, _LINE, label), url)
    else:
        headline = fitted(title, _LINE, heading)
    source = fitted(card.source, _NAME, heading)
    return "• " + " — ".join(filter(None, (headline, source)))


def _left(count: int, words: Words) -> Sequence[str]:
    told = words.ngettext("… and {count} more", "… and {count} more", count)
    return [small(told.format(count=count))] if count else []


def web_page(url: str | None) -> str | None:
    """An address that Discord takes and that leads to a web page; None for any other."""
    if not url or units(url) > _ADDRESS or any(sign.isspace() for sign in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
