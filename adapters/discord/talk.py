"""What people write to the bot in direct messages: no command is needed there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection

import discord

from adapters.discord.answering import DiscordAnswering
from adapters.discord.buttons import buttons
from adapters.discord.exchange import NOBODY
from adapters.discord.failures import TROUBLE, failure
from adapters.discord.people import PLATFORM
from adapters.discord.render import render
from bot.errors import RetryLaterError
from bot.model import Chat, Person
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Reply

log = logging.getLogger(__name__)

_TRIES = 3
_PAUSE = 0.5  # seconds before what failed is tried anew, twice as long each time


class DiscordTalk:
    """Answers what is written in direct messages."""

    def __init__(
        self, answering: DiscordAnswering, moderators: Collection[int], rate_limiter: RateLimiter
    ) -> None:
        self._answering = answering
        self._rate_limiter = rate_limiter
        self._moderators = moderators

    async def heard(self, message: discord.Message) -> None:
        """Answers a message, if it is one to the bot alone."""
        line = message.content.strip()
        if message.guild or message.author.bot or not line:
            return
        answering = self._answering
        author = message.author
        person = Person(
            str(author.id), author.display_name, moderator=author.id in self._moderators, host=True
        )
        chat = Chat(PLATFORM, str(message.channel.id))
        async with answering.working():
            reply = answering.reply_guard.wait(person)
            if reply is None:
                reply = await answering.reply_guard.reply_to(
                    lambda: answering.dispatcher.answer(line, person, chat)
                )
            elif not answering.reply_guard.question_limiter.tell(person.id):
                return
            await self._say(reply, message)

    async def _say(self, reply: Reply, message: discord.Message) -> None:
        """Sends a reply; the nonce keeps what is sent again from being there twice."""
        answering = self._answering
        shown = render(reply, answering.render_context)
        view = buttons(reply, message.author.id, answering.tokens, answering.render_context.words)
        pause = _PAUSE
        for turn in range(1, _TRIES + 1):
            await self._rate_limiter.acquire_reply(str(message.channel.id))
            try:
                await message.channel.send(
                    shown.content,
                    embeds=list(shown.embeds),
                    allowed_mentions=NOBODY,
                    nonce=message.id,
                    view=view or discord.utils.MISSING,
                )
            except TROUBLE as error:
                reason = failure(error)
                if not isinstance(reason, RetryLaterError) or turn == _TRIES:
                    log.warning("Discord: a direct message could not be answered: %s", reason)
                    return
            else:
                return
            await asyncio.sleep(pause)
            pause *= 2
