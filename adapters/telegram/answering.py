"""Answers: from a question to a message, whatever asked it."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.telegram.keyboard import keyboard
from adapters.telegram.render import Look, render
from adapters.telegram.sending import Place, Sender
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Desk
from bot.chat.rate_limit import Courtesy
from bot.chat.settings import PREVIEW
from bot.errors import StoreError
from bot.model import Chat
from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Answering:
    """What is needed to answer.

    Attributes:
        desk: The core.
        sender: Sends.
        tokens: For the buttons.
        courtesy: Says what the core does not.
        look: How replies are shown.
    """

    desk: Desk
    sender: Sender
    tokens: ActionTokens
    courtesy: Courtesy
    look: Look

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
