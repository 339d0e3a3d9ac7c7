"""Servers of shards that another client hears of: Discord is asked for what their events tell."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any

import discord

from adapters.discord.connection import DiscordClient
from adapters.discord.failures import REQUEST_ERRORS
from adapters.discord.memberships import Memberships

log = logging.getLogger(__name__)


class FarServers:
    """Fetches servers that the client of this process is not told of; remembers none of them."""

    def __init__(self, client: DiscordClient, memberships: Memberships) -> None:
        """Asks by a client; `memberships` knows who is a member where."""
        self._client = client
        self._memberships = memberships

    async def channel(self, number: int) -> object:
        """Fetches a channel of such a server, which it then knows as if it had been told of it.

        Returns:
            None for one that there is not, that the bot may not see, or that is no far one.
        """
        if not self._client.has_far_servers:
            return None
        try:
            found = await self._client.fetch_channel(number)
            guild = getattr(found, "guild", None)
            if guild is None or self._client.hears_of(guild.id):
                return None
            return (await self._fetch(guild.id)).get_channel_or_thread(number)
        except REQUEST_ERRORS as error:
            log.info("Discord: channel %d cannot be asked for: %s", number, error)
            return None

    async def members(self, person: int, sure: Collection[int]) -> Sequence[discord.Member]:
        """Returns a person as a member of such servers; arguments as in `Memberships.of`."""
        if not self._client.has_far_servers:
            return ()
        try:
            listed = [one async for one in self._client.fetch_guilds(limit=None)]
            far = [one for one in listed if not self._client.hears_of(one.id)]
            theirs = await self._memberships.of(person, far, sure)
            whole = [await self._fetch(one.guild.id) for one in theirs]
        except REQUEST_ERRORS as error:
            log.warning("Discord: servers of other shards cannot be asked for: %s", error)
            return ()
        return await self._memberships.of(person, whole, sure)

    async def _fetch(self, number: int) -> discord.Guild:
        """Fetches a server with its channels, its threads and the bot as its member.

        That is what an event tells of it; the library's own requests give it in parts, none of
        which knows the others.
        """
        http, own = self._client.http, self._client.application_id or 0
        me = self._client.user.id if self._client.user else own
        data: Any = dict(await http.get_guild(number, with_counts=False))
        data["channels"] = await http.get_all_guild_channels(number)
        data["members"] = [await http.get_member(number, me)]
        data["threads"] = (await http.get_active_threads(number))["threads"]
        state = self._client._connection  # noqa: SLF001 - every model of the library has it
        return discord.Guild(data=data, state=state)
