"""Answers: from a question to a message, whatever asked it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import discord

from adapters.discord.buttons import Interaction, buttons
from adapters.discord.exchange import Exchange, ReplyMode
from adapters.discord.failures import TOO_LATE, failure, is_about_content
from adapters.discord.people import house_of
from adapters.discord.render import RenderContext, RenderedMessage, render
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Dispatcher
from bot.chat.rate_limit import ReplyGuard
from bot.chat.settings import ANSWERS
from bot.errors import DeliveryError, RejectedError, StoreError
from bot.reply import Reply

log = logging.getLogger(__name__)

PATIENCE = 1.5
"""Seconds for an answer; what takes longer asks Discord for time first, which gives three."""

_CROWD = 4  # questions at once; of more, all ask for time first, so that none is late
_LONGEST_TURN = 5.0  # seconds for which one of a crowd waits for others
_NEEDED = ("view_channel", "send_messages", "embed_links")


@dataclass(frozen=True, slots=True)
class DiscordAnswering:
    """What is needed to answer.

    Attributes:
        dispatcher: The core.
        tokens: For the buttons.
        reply_guard: Says what the core does not.
        render_context: How replies are shown.
        patience: Seconds until Discord is asked for time.
        busy: What is being answered.
        turns: Who of a crowd asks the core.
    """

    dispatcher: Dispatcher
    tokens: ActionTokens
    reply_guard: ReplyGuard
    render_context: RenderContext
    patience: float = PATIENCE
    busy: set[asyncio.Task[object]] = field(default_factory=set)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CROWD))

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Lets the end wait for what is done meanwhile."""
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
        """Asks the core, and answers with what it says: at once, or after asking for time."""
        exchange = Exchange(interaction)
        crowded = len(self.busy) > _CROWD
        known = self.dispatcher.registry.get(command)
        is_slow = known is not None and known.is_slow
        in_time = not (crowded or is_slow) or await exchange.defer(manner)
        asking = asyncio.ensure_future(
            self._turn(ask, command) if crowded else self.reply_guard.reply_to(ask, command)
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
        elif reply.ok:
            await self._show(exchange, interaction, reply, manner)
        else:
            await self._refuse(exchange, interaction, reply)

    async def _turn(self, ask: Callable[[], Awaitable[Reply]], command: str) -> Reply:
        """Asks the core when fewer others do, or after a while; meanwhile others are heard."""
        got = False
        with suppress(TimeoutError):
            got = await asyncio.wait_for(self.turns.acquire(), _LONGEST_TURN)
        try:
            return await self.reply_guard.reply_to(ask, command)
        finally:
            if got:
                self.turns.release()

    async def is_private(self, interaction: Interaction) -> bool:
        """Whether answers here are for nobody but who asked."""
        if interaction.guild_id is None:
            return False
        try:
            settings = self.dispatcher.services.settings
            return await settings.get(house_of(interaction), ANSWERS) == "private"
        except StoreError:
            return True

    async def whisper(self, interaction: Interaction, *text: str) -> None:
        """Tells something to who asked, and nobody else."""
        shown = render(Reply("", text=text), self.render_context)
        self._told(await Exchange(interaction).whisper(shown))

    async def _show(
        self, exchange: Exchange, interaction: Interaction, reply: Reply, manner: ReplyMode
    ) -> None:
        shown = render(reply, self.render_context)
        view = buttons(reply, manner.asker, self.tokens, self.render_context.words)

        async def show(one: RenderedMessage) -> BaseException | None:
            return await exchange.show(one, view, manner)

        error = await show(shown)
        if is_about_content(error):
            self._told(error)
            error = await show(shown.without_links())
        if isinstance(error, discord.Forbidden):
            lacks = render(Reply("", text=(self._lacks(interaction),)), self.render_context)
            await exchange.whisper(lacks)
        self._told(error)

    async def _refuse(self, exchange: Exchange, interaction: Interaction, reply: Reply) -> None:
        """Says why there is no answer; to who asked alone, and the page stays as it is."""
        owner = interaction.user.id
        view = buttons(reply, owner, self.tokens, self.render_context.words)
        self._told(await exchange.whisper(render(reply, self.render_context), view))

    def _lacks(self, interaction: Interaction) -> str:
        """What a moderator has to allow."""
        words = self.render_context.words
        have = interaction.app_permissions
        missing = [name for name in _NEEDED if not getattr(have, name)] or _NEEDED
        told = words.gettext(
            "I am not allowed to answer here. Somebody who manages this server has to give me: "
            "{permissions}."
        )
        return told.format(permissions=_named(missing))

    def _told(self, error: BaseException | None) -> None:
        """Logs why something could not be sent, as loud as it deserves."""
        if error is None:
            return
        reason = failure(error)
        if not isinstance(reason, DeliveryError):
            return  # the token is refused: all ends, and that is told
        is_late = getattr(error, "code", 0) in TOO_LATE
        level = (
            logging.ERROR if isinstance(reason, RejectedError) and not is_late else logging.WARNING
        )
        log.log(level, "Discord: an answer could not be sent: %s", reason)


def _named(permissions: Sequence[str]) -> str:
    """Permissions as Discord's settings call them."""
    return ", ".join(name.replace("_", " ").title() for name in permissions)
