"""Formatted text, parsed by Telegram's own parser (TDLib), with its own errors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tdjson

from servers.telegram.calls import Json, RefusedError

MESSAGE_LENGTH = 4096
CAPTION_LENGTH = 1024
_MAX_UNPARSED = 1 << 15  # bytes, before parsing
_MAX_ENTITIES = 100  # those after are dropped
_MAX_WEIGHT = (
    9_500  # bytes of entities, about (https://github.com/tdlib/telegram-bot-api/issues/165)
)

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
_OPAQUE = {"code", "pre", "text_link", "text_mention", "custom_emoji"}  # nothing is found in these


@dataclass(frozen=True)
class Entity:
    """An entity of a text; offset and length are in UTF-16 units."""

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
        """Returns the part of the text that it covers."""
        encoded = text.encode("utf-16-le")
        return encoded[2 * self.offset : 2 * self.end].decode("utf-16-le")


@dataclass(frozen=True)
class ParsedText:
    """A text without markup, with its entities."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_units(text: str) -> int:
    """Counts UTF-16 units, as Telegram measures texts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def find_entities(text: str) -> tuple[Entity, ...]:
    """Returns the links, mentions and commands that Telegram detects in plain text."""
    if not text:
        return ()
    return _entities(_execute("getTextEntities", text=text)["entities"])


def message_text(text: str, mode: str, entities: Sequence[Json] = ()) -> ParsedText:
    """Parses a message's text.

    Raises:
        RefusedError: Telegram would not accept it.
    """
    if not text:
        raise RefusedError("message text is empty")
    formatted = _parse(text, mode, entities)
    if not formatted.text:
        raise RefusedError("text must be non-empty")
    return _check_length(formatted, MESSAGE_LENGTH, "message is too long")


def caption_text(text: str, mode: str, entities: Sequence[Json] = ()) -> ParsedText:
    """Parses a caption, which may be empty.

    Raises:
        RefusedError: Telegram would not accept it.
    """
    formatted = _parse(text, mode, entities)
    return _check_length(formatted, CAPTION_LENGTH, "message caption is too long")


def _check_length(formatted: ParsedText, limit: int, refusal: str) -> ParsedText:
    if utf16_units(formatted.text) > limit:
        raise RefusedError(refusal)
    if sum(16 + len(one.url.encode()) for one in formatted.entities[:_MAX_ENTITIES]) > _MAX_WEIGHT:
        raise RefusedError("ENTITIES_TOO_LONG")
    return formatted


def _parse(text: str, mode: str, entities: Sequence[Json]) -> ParsedText:
    if len(text.encode(errors="replace")) > _MAX_UNPARSED:
        raise RefusedError("text is too long")
    parsed = (
        _parse_markup(text, mode)
        if mode and text
        else ParsedText(text, _explicit_entities(entities))
    )
    trimmed = _trim(parsed)
    return ParsedText(trimmed.text, tuple(_merge(trimmed.entities, find_entities(trimmed.text))))


def _parse_markup(text: str, mode: str) -> ParsedText:
    if mode.lower() not in _MODES:
        raise RefusedError("unsupported parse_mode")
    answer = _execute("parseTextEntities", text=text, parse_mode=_MODES[mode.lower()])
    return ParsedText(answer["text"], _entities(answer["entities"]))


def _trim(whole: ParsedText) -> ParsedText:
    """Strips white space, as Telegram's servers do."""
    text = whole.text.replace("\r", "").rstrip()
    blank = len(text) - len(text.lstrip(" \n"))
    start = min([blank, *(entity.offset for entity in whole.entities)])
    end = utf16_units(text)
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
    return ParsedText(text[start:], tuple(kept))


def _merge(written: Sequence[Entity], found: Iterable[Entity]) -> list[Entity]:
    """Merges entities; drops detected ones inside opaque ones, such as code."""
    whole = [each for each in written if each.type in _OPAQUE]
    free = (
        each
        for each in found
        if all(each.end <= one.offset or one.end <= each.offset for one in whole)
    )
    return sorted([*written, *free], key=lambda entity: (entity.offset, -entity.length))


def _explicit_entities(entities: Sequence[Json]) -> tuple[Entity, ...]:
    """Returns the entities that the bot sent; Telegram ignores those that it detects itself."""
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


def _entities(objects: Sequence[Json]) -> tuple[Entity, ...]:
    return tuple(
        Entity(
            kind,
            one["offset"],
            one["length"],
            one["type"].get("url", ""),
            one["type"].get("user_id", 0),
            one["type"].get("language", ""),
        )
        for one in objects
        if (kind := _type(one["type"]["@type"]))
    )


def _type(name: str) -> str:
    plain = name.removeprefix("textEntityType")
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in plain)
    return _TYPES.get(name, snake.lstrip("_"))


def _execute(name: str, **given: Any) -> Json:
    answer = tdjson.td_execute(json.dumps({"@type": name, **given}).encode())
    assert answer is not None
    objects: Json = json.loads(answer)
    if objects["@type"] == "error":
        message = str(objects["message"])
        raise RefusedError(message[0].lower() + message[1:])
    return objects


_execute("setLogVerbosityLevel", new_verbosity_level=0)
