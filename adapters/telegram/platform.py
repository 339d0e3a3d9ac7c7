"""The life of the bot on Telegram, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from adapters.telegram.answering import TelegramAnswering
from adapters.telegram.connection import Application, TelegramConnection, connected, polling
from adapters.telegram.failures import REVOKED
from adapters.telegram.inline import InlineQueries
from adapters.telegram.links import START
from adapters.telegram.membership import TelegramMembership
from adapters.telegram.menu import set_menu
from adapters.telegram.messenger import TelegramMessenger
from adapters.telegram.people import TelegramPeople
from adapters.telegram.presses import TelegramPresses
from adapters.telegram.render import RenderContext
from adapters.telegram.sending import PACE, Sender
from adapters.telegram.talk import TelegramTalk
from adapters.telegram.webhook import listening
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Dispatcher
from bot.chat.rate_limit import QuestionLimiter, ReplyGuard
from bot.config.schema import TelegramConfig
from bot.errors import PlatformError
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import RateLimiter

log = logging.getLogger(__name__)

Post: TypeAlias = Callable[[Messenger], Awaitable[None]]
"""Sends what is to be posted, through a messenger, until it is cancelled."""

_LEAVING = 3.0  # seconds for what is being posted to end

UPDATES: Sequence[str] = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""What Telegram is asked for; nothing else is of use."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """Implements `bot.chat.ports.Platform`.

    Attributes:
        dispatcher: The core.
        config: What the operator set.
        rate_limiter: Gives out turns to send, to replies and to posts.
        post: Sends posts through what it is given until it is cancelled; None for no posts.
    """

    dispatcher: Dispatcher
    config: TelegramConfig
    rate_limiter: RateLimiter
    post: Post | None = None

    @property
    def name(self) -> str:
        """As people know it."""
        return "Telegram"

    async def serve(self) -> None:
        """See `bot.chat.ports.Platform.serve`."""
        lost = asyncio.Event()
        tokens = ActionTokens(self.dispatcher.services.store.chats)
        try:
            async with connected(self._token(), self.config.api_url, lost) as line:
                await self._serve(line, tokens, lost)
        finally:
            await tokens.flush()
        raise PlatformError(REVOKED)

    async def _serve(
        self, line: TelegramConnection, tokens: ActionTokens, lost: asyncio.Event
    ) -> None:
        application, services = line.application, self.dispatcher.services
        render_context = RenderContext(
            services.translations, services.zone, application.bot.username
        )
        self._listen(application, tokens, render_context)
        messenger = TelegramMessenger(line.poster, self.rate_limiter, tokens, render_context)
        menu = asyncio.create_task(
            set_menu(application.bot, self.dispatcher.registry, services.translations)
        )
        try:
            async with self._receiving(application):
                log.info("Telegram: serving as @%s", application.bot.username)
                await self._until(lost, messenger)
        finally:
            menu.cancel()

    async def _until(self, lost: asyncio.Event, messenger: Messenger) -> None:
        """Posts, until the token is lost or posting fails; its error is raised."""
        ending = asyncio.ensure_future(lost.wait())
        posting = asyncio.ensure_future(self.post(messenger) if self.post else _nothing())
        try:
            await asyncio.wait({ending, posting}, return_when=asyncio.FIRST_COMPLETED)
            if posting.done():
                posting.result()
                await ending
        finally:
            ending.cancel()
            await _ended(posting)

    def _token(self) -> str:
        if self.config.token is None:
            raise PlatformError("Telegram: no token")
        return self.config.token.get_secret_value()

    def _listen(
        self, application: Application, tokens: ActionTokens, render_context: RenderContext
    ) -> None:
        services = self.dispatcher.services
        bot = application.bot
        answering = TelegramAnswering(
            self.dispatcher,
            Sender(bot, self.rate_limiter),
            tokens,
            ReplyGuard(services.translations, QuestionLimiter(services.clock)),
            render_context,
        )
        people = TelegramPeople(bot, services.clock, self.config.moderators)
        talk = TelegramTalk(answering, people, bot.username)
        membership = TelegramMembership(services.store, services.clock)
        written = filters.UpdateType.MESSAGES | filters.UpdateType.CHANNEL_POSTS
        commands = [START, *(command.name for command in self.dispatcher.registry)]
        application.add_handlers(
            [
                CommandHandler(commands, talk.command, written),
                MessageHandler(filters.StatusUpdate.MIGRATE, talk.moved),
                MessageHandler(written & (filters.TEXT | filters.CAPTION), talk.other),
                CallbackQueryHandler(TelegramPresses(answering, people).pressed),
                InlineQueryHandler(InlineQueries(answering).asked),
                ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER),
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


async def _nothing() -> None:
    """For where nothing is to be posted."""


async def _ended(posting: asyncio.Future[None]) -> None:
    """Ends the posting; what takes too long or fails is left as it is, since all ends here."""
    posting.cancel()
    _, pending = await asyncio.wait({posting}, timeout=_LEAVING)
    if pending:
        log.warning("Telegram: what is being posted does not end in %.0f s", _LEAVING)
    elif not posting.cancelled() and (error := posting.exception()):
        log.debug("Telegram: posting ended with %r", error)


async def _told(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    log.error("an update could not be handled", exc_info=context.error)


def telegram(dispatcher: Dispatcher, config: TelegramConfig, post: Post | None = None) -> Telegram:
    """The bot on Telegram; `post` is as in `Telegram`."""
    return Telegram(dispatcher, config, RateLimiter(dispatcher.services.clock, PACE), post)
