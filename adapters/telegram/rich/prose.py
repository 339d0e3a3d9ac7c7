"""Prose: texts made safe to show in a rich message, and the links in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters.telegram.formatted_text import FormattedText, sanitize
from adapters.telegram.rich.texts import Link, RichText
from bot.text.display import strip_hidden
from bot.text.urls import is_web_url, split_url

_MAX_URL = 2_000  # characters; no client opens longer ones for sure
_URL = re.compile(r"https?://[^\s<>\"“”‘’]*[^\s<>\"“”‘’.,;:!?)\]}']", re.IGNORECASE)
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Prose:
    """Cleans texts for one message.

    Attributes:
        detects: True if Telegram looks for links, mentions and commands in the message. Then those
            in others' words are broken up; else nothing needs to be.
        commands: The names of the bot's commands, which can be tapped in its own words then.
        limit: The UTF-16 units of each text at most; None for no limit.
    """

    detects: bool = False
    commands: frozenset[str] = frozenset()
    limit: int | None = None

    def line(self, text: str) -> str:
        """Returns others' words as one line."""
        return self._clean(text, frozenset())

    def own(self, text: str) -> str:
        """Returns the bot's own words as one line."""
        return self._clean(text, self.commands)

    def linked(self, text: str) -> RichText:
        """Returns others' words as one line, in which URLs of web pages are links."""
        line = self.line(text)
        return line if self.detects else _with_links(line)

    def _clean(self, text: str, commands: frozenset[str]) -> str:
        clean = sanitize(text, commands) if self.detects else strip_hidden(text)
        line = " ".join(clean.split())
        return FormattedText.of(line).truncate(self.limit).text if self.limit else line


def _with_links(text: str) -> RichText:
    parts: list[RichText] = []
    end = 0
    for match in _URL.finditer(text):
        if is_usable(match[0]):
            parts += [text[end : match.start()], Link(match[0], match[0])]
            end = match.end()
    return tuple(part for part in (*parts, text[end:]) if part) if parts else text


def is_usable(url: str) -> bool:
    """Tells if Telegram takes a URL of a web page or a file for a link."""
    if len(url) > _MAX_URL or not url.isprintable() or " " in url:
        return False
    return is_web_url(url)


def site(url: str) -> str:
    """Returns the name of a URL's site, as people know it: `example.org`."""
    parts = split_url(url)
    return ((parts.hostname if parts else "") or "").removeprefix("www.")
