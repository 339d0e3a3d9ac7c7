"""Buttons that are pressed, and menus that are chosen from."""

from __future__ import annotations

import logging

from adapters.discord.answering import DiscordAnswering
from adapters.discord.buttons import POSTED, Interaction, Press
from adapters.discord.exchange import ReplyMode
from adapters.discord.people import DiscordPeople, chat_of, house_of
from bot.chat.command import Command
from bot.errors import StoreError
from bot.model import Chat
from bot.reply import Action

log = logging.getLogger(__name__)


class PressAnswers:
    """Turns pages, opens stories: what a button asks for.

    Whoever asked for a page turns it in its place, and so do moderators; anybody else gets a page
    of their own. A post was asked for by nobody and stays as it is, whoever presses.
    """

    def __init__(self, answering: DiscordAnswering, people: DiscordPeople) -> None:
        self._answering = answering
        self._people = people

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        """Answers a press; each gets an answer, so that nobody is told that it failed."""
        async with self._answering.working():
            action = await self._action(press.token)
            registry = self._answering.dispatcher.registry
            command = registry.get(action.command) if action else None
            if action is None or command is None:
                await self.unknown(interaction)
            else:
                await self._answer(interaction, press, action, command)

    async def unknown(self, interaction: Interaction) -> None:
        """Answers a press on something that nobody knows any more."""
        words = self._answering.render_context.words
        await self._answering.whisper(
            interaction, words.gettext("This button does nothing any more.")
        )

    async def outdated(self, interaction: Interaction) -> None:
        """Answers a command that is not as Discord still offers it."""
        words = self._answering.render_context.words
        told = words.gettext("This command has changed. Restart Discord, and try again.")
        await self._answering.whisper(interaction, told)

    async def _action(self, token: str) -> Action | None:
        try:
            return await self._answering.tokens.action(token)
        except StoreError as error:
            log.error("cannot tell what a button asks for: %s", error)  # noqa: TRY400
            return None

    async def _answer(
        self, interaction: Interaction, press: Press, action: Action, command: Command
    ) -> None:
        answering = self._answering
        person = await self._people.person(interaction)
        wait = answering.reply_guard.wait(person)
        if wait:
            await answering.whisper(interaction, *wait.text)
            return
        message = interaction.message
        is_own = interaction.user.id == press.asker or bool(message and message.flags.ephemeral)
        in_place = press.asker != POSTED and (is_own or person.moderator)
        asker = press.asker if in_place else interaction.user.id
        chat = place_of(interaction, command)
        await answering.answer(
            interaction,
            command.name,
            lambda: answering.dispatcher.press(action, person, chat),
            ReplyMode(asker, private=not in_place, in_place=in_place),
        )


def place_of(interaction: Interaction, command: Command) -> Chat:
    """The chat that a command is about: a whole server, or where it is asked."""
    return house_of(interaction) if command.server_wide else chat_of(interaction)
