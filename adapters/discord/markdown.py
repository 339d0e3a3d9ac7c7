"""Text as Discord shows it: what others wrote is shown as it is, whatever Discord makes of signs.

Discord's Markdown has no end of meanings, and no one place that tells them. So every sign that may
begin one is escaped (https://support.discord.com/hc/en-us/articles/210298617), or parted from what
follows by a sign that takes no room, where an escape is not enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

from bot.text.display import is_inside, visible

JOINER = "\u2060"
"""Takes no room; what stands before it and after it is no longer one thing."""

_ELLIPSIS = "…"

# An invitation is shown as a card to join, even where it is no link.
_INVITE = r"discord(?:app)?\.(?=(?:gg|gift|new|com/(?:invite|template|gifts?))\b)"
_INVITES = re.compile(_INVITE, re.IGNORECASE)
_SCHEME = r":(?=//)"
_EMOJI = r":(?=[^\s:]+:)"
_CALL = r"@(?=everyone|here)"

# A web page's address, up to a space or to what closes a sentence. One that holds anything out of
# the ordinary is shown, but is no link: only so it is sure where Discord takes it to end.
_ADDRESS = (
    r"(?<!\w)https?://[\w\-.~:/?#@!$&'+,;=%]{0,2000}[\w\-/#=&~]"
    r"(?=[.,;:!?'\")\]}»”’>]*(?:\s|\Z))"
)
_ROUND = str.maketrans("[]", "()")
_BREAKS = str.maketrans("\u2028\u2029", "\n\n")  # Discord's client begins a line after them, too
_LINE = r"^[ \t]*(?:[#>\-+]|\d+(?=[.)]))"  # headings, quotes, lists, small print

_SPECIAL = re.compile(
    rf"(?P<address>{_ADDRESS})"
    rf"|(?P<line>{_LINE})"
    r"|(?P<escape>[\\*_~|`\[\]])"
    rf"|(?P<part><|{_SCHEME}|{_EMOJI}|{_CALL}|{_INVITE})",
    re.IGNORECASE | re.MULTILINE,
)
_UNLINKED = re.compile(r"[\s()<>\[\]{}*|\\\"`^]")  # signs at which a link's address might end
_PARTED = re.compile(rf"{_SCHEME}|{_CALL}|{_INVITE}|\](?=\()", re.IGNORECASE)


def escaped(text: str, *, links: bool = True) -> str:
    """Words that others wrote, as Markdown that shows them and does nothing else.

    Args:
        text: The words.
        links: False where addresses of web pages are no links, either.
    """
    return _escaped(visible(text).translate(_BREAKS), links=links)


def _escaped(text: str, *, links: bool) -> str:
    return _SPECIAL.sub(lambda match: _special(match, links=links), text)


def heading(text: str) -> str:
    """The same in one line and without links: titles, names, what somebody typed."""
    return escaped(" ".join(text.split()), links=False)


def plain(text: str) -> str:
    """Words for where Discord knows no Markdown; one line."""
    return _PARTED.sub(rf"\g<0>{JOINER}", " ".join(visible(text).split()))


def _special(match: re.Match[str], *, links: bool) -> str:
    found = match.group()
    match match.lastgroup:
        case "address" if links and not _INVITES.search(found):
            return f"<{found}>"  # in brackets it ends where it ends, and gets no preview
        case "address":
            return _escaped(found.replace("://", f":{JOINER}//"), links=False)
        case "line" if found[-1].isdigit():
            return f"{found}\\"
        case "line":
            return f"{found[:-1]}\\{found[-1]}"
        case "escape":
            return f"\\{found}"
        case _:
            return found + JOINER


def label(text: str) -> str:
    """A heading that stands on a link: Discord would look for the link's end among its brackets."""
    return heading(text.translate(_ROUND))


def linked(label: str, url: str) -> str:
    """A label that leads to a web page; without a link where that would lead elsewhere, too."""
    if not label or _INVITES.search(url):
        return label
    return f"[{label}]({_UNLINKED.sub(lambda sign: quote(sign[0], safe=''), url)})"


def bold(text: str) -> str:
    """Markdown in bold."""
    return f"**{text}**" if text else ""


def small(text: str) -> str:
    """A line of Markdown in small print."""
    return f"-# {text}" if text else ""


def marked(text: str, marks: Sequence[tuple[int, int]]) -> str:
    """A text, escaped, with pieces of it in bold."""
    parts: list[str] = []
    end = 0
    for start, stop in marks:
        parts += [escaped(text[end:start]), bold(escaped(text[start:stop]))]
        end = stop
    return "".join((*parts, escaped(text[end:])))


def units(text: str) -> int:
    """How long Discord may take a text to be: the longest of the ways to count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitted(text: str, limit: int, form: Callable[[str], str] = escaped) -> str:
    """A text in a form, in at most `limit` units; an ellipsis stands for what does not fit.

    The text is cut, not its form: no escape is torn from what it escapes.
    """
    if units(shown := form(text)) <= limit:
        return shown
    length = limit
    while length > 0:
        shown = form(_head(text, length) + _ELLIPSIS)
        over = units(shown) - limit
        if over <= 0:
            return shown
        length -= max(1, over // 2)  # a sign takes two units at most
    return _ELLIPSIS if limit > 0 else ""


def _head(text: str, length: int) -> str:
    """The longest beginning of at most `length` characters, up to a space if one is near."""
    space = text.rfind(" ", 0, length + 1)
    if space > length * 3 // 4:
        return text[:space].rstrip()
    while 0 < length < len(text) and is_inside(text, length):
        length -= 1
    return text[:length].rstrip()
