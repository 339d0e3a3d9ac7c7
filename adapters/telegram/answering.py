"""Answers: from a question to a message, whatever asked it."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.telegram.keyboard import keyboard
from adapters.telegram.render import RenderContext, render
from adapters.telegram.sending import Destination, Sender
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Dispatcher
from bot.chat.rate_limit import ReplyGuard
from bot.chat.settings import PREVIEW
from bot.errors import StoreError
from bot.model import Chat
from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class TelegramAnswering:
    """What is needed to answer.

    Attributes:
        dispatcher: The core.
        sender: Sends.
        tokens: For the buttons.
        reply_guard: Says what the core does not.
        render_context: How replies are shown.
    """

    dispatcher: Dispatcher
    sender: Sender
    tokens: ActionTokens
    reply_guard: ReplyGuard
    render_context: RenderContext

    async def send(
        self, reply: Reply, chat: Chat, place: Destination, edit: int | None = None
    ) -> int | None:
        """Sends a reply, or puts it in the place of a message.

        Returns:
            The message that shows it; None when none does.
        """
        shown = render(reply, self.render_context)
        buttons = keyboard(reply, self.tokens)
        preview = await self._preview(chat)
        if edit is None:
            return await self.sender.send(place, shown, buttons, preview=preview)
        done = await self.sender.edit(place, edit, shown, buttons, preview=preview)
        return edit if done else None

    async def _preview(self, chat: Chat) -> bool:
        try:
            return await self.dispatcher.services.settings.is_on(chat, PREVIEW)
        except StoreError:
            return True
