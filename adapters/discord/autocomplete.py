"""Autocomplete: suggestions for the option that a person is typing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from discord import app_commands

from adapters.discord.buttons import Interaction
from adapters.discord.failures import REQUEST_ERRORS
from adapters.discord.markdown import plain_text, truncate, utf16_units
from adapters.discord.other_channel import chat_for, named_channel
from adapters.discord.people import DiscordPeople, chat_of
from bot.chat.command import OptionKind
from bot.chat.dispatcher import Dispatcher
from bot.chat.registry import Completion
from bot.chat.typeahead import Typeahead
from bot.errors import ReaderError, StoreError
from bot.model import Chat

log = logging.getLogger(__name__)

_MAX_CHOICES, _MAX_LENGTH = 25, 100
_TIMEOUT = 2.0  # seconds; Discord ignores suggestions that come after three


class Autocomplete:
    """Suggests values of options."""

    def __init__(self, dispatcher: Dispatcher, people: DiscordPeople) -> None:
        self._dispatcher = dispatcher
        self._people = people
        self._typeahead = Typeahead()

    async def respond(self, interaction: Interaction) -> None:
        """Responds to an autocomplete interaction."""
        data: Any = interaction.data or {}
        options = data.get("options") or ()
        typed = next((one for one in options if one.get("focused")), None)
        if typed is None or interaction.command is None:
            return
        interaction.extras["option"] = typed["name"]
        try:
            choices = await self._choices(interaction, str(typed.get("value", "")))
            if choices is not None:
                await interaction.response.autocomplete(choices)
        except REQUEST_ERRORS as error:  # mostly too late: the person typed on
            log.debug("Discord: could not suggest anything: %s", error)

    async def choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Returns the suggestions for the option in `interaction.extras`."""
        return await self._choices(interaction, current) or []

    async def _choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]] | None:
        """Returns the suggestions; None if they are outdated, for the person typed on."""
        command = getattr(interaction.command, "name", "")
        name = interaction.extras.get("option", "")
        try:
            async with asyncio.timeout(_TIMEOUT):
                person = await self._people.person(interaction)
                chat = _chat(interaction, self._dispatcher, command)
                completions = await self._typeahead.run(
                    person.id,
                    lambda: self._dispatcher.complete(
                        command, name, current, person, chat, _given(interaction)
                    ),
                )
        except (ReaderError, StoreError, TimeoutError) as error:
            log.warning("Discord: could not suggest anything: %s", error)
            return []
        if completions is None:
            return None
        known = self._dispatcher.registry.get(command)
        option = known.option(name) if known else None
        fitting = _adapt(option.kind, current, completions) if option else ()
        return list(_render_choices(fitting))[:_MAX_CHOICES]


def _chat(interaction: Interaction, dispatcher: Dispatcher, command: str) -> Chat:
    """Returns the chat that a command is about, as far as its options are filled in."""
    data: Any = interaction.data or {}
    known = dispatcher.registry.get(command)
    given = {one["name"]: f"<#{one.get('value')}>" for one in data.get("options") or ()}
    if known is None or not named_channel(known, given):
        return chat_of(interaction)
    return chat_for(interaction, known, given, dispatcher.services.translations)


def _given(interaction: Interaction) -> dict[str, str]:
    """Returns the options that are typed already, but for the one that is being typed."""
    data: Any = interaction.data or {}
    options = data.get("options") or ()
    return {
        str(one["name"]): str(one["value"])
        for one in options
        if "value" in one and not one.get("focused")
    }


def _adapt(
    kind: OptionKind, current: str, completions: Iterable[Completion]
) -> Iterator[Completion]:
    """Puts a query first as it was typed."""
    if kind in {OptionKind.QUERY, OptionKind.FOLLOW} and current.strip():
        # Discord takes the first suggestion when a person presses Enter or Tab.
        yield Completion(current.strip(), current)
    yield from completions


def _render_choices(completions: Iterable[Completion]) -> Iterator[app_commands.Choice[str]]:
    values = set[str]()
    for one in completions:
        label = truncate(one.label, _MAX_LENGTH, plain_text)
        if label and 0 < utf16_units(one.value) <= _MAX_LENGTH and one.value not in values:
            values.add(one.value)
            yield app_commands.Choice(name=label, value=one.value)
