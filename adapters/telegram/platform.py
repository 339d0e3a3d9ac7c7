"""Serves Telegram: connects, receives updates, posts, and shuts down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from typing_extensions import override

from adapters.telegram.button_presses import TelegramButtonHandler
from adapters.telegram.command_sync import sync_commands
from adapters.telegram.connection import Application, TelegramConnection, connect, poll
from adapters.telegram.failures import REVOKED
from adapters.telegram.group_menus import GroupMenus
from adapters.telegram.group_replies import GroupReplies
from adapters.telegram.incoming_messages import TelegramMessageHandler
from adapters.telegram.inline import TelegramInlineHandler
from adapters.telegram.languages import TelegramLanguages
from adapters.telegram.membership import TelegramMembership
from adapters.telegram.messenger import RATE_LIMITS, TelegramMessenger
from adapters.telegram.other_chats import OtherChats
from adapters.telegram.people import PLATFORM, TelegramPeople
from adapters.telegram.private_answers import PrivateAnswers
from adapters.telegram.profile_sync import sync_profile
from adapters.telegram.rendered_message import RenderContext
from adapters.telegram.reply_sender import ReplySender
from adapters.telegram.responder import TelegramResponder
from adapters.telegram.rich.sending import RichSender
from adapters.telegram.server_abilities import ServerAbilities
from adapters.telegram.setup_talk import SHOWN_FOR, SetupTalk
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import AdjustablePlatform
from bot.chat.rate_limit import QuestionLimiter, ReplyGuard
from bot.chat.renewal import Renewal
from bot.chat.staff import Staff
from bot.config.platforms import TelegramConfig
from bot.errors import PlatformError
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import RateLimiter

if TYPE_CHECKING:
    from adapters.web_listener import WebListener

log = logging.getLogger(__name__)

Post: TypeAlias = Callable[[Messenger], Awaitable[None]]
"""Sends due posts through a messenger, until it is cancelled."""

_SHUTDOWN_TIMEOUT = 3.0  # seconds for what is being posted
_PRESS = (
    1.0  # seconds after which one more button may be pressed: a page is turned faster than asked
)

UPDATES: Sequence[str] = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.CHAT_MEMBER,
)
"""The kinds of updates that are received; nothing else is of use."""


@dataclass(frozen=True, slots=True)
class Telegram(AdjustablePlatform):
    """Runs the bot on Telegram.

    Attributes:
        dispatcher: The core.
        config: The operator's settings.
        rate_limiter: Limits replies and posts.
        post: Posts through a messenger until it is cancelled; None to post nothing.
        report_recovery: Called with the platform when it can be reached again.
        listener: Receives updates by a webhook; None to listen by itself.
        report_connection: Called with the platform, and whether it is connected from now on.
        shown_for: Seconds for which an answer that ends a setup at once is shown in a channel.
        renewal: Sets the menu and the profile again.
        staff: The people whom the configuration names.
    """

    dispatcher: Dispatcher
    config: TelegramConfig
    rate_limiter: RateLimiter
    post: Post | None = None
    report_recovery: Callable[[str], None] = lambda _: None
    listener: WebListener | None = None
    report_connection: Callable[[str, bool], None] = lambda _platform, _is_connected: None
    shown_for: float = SHOWN_FOR
    renewal: Renewal = field(default_factory=Renewal)
    staff: Staff = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "staff", Staff(self.config.moderators, self.config.operators))

    @property
    @override
    def name(self) -> str:
        return "Telegram"

    @property
    @override
    def is_exclusive(self) -> bool:
        return not self.config.webhook_url

    @override
    def renew(self) -> None:
        self.renewal.ask()

    @override
    async def serve(self) -> None:
        revoked = asyncio.Event()
        tokens = ActionTokens(self.dispatcher.services.store.chats)
        try:
            async with self._connect(revoked) as connection:
                await self._serve(connection, tokens, revoked)
        finally:
            await tokens.flush()
        raise PlatformError(REVOKED)

    def _connect(self, revoked: asyncio.Event) -> AbstractAsyncContextManager[TelegramConnection]:
        def recovered() -> None:
            self.report_connection(PLATFORM, True)  # noqa: FBT003 - a callback
            self.report_recovery(PLATFORM)

        lost = partial(self.report_connection, PLATFORM, False)  # noqa: FBT003 - a callback
        return connect(self._token(), self.config.api_url, revoked, recovered, lost)

    async def _serve(
        self, connection: TelegramConnection, tokens: ActionTokens, revoked: asyncio.Event
    ) -> None:
        application, services = connection.application, self.dispatcher.services
        render_context = RenderContext(
            services.translations,
            services.zone,
            application.bot.username,
            frozenset(command.name for command in self.dispatcher.registry),
        )
        membership = TelegramMembership(
            services.store, services.clock, services.names, services.languages.for_chat
        )
        rich = RichSender(services.settings, is_on=self.config.rich)
        self._add_handlers(application, tokens, render_context, membership, rich)
        messenger = TelegramMessenger(
            connection.poster, self.rate_limiter, tokens, render_context, rich
        )
        syncing = asyncio.create_task(
            self.renewal.repeat(
                "syncing of Telegram's commands",
                lambda: sync_commands(
                    application.bot, self.dispatcher.registry, services.translations
                ),
            )
        )
        describing = asyncio.create_task(
            self.renewal.repeat(
                "syncing of Telegram's profile", lambda: sync_profile(application.bot, services)
            )
        )
        resuming = asyncio.create_task(membership.keep_resuming(application.bot))
        try:
            async with self._receive_updates(application):
                self.report_connection(PLATFORM, True)  # noqa: FBT003 - a callback
                log.info("Telegram: serving as @%s", application.bot.username)
                await self._post_until(revoked, messenger)
        finally:
            self.report_connection(PLATFORM, False)  # noqa: FBT003 - a callback
            for task in (syncing, describing, resuming):
                task.cancel()

    async def _post_until(self, revoked: asyncio.Event, messenger: Messenger) -> None:
        """Posts until the token is revoked or posting fails; raises the error of posting."""
        revoking = asyncio.ensure_future(revoked.wait())
        posting = asyncio.ensure_future(self.post(messenger) if self.post else _post_nothing())
        try:
            await asyncio.wait({revoking, posting}, return_when=asyncio.FIRST_COMPLETED)
            if posting.done():
                posting.result()
                await revoking
        finally:
            revoking.cancel()
            await _stop_posting(posting)

    def _token(self) -> str:
        if self.config.token is None:
            raise PlatformError("Telegram: no token")
        return self.config.token.get_secret_value()

    def _add_handlers(
        self,
        application: Application,
        tokens: ActionTokens,
        render_context: RenderContext,
        membership: TelegramMembership,
        rich: RichSender,
    ) -> None:
        services = self.dispatcher.services
        bot = application.bot
        responder = TelegramResponder(
            self.dispatcher,
            ReplySender(bot, self.rate_limiter, rich),
            tokens,
            ReplyGuard(services.translations, QuestionLimiter(services.clock)),
            render_context,
        )
        ephemeral = responder.sender.ephemeral
        abilities = ServerAbilities(rich, ephemeral)
        people = TelegramPeople(bot, services.clock, self.staff, abilities)
        answers = PrivateAnswers(ephemeral, people, services.settings)
        menus = GroupMenus(bot, self.dispatcher.registry, services.translations, answers)
        groups = GroupReplies(responder, answers, menus)
        setup = SetupTalk(bot, tokens, render_context, self.shown_for)
        others = OtherChats(bot, services.translations, abilities, self.staff)
        services.directories.register(PLATFORM, others)
        message_handler = TelegramMessageHandler(responder, people, groups, bot.username, setup)
        presses = ReplyGuard(services.translations, QuestionLimiter(services.clock, every=_PRESS))
        button_handler = TelegramButtonHandler(responder, people, groups, presses, setup)
        messages = filters.UpdateType.MESSAGES | filters.UpdateType.CHANNEL_POSTS
        commands = [command.name for command in self.dispatcher.registry]
        application.add_handlers(
            [
                CommandHandler(commands, message_handler.handle_command, messages),
                MessageHandler(filters.StatusUpdate.MIGRATE, message_handler.handle_migration),
                MessageHandler(
                    messages & (filters.TEXT | filters.CAPTION), message_handler.handle_text
                ),
                CallbackQueryHandler(button_handler.handle),
                InlineQueryHandler(TelegramInlineHandler(responder).handle),
                ChatMemberHandler(membership.handle, ChatMemberHandler.MY_CHAT_MEMBER),
            ]
        )
        languages = TelegramLanguages(services.languages)
        application.add_handler(TypeHandler(Update, languages.choose), group=-2)
        # In a group of its own, before all others: what is asked next is asked with the new rights.
        changes = ChatMemberHandler(people.handle_change, ChatMemberHandler.ANY_CHAT_MEMBER)
        application.add_handler(changes, group=-1)
        application.add_error_handler(_log_error)

    @asynccontextmanager
    async def _receive_updates(self, application: Application) -> AsyncIterator[None]:
        if not self.config.webhook_url:
            async with poll(application, UPDATES):
                yield
            return
        # Only here, since most have no webhook, and a web server takes memory.
        from adapters.telegram.webhook import receive_webhook  # noqa: PLC0415 - as above
        from adapters.web_listener import WebListener  # noqa: PLC0415 - as above

        listener = self.listener or WebListener(self.config.webhook_listen)
        try:
            async with receive_webhook(application, self.config.webhook_url, listener, UPDATES):
                yield
        except OSError as error:
            raise PlatformError(
                f"telegram.webhook_listen: cannot listen on {listener}: {error.strerror or error}"
            ) from error


async def _post_nothing() -> None:
    """Stands for posting where there is none."""


async def _stop_posting(posting: asyncio.Future[None]) -> None:
    """Cancels posting; a timeout or an error is only logged, since the process ends after it."""
    posting.cancel()
    _, pending = await asyncio.wait({posting}, timeout=_SHUTDOWN_TIMEOUT)
    if pending:
        log.warning("Telegram: posting did not finish within %.0f s", _SHUTDOWN_TIMEOUT)
    elif not posting.cancelled() and (error := posting.exception()):
        log.debug("Telegram: posting ended with %r", error)


async def _log_error(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    log.error("could not handle an update", exc_info=context.error)


def telegram(
    dispatcher: Dispatcher,
    config: TelegramConfig,
    post: Post | None = None,
    report_recovery: Callable[[str], None] = lambda _: None,
    listener: WebListener | None = None,
    report_connection: Callable[[str, bool], None] = lambda _platform, _is_connected: None,
) -> Telegram:
    """Returns the bot on Telegram; the last four are as in `Telegram`."""
    rate_limiter = RateLimiter(dispatcher.services.clock, RATE_LIMITS)
    reports = (post, report_recovery, listener, report_connection)
    return Telegram(dispatcher, config, rate_limiter, *reports)
