"""Deep links that open a story, a topic or a search in the private chat with the bot.

Telegram passes on what follows `?start=`: up to 64 of `A-Z a-z 0-9 _ -`
(https://core.telegram.org/bots/features#deep-linking).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from enum import StrEnum, auto

from bot.chat.registry import Registry
from bot.model import Action
from bot.reply import Role

MAX_START = 64


class LinkKind(StrEnum):
    """Kinds of links. They stand in links that were posted long ago, so they never change."""

    READ = auto()
    TOPIC = auto()
    SEARCH = auto()
    HELP = auto()  # opens a welcome
    SETUP = auto()  # goes on with what was asked in a channel
    EVENT = auto()  # opens how the event of a story went on
    ASKED = auto()  # opens what was asked in a group that was too busy for an answer


_PLAIN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_STORY = re.compile(r"[a-z0-9]{1,32}")
_ENCODED = "-"  # the prefix of base64: no plain word begins so


def read_link(bot: str, story: str) -> str:
    """Returns the link that opens a story."""
    return _link(bot, f"{LinkKind.READ}_{story}")


def event_link(bot: str, story: str) -> str:
    """Returns the link that opens how the event of a story went on."""
    return _link(bot, f"{LinkKind.EVENT}_{story}")


STORY_LINKS = {Role.READ: read_link, Role.TIMELINE: event_link}
"""Makers of the links of the buttons of posts, by the role of each."""


def topic_link(bot: str, topic: str) -> str:
    """Returns the link that opens a topic."""
    return _link(bot, f"{LinkKind.TOPIC}_{topic_code(topic)}")


def setup_link(bot: str, token: str) -> str:
    """Returns the link that goes on with a setup, by the token of an action."""
    return _link(bot, f"{LinkKind.SETUP}_{_encode(token)}")


def setup_token(start: str) -> str | None:
    """Returns the token of a start parameter that goes on with a setup; None for another one."""
    what, _, code = start.partition("_")
    return _decode(code) if what == LinkKind.SETUP and code else None


def start_parameter(link: str) -> str:
    """Returns the start parameter of a link to a bot; an empty text for none."""
    return link.partition("?start=")[2]


def asked_link(bot: str) -> str:
    """Returns the link that opens what a person asked in a group and got no answer to."""
    return _link(bot, LinkKind.ASKED)


def search_start(words: str) -> str | None:
    """Returns the start parameter that opens a search; None if the search is too long for one."""
    code = _encode(words)
    start = f"{LinkKind.SEARCH}_{code}"
    return start if words and len(start) <= MAX_START else None


def opened(start: str, topics: Iterable[str], registry: Registry) -> Action | None:
    """Parses a start parameter into an action; None for an unknown one."""
    what, _, code = start.partition("_")
    if what in {LinkKind.HELP, LinkKind.ASKED}:
        return registry.start()
    if what == LinkKind.READ and _STORY.fullmatch(code):
        return registry.read(code)
    if what == LinkKind.EVENT and _STORY.fullmatch(code):
        return registry.timeline(code)
    if what == LinkKind.TOPIC:
        name = next((topic for topic in topics if topic_code(topic) == code), None)
        return registry.topic(name) if name else None
    if what == LinkKind.SEARCH:
        words = _decode(code)
        return registry.search(words) if words else None
    return None


def topic_code(topic: str) -> str:
    """Encodes a topic's name for a start parameter; a long one as its digest."""
    code = _encode(topic)
    if len(f"{LinkKind.TOPIC}_{code}") <= MAX_START:
        return code
    digest = hashlib.blake2b(topic.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return _ENCODED * 2 + digest


def _link(bot: str, start: str) -> str:
    return f"https://t.me/{bot}?start={start}"


def _encode(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text.replace(" ", "_")
    coded = base64.urlsafe_b64encode(text.encode("utf-8", "replace")).decode()
    return _ENCODED + coded.rstrip("=")


def _decode(code: str) -> str:
    if not code.startswith(_ENCODED):
        return code.replace("_", " ")
    padded = code[1:] + "=" * (-len(code[1:]) % 4)
    try:
        return base64.urlsafe_b64decode(padded).decode()
    except (binascii.Error, ValueError):
        return ""
