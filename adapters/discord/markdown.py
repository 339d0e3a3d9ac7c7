"""Discord's Markdown: escaping of others' text, links, highlights, and truncation.

No single page documents all of this Markdown. So every character that may have a meaning is escaped
(https://support.discord.com/hc/en-us/articles/210298617) or, where a backslash is not enough,
separated from what follows by a word joiner, which has no width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from bot.text.display import is_inside, strip_hidden

JOINER = "\u2060"
"""Word joiner, of no width; Discord takes what is before it and after it for separate things."""

_ELLIPSIS = "…"

# An invite is shown as a card to join, even where it is no link.
_INVITE = r"discord(?:app)?\.(?=(?:gg|gift|new|com/(?:invite|template|gifts?))\b)"
_INVITE_PATTERN = re.compile(_INVITE, re.IGNORECASE)
_SCHEME = r":(?=//)"
_EMOJI = r":(?=[^\s:]+:)"
_MASS_MENTION = r"@(?=everyone|here)"

# A web page's URL, up to a space or to what closes a sentence. One with any unusual character is
# shown, but is no link, since it is not sure where Discord would take it to end.
_WEB_URL = (
    r"(?<!\w)https?://[\w\-.~:/?#@!$&'+,;=%]{0,2000}[\w\-/#=&~]"
    r"(?=[.,;:!?'\")\]}»”’>]*(?:\s|\Z))"
)
_ROUND_BRACKETS = str.maketrans("[]", "()")
_LINE_BREAKS = str.maketrans("\u2028\u2029", "\n\n")  # line breaks to Discord's client, too
_BLOCK_MARK = r"^[ \t]*(?:[#>\-+]|\d+(?=[.)]))"  # headings, quotes, lists, small print

_COMMAND = re.compile(r"(?<![\w/<:.\u2060-])/([a-z]{2,32})(?![\w/:])")

_HEADING = re.compile(
    r"^#{1,3} (?:\d+\. )?(?:\[(?P<link>(?:\\.|[^\]\\])*)\]\(|(?P<words>.+))", re.MULTILINE
)
_ESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")

_SPECIAL = re.compile(
    rf"(?P<address>{_WEB_URL})"
    rf"|(?P<line>{_BLOCK_MARK})"
    r"|(?P<escape>[\\*_~|`\[\]])"
    rf"|(?P<split><|{_SCHEME}|{_EMOJI}|{_MASS_MENTION}|{_INVITE})",
    re.IGNORECASE | re.MULTILINE,
)
_NOT_IN_LINK = re.compile(
    r"[\s()<>\[\]{}*|\\\"`^]"
)  # characters at which the URL of a link might end
_AUTOLINKED = re.compile(rf"{_SCHEME}|{_MASS_MENTION}|{_INVITE}|\](?=\()", re.IGNORECASE)


def escape_markdown(text: str, *, links: bool = True) -> str:
    """Returns others' text as Markdown that shows it as it is.

    Args:
        text: The text.
        links: False to make no links of URLs, either.
    """
    return _escape(strip_hidden(text).translate(_LINE_BREAKS), links=links)


def _escape(text: str, *, links: bool) -> str:
    return _SPECIAL.sub(lambda match: _escape_match(match, links=links), text)


def escape_line(text: str) -> str:
    """Escapes a title, a name or a query: as one line and without links."""
    return escape_markdown(" ".join(text.split()), links=False)


def plain_text(text: str) -> str:
    """Returns a line for places without Markdown: labels, authors, footers."""
    return _AUTOLINKED.sub(rf"\g<0>{JOINER}", " ".join(strip_hidden(text).split()))


def _escape_match(match: re.Match[str], *, links: bool) -> str:
    text = match.group()
    match match.lastgroup:
        case "address" if links and not _INVITE_PATTERN.search(text):
            return f"<{text}>"  # the brackets mark its end, and suppress a preview
        case "address":
            return _escape(text.replace("://", f":{JOINER}//"), links=False)
        case "line" if text[-1].isdigit():
            return f"{text}\\"
        case "line":
            return f"{text[:-1]}\\{text[-1]}"
        case "escape":
            return f"\\{text}"
        case _:
            return text + JOINER


def link_label(text: str) -> str:
    """Escapes the label of a link; square brackets, which could end it, become round."""
    return escape_line(text.translate(_ROUND_BRACKETS))


def link(label: str, url: str) -> str:
    """Links a label to a URL; returns the label alone where the URL is an invite."""
    if not label or _INVITE_PATTERN.search(url):
        return label
    return f"[{label}]({_NOT_IN_LINK.sub(lambda match: quote(match[0], safe=''), url)})"


def bold(text: str) -> str:
    """Returns Markdown in bold."""
    return f"**{text}**" if text else ""


def italic(text: str) -> str:
    """Returns Markdown in italics."""
    return f"*{text}*" if text else ""


def heading(text: str, level: int) -> str:
    """Returns a line of Markdown as a heading, from level 1, the largest, to 3."""
    return f"{'#' * level} {text}" if text else ""


def small(text: str) -> str:
    """Returns a line of Markdown in small print (subtext)."""
    return f"-# {text}" if text else ""


def first_heading(markdown: str) -> str:
    """Returns the words of the first heading of a text that the bot has written; empty for none."""
    found = _HEADING.search(markdown)
    return _ESCAPED.sub(r"\1", found["link"] or found["words"] or "") if found else ""


def mention_commands(markdown: str, ids: Mapping[str, int]) -> str:
    """Makes mentions of commands, which can be tapped, of what names them: `</latest:1>`."""
    if not ids or "/" not in markdown:
        return markdown
    return _COMMAND.sub(
        lambda match: f"</{match[1]}:{ids[match[1]]}>" if match[1] in ids else match[0], markdown
    )


def highlight(text: str, marks: Sequence[tuple[int, int]]) -> str:
    """Escapes a text, with the passages from and up to some characters in bold."""
    parts: list[str] = []
    end = 0
    for start, stop in marks:
        parts += [escape_markdown(text[end:start]), bold(escape_markdown(text[start:stop]))]
        end = stop
    return "".join((*parts, escape_markdown(text[end:])))


def utf16_units(text: str) -> int:
    """Counts UTF-16 units, the longest of the ways in which Discord may count characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def truncate(text: str, limit: int, form: Callable[[str], str] = escape_markdown) -> str:
    """Truncates a text so that `form` of it takes at most `limit` units, an ellipsis included.

    The text is cut before it is formatted: no escape is torn from what it escapes.
    """
    if not text:
        return ""
    if utf16_units(formatted := form(text)) <= limit:
        return formatted
    length = limit
    while length > 0:
        formatted = form(_cut_at_word(text, length) + _ELLIPSIS)
        excess = utf16_units(formatted) - limit
        if excess <= 0:
            return formatted
        length -= max(1, excess // 2)  # a character takes two units at most
    return _ELLIPSIS if limit > 0 else ""


def _cut_at_word(text: str, length: int) -> str:
    """Returns the longest prefix of `length` characters, up to a space if one is near."""
    space = text.rfind(" ", 0, length + 1)
    if space > length * 3 // 4:
        return text[:space].rstrip()
    while 0 < length < len(text) and is_inside(text, length):
        length -= 1
    return text[:length].rstrip()
