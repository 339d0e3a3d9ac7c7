"""Reads Discord's Markdown: the text that a reader sees, and markup that the bot did not write."""

from __future__ import annotations

import re

JOINER = "\u2060"

# The bot's own markup: headings, bold, small print, times, roles in settings, addresses.
_OWN_MARKUP = re.compile(
    r"\\(?P<escaped>[^A-Za-z0-9\s])|<(?P<address>(?i:https?)://[^\s<>]+)>|<t:-?\d+:R>"
    r"|\*\*|^-# |^#{2,3} |" + JOINER,
    re.MULTILINE,
)

# Markup to Discord; after the bot's own is removed, nothing of it may be left.
_MARKUP = re.compile(
    r"[*_~|`\[\]\\]|<[@#:/a-z]|https?://|@everyone|@here|:[\w+-]+:"
    r"|discord(?:app)?\.(?:gg|com/invite)|^[ \t]*(?:[#>]|[-+] |-#|\d+[.)])",
    re.MULTILINE | re.IGNORECASE,
)
HOLE = "\x00"
"""What takes the place of the bot's own markup, so that nothing new forms around it."""


def visible_text(markdown: str) -> str:
    """Returns the characters that a reader sees, without spaces."""
    text = _OWN_MARKUP.sub(lambda match: match["escaped"] or match["address"] or "", markdown)
    return "".join(text.split())


def foreign_markup(markdown: str) -> list[str]:
    """Returns markup that is not the bot's own."""
    return _MARKUP.findall(_OWN_MARKUP.sub(HOLE, markdown))
