"""Answers: from a question to a message, whatever asked it."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.telegram.keyboard import keyboard
from adapters.telegram.render import Look, render
from adapters.telegram.sending import Place, Sender
from bot.cooldown import Cooldown
from bot.desk import Desk
from bot.errors import StoreError
from bot.model import Chat, Person
from bot.reply import Reply
from bot.settings import PREVIEW
from bot.tokens import ActionTokens

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answering:
    """What is needed to answer.

    Attributes:
        desk: The core.
        sender: Sends.
        tokens: For the buttons.
        cooldown: Counts each person's questions.
        look: How replies are shown.
    """

    desk: Desk
    sender: Sender
    tokens: ActionTokens
    cooldown: Cooldown
    look: Look

    async def reply_to(self, ask: Callable[[], Awaitable[Reply]], command: str = "") -> Reply:
        """What the core answers; a reply that says so when the store is in trouble."""
        try:
            return await ask()
        except StoreError as error:
            log.error("cannot answer: %s", error)  # noqa: TRY400 - it says all there is to say
            return self.trouble(command)
        except Exception:
            log.exception("cannot answer")
            return self.trouble(command)

    def trouble(self, command: str = "") -> Reply:
        """Says that something is wrong with the bot itself."""
        told = self.look.words.gettext(
            "Something went wrong here, and the operator can read what. Please try again later."
        )
        return Reply(command, text=(told,), ok=False)

    def wait(self, person: Person) -> Reply | None:
        """What to say to somebody who asks too much; None when they do not."""
        seconds = math.ceil(self.cooldown.wait(person.id))
        if not seconds:
            return None
        told = self.look.words.ngettext(
            "That was fast! Ask me again in {seconds} second.",
            "That was fast! Ask me again in {seconds} seconds.",
            seconds,
        )
        return Reply("", text=(told.format(seconds=seconds),), ok=False)

    async def send(
        self, reply: Reply, chat: Chat, place: Place, edit: int | None = None
    ) -> int | None:
        """Sends a reply, or puts it in the place of a message.

        Returns:
            The message that shows it; None when none does.
        """
        shown = render(reply, self.look)
        buttons = keyboard(reply, self.tokens)
        preview = await self._preview(chat)
        if edit is None:
            return await self.sender.send(place, shown, buttons, preview=preview)
        done = await self.sender.edit(place, edit, shown, buttons, preview=preview)
        return edit if done else None

    async def _preview(self, chat: Chat) -> bool:
        try:
            return await self.desk.services.settings.is_on(chat, PREVIEW)
        except StoreError:
            return True
