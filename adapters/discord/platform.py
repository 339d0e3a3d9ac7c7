"""The life of the bot on Discord, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from adapters.discord.answering import PATIENCE, DiscordAnswering
from adapters.discord.commands import CommandSync
from adapters.discord.connection import DiscordClient, connected, logged_in, use_api
from adapters.discord.crossposts import Crossposts
from adapters.discord.membership import DiscordMembership
from adapters.discord.menu import LocalizedTree, Translated, tell
from adapters.discord.messenger import PACE, DiscordMessenger
from adapters.discord.people import DiscordPeople
from adapters.discord.presses import PressAnswers
from adapters.discord.refusals import Refusals
from adapters.discord.render import RenderContext
from adapters.discord.talk import DiscordTalk
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Dispatcher
from bot.chat.rate_limit import QuestionLimiter, ReplyGuard
from bot.config.schema import DiscordConfig
from bot.errors import PlatformError
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import RateLimiter

log = logging.getLogger(__name__)

_FINISHING = 5.5  # seconds to answer what was asked, and to send what is being sent
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds before a line that was lost is made anew
_LONG_AGO = 600.0


@dataclass(frozen=True, slots=True)
class Discord:
    """Implements `bot.chat.ports.Platform`.

    Attributes:
        dispatcher: The core.
        config: What the operator set.
        rate_limiter: Gives out turns to send, but for answers to interactions: those do not count.
        patience: Seconds for an answer until Discord is asked for more time.
        post: Posts by a messenger for as long as it is not cancelled; None to post nothing.
    """

    dispatcher: Dispatcher
    config: DiscordConfig
    rate_limiter: RateLimiter
    patience: float = field(default=PATIENCE)
    post: Callable[[Messenger], Awaitable[None]] | None = None

    @property
    def name(self) -> str:
        """As people know it."""
        return "Discord"

    async def serve(self) -> None:
        """See `bot.chat.ports.Platform.serve`."""
        use_api(self.config.api_url)
        tokens = ActionTokens(self.dispatcher.services.store.chats)
        try:
            await self._keep(self._answering(tokens))
        finally:
            await tokens.flush()

    async def _keep(self, answering: DiscordAnswering) -> None:
        """Makes the line anew whenever it is lost for good; Discord counts how often."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while True:
            began = loop.time()
            await self._serve(answering)
            pause = _FIRST_PAUSE if loop.time() - began > _LONG_AGO else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _serve(self, answering: DiscordAnswering) -> None:
        revoked = asyncio.Event()
        people = DiscordPeople(self.dispatcher.services.settings, self.config.moderators)
        presses = PressAnswers(answering, people)
        make = self._maker(answering, presses, revoked)
        async with logged_in(make, self._token()) as client:
            commands = CommandSync(answering, people, operators=bool(self.config.moderators))
            tree = await self._tree(client, commands, presses)
            store = self.dispatcher.services.store
            telling = asyncio.create_task(tell(tree, store, self.config.guild))
            log.info("Discord: serving as %s", client.user)
            try:
                await self._hold(client, answering, revoked)
            finally:
                telling.cancel()

    def _maker(
        self, answering: DiscordAnswering, presses: PressAnswers, revoked: asyncio.Event
    ) -> Callable[[], DiscordClient]:
        services = self.dispatcher.services
        refusals = Refusals(services.clock, self.config.api_url, revoked.set)
        talk = DiscordTalk(answering, self.config.moderators, self.rate_limiter)
        membership = DiscordMembership(
            services.store.subscriptions, services.clock, services.translations, answering.working
        )
        return lambda: DiscordClient(presses, talk, membership, refusals.trace())

    async def _tree(
        self, client: DiscordClient, commands: CommandSync, presses: PressAnswers
    ) -> LocalizedTree:
        tree = LocalizedTree(client, commands, presses)
        await tree.set_translator(Translated(self.dispatcher.services.translations.language))
        for command in commands.all():
            tree.add_command(command)
        return tree

    async def _hold(
        self, client: DiscordClient, answering: DiscordAnswering, revoked: asyncio.Event
    ) -> None:
        """Holds the line, and posts meanwhile; what was begun is finished before it is closed."""
        posting = asyncio.create_task(self._post(client, answering))
        ending: set[asyncio.Task[Any]] = {posting}
        try:
            await _beside(posting, connected(client, revoked))
        except asyncio.CancelledError:
            ending |= answering.busy  # where all ends by an error, there is nobody to answer to
            raise
        finally:
            posting.cancel()
            await asyncio.wait(ending, timeout=_FINISHING)

    async def _post(self, client: DiscordClient, answering: DiscordAnswering) -> None:
        """Posts, once the client knows its servers."""
        if self.post is None:
            return
        services = self.dispatcher.services
        await client.wait_until_ready()
        crossposts = Crossposts(client, services.settings, self.rate_limiter, services.clock)
        render_context, tokens = answering.render_context, answering.tokens
        messenger = DiscordMessenger(
            client, self.rate_limiter, render_context, tokens, services.clock, crossposts
        )
        try:
            await self.post(messenger)
        finally:
            await crossposts.finish()

    def _token(self) -> str:
        if self.config.token is None:
            raise PlatformError("Discord: no token")
        return self.config.token.get_secret_value()

    def _answering(self, tokens: ActionTokens) -> DiscordAnswering:
        services = self.dispatcher.services
        reply_guard = ReplyGuard(services.translations, QuestionLimiter(services.clock))
        render_context = RenderContext(services.translations, services.zone)
        return DiscordAnswering(self.dispatcher, tokens, reply_guard, render_context, self.patience)


async def _beside(posting: asyncio.Task[None], line: Coroutine[Any, Any, None]) -> None:
    """Holds the line until it is lost, or posting fails; raises why."""
    holding = asyncio.create_task(line)
    try:
        await asyncio.wait({posting, holding}, return_when=asyncio.FIRST_COMPLETED)
        if posting.done():
            await posting
        await holding
    finally:
        holding.cancel()
        await asyncio.wait({holding})


def discord(
    dispatcher: Dispatcher,
    config: DiscordConfig,
    post: Callable[[Messenger], Awaitable[None]] | None = None,
) -> Discord:
    """The bot on Discord; see `Discord.post`."""
    return Discord(dispatcher, config, RateLimiter(dispatcher.services.clock, PACE), post=post)
