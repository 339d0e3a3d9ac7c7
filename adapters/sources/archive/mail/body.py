"""Turns the text of a message into paragraphs: without quotations, signature and list footer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message

from adapters.sources.archive.rich_text import html_paragraphs
from adapters.sources.feed.html_text import clean_line
from bot.model import Paragraph

_SIGNATURE = "--"
_FOOTER = re.compile(r"_{20,}|-{20,}|={20,}")
_FOOTER_WORDS = re.compile(r"mailing list|unsubscribe|mailman|listinfo|list-manage", re.IGNORECASE)
_LIST_ITEM = re.compile(r"(?:[*•·+–-]|\d{1,3}[.)]) +\S")
_ATTRIBUTION = re.compile(
    r".{0,400}\b(?:wrote|writes|schrieb|a écrit|escribió|"
    r"ha scritto|написал\w*|skrev|schreef)\b"
    r".{0,200}[:：]|(?=.{0,300}(?:@|\d{1,2}:\d\d|\d{4}))\S.{0,300}[:：]",
    re.IGNORECASE,
)
_MAX_ATTRIBUTION = 3  # lines, when it is wrapped
_FORWARDED = re.compile(
    r"-{2,} ?(?:original message|forwarded message|ursprüngliche nachricht)", re.IGNORECASE
)


def message_paragraphs(message: Message) -> tuple[Paragraph, ...]:
    """Returns the paragraphs that a message itself says."""
    plain = [part for part in _text_parts(message) if part.get_content_subtype() == "plain"]
    if plain:
        lines = [line for part in plain for line in (*_lines(part), "")]
        found = tuple(_paragraphs(_own_lines(lines)))
        if found:
            return found
    html = [part for part in _text_parts(message) if part.get_content_subtype() == "html"]
    return tuple(each for part in html for each in html_paragraphs(_decoded(part))[0])


def _text_parts(message: Message) -> Iterator[Message]:
    """Yields the parts that are shown as text; attached and forwarded messages are not."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.is_multipart():
            if part.get_content_maintype() == "multipart":
                waiting.extend(
                    reversed([one for one in part.get_payload() if isinstance(one, Message)])
                )
        elif (
            part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
        ):
            yield part


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def _lines(part: Message) -> list[str]:
    text = _decoded(part).replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "")).casefold() != "flowed":
        return text.split("\n")
    return list(_unflowed(text.split("\n"), str(part.get_param("delsp", "")).casefold() == "yes"))


def _unflowed(lines: Iterable[str], delete_space: bool) -> Iterator[str]:
    """Joins the lines that flow into each other (RFC 3676)."""
    flowing, depth = "", 0
    for line in lines:
        quoted = len(line) - len(line.lstrip(">"))
        text = line[quoted:].removeprefix(" ")
        is_signature = text.rstrip("\n") == "-- "
        if flowing and (quoted != depth or is_signature):
            yield ">" * depth + flowing
            flowing = ""
        depth = quoted
        flowing += text
        if text.endswith(" ") and not is_signature:
            flowing = flowing[:-1] if delete_space else flowing
            continue
        yield ">" * depth + flowing
        flowing = ""
    if flowing:
        yield ">" * depth + flowing


def _own_lines(lines: list[str]) -> list[str]:
    """Returns the lines without quotations, what introduces them, signature and footer."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        if line.rstrip() == _SIGNATURE or _FORWARDED.match(line):
            break
        if _FOOTER.match(line) and _FOOTER_WORDS.search(" ".join(lines[number : number + 8])):
            break
        if line.startswith(">"):
            _drop_attribution(kept)
            kept.append("")
        else:
            kept.append(line)
    return kept


def _drop_attribution(kept: list[str]) -> None:
    """Removes `On Monday, Ann wrote:` from the end, wrapped or not."""
    end = len(kept)
    while end and not kept[end - 1].strip():
        end -= 1
    for length in range(1, min(_MAX_ATTRIBUTION, end) + 1):
        start = end - length
        is_block = start == 0 or not kept[start - 1].strip()
        if is_block and _ATTRIBUTION.fullmatch(clean_line(" ".join(kept[start:end]))):
            del kept[start:]
            return


def _paragraphs(lines: Iterable[str]) -> Iterator[Paragraph]:
    """Yields what stands between blank lines; each item of a list by itself."""
    current: list[str] = []
    for line in (*lines, ""):
        is_item = _LIST_ITEM.match(line.strip()) is not None
        if (not line.strip() or is_item) and current:
            text = clean_line(" ".join(current))
            if any(sign.isalnum() for sign in text):
                yield Paragraph(text)
            current = []
        if line.strip():
            current.append(line)
