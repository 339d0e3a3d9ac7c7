"""What people write to the bot in direct messages: no command is needed there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection

import discord

from adapters.discord.answering import Answering
from adapters.discord.buttons import buttons
from adapters.discord.exchange import NOBODY
from adapters.discord.failures import TROUBLE, failure
from adapters.discord.people import PLATFORM
from adapters.discord.render import render
from bot.errors import RetryLater
from bot.model import Chat, Person
from bot.posting.rate_limiter import Pacer
from bot.reply import Reply

log = logging.getLogger(__name__)

_TRIES = 3
_PAUSE = 0.5  # seconds before what failed is tried anew, twice as long each time


class Talk:
    """Answers what is written in direct messages."""

    def __init__(self, answering: Answering, moderators: Collection[int], pacer: Pacer) -> None:
        self._answering = answering
        self._pacer = pacer
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
            reply = answering.courtesy.wait(person)
            if reply is None:
                reply = await answering.courtesy.reply_to(
                    lambda: answering.desk.answer(line, person, chat)
                )
            elif not answering.courtesy.cooldown.tell(person.id):
                return
            await self._say(reply, message)

    async def _say(self, reply: Reply, message: discord.Message) -> None:
        """Sends a reply; the nonce keeps what is sent again from being there twice."""
        answering = self._answering
        shown = render(reply, answering.look)
        view = buttons(reply, message.author.id, answering.tokens, answering.look.words)
        pause = _PAUSE
        for turn in range(1, _TRIES + 1):
            await self._pacer.reply(str(message.channel.id))
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
                if not isinstance(reason, RetryLater) or turn == _TRIES:
                    log.warning("Discord: a direct message could not be answered: %s", reason)
                    return
            else:
                return
            await asyncio.sleep(pause)
            pause *= 2
