"""Translations (gettext) of the bot's own messages, and whose language is being spoken.

English is the language of the code; a translation is a gettext catalogue in `bot/locale/`. A wheel
brings the catalogues compiled; in the source tree they are compiled in memory as they are loaded.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable, Iterable
from contextvars import ContextVar, copy_context
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Self

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from typing_extensions import override

from bot.text.bidi import isolate
from bot.text.display import quote_with

DOMAIN = "dateline"
LOCALE_DIR = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"

_GROUPED = 1_000  # the least number that has a separator

COMMAND_NAME, OPTION_NAME = "name of a command", "name of an option"
"""The contexts of names in the catalogues; what is typed on other platforms stays English."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a mark that extraction finds
    """Marks a message for translation where it is declared, before anyone's language is known."""
    return message


class LocalizedMessage(str):
    """A message that fills in numbers as its language writes them: `1,204`, `1.204`.

    Texts that are read from right to left are isolated.
    """

    __slots__ = ("language",)

    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """Makes a message of a language."""
        message = super().__new__(cls, text)
        message.language = language
        return message

    @override
    def __reduce__(self) -> tuple[type[LocalizedMessage], tuple[str, str]]:
        """Returns what a copy is made of."""
        return LocalizedMessage, (str(self), self.language)

    @override
    def format(self, *args: object, **kwargs: object) -> str:
        """Fills it in, as any text."""
        shown = {name: self._show(one) for name, one in kwargs.items()}
        return super().format(*map(self._show, args), **shown)

    def _show(self, value: object) -> object:
        if isinstance(value, str):
            return isolate(value)
        if isinstance(value, int) and abs(value) >= _GROUPED:
            return format_decimal(value, locale=self.language)
        return value


class Translations:
    """Translates the bot's messages to one language."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self._language = language
        self._catalogue = catalogue

    @property
    def language(self) -> str:
        """The language code, for dates and numbers, too (`en`)."""
        return self._language

    @property
    def own(self) -> Translations:
        """The translations to the bot's own language, which the operator has chosen."""
        return self

    @property
    def one_language(self) -> Translations:
        """The translations to the language that is spoken now, which stay what they are."""
        return self

    def become(self, other: Translations) -> None:
        """Translates to another's language from now on; only for one that nobody else loads."""
        self._language, self._catalogue = other._language, other._catalogue

    def gettext(self, message: str) -> str:
        """Translates a message."""
        return LocalizedMessage(self._catalogue.gettext(message), self._language)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translates a message about `count` things."""
        return LocalizedMessage(self._catalogue.ngettext(one, many, count), self._language)

    def pgettext(self, context: str, message: str) -> str:
        """Translates a message that means something of its own in a context."""
        return self._catalogue.pgettext(context, message)

    def join(self, parts: Iterable[str]) -> str:
        """Joins names, or parts of a sentence: `The Wire, Other News`."""
        return self.pgettext("between the parts of a list", ", ").join(parts)

    def join_sentences(self, *sentences: str) -> str:
        """Joins sentences, of which those that are empty do not count."""
        both = self.pgettext("two sentences", "{one} {other}")
        between = both.removeprefix("{one}").removesuffix("{other}")
        return between.join(filter(None, sentences))

    def end_sentence(self, text: str) -> str:
        """Ends a sentence with a full stop."""
        return self.pgettext("a sentence", "{text}.").replace("{text}", text)


_spoken: ContextVar[Translations | None] = ContextVar("spoken", default=None)


class SpokenTranslations(Translations):
    """Translates to the language that is being spoken: see `speak`; else to the bot's own.

    What is spoken is a context variable, so that one object serves everybody, and nothing between
    an adapter and the words has to hand a language on.
    """

    def __init__(self, own: Translations) -> None:
        # A copy, so that whoever speaks the bot's language goes on in another when that changes.
        self._own = copy(own)

    def change_own(self, own: Translations) -> None:
        """Makes another language the bot's own, for everybody who speaks that."""
        self._own.become(own)

    @property
    @override
    def language(self) -> str:
        return self.one_language.language

    @property
    @override
    def own(self) -> Translations:
        return self._own

    @property
    @override
    def one_language(self) -> Translations:
        return _spoken.get() or self._own

    @override
    def gettext(self, message: str) -> str:
        return self.one_language.gettext(message)

    @override
    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.one_language.ngettext(one, many, count)

    @override
    def pgettext(self, context: str, message: str) -> str:
        return self.one_language.pgettext(context, message)


def speak(words: Translations) -> None:
    """Speaks a language from here on, in the current task and those that it starts."""
    spoken = words.one_language
    _spoken.set(spoken)
    opening, _, closing = spoken.pgettext("words in quotation marks", "“{words}”").partition(
        "{words}"
    )
    quote_with(opening, closing)


def tell_in(words: Translations, tell: Callable[[], str]) -> str:
    """Returns what is told while a language is spoken, for that alone."""
    context = copy_context()
    context.run(speak, words)
    return context.run(tell)


@lru_cache(32)
def languages(folder: Path = LOCALE_DIR) -> tuple[str, ...]:
    """Lists the codes of the languages that the bot speaks; the folder is read once."""
    found = {path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.[mp]o")}
    return tuple(sorted({SOURCE_LANGUAGE, *found}))


@lru_cache(256)
def spoken_language(code: str) -> str:
    """Returns the language that the bot speaks for a code of any platform; empty for none.

    Args:
        code: `ja`, `pt-BR`, `es-419`, `zh_Hans`: an IETF language tag.
    """
    tag = code.replace("_", "-").casefold()
    known = {one.casefold(): one for one in languages()}
    return known.get(tag) or known.get(tag.partition("-")[0], "")


def language_name(code: str) -> str:
    """Returns what speakers of a language call it: `日本語`."""
    name = Locale.parse(code, sep="-").get_display_name() or code
    return name[:1].upper() + name[1:]


@lru_cache(32)
def load(language: str, folder: Path = LOCALE_DIR) -> Translations:
    """Loads the translations to a language, once; messages without one stay English."""
    return Translations(language, _catalogue(language, folder))


def _catalogue(language: str, folder: Path) -> gettext.NullTranslations:
    place = folder / language / "LC_MESSAGES"
    source, compiled = place / f"{DOMAIN}.po", place / f"{DOMAIN}.mo"
    if source.exists():  # before what may have been compiled from an older one
        return _compile(source, language)
    if compiled.exists():
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    return gettext.NullTranslations()


def _compile(source: Path, language: str) -> gettext.GNUTranslations:
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
