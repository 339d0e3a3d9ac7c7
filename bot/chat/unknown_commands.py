"""Answers to what is no command: those with similar names (typos), with what was typed after it."""

from __future__ import annotations

from bot.chat.command import Purpose
from bot.chat.parsing import Recognise, parse_options
from bot.chat.registry import Registry
from bot.chat.request import Request
from bot.i18n import Translations
from bot.model import Action, Person
from bot.reply import Button, Reply
from bot.text.display import shorten
from bot.text.similar_names import similar_names


class UnknownCommands:
    """Answers what is no command."""

    def __init__(
        self, registry: Registry[Request], words: Translations, recognise: Recognise
    ) -> None:
        """Answers with the commands of a registry, whose options are recognised so."""
        self._registry = registry
        self._words = words
        self._recognise = recognise

    def answer(self, name: str, person: Person, rest: str = "") -> Reply:
        """Says that there is no such command, and offers those with similar names."""
        _ = self._words.gettext
        names = [command.name for command in self._registry.for_person(person)]
        near = similar_names(name, names)
        actions = [self._with_rest(command, rest) for command in near]
        explains = self._registry.for_purpose(Purpose.HELP)
        if explains and explains.name not in near:
            actions.append(explains.action())
        buttons = tuple(Button(_typed(action), action) for action in actions)
        message = _("There is no command /{name}.").format(name=shorten(name))
        hint = _("Did you mean one of these?") if near else _("/help lists all commands.")
        return Reply(shorten(name), text=(message, hint), buttons=buttons, ok=False)

    def _with_rest(self, name: str, rest: str) -> Action:
        """Returns a command with what was typed after it."""
        command = self._registry.get(name)
        given = parse_options(command, rest, self._recognise)[0] if command and rest else {}
        return Action(name, tuple(given.items()))


def _typed(action: Action) -> str:
    """Returns an action as people type it: `/topic ferries`."""
    return " ".join((f"/{action.command}", *(value for _, value in action.options)))
