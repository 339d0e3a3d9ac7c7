"""Reads the header fields of a message, whatever stands in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from adapters.sources.feed.html_text import clean_line

_REPLY = re.compile(
    r"(?:re|aw|antw|antwort|sv|vs|vá|odp|r|rif|rép|réf|ynt|atb|bls|ha|res|回复|答复|回覆|返信|답장)"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\))? ?[:：]",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"\[(?P<name>[^\[\]]{1,60})\] ?")
_NAME_IN_COMMENT = re.compile(r"\((?P<name>[^()]{1,100})\)\s*$")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>]{1,1000}", re.IGNORECASE)
_ARRIVAL = re.compile(
    r"\b(?P<month>[A-Z][a-z]{2}) +(?P<day>[0-9]{1,2}) +(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
    r".{0,40}? (?P<year>[0-9]{4})\b"
)
_LETTERS = re.compile(r"[\W_]+")


def header(message: Message, name: str) -> str:
    """Returns a field as one decoded line; empty when the message has none."""
    for key, value in message.raw_items():
        if key.casefold() == name.casefold():
            return _decode(str(value))
    return ""


def _decode(raw: str) -> str:
    """Decodes encoded words (RFC 2047), and bytes that stand there as they are."""
    text = raw.encode("utf-8", "surrogateescape")
    try:
        unescaped = text.decode("utf-8")
    except UnicodeDecodeError:
        unescaped = text.decode("cp1252", "replace")
    unfolded = re.sub(r"\r?\n[ \t]*", " ", unescaped)
    if "=?" not in unfolded:
        return clean_line(unfolded)
    try:
        parts = decode_header(unfolded)
    except (ValueError, LookupError):
        return clean_line(unfolded)
    return clean_line("".join(_decode_part(part, charset) for part, charset in parts))


def _decode_part(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    if charset is None:  # what stands between encoded words, as `decode_header` returns it
        return part.decode("raw-unicode-escape", "replace")
    try:
        return part.decode(charset, "replace")
    except (LookupError, ValueError):
        return part.decode("utf-8", "replace")


def is_reply(subject: str) -> bool:
    """Returns True for a subject that begins with `Re:`, in any of the usual languages."""
    return _REPLY.match(subject) is not None


def list_prefix(subject: str) -> str:
    """Returns the name in brackets before a subject, `Re:` or not; empty for none."""
    found = _PREFIX.match(_REPLY.sub("", subject, count=1).strip())
    return found["name"] if found else ""


def without_prefix(subject: str, names: set[str]) -> str:
    """Returns a subject without those names in brackets; what is left of it is never empty."""
    found = _PREFIX.match(subject)
    while found and fold_name(found["name"]) in names and subject[found.end() :]:
        subject = subject[found.end() :].strip()
        found = _PREFIX.match(subject)
    return subject


def fold_name(name: str) -> str:
    """Returns a list's name as it is compared: `Foo-Announce` and `foo announce` are the same."""
    return _LETTERS.sub("", name.casefold())


def sent_at(message: Message, separator: bytes) -> datetime | None:
    """Returns when a message was sent; when it came, where its date is none."""
    for text in (header(message, "Date"), _arrival(separator)):
        try:
            moment = parsedate_to_datetime(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
    return None


def _arrival(separator: bytes) -> str:
    """Returns the date in `From a@example.org Tue Mar  5 10:00:00 2024`, in the order of mail."""
    found = _ARRIVAL.search(separator.decode("ascii", "replace"))
    return (
        f"{found['day']} {found['month']} {found['year']} {found['clock']} +0000" if found else ""
    )


def sender(message: Message) -> str:
    """Returns the sender's name; empty when there is only an address, which is nobody's to show."""
    written = header(message, "From")
    comment = _NAME_IN_COMMENT.search(written)
    name = parseaddr(written)[0] or (comment["name"] if comment else "")
    return "" if "@" in name else clean_line(name.strip("\"' "))


def web_address(message: Message) -> tuple[str, bool]:
    """Returns a page on the web where a message can be read, and whether it is its own.

    `Archived-At` (RFC 5064) is a message's own page, `List-Archive` (RFC 2369) that of all.
    """
    for name in ("Archived-At", "X-Archived-At", "List-Archive"):
        found = _WEB_ADDRESS.search(header(message, name))
        if found:
            return found[0], name != "List-Archive"
    return "", False
