"""The directory of Discord's channels: those that somebody may set up from direct messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import discord
from typing_extensions import override

from adapters.discord.connection import DiscordClient
from adapters.discord.far_servers import FarServers
from adapters.discord.forum_posts import thread_of
from adapters.discord.memberships import Memberships
from adapters.discord.other_channel import Postable, may_write
from adapters.discord.people import CAPABILITIES, PLATFORM, DiscordPeople
from adapters.discord.permissions import channel_rights, opens_threads, place_name
from bot.chat.directories import ChatDirectory
from bot.clock import Clock
from bot.errors import NotAllowedError, ReaderError, UnreachableError
from bot.i18n import Translations
from bot.model import Capability, Chat, Person

_ID = re.compile(r"(?:<#)?(?P<id>\d{15,20})>?")
_CHANNELS = 100  # that are listed
_POSTABLE = (discord.TextChannel, discord.ForumChannel, discord.Thread)


class DiscordDirectory(ChatDirectory):
    """Finds channels, and the rights of people in them, who are asked for each time."""

    def __init__(
        self, client: DiscordClient, people: DiscordPeople, words: Translations, clock: Clock
    ) -> None:
        """Takes the connected client, who knows moderators, the words for refusals and a clock."""
        self._client = client
        self._people = people
        self._words = words
        self._memberships = Memberships(clock, words)
        self._far = FarServers(client, self._memberships)

    @property
    @override
    def shared(self) -> str:
        return "*"

    @override
    async def managed(self, person: Person, known: Sequence[Chat]) -> Sequence[Chat]:
        ids = {one.id: at for at, one in enumerate(known)}
        found = list[Postable]()
        houses = {int(one.house) for one in known if one.house.isdecimal()}
        near = await self._memberships.of(int(person.id), self._client.guilds, houses)
        for member in (*near, *await self._far.members(int(person.id), houses)):
            if await self._people.is_moderator(member):
                found += _channels_of(member.guild, member)
        found.sort(key=lambda one: ids.get(str(one.id), len(ids)))
        return [_chat(one) for one in found[:_CHANNELS]]

    @override
    async def find(self, id: str, person: Person) -> tuple[Person, Chat]:
        _ = self._words.gettext
        match = _ID.fullmatch(id)
        channel: object = self._client.get_channel(int(match["id"])) if match else None
        if channel is None and not self._client.is_ready():  # which knows no channel yet
            raise UnreachableError(self._down())
        if channel is None and match:
            channel = await self._far.channel(int(match["id"]))
        if not isinstance(channel, _POSTABLE):
            raise ReaderError(_("I can't see that channel any more."))
        member = await self._memberships.member(channel.guild, int(person.id))
        name = f"#{channel.name}"
        if member is None or not await self._people.is_moderator(member):
            told = _("Only moderators of its server can set {channel} up.")
            raise NotAllowedError(told.format(channel=name))
        if not may_write(channel, member):
            told = _("You can't write in {channel} yourself, so I can't post there for you.")
            raise NotAllowedError(told.format(channel=name))
        chat = replace(_chat(channel), rights=channel_rights(channel))
        return replace(person, moderator=True, host=False), chat

    @override
    def in_private(self, person: Person) -> Person:
        return self._people.in_private(person)

    @override
    def message_link(self, chat: Chat, message: str) -> str:
        # https://docs.discord.com/developers/reference#message-formatting has no form for it; this
        # is what the client copies as a message's link.
        if not (chat.id.isdecimal() and chat.house):
            return ""
        if thread := thread_of(message):
            return f"https://discord.com/channels/{chat.house}/{thread}"
        if not message.isdecimal():
            return ""
        return f"https://discord.com/channels/{chat.house}/{chat.id}/{message}"

    def _down(self) -> str:
        return self._words.gettext("Discord does not answer right now. Try again in a moment.")


def _channels_of(guild: discord.Guild, member: discord.Member) -> Iterator[Postable]:
    """Yields the channels in which a member may write and the bot may post."""
    for channel in guild.channels:
        if not isinstance(channel, _POSTABLE) or channel_rights(channel).missing:
            continue
        if may_write(channel, member):
            yield channel


def _chat(channel: Postable) -> Chat:
    """Returns a channel as the core knows it."""
    abilities = CAPABILITIES | Capability.CHANNELS
    if not opens_threads(channel):
        abilities &= ~Capability.THREADS
    house, name = str(channel.guild.id), place_name(channel)
    return Chat(PLATFORM, str(channel.id), house=house, capabilities=abilities, name=name)
