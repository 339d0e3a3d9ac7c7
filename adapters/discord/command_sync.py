"""Syncs the commands with Discord when they have changed, with their translations."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence

import discord
from discord import Locale, app_commands
from typing_extensions import override

from adapters.discord.button_presses import DiscordButtonHandler
from adapters.discord.buttons import Interaction
from adapters.discord.command_texts import TranslatableText
from adapters.discord.commands import AnyCommand, ApplicationCommands
from adapters.discord.connection import DiscordClient
from adapters.discord.failures import REQUEST_ERRORS
from bot.chat.ports import Store
from bot.errors import StoreError
from bot.i18n import SOURCE_LANGUAGE, load, spoken_language

log = logging.getLogger(__name__)

_GLOBAL = 0


class LocalizedCommandTree(app_commands.CommandTree[DiscordClient]):
    """The library's command tree, with autocomplete and errors handled by the bot."""

    def __init__(
        self,
        client: DiscordClient,
        commands: ApplicationCommands,
        button_handler: DiscordButtonHandler,
    ) -> None:
        super().__init__(client)
        self._commands = commands
        self._button_handler = button_handler

    @override
    async def interaction_check(self, interaction: Interaction, /) -> bool:
        await self._commands.choose_language(interaction)
        # Autocomplete is answered here: the library would log an error for each late answer.
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        await self._commands.autocomplete.respond(interaction)
        return False

    @override
    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        outdated = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
        if not isinstance(error, (*outdated, app_commands.TransformerError)):
            log.error("could not answer a command", exc_info=error)
        await self._button_handler.handle_outdated(interaction)


class CommandTranslator(app_commands.Translator):
    """Translates names and descriptions of commands into the languages that the bot speaks."""

    def __init__(self, own: str) -> None:
        """Translates into all languages but that in which a text is written anyway.

        Args:
            own: The bot's own language, in which descriptions are written; names are English.
        """
        self._own = own

    @override
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        del context
        language = spoken_language(locale.value)
        text: TranslatableText | None = string.extras.get("text")
        if text is None or language in {"", SOURCE_LANGUAGE if text.context else self._own}:
            return None
        translated = text.translated(load(language))
        return None if translated == string.message else translated


async def sync_commands(tree: LocalizedCommandTree, store: Store, guild: int) -> None:
    """Syncs the commands with Discord, if they differ from those of the last sync.

    Errors are logged only: the commands of the last sync go on working.

    Args:
        tree: The commands.
        store: Remembers a digest of the last sync.
        guild: The only server to offer the commands in; 0 for everywhere.
    """
    try:
        await _sync_if_changed(tree, store, guild)
    except (app_commands.AppCommandError, *REQUEST_ERRORS) as error:
        where = f"in the server {guild}" if guild else "anywhere"
        log.warning("Discord: could not update the commands %s: %s", where, error)
    except StoreError as error:
        log.warning("Discord: could not update the commands: %s", error)


async def fetch_command_ids(tree: LocalizedCommandTree, guild: int) -> dict[str, int]:
    """Fetches the ids of the commands by name, for mentions of them; none where that fails."""
    where = discord.Object(guild) if guild else None
    try:
        commands = await tree.fetch_commands(guild=where)
    except (app_commands.AppCommandError, *REQUEST_ERRORS) as error:
        log.warning("Discord: could not fetch the ids of the commands: %s", error)
        return {}
    chat_input = discord.AppCommandType.chat_input
    return {one.name: one.id for one in commands if one.type is chat_input}


async def _sync_if_changed(tree: LocalizedCommandTree, store: Store, guild: int) -> None:
    name = f"discord commands {tree.client.application_id}"
    synced = _parse_digests(await store.chats.note(name))
    wanted = {str(guild): await _digest(tree)}
    if not guild:
        # A server that was developed in would have each command twice.
        wanted |= {one: "" for one in synced if one != str(_GLOBAL)}
    for where, digest in wanted.items():
        if synced.get(where) != digest and (digest or where in synced):
            await _sync(tree, int(where), offered=bool(digest))
            synced = {one: kept for one, kept in {**synced, where: digest}.items() if kept}
            await store.chats.set_note(name, json.dumps(synced))


async def _sync(tree: LocalizedCommandTree, guild: int, *, offered: bool) -> None:
    if not guild:
        await tree.sync()
        return
    server = discord.Object(guild)
    if offered:
        tree.copy_global_to(guild=server)
    try:
        await tree.sync(guild=server)
    except discord.Forbidden:
        if offered:
            raise
        log.info("Discord: the bot is no longer in the development server %d", guild)


async def _digest(tree: LocalizedCommandTree) -> str:
    commands: Sequence[AnyCommand] = [
        one for one in tree.get_commands() if not isinstance(one, app_commands.Group)
    ]
    translator = tree.translator
    payload = [
        await one.get_translated_payload(tree, translator) if translator else one.to_dict(tree)
        for one in commands
    ]
    text = json.dumps(payload, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _parse_digests(note: str) -> dict[str, str]:
    try:
        digests = json.loads(note or "{}")
    except ValueError:
        return {}
    return digests if isinstance(digests, dict) else {}
