"""The setting of a chat's language: the names that languages are chosen by."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale

from bot.chat.request import Request
from bot.errors import ReaderError
from bot.i18n import SOURCE_LANGUAGE, language_name, languages, spoken_language
from bot.text.similar_names import similar_names

_NONE = ("none", "off", "default", "auto")


def parse_language(request: Request, typed: str) -> str:
    """Returns the code of a language that is named by code, in its own words, or in the reader's.

    It is empty for none: then the bot's own language holds.

    Raises:
        ReaderError: The bot speaks no such language.
    """
    key = typed.casefold()
    if key in _NONE:
        return ""
    named = {name.casefold(): code for code in languages() for name in _names(request, code)}
    near = similar_names(key, list(named))
    found = named.get(key) or spoken_language(key) or (named[near[0]] if len(near) == 1 else "")
    if not found:
        message = request.gettext("I don't speak that. Choose one of these: {languages}.")
        raise ReaderError(
            message.format(languages=request.words.join(map(language_name, languages())))
        )
    return found


def _names(request: Request, code: str) -> Iterator[str]:
    """Yields what a language is called by its speakers, by the reader, and in English."""
    locale = Locale.parse(code, sep="-")
    yield language_name(code)
    for reader in (request.services.translations.language, SOURCE_LANGUAGE):
        if name := locale.get_display_name(Locale.parse(reader, sep="-")):
            yield name
