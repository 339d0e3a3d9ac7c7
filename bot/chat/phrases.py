"""Phrases with which people talk to the bot, in English and in the reader's language.

A catalogue brings its own phrases as the translation of each list, parted by semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto

from bot.i18n import N_, Translations
from bot.text.fillers import Greeting, is_greeting
from bot.text.tokenizer import whole_words


class Intent(Enum):
    """Kinds of what people mean by a line that searches for nothing."""

    HELLO = auto()
    THANKS = auto()
    GOODBYE = auto()
    NEWS = auto()
    MENU = auto()
    HELP = auto()
    STOP = auto()


_PHRASES: Mapping[Intent, str] = {
    Intent.HELLO: N_("hello; hi; hey; good morning; good afternoon; good evening"),
    Intent.THANKS: N_("thanks; thank you; thank you very much; many thanks"),
    Intent.GOODBYE: N_("bye; goodbye; good night; see you; see you later"),
    Intent.NEWS: N_("news; the news; headlines; the headlines; latest news; what's new"),
    Intent.MENU: N_("menu; the menu; main menu; start; start over; home; begin"),
    Intent.HELP: N_("help me; commands; what can you do; how does this work; what is this"),
    Intent.STOP: N_("stop; stop it; please stop; stop posting; no more; enough; shut up; be quiet"),
}
_READ = N_("read; open; show; story; number")
_GREETINGS = {
    Greeting.HELLO: Intent.HELLO,
    Greeting.THANKS: Intent.THANKS,
    Greeting.GOODBYE: Intent.GOODBYE,
}
_NUMBERED = re.compile(r"#?(?<!\d)(?P<number>\d{1,3})[.)!]?$")


class PhraseBook:
    """The phrases of one language, and English ones, which everybody may type."""

    def __init__(self, translations: Translations) -> None:
        self._intents = {
            phrase: intent
            for intent, listed in _PHRASES.items()
            for phrase in _phrases(listed, translations)
        }
        self._read = _phrases(_READ, translations)

    def intent(self, line: str) -> Intent | None:
        """Returns what a line means as a whole; None when it may be searched for."""
        greeting = is_greeting(line)
        return self._intents.get(tuple(whole_words(line))) or (
            _GREETINGS[greeting] if greeting else None
        )

    def bare_number(self, line: str) -> int | None:
        """Returns the number that a line is, such as `2` or `#2.`; None for any other line."""
        words, number = _split_number(line)
        return None if words else number

    def number_to_read(self, line: str) -> int | None:
        """Returns the number of the story that a line asks to read, such as `read 2`."""
        words, number = _split_number(line)
        return number if tuple(whole_words(words)) in self._read else None


def _split_number(line: str) -> tuple[str, int | None]:
    """Splits a line into what stands before a number at its end, and that; None for no number."""
    line = line.strip()
    match = _NUMBERED.search(line)
    return (line[: match.start()].rstrip(), int(match["number"])) if match else (line, None)


def is_wordless(line: str) -> bool:
    """Tells if a line holds no letter and no digit: a thumb, a smiley, three dots."""
    return not any(sign.isalnum() for sign in line)


def _phrases(listed: str, translations: Translations) -> frozenset[tuple[str, ...]]:
    both = f"{listed};{translations.gettext(listed)}".split(";")
    return frozenset(filter(None, (tuple(whole_words(phrase)) for phrase in both)))
