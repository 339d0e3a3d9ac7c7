"""Translations (gettext) of the bot's own messages.

English is the language of the code; a translation is a gettext catalogue in `bot/locale/`.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from pathlib import Path

DOMAIN = "dateline"
LOCALE_DIR = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a mark that extraction finds
    """Marks a message for translation where it is declared, before anyone's language is known."""
    return message


class Translations:
    """Translates the bot's messages to one language.

    Attributes:
        language: The language code, for dates and numbers, too (`en`).
    """

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self.gettext: Callable[[str], str] = catalogue.gettext
        self.ngettext: Callable[[str, str, int], str] = catalogue.ngettext


def languages(folder: Path = LOCALE_DIR) -> tuple[str, ...]:
    """Lists the codes of the languages that the bot speaks."""
    found = {path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return tuple(sorted({"en", *found}))


def load(language: str, folder: Path = LOCALE_DIR) -> Translations:
    """Loads the translations to a language; messages without one stay English."""
    catalogue = gettext.translation(DOMAIN, folder, [language], fallback=True)
    return Translations(language, catalogue)
