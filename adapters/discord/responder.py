"""Answers interactions: asks the core, defers when that takes long, and sends the reply."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field

import discord

from adapters.discord.buttons import Interaction, render_controls
from adapters.discord.crowd import Crowd
from adapters.discord.failures import TOO_LATE, classify, is_content_rejected, is_refused
from adapters.discord.interaction_exchange import InteractionExchange, ReplyMode
from adapters.discord.languages import DiscordLanguages
from adapters.discord.people import house_of
from adapters.discord.permissions import missing_permissions, permission_names
from adapters.discord.prompts import render_form
from adapters.discord.render import render
from adapters.discord.rendered_message import RenderContext, RenderedMessage
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Dispatcher
from bot.chat.progress import InterimReplies
from bot.chat.rate_limit import ReplyGuard
from bot.chat.settings import ANSWERS
from bot.errors import DeliveryError, RejectedError, StoreError
from bot.reply import Reply

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds for an answer; one that takes longer is deferred, which shows that it comes.

Discord waits for three at most."""

_MAX_CONCURRENT = 4  # questions; any beyond is deferred at once, so that none is late
_GATHERING = 0.001  # seconds in which others come with a question: then all are deferred first
_EDIT_PAUSE = 1.5  # seconds between two interim replies, at first
_PERMISSIONS = ("view_channel", "send_messages")


