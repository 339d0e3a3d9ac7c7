"""Links: addresses that Discord accepts for links, buttons and pictures."""

from __future__ import annotations

from adapters.discord.markdown import utf16_units
from bot.text.urls import is_web_url

_URL, _BUTTON_URL = 2_048, 512


def web_url(url: str | None, limit: int = _URL) -> str | None:
    """Returns a URL that Discord accepts and that leads to a web page; None for any other."""
    if not url or utf16_units(url) > limit or any(character.isspace() for character in url):
        return None
    return url if is_web_url(url) else None


def button_url(url: str | None) -> str | None:
    """Returns a URL that a link button may have; None for any other."""
    return web_url(url, _BUTTON_URL)
