"""What somebody may be about to type for an option."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from discord import app_commands

from adapters.discord.buttons import Interaction
from adapters.discord.failures import TROUBLE
from adapters.discord.markdown import fitted, plain, units
from adapters.discord.people import CAPABILITIES, DiscordPeople, chat_of
from bot.chat.command import OptionKind
from bot.chat.dispatcher import Dispatcher
from bot.chat.registry import Completion
from bot.chat.settings import SETTINGS
from bot.errors import StoreError

log = logging.getLogger(__name__)

_MOST, _LONGEST = 25, 100
_PATIENCE = 2.0  # seconds; Discord shows nothing that comes after three


class Suggestions:
    """Completes options."""

    def __init__(self, dispatcher: Dispatcher, people: DiscordPeople) -> None:
        self._dispatcher = dispatcher
        self._people = people

    async def answer(self, interaction: Interaction) -> None:
        """Answers what is being typed."""
        data: Any = interaction.data or {}
        options = data.get("options") or ()
        typed = next((one for one in options if one.get("focused")), None)
        if typed is None or interaction.command is None:
            return
        interaction.extras["option"] = typed["name"]
        try:
            choices = await self.of(interaction, str(typed.get("value", "")))
            await interaction.response.autocomplete(choices)
        except TROUBLE as error:  # mostly too late: the person typed on
            log.debug("Discord: nothing could be suggested: %s", error)

    async def of(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """What may be chosen."""
        command = getattr(interaction.command, "name", "")
        name = interaction.extras.get("option", "")
        try:
            async with asyncio.timeout(_PATIENCE):
                person = await self._people.person(interaction)
                chat = chat_of(interaction)
                found = await self._dispatcher.complete(command, name, current, person, chat)
        except (StoreError, TimeoutError) as error:
            log.warning("Discord: nothing could be suggested: %s", error)
            return []
        known = self._dispatcher.registry.get(command)
        option = known.option(name) if known else None
        return list(_choices(_fitting(option.kind, current, found) if option else ()))[:_MOST]


def _fitting(kind: OptionKind, current: str, found: Iterable[Completion]) -> Iterator[Completion]:
    """Those that mean something here, what was typed first where it may be meant as it stands."""
    if kind is OptionKind.VALUE:
        elsewhere = _choices_of(here=False) - _choices_of(here=True)
        found = (one for one in found if one.value not in elsewhere)
    elif kind in {OptionKind.QUERY, OptionKind.FOLLOW} and current.strip():
        # Discord takes the first one when somebody just goes on.
        yield Completion(current.strip(), current)
    yield from found


def _choices_of(*, here: bool) -> set[str]:
    """The words that settings can be on Discord, or on other platforms."""
    known = (one for one in SETTINGS.values() if (one.needs in CAPABILITIES) is here)
    return {choice for one in known for choice in one.choices}


def _choices(found: Iterable[Completion]) -> Iterator[app_commands.Choice[str]]:
    known = set[str]()
    for choice in found:
        label = fitted(choice.label, _LONGEST, plain)
        if label and 0 < units(choice.value) <= _LONGEST and choice.value not in known:
            known.add(choice.value)
            yield app_commands.Choice(name=label, value=choice.value)
