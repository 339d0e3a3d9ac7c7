"""The routes of channels, messages and users."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from servers.discord.calls import ApiError, Call
from servers.discord.payloads import channel as channel_payload
from servers.discord.payloads import member, user
from servers.discord.payloads import message as message_payload
from servers.discord.rules import is_empty
from servers.discord.world import (
    ATTACH,
    CROSSPOSTED,
    DM,
    EMBED,
    HISTORY,
    MANAGE_THREADS,
    NEWS,
    SEND,
    SEND_IN_THREADS,
    SILENT_CHANNELS,
    THREADS,
    VIEW,
    Body,
    Channel,
    Message,
    World,
)

NONCE_LIFETIME = 3 * 60.0
"""Seconds; "the past few minutes" in which messages are deduplicated by nonce
(https://docs.discord.com/developers/resources/message#create-message)."""


class AcceptedMessage(NamedTuple):
    """A message that the bot created.

    Attributes:
        channel: The id of the channel.
        message: The id of the message.
        at: The time, in seconds of the machine's monotonic clock.
        nonce: As it was sent; empty for none.
        says: The text above, if any, and the headlines.
    """

    channel: int
    message: int
    at: float
    nonce: str
    says: tuple[str, ...]


class MessageRoutes:
    """Handles the bot's calls about channels and messages.

    Attributes:
        accepted: The messages that were created, in order.
        nonce_lifetime: Seconds in which messages are deduplicated by nonce.
    """

    def __init__(self, world: World) -> None:
        self.accepted: list[AcceptedMessage] = []
        self.nonce_lifetime = NONCE_LIFETIME
        self._world = world
        self._sent: dict[str, tuple[float, Message]] = {}

    async def channel(self, call: Call) -> Any:
        """GET /channels/{channel}."""
        return channel_payload(self.find_channel(call))

    async def member(self, call: Call) -> Any:
        """GET /guilds/{guild}/members/{user}."""
        guild = self._world.guilds.get(call.id("guild"))
        person = self._world.people.get(call.id("user"))
        if guild is None or not guild.has_bot:
            raise ApiError(404, 10004, "Unknown Guild")
        if person is None or not (person is self._world.bot or person.id in guild.members):
            raise ApiError(404, 10007, "Unknown Member")
        return member(guild, person)

    async def post(self, call: Call) -> Any:
        """POST /channels/{channel}/messages."""
        channel = self._find_writable_channel(call)
        if is_empty(call.body):
            raise ApiError(400, 50006, "Cannot send an empty message")
        return self.payload(self._duplicate(call.body) or self.create(channel, call.body))

    async def history(self, call: Call) -> Any:
        """GET /channels/{channel}/messages: newest first; after an id, the oldest."""
        channel = self.find_channel(call)
        if channel.guild and not channel.bot_may & HISTORY:
            return []  # as documented
        limit = int(call.query.get("limit", "50"))
        if call.query.keys() - {"limit", "after"} or not 1 <= limit <= 100:
            raise ApiError(400, 50035, f"{dict(call.query)} is not modelled, or out of range")
        found = channel.seen
        if "after" in call.query:
            after = int(call.query["after"])
            found = [one for one in found if one.id > after][:limit]
        payloads = [self.payload(one) for one in reversed(found[-limit:])]
        return [{key: one[key] for key in one if key != "nonce"} for one in payloads]

    async def get(self, call: Call) -> Any:
        """GET /channels/{channel}/messages/{message}."""
        return self.payload(self.find_message(call))

    async def edit(self, call: Call) -> Any:
        """PATCH of the same."""
        message = self._own_message(call)
        if message.channel.archived:
            raise ApiError(400, 50083, "Thread is archived")
        if is_empty(message.body | dict(call.body)):
            raise ApiError(400, 50006, "Cannot send an empty message")
        message.edit(call.body)
        return self.payload(message)

    async def delete(self, call: Call) -> None:
        """DELETE of the same."""
        message = self._own_message(call)
        message.deleted = True
        del message.channel.messages[message.id]

    async def crosspost(self, call: Call) -> Any:
        """POST /channels/{channel}/messages/{message}/crosspost."""
        message = self._own_message(call)
        if message.channel.kind != NEWS:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        if not message.channel.bot_may & SEND:
            raise ApiError(403, 50013, "Missing Permissions")
        if message.flags & CROSSPOSTED:
            raise ApiError(400, 40033, "This message has already been crossposted.")
        message.body["flags"] = message.flags | CROSSPOSTED
        return self.payload(message)

    async def typing(self, call: Call) -> None:
        """POST /channels/{channel}/typing."""
        self._find_writable_channel(call)

    async def open_dm(self, call: Call) -> Any:
        """POST /users/@me/channels."""
        person = self._world.people.get(int(call.body["recipient_id"]))
        if person is None:
            raise ApiError(404, 10013, "Unknown User")
        return channel_payload(self._world.dm(person))

    async def user(self, call: Call) -> Any:
        """GET /users/{user}."""
        person = self._world.people.get(call.id("user"))
        if person is None:
            raise ApiError(404, 10013, "Unknown User")
        return user(person)

    def edited(self, call: Call) -> Message | None:
        """Returns the message that a call would edit."""
        channel = self._world.channels.get(int(call.match["channel"]))
        return channel.messages.get(int(call.match.get("message", 0))) if channel else None

    def find_channel(self, call: Call) -> Channel:
        """Returns the channel of a call, if the bot sees it."""
        channel = self._world.channels.get(call.id("channel"))
        if channel is None or channel.gone:
            raise ApiError(404, 10003, "Unknown Channel")
        inside = channel.guild.has_bot if channel.guild else channel.kind == DM
        if not inside or not channel.bot_may & VIEW:
            raise ApiError(403, 50001, "Missing Access")
        return channel

    def _find_writable_channel(self, call: Call) -> Channel:
        channel = self.find_channel(call)
        if any(person.blocks for person in channel.people):
            raise ApiError(403, 50007, "Cannot send messages to this user")
        if channel.kind in SILENT_CHANNELS:
            raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
        needed = SEND_IN_THREADS if channel.kind in THREADS else SEND
        needed |= EMBED if (call.body or {}).get("embeds") else 0
        needed |= ATTACH if call.files else 0
        if needed & ~channel.bot_may:
            raise ApiError(403, 50013, "Missing Permissions")
        _check_thread(channel)
        return channel

    def find_message(self, call: Call) -> Message:
        """Returns the message of a call, if the bot sees it."""
        message = self.find_channel(call).messages.get(call.id("message"))
        if message is None or message.ephemeral:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def _own_message(self, call: Call) -> Message:
        message = self.find_message(call)
        if message.author is not self._world.bot:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return message

    def _duplicate(self, body: Body) -> Message | None:
        """Returns the message that was sent with the same nonce before, if it is to be enforced.

        Nonces are compared per author, over all channels.
        """
        at, message = self._sent.get(str(body.get("nonce")), (float("-inf"), None))
        if not body.get("enforce_nonce") or self._world.clock.now() - at >= self.nonce_lifetime:
            return None
        if message and message.deleted:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def create(self, channel: Channel, body: Body, *, number: int = 0) -> Message:
        """Adds a message of the bot, under a number where that is given."""
        message = self._world.add_message(channel, self._world.bot, body, number=number)
        if body.get("nonce") is not None:
            self._sent[str(body["nonce"])] = (self._world.clock.now(), message)
        says = [message.content, *message.headlines]
        says += [one.get("title") or "" for one in message.embeds]
        nonce = str(body.get("nonce") or "")
        accepted = AcceptedMessage(
            channel.id, message.id, time.monotonic(), nonce, tuple(filter(None, says))
        )
        self.accepted.append(accepted)
        return message

    def payload(self, message: Message) -> Any:
        """Returns the object of a message."""
        return message_payload(message, self._world.application)


def _check_thread(channel: Channel) -> None:
    """Refuses messages to a locked thread; opens an archived one."""
    if channel.locked and not channel.bot_may & MANAGE_THREADS:
        if channel.archived:
            raise ApiError(400, 50083, "Thread is archived")
        raise ApiError(400, 160005, "This thread is locked")
    channel.archived = False
