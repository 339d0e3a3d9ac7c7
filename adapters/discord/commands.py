"""Application commands: the core's commands with typed options, and a message menu entry."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Optional

import discord
from discord import app_commands, ui

from adapters.discord.attachments import make_attachment
from adapters.discord.autocomplete import Autocomplete
from adapters.discord.buttons import Interaction
from adapters.discord.command_texts import (
    MAX_NAME,
    TranslatableText,
    command_name,
    option_name,
)
from adapters.discord.interaction_exchange import ReplyMode
from adapters.discord.markdown import first_heading
from adapters.discord.option_types import ChannelPicker, RolePicker, YesOrNo
from adapters.discord.other_channel import chat_for
from adapters.discord.people import CAPABILITIES, DiscordPeople
from adapters.discord.responder import DiscordResponder
from bot.chat.attachments import Attachment
from bot.chat.command import Access, Command, Option, OptionKind, Purpose
from bot.chat.settings import SETTINGS
from bot.chat.staff import Staff
from bot.errors import ReaderError
from bot.i18n import N_
from bot.search.query import MAX_QUERY
from bot.text.display import shorten

Callback = Callable[..., Coroutine[Any, Any, None]]
AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu

_MAX_NAME = 300  # characters of an option that is no query
_QUOTED = MAX_QUERY  # of a message that stories are looked for by
_COMPLETED = frozenset(
    {
        OptionKind.AGE,
        OptionKind.AUDITED,
        OptionKind.COMMAND,
        OptionKind.EVENTS,
        OptionKind.FIELDS,
        OptionKind.FOLLOW,
        OptionKind.FOLLOWED,
        OptionKind.LANGUAGES,
        OptionKind.PICTURE,
        OptionKind.PRESET,
        OptionKind.QUERY,
        OptionKind.QUIET,
        OptionKind.SOURCE,
        OptionKind.SOURCES,
        OptionKind.STORY,
        OptionKind.TEMPLATE,
        OptionKind.TIMETABLE,
        OptionKind.TOPIC,
        OptionKind.VALUE,
        OptionKind.WHEN,
    }
)
_CHOSEN = {
    OptionKind.SETTING: [one.name for one in SETTINGS.values() if one.needs in CAPABILITIES],
}
_PICKED: Mapping[OptionKind, type[app_commands.Transformer]] = {
    OptionKind.CHANNEL: ChannelPicker,
    OptionKind.ROLE: RolePicker,
    OptionKind.SWITCH: YesOrNo,
}
_STAFF_ONLY = frozenset({Access.MODERATORS, Access.OPERATORS})
_LONG = frozenset({OptionKind.QUERY, OptionKind.FOLLOW, OptionKind.TEMPLATE})


class ApplicationCommands:
    """Builds the commands that Discord offers, and answers them.

    Attributes:
        autocomplete: Suggests values of options.
    """

    def __init__(self, responder: DiscordResponder, people: DiscordPeople, staff: Staff) -> None:
        """Builds commands for moderators outside of servers, too, if there is a staff then."""
        self._responder = responder
        self._people = people
        self._staff = staff
        self.autocomplete = Autocomplete(responder.dispatcher, people)

    def all(self) -> Sequence[AnyCommand]:
        """Returns all commands, for the command tree."""
        commands = map(self._slash_command, self._responder.dispatcher.registry)
        return [*commands, self._message_menu()]

    def _slash_command(self, command: Command) -> app_commands.Command[Any, ..., Any]:
        async def run(interaction: Interaction, **given: object) -> None:
            files = [one for one in given.values() if isinstance(one, discord.Attachment)]
            texts = {name: str(value) for name, value in given.items() if _is_text(value)}
            attachment = make_attachment(files[0]) if files else None
            await self._answer(interaction, command, texts, attachment=attachment)

        slash = app_commands.Command[Any, ..., Any](
            name=command_name(command.name),
            description=self._description(command.help),
            callback=self._with_options(run, command),
            allowed_contexts=self._contexts(command.access),
            allowed_installs=self._installs(command.access),
        )
        if command.access is not Access.EVERYONE:
            slash.default_permissions = discord.Permissions(manage_guild=True)
        return slash

    def _with_options(self, run: Callback, command: Command) -> Callback:
        """Gives a callback the signature that the library reads the options from."""
        options = [one for one in command.options if not one.hidden or one.kind is OptionKind.PAGE]
        own = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined] # it is inspect's own
            [own, *(_parameter(one, required=_is_required(command, one)) for one in options)]
        )
        app_commands.describe(**{one.name: self._description(one.help) for one in options})(run)
        app_commands.rename(**{one.name: option_name(one.name) for one in options})(run)
        completed = {
            one.name: self.autocomplete.choices for one in options if one.kind in _COMPLETED
        }
        app_commands.autocomplete(**completed)(run)
        chosen = {one.name: names for one in options if (names := _choices(one))}
        app_commands.choices(**chosen)(run)
        return run

    async def choose_language(self, interaction: Interaction) -> None:
        """Speaks the language of whoever gave a command."""
        await self._responder.languages.choose(interaction)

    def _description(self, text: str) -> app_commands.locale_str:
        return TranslatableText(text).localized(self._responder.render_context.words)

    def _contexts(self, access: Access) -> app_commands.AppCommandContext:
        is_free = access is Access.EVERYONE
        in_dm = bool(self._staff) or access not in _STAFF_ONLY
        return app_commands.AppCommandContext(guild=True, dm_channel=in_dm, private_channel=is_free)

    def _installs(self, access: Access) -> app_commands.AppInstallationType:
        return app_commands.AppInstallationType(
            guild=True, user=bool(self._staff) or access not in _STAFF_ONLY
        )

    def _message_menu(self) -> app_commands.ContextMenu:
        """Builds the entry in the context menu of every message."""

        async def related(interaction: Interaction, message: discord.Message) -> None:
            await self._related(interaction, message)

        name = TranslatableText(N_("Related stories"), most=MAX_NAME)
        return app_commands.ContextMenu(
            name=name.localized(self._responder.render_context.words),
            callback=related,
            allowed_contexts=self._contexts(Access.EVERYONE),
            allowed_installs=self._installs(Access.EVERYONE),
        )

    async def _related(self, interaction: Interaction, message: discord.Message) -> None:
        text = text_of(message)
        command = self._responder.dispatcher.registry.for_purpose(Purpose.RELATED)
        if command is None or not text:
            words = self._responder.render_context.words
            reason = words.gettext("That message has no words to search for.")
            await self._responder.whisper(interaction, reason)
            return
        await self._answer(interaction, command, {command.quoted_option: text}, private=True)

    async def _answer(
        self,
        interaction: Interaction,
        command: Command,
        given: dict[str, str],
        *,
        private: bool = False,
        attachment: Attachment | None = None,
    ) -> None:
        responder = self._responder
        async with responder.track():
            person = await self._people.person(interaction)
            if wait := responder.reply_guard.wait(person):
                await responder.whisper(interaction, *wait.text)
                return
            try:
                chat = chat_for(interaction, command, given, responder.render_context.words)
            except ReaderError as error:
                await responder.whisper(interaction, str(error))
                return
            is_discreet = command.discreet and interaction.guild_id is not None
            is_refused = not command.allows(person)  # which is nobody else's business
            private = private or is_discreet or is_refused
            private = private or await responder.is_private(interaction)
            await responder.answer(
                interaction,
                command.name,
                lambda: responder.dispatcher.dispatch(
                    command.name, given, person, chat, attachment
                ),
                ReplyMode(interaction.user.id, private=private),
            )


def text_of(message: discord.Message) -> str:
    """Returns the text of a message and of what it forwards or, without any, of its embeds.

    Of the bot's own posts and answers it is the headline of the first story.
    """
    texts = [message.content, *(one.content for one in message.message_snapshots)]
    if message.flags.components_v2:
        shown = ui.LayoutView.from_message(message, timeout=None).walk_children()
        written = "\n".join(one.content for one in shown if isinstance(one, ui.TextDisplay))
        return shorten(first_heading(written) or written, _QUOTED)
    if not any(text.strip() for text in texts):
        texts = [text for one in message.embeds for text in (one.title, one.description) if text]
    return shorten(" ".join(texts), _QUOTED)


def _is_required(command: Command, option: Option) -> bool:
    """Tells if Discord must insist on an option: not where the command answers without it."""
    return option.required and not command.stands_alone


def _parameter(option: Option, *, required: bool) -> inspect.Parameter:
    kind: Any = app_commands.Range[str, 1, MAX_QUERY if option.kind in _LONG else _MAX_NAME]
    if option.kind in {OptionKind.PAGE, OptionKind.NUMBER}:
        kind = app_commands.Range[int, option.minimum, option.maximum]
    elif option.choices or option.kind in _CHOSEN:
        kind = str
    elif option.kind is OptionKind.FILE:
        kind = discord.Attachment
    elif option.kind in _PICKED:
        kind = app_commands.Transform[str, _PICKED[option.kind]]
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if required else None,
        annotation=kind if required else Optional[kind],  # noqa: UP045 - not all are types
    )


def _choices(option: Option) -> list[app_commands.Choice[str]]:
    names = option.choices or _CHOSEN.get(option.kind, ())
    return [app_commands.Choice(name=name, value=name) for name in names]


def _is_text(value: object) -> bool:
    return value is not None and not isinstance(value, discord.Attachment)
