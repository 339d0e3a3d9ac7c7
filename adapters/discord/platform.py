"""The life of the bot on Discord, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from adapters.discord.answering import PATIENCE, Answering
from adapters.discord.commands import Commands
from adapters.discord.connection import Client, connected, logged_in, use_api
from adapters.discord.crossposts import Crossposts
from adapters.discord.membership import Membership
from adapters.discord.menu import Translated, Tree, tell
from adapters.discord.messenger import PACE, DiscordMessenger
from adapters.discord.people import People
from adapters.discord.presses import PressAnswers
from adapters.discord.refusals import Refusals
from adapters.discord.render import Look
from adapters.discord.talk import Talk
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Desk
from bot.chat.rate_limit import Cooldown, Courtesy
from bot.config.schema import DiscordConfig
from bot.errors import PlatformError
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import Pacer

log = logging.getLogger(__name__)

_FINISHING = 5.5  # seconds to answer what was asked, and to send what is being sent
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds before a line that was lost is made anew
_LONG_AGO = 600.0


@dataclass(frozen=True, slots=True)
class Discord:
    """Implements `bot.chat.ports.Platform`.

    Attributes:
        desk: The core.
        config: What the operator set.
        pacer: Gives out turns to send, but for answers to interactions: those do not count.
        patience: Seconds for an answer until Discord is asked for more time.
        post: Posts by a messenger for as long as it is not cancelled; None to post nothing.
    """

    desk: Desk
    config: DiscordConfig
    pacer: Pacer
    patience: float = field(default=PATIENCE)
    post: Callable[[Messenger], Awaitable[None]] | None = None

    @property
    def name(self) -> str:
        """As people know it."""
        return "Discord"

    async def serve(self) -> None:
        """See `bot.chat.ports.Platform.serve`."""
        use_api(self.config.api_url)
        tokens = ActionTokens(self.desk.services.store)
        try:
            await self._keep(self._answering(tokens))
        finally:
            await tokens.flush()

    async def _keep(self, answering: Answering) -> None:
        """Makes the line anew whenever it is lost for good; Discord counts how often."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while True:
            began = loop.time()
            await self._serve(answering)
            pause = _FIRST_PAUSE if loop.time() - began > _LONG_AGO else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _serve(self, answering: Answering) -> None:
        revoked = asyncio.Event()
        people = People(self.desk.services.settings, self.config.moderators)
        presses = PressAnswers(answering, people)
        make = self._maker(answering, presses, revoked)
        async with logged_in(make, self._token()) as client:
            commands = Commands(answering, people, operators=bool(self.config.moderators))
            tree = await self._tree(client, commands, presses)
            store = self.desk.services.store
            telling = asyncio.create_task(tell(tree, store, self.config.guild))
            log.info("Discord: serving as %s", client.user)
            try:
                await self._hold(client, answering, revoked)
            finally:
                telling.cancel()

    def _maker(
        self, answering: Answering, presses: PressAnswers, revoked: asyncio.Event
    ) -> Callable[[], Client]:
        services = self.desk.services
        refusals = Refusals(services.clock, self.config.api_url, revoked.set)
        talk = Talk(answering, self.config.moderators, self.pacer)
        membership = Membership(
            services.store.subscriptions, services.clock, services.words, answering.working
        )
        return lambda: Client(presses, talk, membership, refusals.trace())

    async def _tree(self, client: Client, commands: Commands, presses: PressAnswers) -> Tree:
        tree = Tree(client, commands, presses)
        await tree.set_translator(Translated(self.desk.services.words.language))
        for command in commands.all():
            tree.add_command(command)
        return tree

    async def _hold(self, client: Client, answering: Answering, revoked: asyncio.Event) -> None:
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

    async def _post(self, client: Client, answering: Answering) -> None:
        """Posts, once the client knows its servers."""
        if self.post is None:
            return
        services = self.desk.services
        await client.wait_until_ready()
        crossposts = Crossposts(client, services.settings, self.pacer, services.clock)
        look, tokens = answering.look, answering.tokens
        messenger = DiscordMessenger(client, self.pacer, look, tokens, services.clock, crossposts)
        try:
            await self.post(messenger)
        finally:
            await crossposts.finish()

    def _token(self) -> str:
        if self.config.token is None:
            raise PlatformError("Discord: no token")
        return self.config.token.get_secret_value()

    def _answering(self, tokens: ActionTokens) -> Answering:
        services = self.desk.services
        courtesy = Courtesy(services.words, Cooldown(services.clock))
        look = Look(services.words, services.zone)
        return Answering(self.desk, tokens, courtesy, look, self.patience)


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
    desk: Desk,
    config: DiscordConfig,
    post: Callable[[Messenger], Awaitable[None]] | None = None,
) -> Discord:
    """The bot on Discord; see `Discord.post`."""
    return Discord(desk, config, Pacer(desk.services.clock, PACE), post=post)
