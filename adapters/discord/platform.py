"""The life of the bot on Discord, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from adapters.discord.answering import PATIENCE, Answering
from adapters.discord.commands import Commands
from adapters.discord.connection import Client, connected, logged_in, use_api
from adapters.discord.menu import Translated, Tree, tell
from adapters.discord.people import People
from adapters.discord.presses import PressAnswers
from adapters.discord.refusals import Refusals
from adapters.discord.render import Look
from adapters.discord.talk import Talk
from bot.config.shape import DiscordConfig
from bot.cooldown import Cooldown
from bot.courtesy import Courtesy
from bot.desk import Desk
from bot.errors import PlatformError
from bot.tokens import ActionTokens

log = logging.getLogger(__name__)

_FINISHING = 4.0  # seconds to answer what was asked
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds before a line that was lost is made anew
_LONG_AGO = 600.0


@dataclass(frozen=True, slots=True)
class Discord:
    """Implements `bot.ports.Platform`.

    Attributes:
        desk: The core.
        config: What the operator set.
        patience: Seconds for an answer until Discord is asked for more time.
    """

    desk: Desk
    config: DiscordConfig
    patience: float = field(default=PATIENCE)

    @property
    def name(self) -> str:
        """As people know it."""
        return "Discord"

    async def serve(self) -> None:
        """See `bot.ports.Platform.serve`."""
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
        services = self.desk.services
        revoked = asyncio.Event()
        refusals = Refusals(services.clock, self.config.api_url, revoked.set)
        people = People(services.settings, self.config.moderators)
        presses = PressAnswers(answering, people)
        talk = Talk(answering, self.config.moderators)
        commands = Commands(answering, people, operators=bool(self.config.moderators))

        def make() -> Client:
            return Client(presses, talk, refusals.trace())

        async def finish() -> None:
            if answering.busy:
                await asyncio.wait(set(answering.busy), timeout=_FINISHING)

        async with logged_in(make, self._token(), finish) as client:
            tree = Tree(client, commands, presses)
            await tree.set_translator(Translated(services.words.language))
            for command in commands.all():
                tree.add_command(command)
            telling = asyncio.create_task(tell(tree, services.store, self.config.guild))
            log.info("Discord: serving as %s", client.user)
            try:
                await connected(client, revoked)
            finally:
                telling.cancel()

    def _token(self) -> str:
        if self.config.token is None:
            raise PlatformError("Discord: no token")
        return self.config.token.get_secret_value()

    def _answering(self, tokens: ActionTokens) -> Answering:
        services = self.desk.services
        courtesy = Courtesy(services.words, Cooldown(services.clock))
        look = Look(services.words, services.zone)
        return Answering(self.desk, tokens, courtesy, look, self.patience)


def discord(desk: Desk, config: DiscordConfig) -> Discord:
    """The bot on Discord."""
    return Discord(desk, config)
