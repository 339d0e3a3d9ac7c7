"""Button presses, choices from menus, and forms: interactions with what a message offers."""

from __future__ import annotations

import logging

from adapters.discord.buttons import NO_ASKER, ButtonPress, Interaction
from adapters.discord.interaction_exchange import ReplyMode
from adapters.discord.other_channel import chat_for
from adapters.discord.people import DiscordPeople
from adapters.discord.prompts import parse_form
from adapters.discord.responder import DiscordResponder
from bot.chat.command import Command
from bot.errors import ReaderError, StoreError
from bot.reply import Action

log = logging.getLogger(__name__)


class DiscordButtonHandler:
    """Performs what a button asks for: turns pages, opens stories.

    For the person who asked for a page, and for moderators, the page changes in place; anybody else
    gets a page of their own. A post, which nobody asked for, never changes.
    """

    def __init__(self, responder: DiscordResponder, people: DiscordPeople) -> None:
        self._responder = responder
        self._people = people

    async def handle(self, interaction: Interaction, press: ButtonPress) -> None:
        """Answers a button press; each gets some answer, else Discord says that it failed."""
        async with self._responder.track():
            await self._responder.languages.choose(interaction)
            action = await self._action(press.token)
            registry = self._responder.dispatcher.registry
            command = registry.get(action.command) if action else None
            if action is None or command is None:
                await self.handle_unknown(interaction)
            else:
                await self._answer(interaction, press, action, command)

    async def handle_form(self, interaction: Interaction) -> None:
        """Answers what was typed into a form, as if it had been typed after its command."""
        async with self._responder.track():
            await self._responder.languages.choose(interaction)
            form = parse_form(interaction)
            action = await self._action(form.token) if form else None
            command = self._responder.dispatcher.registry.get(action.command) if action else None
            if form is None or action is None or command is None:
                await self.handle_unknown(interaction)
            else:
                await self._answer_form(interaction, form.fill(action), command)

    async def _answer_form(
        self, interaction: Interaction, action: Action, command: Command
    ) -> None:
        responder = self._responder
        person = await self._people.person(interaction)
        if wait := responder.reply_guard.wait(person):
            await responder.whisper(interaction, *wait.text)
            return
        try:
            words = responder.render_context.words
            chat = chat_for(interaction, command, dict(action.options), words)
        except ReaderError as error:
            await responder.whisper(interaction, str(error))
            return
        is_discreet = command.discreet and interaction.guild_id is not None
        private = is_discreet or await responder.is_private(interaction)
        await responder.answer(
            interaction,
            command.name,
            lambda: responder.dispatcher.press(action, person, chat),
            ReplyMode(interaction.user.id, private=private),
        )

    async def handle_unknown(self, interaction: Interaction) -> None:
        """Answers a press on a button whose action is not known any more."""
        await self._responder.languages.choose(interaction)
        words = self._responder.render_context.words
        await self._responder.whisper(interaction, words.gettext("This button no longer works."))

    async def handle_outdated(self, interaction: Interaction) -> None:
        """Answers a command that has changed since Discord's client learned it."""
        words = self._responder.render_context.words
        text = words.gettext("This command has changed. Please restart Discord and try again.")
        await self._responder.whisper(interaction, text)

    async def _action(self, token: str) -> Action | None:
        try:
            return await self._responder.tokens.action(token)
        except StoreError as error:
            log.error("could not look up a button's action: %s", error)  # noqa: TRY400
            return None

    async def _answer(
        self, interaction: Interaction, press: ButtonPress, action: Action, command: Command
    ) -> None:
        responder = self._responder
        person = await self._people.person(interaction)
        wait = responder.reply_guard.wait(person)
        if wait:
            await responder.whisper(interaction, *wait.text)
            return
        message = interaction.message
        is_own = interaction.user.id == press.asker or bool(message and message.flags.ephemeral)
        in_place = press.asker != NO_ASKER and (is_own or person.moderator)
        if command.discreet and message and not message.flags.ephemeral:
            in_place = in_place and interaction.guild_id is None
        asker = press.asker if in_place else interaction.user.id
        try:
            words = responder.render_context.words
            chat = chat_for(interaction, command, dict(action.options), words)
        except ReaderError as error:
            await responder.whisper(interaction, str(error))
            return
        await responder.answer(
            interaction,
            command.name,
            lambda: responder.dispatcher.press(action, person, chat),
            ReplyMode(asker, private=not in_place, in_place=in_place),
        )
