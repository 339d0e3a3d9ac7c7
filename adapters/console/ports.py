"""What the terminal needs of the desk."""

from __future__ import annotations

from typing import Protocol

from bot.commands.completion import Choice
from bot.commands.registry import Registry
from bot.model import Chat, Person
from bot.reply import Action, Reply


class DeskLike(Protocol):
    """Answers questions; `bot.desk.Desk` is one.

    Each method may raise a DatelineError when the bot itself is in trouble; its message is one line
    that may be shown.
    """

    @property
    def registry(self) -> Registry:
        """The commands that can be typed."""

    async def answer(self, line: str, person: Person, chat: Chat) -> Reply:
        """Answers a typed line."""

    async def press(self, action: Action, person: Person, chat: Chat) -> Reply:
        """Answers a choice that an earlier reply offered."""

    async def complete(
        self, command: str, option: str, partial: str, person: Person
    ) -> tuple[Choice, ...]:
        """What the value of an option may become, the likeliest first."""