@dataclass(frozen=True, slots=True)
class DiscordResponder:
    """Answers interactions, and tracks the answers under way.

    Attributes:
        dispatcher: The core.
        tokens: Makes the buttons' tokens.
        reply_guard: Limits questions, and turns failures of the core into replies.
        render_context: The language and the time zone of replies.
        languages: Chooses the language of each question.
        patience: Seconds until an answer is deferred.
        busy: The tasks that answer.
        crowd: Orders the questions that come at once.
    """

    dispatcher: Dispatcher
    tokens: ActionTokens
    reply_guard: ReplyGuard
    render_context: RenderContext
    languages: DiscordLanguages
    patience: float = PATIENCE
    busy: set[asyncio.Task[object]] = field(default_factory=set)
    crowd: Crowd = field(default_factory=lambda: Crowd(_MAX_CONCURRENT))

    @asynccontextmanager
    async def track(self) -> AsyncIterator[None]:
        """Tracks the current task as busy, so that a shutdown waits for it."""
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("this runs in a task")
        self.busy.add(task)
        try:
            yield
        finally:
            self.busy.discard(task)

    async def answer(
        self,
        interaction: Interaction,
        command: str,
        ask: Callable[[], Awaitable[Reply]],
        manner: ReplyMode,
    ) -> None:
        """Asks the core and sends its reply, at once or deferred."""
        await asyncio.sleep(_GATHERING)
        crowded = len(self.busy) > _MAX_CONCURRENT
        joining = self.crowd.joining() if crowded else nullcontext()
        with self.dispatcher.answering(command), joining:
            await self._answer(interaction, command, ask, manner, crowded=crowded)

    async def _answer(
        self,
        interaction: Interaction,
        command: str,
        ask: Callable[[], Awaitable[Reply]],
        manner: ReplyMode,
        *,
        crowded: bool,
    ) -> None:
        exchange = InteractionExchange(interaction)
        if not await self._is_unanswered(exchange, interaction, manner):
            log.info("Discord: /%s was answered by another process, or waits no more", command)
            return
        known = self.dispatcher.registry.get(command)
        is_slow = known is not None and known.is_slow
        with self.crowd.acknowledging():
            in_time = not (crowded or is_slow) or await exchange.defer(manner)
        interim = InterimReplies(lambda reply: self._show_interim(exchange, reply), _EDIT_PAUSE)
        asking = asyncio.ensure_future(
            interim.reply_to(
                lambda: (
                    self._ask_in_slot(ask, command)
                    if crowded
                    else self.reply_guard.reply_to(ask, command)
                )
            )
        )
        try:
            if exchange.is_new and in_time:
                done, _ = await asyncio.wait({asking}, timeout=self.patience)
                in_time = bool(done) or await exchange.defer(manner)
            reply = await asking  # to the end, even where nobody waits for it any more
        finally:
            asking.cancel()
        if not in_time:
            log.warning("Discord: an answer to /%s came too late", command)
        elif reply.prompt and exchange.is_new:
            self._log_error(await exchange.ask(render_form(reply.prompt, self.tokens)))
        elif reply.ok:
            await self._show(exchange, interaction, reply, manner)
        else:
            await self._refuse(exchange, interaction, reply)

    async def _is_unanswered(
        self, exchange: InteractionExchange, interaction: Interaction, manner: ReplyMode
    ) -> bool:
        """Makes sure that no other process, dead by now, has carried out a question."""
        if not interaction.client.may_be_answered(interaction):
            return True
        return await exchange.defer(manner, is_ours=False)

    async def _ask_in_slot(self, ask: Callable[[], Awaitable[Reply]], command: str) -> Reply:
        async with self.crowd.slot():
            return await self.reply_guard.reply_to(ask, command)

    async def is_private(self, interaction: Interaction) -> bool:
        """Returns True if replies here are only for the person who asked."""
        if interaction.guild_id is None:
            return False
        try:
            settings = self.dispatcher.services.settings
            return await settings.get(house_of(interaction), ANSWERS) == "private"
        except StoreError:
            return True

    async def whisper(self, interaction: Interaction, *text: str) -> None:
        """Sends a text to the person who asked alone."""
        rendered = render(Reply("", text=text), self.render_context)
        self._log_error(await InteractionExchange(interaction).whisper(rendered))

    async def _show(
        self,
        exchange: InteractionExchange,
        interaction: Interaction,
        reply: Reply,
        manner: ReplyMode,
    ) -> None:
        rendered = self._render(reply, manner.asker)
        error = await exchange.show(rendered, manner)
        if rendered.upload and is_refused(error):
            self._log_error(error)
            rendered = rendered.without_upload()
            error = await exchange.show(rendered, manner)
        if is_content_rejected(error):
            self._log_error(error)
            error = await exchange.show(rendered.without_links(), manner)
        if isinstance(error, discord.Forbidden):
            text = self._missing_permissions(interaction)
            await exchange.whisper(render(Reply("", text=(text,)), self.render_context))
        self._log_error(error)

    async def _show_interim(self, exchange: InteractionExchange, reply: Reply) -> None:
        self._log_error(await exchange.show_interim(render(reply, self.render_context)))

    async def _refuse(
        self, exchange: InteractionExchange, interaction: Interaction, reply: Reply
    ) -> None:
        """Tells the person who asked alone why there is no answer; the page stays as it is."""
        self._log_error(await exchange.whisper(self._render(reply, interaction.user.id)))

    def _render(self, reply: Reply, asker: int) -> RenderedMessage:
        words = self.render_context.words
        controls = render_controls(reply, asker, self.tokens, words)
        return render(reply, self.render_context, controls)

    def _missing_permissions(self, interaction: Interaction) -> str:
        """Returns the text that asks a moderator for the permissions that the bot lacks."""
        words = self.render_context.words
        granted = interaction.app_permissions
        missing = missing_permissions(granted, interaction.channel) or _PERMISSIONS
        text = words.gettext(
            "I'm not allowed to answer here. Please ask someone who manages this server to "
            "give me these permissions: {permissions}."
        )
        return text.format(permissions=words.join(permission_names(missing)))

    def _log_error(self, error: BaseException | None) -> None:
        """Logs an error of sending: as an error if a message was rejected, else as a warning."""
        if error is None:
            return
        reason = classify(error)
        if not isinstance(reason, DeliveryError):
            return  # a refused token ends the platform, with a message of its own
        is_late = getattr(error, "code", 0) in TOO_LATE
        level = (
            logging.ERROR if isinstance(reason, RejectedError) and not is_late else logging.WARNING
        )
        log.log(level, "Discord: could not send an answer: %s", reason)
