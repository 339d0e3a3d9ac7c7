"""Sends INTERACTION_CREATE events, after the checks that a Discord client makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servers.discord.attachments import SentFile
from servers.discord.command_registry import CommandRegistry
from servers.discord.gateway import Gateway
from servers.discord.interaction import Interaction
from servers.discord.interaction_routes import InteractionRoutes
from servers.discord.payloads import channel as channel_payload
from servers.discord.payloads import member, role_payload, user
from servers.discord.payloads import message as message_payload
from servers.discord.world import (
    ADMINISTRATOR,
    DM,
    VIEW,
    Channel,
    Guild,
    Message,
    Role,
    User,
    World,
)

JSON = dict[str, Any]
SUBCOMMAND, SUBGROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
CHANNEL, ROLE, NUMBER, ATTACHMENT = 7, 8, 10, 11
TYPES: Mapping[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    ATTACHMENT: (SentFile,),
}
_UNRESOLVED = frozenset({"permission_overwrites"})
IN_GUILD, IN_BOT_DM, ELSEWHERE = 0, 1, 2


@dataclass
class InteractionEvents:
    """Sends interactions to the bot's gateway session."""

    world: World
    gateway: Gateway
    commands: CommandRegistry
    interactions: InteractionRoutes

    async def send(
        self,
        kind: int,
        person: User,
        channel: Channel,
        data: JSON,
        source: Message | None = None,
    ) -> Interaction:
        """Sends an interaction without waiting for a response."""
        asked = str(data.get("name") or data.get("custom_id"))
        now, number = self.world.clock.now(), self.world.ids.next()
        interaction = Interaction(asked, number, kind, person, channel, now, source)
        self.interactions.add(interaction)
        shard = shard_of(channel.guild, self.gateway.shards)
        session = await self.gateway.connected(shard)
        await session.dispatch("INTERACTION_CREATE", self._payload(interaction, data))
        return interaction

    def _payload(self, interaction: Interaction, data: JSON) -> JSON:
        channel, person = interaction.channel, interaction.person
        payload: JSON = {
            "id": str(interaction.id),
            "application_id": str(self.world.application),
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel_payload(channel),
            "app_permissions": str(channel.bot_may),
            "locale": person.locale,
            "entitlements": [],
            "authorizing_integration_owners": self.integration_owners(person, channel),
            "context": context_of(channel),
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if interaction.source is not None:
            payload["message"] = message_payload(interaction.source, self.world.application)
        return payload | _user_fields(person, channel.guild)

    def integration_owners(self, person: User, channel: Channel) -> dict[str, str]:
        """Returns the installations by which a user may use the app in a channel."""
        found = {}
        if channel.guild is not None and channel.guild.has_bot:
            found["0"] = str(channel.guild.id)
        elif channel.kind == DM:
            found["0"] = "0"
        if person.installed:
            found["1"] = str(person.id)
        return found

    def command(
        self, person: User, channel: Channel, kind: int, name: str, *, forced: bool
    ) -> JSON:
        """Returns the registered command; raises AssertionError if Discord would not offer it."""
        known = self.commands.visible_in(channel.guild.id if channel.guild else None)
        found = [one for one in known if (one["type"], one["name"]) == (kind, name)]
        assert found, f"there is no {name!r} among {[one['name'] for one in known]}"
        command: JSON = found[0]
        if not forced:
            self._check_offered(command, person, channel)
        return command

    def _check_offered(self, command: JSON, person: User, channel: Channel) -> None:
        name, context = command["name"], context_of(channel)
        contexts = command.get("contexts")
        if contexts is None:
            contexts = [0] if command.get("dm_permission") is False else [0, 1]
        assert context in contexts, f"{name!r} is not offered in context {context}"
        kinds = {str(kind) for kind in command.get("integration_types") or [0]}
        owners = self.integration_owners(person, channel)
        assert kinds & owners.keys(), f"{name!r} is not installed there: {owners} of {kinds}"
        needed = int(command["default_member_permissions"] or 0)
        has = channel.guild.members[person.id] if channel.guild else needed
        shown = needed & ~has == 0 or has & ADMINISTRATOR
        assert shown, f"{name!r} is not shown to {person.name}"


def shard_of(guild: Guild | None, shards: int) -> int:
    """Returns the shard that gets the events of a guild, or (0) of direct messages."""
    return (guild.id >> 22) % shards if guild else 0


def context_of(channel: Channel) -> int:
    if channel.guild is not None:
        return IN_GUILD
    return IN_BOT_DM if channel.kind == DM else ELSEWHERE


def _user_fields(person: User, guild: Guild | None) -> JSON:
    if guild is None:
        return {"user": user(person)}
    return {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": member(guild, person, permissions=True),
    }


def command_data(
    command: JSON, path: Sequence[str], values: Mapping[str, Any], focused: str | None = None
) -> JSON:
    """Returns the data of a command with options, checked against its registration."""
    options = command.get("options") or []
    payload: list[JSON] = []
    inner = payload
    for name in path:
        known = {one["name"]: one for one in options}
        assert name in known, f"/{command['name']} has no {name!r}"
        node = known[name]
        part: JSON = {"name": name, "type": node["type"], "options": []}
        inner.append(part)
        inner, options = part["options"], node.get("options") or []
    inner += _values(options, values, focused)
    return command_reference(command) | {"options": payload}


def resolved_data(person: User, guild: Guild | None, values: Mapping[str, Any]) -> JSON:
    """Returns the objects that the options of a command name, as an interaction has them."""
    channels = [one for one in values.values() if isinstance(one, Channel)]
    roles = [one for one in values.values() if isinstance(one, Role)]
    found: JSON = {}
    if channels:
        found["channels"] = {str(one.id): _resolved_channel(person, one) for one in channels}
    if roles:
        assert guild is not None, "there are no roles outside of guilds"
        found["roles"] = {str(one.id): role_payload(guild, one.id) for one in roles}
    if files := [one for one in values.values() if isinstance(one, SentFile)]:
        found["attachments"] = {str(one.id): one.payload() for one in files}
    return {"resolved": found} if found else {}


def _resolved_channel(person: User, one: Channel) -> JSON:
    """Returns a channel with the permissions that the person who chose it has in it."""
    assert one.guild is not None, "only channels of guilds can be chosen"
    may = one.may(person)
    assert may & VIEW, f"{person.name} cannot see {one.name}"
    payload = {key: value for key, value in channel_payload(one).items() if key not in _UNRESOLVED}
    return payload | {"permissions": str(may)}


def command_reference(command: JSON) -> JSON:
    """Returns the fields by which an interaction names a command."""
    return {key: command[key] for key in ("id", "name", "type", "guild_id") if key in command}


def _values(options: Sequence[JSON], values: Mapping[str, Any], focused: str | None) -> list[JSON]:
    known = {option["name"]: option for option in options}
    assert values.keys() <= known.keys(), f"no such options: {values.keys() - known.keys()}"
    missing = {name for name, one in known.items() if one.get("required")} - values.keys()
    assert focused or not missing, f"required: {missing}"
    return [_value(known[name], value, name == focused) for name, value in values.items()]


def _value(option: JSON, value: Any, focused: bool) -> JSON:
    name, kind = option["name"], option["type"]
    assert kind in TYPES, f"{name!r}: options of type {kind} are not modelled"
    payload = {"name": name, "type": kind, "value": value}
    if focused:
        assert option.get("autocomplete"), f"{name!r} has no autocomplete"
        return payload | {"focused": True}
    if kind == CHANNEL:
        assert isinstance(value, Channel), f"{name!r}: {value!r} is no channel"
        types = option.get("channel_types") or [value.kind]
        assert value.kind in types, f"{name!r}: a channel of type {value.kind} is not offered"
    if kind == ROLE:
        assert isinstance(value, Role), f"{name!r}: {value!r} is no role"
    if kind == ATTACHMENT:
        assert isinstance(value, SentFile), f"{name!r}: {value!r} is no file"
    if kind in {CHANNEL, ROLE, ATTACHMENT}:
        return payload | {"value": str(value.id)}
    assert isinstance(value, TYPES[kind]), f"{name!r}: {value!r} is no value of type {kind}"
    choices = [choice["value"] for choice in option.get("choices") or ()]
    assert not choices or value in choices, f"{name!r}: {value!r} is none of {choices}"
    if isinstance(value, str):
        most = option.get("max_length") or 6000
        assert option.get("min_length", 0) <= len(value) <= most, f"{name!r}: too short or long"
    elif kind in {INTEGER, NUMBER}:
        least, most = option.get("min_value", value), option.get("max_value", value)
        assert least <= value <= most, f"{name!r}: {value} is not from {least} to {most}"
    return payload
