"""The core's commands as Discord's: in its menu, with typed options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Optional

import discord
from discord import app_commands

from adapters.discord.answering import DiscordAnswering
from adapters.discord.buttons import Interaction
from adapters.discord.exchange import ReplyMode
from adapters.discord.people import CAPABILITIES, DiscordPeople
from adapters.discord.presses import place_of
from adapters.discord.suggestions import Suggestions
from bot.chat.command import Access, Command, Option, OptionKind, Purpose
from bot.chat.settings import OFF, ON, SETTINGS
from bot.search.query import MAX_QUERY
from bot.text.display import quoted

Callback = Callable[..., Coroutine[Any, Any, None]]
AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu

_DESCRIPTION = 100
_LONGEST = 300  # characters of what names something
_QUOTED = MAX_QUERY  # of a message that stories are looked for by
_COMPLETED = frozenset(
    {
        OptionKind.COMMAND,
        OptionKind.FOLLOW,
        OptionKind.FOLLOWED,
        OptionKind.QUERY,
        OptionKind.QUIET,
        OptionKind.SOURCE,
        OptionKind.STORY,
        OptionKind.TIMETABLE,
        OptionKind.TOPIC,
        OptionKind.VALUE,
        OptionKind.WHEN,
    }
)
_CHOSEN = {
    OptionKind.SETTING: [one.name for one in SETTINGS.values() if one.needs in CAPABILITIES],
    OptionKind.SWITCH: [ON, OFF],
}
_LONG = frozenset({OptionKind.QUERY, OptionKind.FOLLOW})


class CommandSync:
    """Answers commands.

    Attributes:
        suggestions: What may be typed for an option.
    """

    def __init__(
        self, answering: DiscordAnswering, people: DiscordPeople, *, operators: bool
    ) -> None:
        """`operators` says whether somebody is a moderator outside of any server."""
        self._answering = answering
        self._people = people
        self._operators = operators
        self.suggestions = Suggestions(answering.dispatcher, people)

    def all(self) -> Sequence[AnyCommand]:
        """All commands there are, for Discord to offer."""
        return [*(self._offered(one) for one in self._answering.dispatcher.registry), self._menu()]

    def _offered(self, command: Command) -> app_commands.Command[Any, ..., Any]:
        async def run(interaction: Interaction, **given: object) -> None:
            texts = {name: str(value) for name, value in given.items() if value is not None}
            await self._answer(interaction, command, texts)

        offered = app_commands.Command[Any, ..., Any](
            name=command.name,
            description=self._said(command.help),
            callback=self._with_options(run, command),
            allowed_contexts=self._contexts(command.access),
            allowed_installs=self._installs(command.access),
        )
        if command.access is not Access.EVERYONE:
            offered.default_permissions = discord.Permissions(manage_guild=True)
        return offered

    def _with_options(self, run: Callback, command: Command) -> Callback:
        """Gives a function the parameters that the library reads options from."""
        options = [one for one in command.options if not one.hidden or one.kind is OptionKind.PAGE]
        own = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined] # it is inspect's own
            [own, *map(_parameter, options)]
        )
        app_commands.describe(**{one.name: self._said(one.help) for one in options})(run)
        completed = {one.name: self.suggestions.of for one in options if one.kind in _COMPLETED}
        app_commands.autocomplete(**completed)(run)
        chosen = {one.name: _choices(one.kind) for one in options if one.kind in _CHOSEN}
        app_commands.choices(**chosen)(run)
        return run

    def _said(self, text: str) -> app_commands.locale_str:
        own = quoted(self._answering.render_context.words.gettext(text), _DESCRIPTION)
        return app_commands.locale_str(own, original=text)

    def _contexts(self, access: Access) -> app_commands.AppCommandContext:
        is_free = access is Access.EVERYONE
        alone = self._operators or access is not Access.MODERATORS
        return app_commands.AppCommandContext(guild=True, dm_channel=alone, private_channel=is_free)

    def _installs(self, access: Access) -> app_commands.AppInstallationType:
        return app_commands.AppInstallationType(
            guild=True, user=self._operators or access is not Access.MODERATORS
        )

    def _menu(self) -> app_commands.ContextMenu:
        """The entry of every message's menu."""

        async def related(interaction: Interaction, message: discord.Message) -> None:
            await self._related(interaction, message)

        name = self._answering.render_context.words.gettext("Related stories")
        return app_commands.ContextMenu(
            name=name[:32],
            callback=related,
            allowed_contexts=self._contexts(Access.EVERYONE),
            allowed_installs=self._installs(Access.EVERYONE),
        )

    async def _related(self, interaction: Interaction, message: discord.Message) -> None:
        text = text_of(message)
        command = self._answering.dispatcher.registry.for_purpose(Purpose.RELATED)
        if command is None or not text:
            words = self._answering.render_context.words
            told = words.gettext("There are no words in that message to look for.")
            await self._answering.whisper(interaction, told)
            return
        await self._answer(interaction, command, {command.quoted_option: text}, private=True)

    async def _answer(
        self,
        interaction: Interaction,
        command: Command,
        given: dict[str, str],
        *,
        private: bool = False,
    ) -> None:
        answering = self._answering
        async with answering.working():
            person = await self._people.person(interaction)
            if wait := answering.reply_guard.wait(person):
                await answering.whisper(interaction, *wait.text)
                return
            private = private or await answering.is_private(interaction)
            chat = place_of(interaction, command)
            await answering.answer(
                interaction,
                command.name,
                lambda: answering.dispatcher.dispatch(command.name, given, person, chat),
                ReplyMode(interaction.user.id, private=private),
            )


def text_of(message: discord.Message) -> str:
    """What a message says, and what it forwards; without any words, what its embeds say."""
    said = [message.content, *(one.content for one in message.message_snapshots)]
    if not any(text.strip() for text in said):
        said = [text for one in message.embeds for text in (one.title, one.description) if text]
    return quoted(" ".join(said), _QUOTED)


def _parameter(option: Option) -> inspect.Parameter:
    kind: Any = app_commands.Range[str, 1, MAX_QUERY if option.kind in _LONG else _LONGEST]
    if option.kind in {OptionKind.PAGE, OptionKind.NUMBER}:
        kind = app_commands.Range[int, option.minimum, option.maximum]
    elif option.kind in _CHOSEN:
        kind = str
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if option.required else None,
        annotation=kind if option.required else Optional[kind],  # noqa: UP045 - not all are types
    )


def _choices(kind: OptionKind) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name, value=name) for name in _CHOSEN[kind]]
