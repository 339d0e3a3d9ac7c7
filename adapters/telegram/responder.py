"""Sends the core's replies as messages, new or in the place of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass, field

from telegram import User

from adapters.telegram.buttons import render_buttons
from adapters.telegram.outgoing import ClassicReply, Destination, OutgoingReply
from adapters.telegram.private_answers import AskedInPrivate
from adapters.telegram.prompts import addressed, render_prompt, with_options
from adapters.telegram.render import render
from adapters.telegram.rendered_message import RenderContext, RenderedMessage
from adapters.telegram.reply_sender import ReplySender
from adapters.telegram.rich.blocks import RichMessage
from adapters.telegram.rich.buttons import ButtonMaker
from adapters.telegram.rich.render import render_rich
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Dispatcher
from bot.chat.rate_limit import ReplyGuard
from bot.chat.settings import PREVIEW
from bot.errors import StoreError
from bot.model import Chat
from bot.posting.rates import Turn
from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class TelegramResponder:
    """Sends replies.

    Attributes:
        dispatcher: The core.
        sender: Sends and edits messages, with retries.
        tokens: Makes the buttons' tokens.
        reply_guard: Limits questions, and turns failures of the core into replies.
        render_context: The language and the time zone of replies.
        asked: What people were asked for in ephemeral messages.
    """

    dispatcher: Dispatcher
    sender: ReplySender
    tokens: ActionTokens
    reply_guard: ReplyGuard
    render_context: RenderContext
    asked: AskedInPrivate = field(default_factory=AskedInPrivate)

    async def send(
        self,
        reply: Reply,
        chat: Chat,
        destination: Destination,
        edit: int | None = None,
        *,
        asker: int | None = None,
        turn: Turn | None = None,
    ) -> int | None:
        """Sends a reply, or edits the message `edit` to show it.

        What asks for words is always a new message: Telegram opens no reply for an edited one.

        Args:
            reply: The reply.
            chat: The chat whose settings hold.
            destination: Where it is sent.
            edit: The id of the message that is to show it; None for a new one.
            asker: The id of the person who asked, where others can press its buttons.
            turn: A turn of the rate limiter; None to wait for one.

        Returns:
            The id of the message that shows the reply, of the ephemeral one where one person
            receives it; None if it could not be sent.
        """
        preview = await self._preview(chat)
        rich = None
        if await self.sender.rich.is_wanted(chat):
            rich = self._rich(reply, asker, pictures=preview)

        def make_classic() -> ClassicReply:
            buttons = render_prompt(reply.prompt) or render_buttons(reply, self.tokens, asker=asker)
            return ClassicReply(self._render(reply, destination.mention), buttons)

        outgoing = OutgoingReply(make_classic, rich)
        if destination.receiver:
            self.asked.remember(destination.chat, destination.receiver.user, reply.prompt)
        if edit is None or reply.prompt:
            return await self.sender.send(destination, outgoing, preview=preview, turn=turn)
        done = await self.sender.edit(destination, edit, outgoing, preview=preview, turn=turn)
        return edit if done else None

    def _rich(self, reply: Reply, asker: int | None, *, pictures: bool) -> RichMessage | None:
        """Renders a rich message; None for a question for words, and for a picture or a file.

        A question is found again by its text, which rich messages do not have; a picture or a file
        that is made here has no address.
        """
        if reply.prompt or reply.upload:
            return None
        buttons = ButtonMaker(self.tokens, asker=asker)
        return render_rich(reply, self.render_context, buttons, pictures=pictures)

    def _render(self, reply: Reply, mention: User | None) -> RenderedMessage:
        context = self.render_context
        rendered = render(reply, context)
        if reply.prompt is None:
            return rendered
        rendered = with_options(rendered, reply.prompt, self.dispatcher, self.tokens, context.bot)
        return addressed(rendered, mention) if mention else rendered

    async def _preview(self, chat: Chat) -> bool:
        try:
            return await self.dispatcher.services.settings.is_on(chat, PREVIEW)
        except StoreError:
            return True
