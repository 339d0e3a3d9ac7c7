"""Names and descriptions of commands, which Discord shows in each person's language."""

from __future__ import annotations

from dataclasses import dataclass

from discord import app_commands

from bot.i18n import COMMAND_NAME, OPTION_NAME, Translations, load
from bot.text.display import shorten

MAX_NAME, MAX_DESCRIPTION = 32, 100
"""Characters
(https://docs.discord.com/developers/interactions/application-commands#application-command-object).
"""


@dataclass(frozen=True, slots=True)
class TranslatableText:
    """A text of a command, before anyone's language is known.

    Attributes:
        message: The text in English.
        context: What it is the name of; empty for what is no name.
        most: Characters that it may have.
    """

    message: str
    context: str = ""
    most: int = MAX_DESCRIPTION

    def translated(self, words: Translations) -> str:
        """Returns it in a language, as long as Discord takes it."""
        if self.context:
            return words.pgettext(self.context, self.message)[: self.most]
        return shorten(words.gettext(self.message), self.most)

    def localized(self, words: Translations) -> app_commands.locale_str:
        """Returns it in a language, with what it is translated from."""
        return app_commands.locale_str(self.translated(words), text=self)


def command_name(name: str) -> app_commands.locale_str:
    """Returns a command's name, which is English beside its translations."""
    return TranslatableText(name, COMMAND_NAME, MAX_NAME).localized(load("en"))


def option_name(name: str) -> app_commands.locale_str:
    """Returns an option's name, which is English beside its translations."""
    return TranslatableText(name, OPTION_NAME, MAX_NAME).localized(load("en"))
