"""Channels, messages and commands of a scripted Discord, as its REST API has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from discord_calls import ApiError, Call
from discord_payloads import channel as channel_payload
from discord_payloads import message as message_payload
from discord_payloads import user
from discord_rules import is_empty
from discord_world import (
    CROSSPOSTED,
    DM,
    EMBED,
    NEWS,
    SEND,
    VIEW,
    Body,
    Channel,
    Message,
    World,
)

REPEATS = 5 * 60.0  # seconds for which a nonce is remembered


class Messages:
    """What the bot does to channels."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sent: dict[tuple[int, str], tuple[float, Message]] = {}

    async def channel(self, call: Call) -> Any:
        """GET /channels/{channel}."""
        return channel_payload(self._visible(call))

    async def post(self, call: Call) -> Any:
        """POST /channels/{channel}/messages."""
        channel = self._may_send(call)
        if is_empty(call.body):
            raise ApiError(400, 50006, "Cannot send an empty message")
        return self._told(self._repeated(channel, call.body) or self._new(channel, call.body))

    async def get(self, call: Call) -> Any:
        """GET /channels/{channel}/messages/{message}."""
        return self._told(self._existing(call))

    async def edit(self, call: Call) -> Any:
        """PATCH of the same."""
        message = self._own(call)
        if is_empty(message.body | dict(call.body)):
            raise ApiError(400, 50006, "Cannot send an empty message")
        message.edit(call.body)
        return self._told(message)

    async def delete(self, call: Call) -> None:
        """DELETE of the same."""
        message = self._own(call)
        message.deleted = True
        del message.channel.messages[message.id]

    async def crosspost(self, call: Call) -> Any:
        """POST /channels/{channel}/messages/{message}/crosspost."""
        message = self._own(call)
        if message.channel.kind != NEWS:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        if message.flags & CROSSPOSTED:
            raise ApiError(400, 40033, "This message has already been crossposted.")
        message.body["flags"] = message.flags | CROSSPOSTED
        return self._told(message)

    async def typing(self, call: Call) -> None:
        """POST /channels/{channel}/typing."""
        self._may_send(call)

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
        """The message that a call would change."""
        channel = self._world.channels.get(int(call.match["channel"]))
        return channel.messages.get(int(call.match.get("message", 0))) if channel else None

    def _visible(self, call: Call) -> Channel:
        channel = self._world.channels.get(call.id("channel"))
        if channel is None or channel.gone:
            raise ApiError(404, 10003, "Unknown Channel")
        inside = channel.guild.has_bot if channel.guild else channel.kind == DM
        if not inside or not channel.bot_may & VIEW:
            raise ApiError(403, 50001, "Missing Access")
        return channel

    def _may_send(self, call: Call) -> Channel:
        channel = self._visible(call)
        if any(person.blocks for person in channel.people):
            raise ApiError(403, 50007, "Cannot send messages to this user")
        needed = SEND | (EMBED if (call.body or {}).get("embeds") else 0)
        if needed & ~channel.bot_may:
            raise ApiError(403, 50013, "Missing Permissions")
        return channel

    def _existing(self, call: Call) -> Message:
        message = self._visible(call).messages.get(call.id("message"))
        if message is None or message.ephemeral:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def _own(self, call: Call) -> Message:
        message = self._existing(call)
        if message.author is not self._world.bot:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return message

    def _repeated(self, channel: Channel, body: Body) -> Message | None:
        """The message that was sent with the same nonce a short while ago, if that is to count."""
        key = (channel.id, str(body.get("nonce")))
        at, message = self._sent.get(key, (float("-inf"), None))
        known = self._world.clock.now() - at < REPEATS and message and not message.deleted
        return message if body.get("enforce_nonce") and known else None

    def _new(self, channel: Channel, body: Body) -> Message:
        message = self._world.add_message(channel, self._world.bot, body)
        if body.get("nonce") is not None:
            self._sent[channel.id, str(body["nonce"])] = (self._world.clock.now(), message)
        return message

    def _told(self, message: Message) -> Any:
        return message_payload(message, self._world.application)


class Commands:
    """The commands that the bot has registered: for everywhere (None), and for single guilds.

    Attributes:
        syncs: Each time all were replaced: where, and the names.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.registered: dict[int | None, list[Any]] = {}
        self.syncs: list[tuple[int | None, list[str]]] = []

    def at(self, guild: int | None) -> list[Any]:
        """The commands that are to be seen somewhere."""
        own = self.registered.get(guild, []) if guild is not None else []
        names = {(one["type"], one["name"]) for one in own}
        common = self.registered.get(None, [])
        return [*own, *(one for one in common if (one["type"], one["name"]) not in names)]

    async def replace(self, call: Call) -> Any:
        """PUT /applications/{application}[/guilds/{guild}]/commands."""
        where = self._where(call)
        self.syncs.append((where, [one["name"] for one in call.body]))
        self.registered[where] = self._numbered(where, call.body)
        return self.registered[where]

    async def list(self, call: Call) -> Any:
        """GET of the same."""
        return self.registered.get(self._where(call), [])

    def _where(self, call: Call) -> int | None:
        if call.id("application") != self._world.application:
            raise ApiError(403, 20012, "You are not authorized to perform this action")
        if "guild" not in call.match:
            return None
        guild = self._world.guilds.get(call.id("guild"))
        if guild is None or not guild.has_bot:
            raise ApiError(403, 50001, "Missing Access")
        return guild.id

    def _numbered(self, where: int | None, bodies: Sequence[Mapping[str, Any]]) -> Any:
        old = {(one["type"], one["name"]): one["id"] for one in self.registered.get(where, [])}
        own = {} if where is None else {"guild_id": str(where)}
        return [self._told(body, old) | own for body in bodies]

    def _told(self, body: Mapping[str, Any], old: Mapping[Any, str]) -> dict[str, Any]:
        kind, permissions = body.get("type", 1), body.get("default_member_permissions")
        known = old.get((kind, body["name"]))
        return {
            "nsfw": False,
            "description": "",
            **body,
            "type": kind,
            "id": known or str(self._world.ids.next()),
            "application_id": str(self._world.application),
            "version": str(self._world.ids.next()),
            "default_member_permissions": None if permissions is None else str(permissions),
        }
