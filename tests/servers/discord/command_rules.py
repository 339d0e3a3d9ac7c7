"""Discord's prose rules for application commands, those that its specification lacks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Body = Mapping[str, Any]

CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING = 1, 2, 3
MOST = {CHAT_INPUT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
_SCRIPTS = ("DEVANAGARI", "THAI")  # whose vowel signs are neither letters nor digits


def bulk_command_violations(bodies: Sequence[Body]) -> list[str]:
    """Returns the violations of a bulk overwrite of commands."""
    found = [text for body in bodies for text in command_violations(body)]
    for kind, most in MOST.items():
        names = [body["name"] for body in bodies if body.get("type", CHAT_INPUT) == kind]
        if len(names) > most:
            found.append(f"{len(names)} commands of type {kind}; at most {most}")
        found += _duplicates(f"commands of type {kind}", names)
    return found


def command_violations(body: Body) -> list[str]:
    """Returns the violations of one command."""
    name = body.get("name", "")
    if body.get("type", CHAT_INPUT) != CHAT_INPUT:
        return list(_menu(name, body))
    found = [
        *_names_and_descriptions(f"/{name}", body),
        *_options(f"/{name}", body.get("options") or ()),
    ]
    if (size := characters(body)) > 8000:
        found.append(f"/{name}: {size} characters in all; at most 8000")
    return found


def characters(body: Body) -> int:
    """Counts the characters of names, descriptions and values; of translations the longest."""
    own = sum(
        max(map(len, (body.get(key) or "", *(body.get(f"{key}_localizations") or {}).values())))
        for key in ("name", "description")
    )
    value = body.get("value", "")
    own += len(value) if isinstance(value, str) else 0
    parts = [*(body.get("options") or ()), *(body.get("choices") or ())]
    return own + sum(characters(part) for part in parts)


def is_name(name: str) -> bool:
    """Returns True for a valid name of a command or an option."""
    return 1 <= len(name) <= 32 and name == name.lower() and all(map(_is_name_character, name))


def _is_name_character(letter: str) -> bool:
    if letter in "-_'" or unicodedata.category(letter)[0] in "LN":
        return True
    return unicodedata.name(letter, "").startswith(_SCRIPTS)


def _menu(name: str, body: Body) -> Iterator[str]:
    if not 1 <= len(name) <= 32 or name != name.strip():
        yield f"menu {name!r}: names have 1 to 32 characters"
    if body.get("description"):
        yield f"menu {name!r}: menu commands have no description"
    if body.get("options"):
        yield f"menu {name!r}: menu commands have no options"


def _names_and_descriptions(where: str, body: Body) -> Iterator[str]:
    for name in (body.get("name", ""), *(body.get("name_localizations") or {}).values()):
        if not is_name(name):
            yield f"{where}: {name!r} is no name"
    for text in (body.get("description") or "", *_translated(body)):
        if not 1 <= len(text.strip()) <= len(text) <= 100:
            yield f"{where}: a description has 1 to 100 characters, not {len(text)}"


def _translated(body: Body) -> Sequence[str]:
    return tuple((body.get("description_localizations") or {}).values())


def _options(where: str, options: Sequence[Body], depth: int = 0) -> Iterator[str]:
    if len(options) > 25:
        yield f"{where}: {len(options)} options; at most 25"
    yield from _duplicates(f"{where}: options", [option["name"] for option in options])
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{where}: required options come first"
    if len({option["type"] in {SUBCOMMAND, GROUP} for option in options}) > 1:
        yield f"{where}: subcommands and options cannot be mixed"
    for option in options:
        yield from _option(f"{where} {option['name']}", option, depth)


def _option(where: str, option: Body, depth: int) -> Iterator[str]:
    yield from _names_and_descriptions(where, option)
    kind, choices = option["type"], option.get("choices") or ()
    if kind in {SUBCOMMAND, GROUP}:
        if depth + (kind == GROUP) > 1:
            yield f"{where}: subcommands nest once"
        yield from _options(where, option.get("options") or (), depth + 1)
    if choices and option.get("autocomplete"):
        yield f"{where}: either choices or autocomplete"
    yield from _choices(where, kind, choices)
    if option.get("min_length", 0) > option.get("max_length", 6000):
        yield f"{where}: min_length is more than max_length"


def _choices(where: str, kind: int, choices: Sequence[Body]) -> Iterator[str]:
    if len(choices) > 25:
        yield f"{where}: {len(choices)} choices; at most 25"
    yield from _duplicates(f"{where}: choices", [choice["name"] for choice in choices])
    for choice in choices:
        yield from choice_violations(where, choice, text=kind == STRING)


def choice_violations(where: str, choice: Body, *, text: bool = True) -> Iterator[str]:
    """Yields the violations of a choice, of an option or an autocomplete."""
    for name in (choice["name"], *(choice.get("name_localizations") or {}).values()):
        if not 1 <= len(name) <= 100:
            yield f"{where}: a choice's name has 1 to 100 characters, not {len(name)}"
    value = choice["value"]
    if isinstance(value, str) is not text:
        yield f"{where}: {value!r} is no value of that type"
    if isinstance(value, str) and not 1 <= len(value) <= 100:
        yield f"{where}: a choice's value has 1 to 100 characters, not {len(value)}"


def _duplicates(what: str, names: Sequence[str]) -> Iterator[str]:
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        yield f"{what}: {', '.join(sorted(repeated))} more than once"
