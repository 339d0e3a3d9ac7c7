"""The commands that Discord offers: told to it when they have changed."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence

import discord
from discord import Locale, app_commands

from adapters.discord.buttons import Interaction
from adapters.discord.commands import AnyCommand, CommandSync
from adapters.discord.connection import DiscordClient
from adapters.discord.failures import TROUBLE
from adapters.discord.presses import PressAnswers
from bot.chat.ports import Store
from bot.errors import StoreError
from bot.i18n import languages, load

log = logging.getLogger(__name__)

_LONGEST = 100
_EVERYWHERE = 0


class LocalizedTree(app_commands.CommandTree[DiscordClient]):
    """The library's list of commands."""

    def __init__(self, client: DiscordClient, commands: CommandSync, presses: PressAnswers) -> None:
        super().__init__(client)
        self._commands = commands
        self._presses = presses

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Answers what is being typed by itself: the library would log it when that is too late."""
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        await self._commands.suggestions.answer(interaction)
        return False

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Answers a command that is no more, or was changed since Discord learnt of it."""
        outdated = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
        if not isinstance(error, (*outdated, app_commands.TransformerError)):
            log.error("cannot answer a command", exc_info=error)
        await self._presses.outdated(interaction)


class Translated(app_commands.Translator):
    """Says what commands are for in the languages that the bot speaks beside its own."""

    def __init__(self, own: str) -> None:
        self._words = {name: load(name) for name in languages() if name != own}

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """See `discord.app_commands.Translator.translate`."""
        del context
        words = self._words.get(locale.value) or self._words.get(locale.value.partition("-")[0])
        original = string.extras.get("original")
        return words.gettext(original)[:_LONGEST] if words and original else None


async def tell(tree: LocalizedTree, store: Store, guild: int) -> None:
    """Tells Discord the commands, if they are others than it was told last.

    Failing is no reason not to serve: the commands that were told before work all the same.

    Args:
        tree: The commands, for everywhere.
        store: Remembers what Discord was told.
        guild: The only server to offer them in; 0 for everywhere.
    """
    try:
        await _tell(tree, store, guild)
    except (app_commands.AppCommandError, *TROUBLE) as error:
        where = f"in the server {guild}" if guild else "anywhere"
        log.warning("Discord: the commands cannot be offered anew %s: %s", where, error)
    except StoreError as error:
        log.warning("Discord: the commands are not offered anew: %s", error)


async def _tell(tree: LocalizedTree, store: Store, guild: int) -> None:
    name = f"discord commands {tree.client.application_id}"
    told = _read(await store.chats.note(name))
    wanted = {str(guild): await _digest(tree)}
    if not guild:
        # A server that was developed in would have each command twice.
        wanted |= {one: "" for one in told if one != str(_EVERYWHERE)}
    for where, digest in wanted.items():
        if told.get(where) != digest and (digest or where in told):
            await _sync(tree, int(where), offered=bool(digest))
            told = {one: kept for one, kept in {**told, where: digest}.items() if kept}
            await store.chats.set_note(name, json.dumps(told))


async def _sync(tree: LocalizedTree, guild: int, *, offered: bool) -> None:
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
        log.info("Discord: the bot has left the server %d that it was developed in", guild)


async def _digest(tree: LocalizedTree) -> str:
    commands: Sequence[AnyCommand] = [
        one for one in tree.get_commands() if not isinstance(one, app_commands.Group)
    ]
    translator = tree.translator
    payload = [
        await one.get_translated_payload(tree, translator) if translator else one.to_dict(tree)
        for one in commands
    ]
    told = json.dumps(payload, sort_keys=True, default=str)
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _read(note: str) -> dict[str, str]:
    try:
        told = json.loads(note or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
