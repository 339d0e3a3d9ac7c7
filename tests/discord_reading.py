"""What a reader sees of Discord's Markdown, and what of it is none of ours."""

from __future__ import annotations

import re

JOINER = "\u2060"

# What the bot writes itself: bold, small print, times, mentions of roles in settings, addresses.
_OURS = re.compile(
    r"\\(?P<escaped>[^A-Za-z0-9\s])|<(?P<address>(?i:https?)://[^\s<>]+)>|<t:-?\d+:R>|\*\*|^-# |"
    + JOINER,
    re.MULTILINE,
)

# What would mean something to Discord once our own is taken out: nothing may be left of it.
_MEANT = re.compile(
    r"[*_~|`\[\]\\]|<[@#:/a-z]|https?://|@everyone|@here|:[\w+-]+:"
    r"|discord(?:app)?\.(?:gg|com/invite)|^[ \t]*(?:[#>]|[-+] |-#|\d+[.)])",
    re.MULTILINE | re.IGNORECASE,
)
_HOLE = "\x00"  # stands where something of ours stood, so that nothing new is made around it


def seen(markdown: str) -> str:
    """The signs that a reader sees, without the spaces between them."""
    text = _OURS.sub(lambda match: match["escaped"] or match["address"] or "", markdown)
    return "".join(text.split())


def meant(markdown: str) -> list[str]:
    """What Discord would take for more than text, beside what the bot means."""
    return _MEANT.findall(_OURS.sub(_HOLE, markdown))
