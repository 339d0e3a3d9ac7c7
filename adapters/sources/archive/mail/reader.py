"""Reads the mailbox of a mailing list: each message that begins a thread is a story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from urllib.parse import quote

from typing_extensions import override

from adapters.sources.archive.mail.body import message_paragraphs
from adapters.sources.archive.mail.headers import (
    fold_name,
    header,
    is_reply,
    list_prefix,
    sender,
    sent_at,
    web_address,
    without_prefix,
)
from adapters.sources.archive.mail.separators import RawMessage, split_messages
from adapters.sources.archive.model import ArchiveItem, ArchiveProblem, LeftOut, ParsedStory
from adapters.sources.archive.reader import MAX_STORY, ArchiveFile, ArchiveReader
from adapters.sources.archive.rich_text import web_url
from bot.text.display import shorten

_HEADER_LIMIT = 65_536  # bytes of a message in which its subject stands
_SUBJECT = re.compile(rb"^Subject:(?P<raw>.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_LIST_ID = re.compile(r"<(?P<name>[^.<>]{1,100})")
_SHORTEST_PREFIX = 3
_MESSAGES_PER_PAUSE = 20
_MAX_KEY = 500
_MAX_THREADS = 20_000
_NO_SUBJECT = "(no subject)"


class _Threads:
    """The subjects of the latest threads, by which a reply without `Re:` is known."""

    def __init__(self) -> None:
        self._subjects: dict[int, None] = {}

    def note(self, subject: str) -> bool:
        """Notes a subject; returns True when it was there before."""
        folded = hash(subject.casefold())
        is_known = folded in self._subjects
        self._subjects[folded] = None
        if len(self._subjects) > _MAX_THREADS:
            del self._subjects[next(iter(self._subjects))]
        return is_known


class MailReader(ArchiveReader):
    """Reads mailboxes: once for what stands before most subjects, once for the messages.

    Replies are left out: what they say is for those who know the thread, and a thread that is news
    begins with the message that is a story.
    """

    @override
    def read(self, file: ArchiveFile) -> Iterator[ArchiveItem]:
        prefixes = _common_prefixes(file)
        threads = _Threads()
        for raw in _raw_messages(file):
            yield _read_message(raw, prefixes, threads, file)


def _raw_messages(file: ArchiveFile, limit: int | None = None) -> Iterator[RawMessage]:
    with file.path.open("rb") as opened:
        messages = split_messages(opened, limit) if limit else split_messages(opened)
        for count, raw in enumerate(messages, start=1):
            if count % _MESSAGES_PER_PAUSE == 0:
                file.options.rest()
            yield raw


def _common_prefixes(file: ArchiveFile) -> set[str]:
    """Returns the names in brackets that stand before at least half of the subjects."""
    counts: Counter[str] = Counter()
    total = 0
    for raw in _raw_messages(file, _HEADER_LIMIT):
        head = raw.content.partition(b"\n\n")[0]
        found = _SUBJECT.search(head)
        if found:
            total += 1
            message = message_from_bytes(b"Subject:" + found["raw"] + b"\n\n")
            counts[fold_name(list_prefix(header(message, "Subject")))] += 1
    del counts[""]
    return {name for name, count in counts.items() if count > 1 and count * 2 >= total}


def _read_message(
    raw: RawMessage, prefixes: set[str], threads: _Threads, file: ArchiveFile
) -> ArchiveItem:
    try:
        message = message_from_bytes(raw.content)
        subject = _subject(message, prefixes)
        if _continues_thread(message, subject, threads):
            return LeftOut("reply")
        return _make_story(message, subject, raw, file)
    except Exception as error:  # noqa: BLE001 - what the email package raises is in no documentation
        return ArchiveProblem(raw.line, f"this message cannot be read ({type(error).__name__})")


def _subject(message: Message, prefixes: set[str]) -> str:
    subject = header(message, "Subject")
    prefix = fold_name(list_prefix(subject))
    names = prefixes | ({prefix} if prefix and _is_list_name(prefix, message) else set())
    return without_prefix(subject, names)


def _is_list_name(prefix: str, message: Message) -> bool:
    written = header(message, "List-Id")
    found = _LIST_ID.search(written)
    names = (fold_name(written[: found.start()]), fold_name(found["name"])) if found else ()
    return any(
        name == prefix or (len(prefix) >= _SHORTEST_PREFIX and name.startswith(prefix))
        for name in names
    )


def _continues_thread(message: Message, subject: str, threads: _Threads) -> bool:
    """Returns True for a reply, which says so in its subject or has that of an earlier message."""
    if is_reply(subject):
        return True
    is_known = threads.note(subject)
    return is_known and bool(header(message, "In-Reply-To") or header(message, "References"))


def _make_story(message: Message, subject: str, raw: RawMessage, file: ArchiveFile) -> ArchiveItem:
    title = subject or _NO_SUBJECT
    name = f'"{shorten(title)}"'
    paragraphs = message_paragraphs(message)
    if not paragraphs:
        return ArchiveProblem(raw.line, f"there is no text in the message {name}")
    if sum(len(each.text) for each in paragraphs) > MAX_STORY:
        reason = f"the message {name} has more than {MAX_STORY:,} characters"
        return ArchiveProblem(raw.line, reason)
    moment = sent_at(message, raw.separator)
    known = None if moment else file.missing_dates().find()
    if not (moment or known):
        return ArchiveProblem(raw.line, f"the message {name} has no date that can be read")
    key = header(message, "Message-ID").strip("<> ")[:_MAX_KEY]
    day = moment.date() if moment else known
    return ParsedStory(
        line=raw.line,
        title=title,
        place="",
        day=day or file.modified,
        byline=sender(message),
        paragraphs=paragraphs,
        moment=moment,
        undated=moment is None,
        key=key,
        url=_address(message, key),
    )


def _address(message: Message, key: str) -> str | None:
    """Returns a message's page, or the list's archive with the message as the fragment.

    All messages would have one page else, by which they would be taken for one story.
    """
    address, is_own = web_address(message)
    if is_own or not key:
        return web_url(address) if is_own else None
    url = web_url(address)
    return f"{url}#{quote(key, safe='@')}" if url and "#" not in url else None
