"""The life of the bot on Telegram, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from adapters.telegram.answering import Answering
from adapters.telegram.connection import Application, connected, polling
from adapters.telegram.failures import REVOKED
from adapters.telegram.inline import Inline
from adapters.telegram.menu import set_menu
from adapters.telegram.people import People
from adapters.telegram.presses import Presses
from adapters.telegram.render import Look
from adapters.telegram.sending import PACE, Sender
from adapters.telegram.talk import Talk
from adapters.telegram.webhook import listening
from bot.config.shape import TelegramConfig
from bot.cooldown import Cooldown
from bot.courtesy import Courtesy
from bot.desk import Desk
from bot.errors import PlatformError
from bot.pacing import Pacer
from bot.tokens import ActionTokens

log = logging.getLogger(__name__)

UPDATES: Sequence[str] = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
)
"""What Telegram is asked for; nothing else is of use."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """Implements `bot.ports.Platform`.

    Attributes:
        desk: The core.
        config: What the operator set.
        pacer: Gives out turns to send; shared with whatever else sends there.
    """

    desk: Desk
    config: TelegramConfig
    pacer: Pacer

    @property
    def name(self) -> str:
        """As people know it."""
        return "Telegram"

    async def serve(self) -> None:
        """See `bot.ports.Platform.serve`."""
        lost = asyncio.Event()
        tokens = ActionTokens(self.desk.services.store)
        try:
            async with connected(self._token(), self.config.api_url, lost) as application:
                await self._serve(application, tokens, lost)
        finally:
            await tokens.flush()
        raise PlatformError(REVOKED)

    async def _serve(
        self, application: Application, tokens: ActionTokens, lost: asyncio.Event
    ) -> None:
        self._listen(application, tokens)
        menu = asyncio.create_task(
            set_menu(application.bot, self.desk.registry, self.desk.services.words)
        )
        try:
            async with self._receiving(application):
                log.info("Telegram: serving as @%s", application.bot.username)
                await lost.wait()
        finally:
            menu.cancel()

    def _token(self) -> str:
        if self.config.token is None:
            raise PlatformError("Telegram: no token")
        return self.config.token.get_secret_value()

    def _listen(self, application: Application, tokens: ActionTokens) -> None:
        services = self.desk.services
        bot = application.bot
        look = Look(services.words, services.zone, bot.username)
        answering = Answering(
            self.desk,
            Sender(bot, self.pacer),
            tokens,
            Courtesy(services.words, Cooldown(services.clock)),
            look,
        )
        people = People(bot, services.clock, self.config.moderators)
        talk = Talk(answering, people, bot.username)
        written = filters.UpdateType.MESSAGES | filters.UpdateType.CHANNEL_POSTS
        commands = ["start", *(command.name for command in self.desk.registry)]
        application.add_handlers(
            [
                CommandHandler(commands, talk.command, written),
                MessageHandler(filters.StatusUpdate.MIGRATE, talk.moved),
                MessageHandler(written & (filters.TEXT | filters.CAPTION), talk.other),
                CallbackQueryHandler(Presses(answering, people).pressed),
                InlineQueryHandler(Inline(answering).asked),
            ]
        )

        application.add_error_handler(_told)

    @asynccontextmanager
    async def _receiving(self, application: Application) -> AsyncIterator[None]:
        if not self.config.webhook_url:
            async with polling(application, UPDATES):
                yield
            return
        listen = self.config.webhook_listen
        try:
            async with listening(application, self.config.webhook_url, listen, UPDATES):
                yield
        except OSError as error:
            raise PlatformError(
                f"telegram.webhook_listen: cannot listen on {listen}: {error.strerror or error}"
            ) from error


async def _told(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    log.error("an update could not be handled", exc_info=context.error)


def telegram(desk: Desk, config: TelegramConfig) -> Telegram:
    """The bot on Telegram."""
    return Telegram(desk, config, Pacer(desk.services.clock, PACE))
