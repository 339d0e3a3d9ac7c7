"""Direct messages to the bot: questions without a command."""

from __future__ import annotations

import asyncio
import logging

import discord

from adapters.discord.attachments import make_attachment
from adapters.discord.buttons import render_controls
from adapters.discord.failures import REQUEST_ERRORS, classify, is_refused
from adapters.discord.interaction_exchange import NO_MENTIONS
from adapters.discord.people import IN_PRIVATE, PLATFORM
from adapters.discord.render import render
from adapters.discord.responder import DiscordResponder
from adapters.discord.typing_indicator import show_typing
from bot.chat.staff import Staff
from bot.errors import RetryLaterError
from bot.model import Chat, Person
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Reply

log = logging.getLogger(__name__)

_TRIES = 3
_FIRST_BACKOFF = 0.5  # seconds before the first retry; doubles each time


class DiscordMessageHandler:
    """Answers direct messages."""

    def __init__(
        self, responder: DiscordResponder, staff: Staff, rate_limiter: RateLimiter
    ) -> None:
        self._responder = responder
        self._rate_limiter = rate_limiter
        self._staff = staff

    async def handle(self, message: discord.Message) -> None:
        """Answers a message if it is a direct one, written by a person."""
        line = message.content.strip()
        if message.guild or message.author.bot or not line:
            return
        responder = self._responder
        author = message.author
        person = Person(
            str(author.id),
            author.display_name,
            moderator=self._staff.moderates(author.id),
            host=True,
            operator=self._staff.operates(author.id),
        )
        chat = Chat(PLATFORM, str(message.channel.id), capabilities=IN_PRIVATE)
        attachment = make_attachment(message.attachments[0]) if message.attachments else None
        async with responder.track():
            await responder.languages.choose_for(message, chat)
            reply = responder.reply_guard.wait(person)
            if reply is None:
                async with show_typing(message.channel):
                    reply = await responder.reply_guard.reply_to(
                        lambda: responder.dispatcher.answer(line, person, chat, attachment)
                    )
            elif not responder.reply_guard.question_limiter.should_notify(person.id):
                return
            await self._send(reply, message)

    async def _send(self, reply: Reply, message: discord.Message) -> None:
        """Sends a reply with retries; the nonce keeps a retry from being a second message."""
        responder = self._responder
        words = responder.render_context.words
        controls = render_controls(reply, message.author.id, responder.tokens, words)
        rendered = render(reply, responder.render_context, controls)
        backoff = _FIRST_BACKOFF
        for tries in range(1, _TRIES + 1):
            await self._rate_limiter.acquire_reply(str(message.channel.id))
            try:
                await message.channel.send(
                    view=rendered.view(),
                    files=rendered.files or discord.utils.MISSING,
                    allowed_mentions=NO_MENTIONS,
                    nonce=message.id,
                )
            except REQUEST_ERRORS as error:
                if rendered.upload and is_refused(error):
                    log.warning("Discord: an upload was refused: %s", classify(error))
                    rendered = rendered.without_upload()
                    continue
                reason = classify(error)
                if not isinstance(reason, RetryLaterError) or tries == _TRIES:
                    log.warning("Discord: could not answer a direct message: %s", reason)
                    return
            else:
                return
            await asyncio.sleep(backoff)
            backoff *= 2
