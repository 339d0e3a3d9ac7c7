"""Names of languages, as people type them: in English, in their own language, or in the bot's."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from bot.i18n import SOURCE_LANGUAGE

_COMMON = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru"
    " sk sl sr sv ta te th tr uk ur vi zh"
).split()
"""Languages that are known by what their own speakers call them."""

_CODE_LENGTHS = (2, 3)


def find_language(typed: str, reader: str) -> str:
    """Returns the code of a language; empty for a text that names none.

    Args:
        typed: Its code or its name, in any case of letters.
        reader: The code of the language in which it may be named beside English.
    """
    key = typed.strip().casefold()
    return _names(SOURCE_LANGUAGE).get(key) or _names(reader).get(key) or _own_names().get(key, "")


def name_language(code: str, reader: str) -> str:
    """Returns the name of a language for a reader; its code where nobody knows it."""
    return _labels(reader).get(code, code)


def language_names(reader: str) -> list[tuple[str, str]]:
    """Returns the languages that are known by their speakers' names: codes, and names."""
    return [(code, name_language(code, reader)) for code in _COMMON]


@lru_cache(16)
def _names(reader: str) -> dict[str, str]:
    """Returns codes by names in one language, and by themselves."""
    labels = _labels(reader)
    return {code: code for code in labels} | {
        name.casefold(): code for code, name in labels.items()
    }


@lru_cache(16)
def _labels(reader: str) -> dict[str, str]:
    """Returns the names of all languages in one of them, by their codes."""
    labels = Locale.parse(reader, sep="-").languages
    named = ((str(code), str(name)) for code, name in labels.items())
    return {code: name for code, name in named if len(code) in _CODE_LENGTHS}


@lru_cache(1)
def _own_names() -> dict[str, str]:
    found = {}
    for code in _COMMON:
        try:
            name = Locale.parse(code).get_display_name(code)
        except UnknownLocaleError:
            continue
        if name:
            found[name.casefold()] = code
    return found
