"""Members of servers: who is one is asked of Discord, since bots are told only with an intent."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Sequence

import discord

from adapters.discord.failures import REQUEST_ERRORS
from bot.clock import Clock
from bot.errors import UnreachableError
from bot.i18n import Translations

log = logging.getLogger(__name__)

_AT_ONCE = 4  # requests, of everybody's: a bot has 50 a second, which posts need, too
_STRANGER_FOR = 600.0  # seconds for which it is believed that somebody is no member
_REMEMBERED = 100_000  # people and servers


class Memberships:
    """Asks which servers a person is a member of.

    Rights are never remembered, only that somebody was no member: most people are in few servers.
    """

    def __init__(self, clock: Clock, words: Translations) -> None:
        """Takes the clock that tells how old an answer is, and the words for no answer."""
        self._clock = clock
        self._words = words
        self._asking = asyncio.Semaphore(_AT_ONCE)
        self._strangers: OrderedDict[tuple[int, int], float] = OrderedDict()

    async def of(
        self, person: int, guilds: Sequence[discord.Guild], sure: Collection[int]
    ) -> Sequence[discord.Member]:
        """Returns a person as a member of each server that they are in, in the servers' order.

        A server that does not answer is left out.

        Args:
            person: The person's id.
            guilds: The servers.
            sure: The ids of those to ask even where the person was no member a moment ago.
        """
        asked = [one for one in guilds if one.id in sure or not self._is_stranger(person, one.id)]
        found = await asyncio.gather(*(self._or_none(one, person) for one in asked))
        return [one for one in found if one is not None]

    async def member(self, guild: discord.Guild, person: int) -> discord.Member | None:
        """Asks for a member of a server; None for one who is no member.

        Raises:
            UnreachableError: Discord does not answer.
        """
        try:
            return await guild.fetch_member(person)
        except discord.NotFound:
            self._note_stranger(person, guild.id)
            return None
        except REQUEST_ERRORS as error:
            log.warning("Discord: cannot ask for a member of %d: %s", guild.id, error)
            told = self._words.gettext("Discord does not answer right now. Try again in a moment.")
            raise UnreachableError(told) from error

    async def _or_none(self, guild: discord.Guild, person: int) -> discord.Member | None:
        async with self._asking:
            try:
                return await self.member(guild, person)
            except UnreachableError:
                return None

    def _is_stranger(self, person: int, guild: int) -> bool:
        asked = self._strangers.get((person, guild))
        return asked is not None and self._clock.monotonic() - asked < _STRANGER_FOR

    def _note_stranger(self, person: int, guild: int) -> None:
        self._strangers[person, guild] = self._clock.monotonic()
        self._strangers.move_to_end((person, guild))
        if len(self._strangers) > _REMEMBERED:
            self._strangers.popitem(last=False)
