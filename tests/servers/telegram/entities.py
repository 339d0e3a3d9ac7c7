"""Formatted text, parsed by Telegram's own parser and refused in its own words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tdjson

from servers.telegram.calls import Json, RefusedError

MESSAGE_LENGTH = 4096
CAPTION_LENGTH = 1024
_UNPARSED = 1 << 15  # bytes, before parsing
_ENTITIES = 100  # those after are dropped
_WEIGHT = 9_500  # bytes of entities, about (https://github.com/tdlib/telegram-bot-api/issues/165)

_MODES = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
_TYPES = {
    "textEntityTypeBankCardNumber": "",  # the Bot API tells bots nothing of these
    "textEntityTypeBlockQuote": "blockquote",
    "textEntityTypeBotCommand": "bot_command",
    "textEntityTypeEmailAddress": "email",
    "textEntityTypeExpandableBlockQuote": "expandable_blockquote",
    "textEntityTypeMediaTimestamp": "",
    "textEntityTypeMentionName": "text_mention",
    "textEntityTypePhoneNumber": "phone_number",
    "textEntityTypePreCode": "pre",
    "textEntityTypeTextUrl": "text_link",
}
_WHOLE = {"code", "pre", "text_link", "text_mention", "custom_emoji"}  # nothing is found in these


@dataclass(frozen=True)
class Entity:
    """A part of a text that is more than plain; offset and length are in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""
    user: int = 0
    language: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.length

    def of(self, text: str) -> str:
        """The part of the text that it is about."""
        encoded = text.encode("utf-16-le")
        return encoded[2 * self.offset : 2 * self.end].decode("utf-16-le")


@dataclass(frozen=True)
class Formatted:
    """A text as a reader sees it, with its entities."""

    text: str
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def found_in(text: str) -> tuple[Entity, ...]:
    """The links, mentions and commands that Telegram finds in a text by itself."""
    if not text:
        return ()
    return _entities(_td("getTextEntities", text=text)["entities"])


def message_text(text: str, mode: str, entities: Sequence[Json] = ()) -> Formatted:
    """A message's text as the server takes it.

    Raises:
        RefusedError: when the server would not take it.
    """
    if not text:
        raise RefusedError("message text is empty")
    formatted = _formatted(text, mode, entities)
    if not formatted.text:
        raise RefusedError("text must be non-empty")
    return _within(formatted, MESSAGE_LENGTH, "message is too long")


def caption_text(text: str, mode: str, entities: Sequence[Json] = ()) -> Formatted:
    """A caption as the server takes it; it may be empty.

    Raises:
        RefusedError: when the server would not take it.
    """
    formatted = _formatted(text, mode, entities)
    return _within(formatted, CAPTION_LENGTH, "message caption is too long")


def _within(formatted: Formatted, limit: int, refusal: str) -> Formatted:
    if units(formatted.text) > limit:
        raise RefusedError(refusal)
    if sum(16 + len(one.url.encode()) for one in formatted.entities[:_ENTITIES]) > _WEIGHT:
        raise RefusedError("ENTITIES_TOO_LONG")
    return formatted


def _formatted(text: str, mode: str, entities: Sequence[Json]) -> Formatted:
    if len(text.encode(errors="replace")) > _UNPARSED:
        raise RefusedError("text is too long")
    parsed = _parsed(text, mode) if mode and text else Formatted(text, _given(entities))
    trimmed = _trimmed(parsed)
    return Formatted(trimmed.text, tuple(_merged(trimmed.entities, found_in(trimmed.text))))


def _parsed(text: str, mode: str) -> Formatted:
    if mode.lower() not in _MODES:
        raise RefusedError("unsupported parse_mode")
    answer = _td("parseTextEntities", text=text, parse_mode=_MODES[mode.lower()])
    return Formatted(answer["text"], _entities(answer["entities"]))


def _trimmed(whole: Formatted) -> Formatted:
    """Without white space around it: the server sends none."""
    text = whole.text.replace("\r", "").rstrip()
    blank = len(text) - len(text.lstrip(" \n"))
    start = min([blank, *(entity.offset for entity in whole.entities)])
    end = units(text)
    kept = (
        Entity(
            each.type,
            each.offset - start,
            min(each.end, end) - each.offset,
            each.url,
            each.user,
            each.language,
        )
        for each in whole.entities
        if each.offset < end
    )
    return Formatted(text[start:], tuple(kept))


def _merged(written: Sequence[Entity], found: Iterable[Entity]) -> list[Entity]:
    """Both, but nothing found where something whole was written."""
    whole = [each for each in written if each.type in _WHOLE]
    free = (
        each
        for each in found
        if all(each.end <= one.offset or one.end <= each.offset for one in whole)
    )
    return sorted([*written, *free], key=lambda entity: (entity.offset, -entity.length))


def _given(entities: Sequence[Json]) -> tuple[Entity, ...]:
    """The entities that a bot counted out itself; the server ignores those it finds by itself."""
    ignored = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
    return tuple(
        Entity(
            each["type"],
            each["offset"],
            each["length"],
            each.get("url", ""),
            each.get("user", {}).get("id", 0),
            each.get("language", ""),
        )
        for each in entities
        if each["type"] not in ignored
    )


def _entities(told: Sequence[Json]) -> tuple[Entity, ...]:
    return tuple(
        Entity(
            kind,
            one["offset"],
            one["length"],
            one["type"].get("url", ""),
            one["type"].get("user_id", 0),
            one["type"].get("language", ""),
        )
        for one in told
        if (kind := _type(one["type"]["@type"]))
    )


def _type(name: str) -> str:
    plain = name.removeprefix("textEntityType")
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in plain)
    return _TYPES.get(name, snake.lstrip("_"))


def _td(name: str, **given: Any) -> Json:
    answer = tdjson.td_execute(json.dumps({"@type": name, **given}).encode())
    assert answer is not None
    told: Json = json.loads(answer)
    if told["@type"] == "error":
        said = str(told["message"])
        raise RefusedError(said[0].lower() + said[1:])
    return told


_td("setLogVerbosityLevel", new_verbosity_level=0)
