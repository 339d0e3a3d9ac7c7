"""Scripted people: they type commands, press buttons, choose from menus, write messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from servers.discord.command_rules import CHAT_INPUT, MESSAGE_MENU
from servers.discord.component_rules import BUTTON, LABEL, LINK, SELECT, TEXT_INPUT
from servers.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, MESSAGE_CONTENT
from servers.discord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, FORM, Interaction
from servers.discord.interaction_events import (
    InteractionEvents,
    command_data,
    command_reference,
    resolved_data,
    shard_of,
)
from servers.discord.payloads import message as message_payload
from servers.discord.payloads import user
from servers.discord.world import Channel, Guild, Message, User

Place = Channel | Guild | None
"""A channel, the first channel of a guild, or None for direct messages with the bot."""


@dataclass(eq=False)
class Person(User):
    """A user whom a test lets act. Each action returns when the bot has responded.

    An action that a Discord client would not offer fails the test: a command that is not registered
    or not shown to this person, a button that does not exist or that they cannot see.
    """

    interaction_events: InteractionEvents = field(kw_only=True, repr=False)

    async def command(
        self, place: Place, name: str, /, *, forced: bool = False, **values: Any
    ) -> Interaction:
        """Types `/name`, or `/name sub`, with options.

        Args:
            forced: True to use a command that is not shown to this person, as the administrators
                of a guild can allow.
        """
        interaction = await self.start_command(place, name, forced=forced, **values)
        return await interaction.until(lambda: interaction.has_response)

    async def start_command(
        self, place: Place, name: str, /, *, forced: bool = False, **values: Any
    ) -> Interaction:
        """Types a command without waiting for a response."""
        channel, (root, *path) = self._channel(place), name.split()
        command = self.interaction_events.command(self, channel, CHAT_INPUT, root, forced=forced)
        data = command_data(command, path, values) | resolved_data(self, channel.guild, values)
        return await self.interaction_events.send(COMMAND, self, channel, data)

    async def autocomplete(
        self, name: str, option: str, typed: Any, /, place: Place = None, **values: Any
    ) -> list[str]:
        """Types a part of an option; returns the names of the suggestions."""
        interaction = await self.suggestions(name, option, typed, place, **values)
        return [choice["name"] for choice in interaction.choices]

    async def suggestions(
        self, name: str, option: str, typed: Any, /, place: Place = None, **values: Any
    ) -> Interaction:
        """Types a part of an option; the suggestions and their values are in `.choices`."""
        channel, (root, *path) = self._channel(place), name.split()
        command = self.interaction_events.command(self, channel, CHAT_INPUT, root, forced=False)
        data = command_data(command, path, {**values, option: typed}, focused=option)
        interaction = await self.interaction_events.send(AUTOCOMPLETE, self, channel, data)
        return await interaction.until(lambda: interaction.has_response)

    async def message_command(
        self, message: Message, name: str, /, *, forced: bool = False
    ) -> Interaction:
        """Chooses a command from the context menu of a message."""
        self._visible_message(message)
        channel, target = message.channel, str(message.id)
        command = self.interaction_events.command(self, channel, MESSAGE_MENU, name, forced=forced)
        payload = message_payload(message, self.interaction_events.world.application)
        data = command_reference(command) | {
            "target_id": target,
            "resolved": {"messages": {target: payload}},
        }
        interaction = await self.interaction_events.send(COMMAND, self, channel, data)
        return await interaction.until(lambda: interaction.has_response)

    async def presses(self, where: Message | Interaction, label: str, /) -> Interaction:
        """Presses a button, named by its label or its custom_id."""
        interaction = await self.press(where, label)
        return await interaction.until(lambda: interaction.has_response)

    async def press(self, where: Message | Interaction, label: str, /) -> Interaction:
        """Presses a button without waiting for a response."""
        message = self._visible_message(where)
        found = [one for one in message.buttons if label in {one.get("label"), _custom_id(one)}]
        assert found, f"there is no button {label!r} among {message.labels}"
        assert found[0]["style"] != LINK, f"{label!r} is a link"
        return await self._use_component(message, found[0])

    async def selects(
        self, where: Message | Interaction, *labels: str, menu: str | None = None
    ) -> Interaction:
        """Chooses options of a menu, named by their labels or values."""
        message = self._visible_message(where)
        menus = [
            one for one in message.menus if menu in {None, _custom_id(one), one.get("placeholder")}
        ]
        assert len(menus) == 1, f"{len(menus)} menus of that name; name one of {message.menus}"
        interaction = await self._use_component(
            message, menus[0], values=_chosen_values(menus[0], labels)
        )
        return await interaction.until(lambda: interaction.has_response)

    async def submits(self, asked: Interaction, text: str) -> Interaction:
        """Types a text into the only field of the form that the bot opened, and sends it."""
        form = asked.modal
        assert form is not None, f"{asked} opened no form"
        (row,) = form["components"]
        field = row["component"]
        most = field.get("max_length") or 4000
        assert 1 <= len(text) <= most, f"{len(text)} characters; 1 to {most} may be typed"
        typed = {"type": TEXT_INPUT, "id": 2, "custom_id": field["custom_id"], "value": text}
        data = {
            "custom_id": form["custom_id"],
            "components": [{"type": LABEL, "id": 1, "component": typed}],
        }
        events = self.interaction_events
        interaction = await events.send(FORM, self, asked.channel, data, asked.source)
        return await interaction.until(lambda: interaction.has_response)

    async def forges(self, message: Message, custom_id: str, *values: str) -> Interaction:
        """Sends a custom_id of their own for a message, as a modified client might."""
        chosen = {"values": list(values)} if values else {}
        data = {"component_type": SELECT if values else BUTTON, "custom_id": custom_id, **chosen}
        return await self.interaction_events.send(COMPONENT, self, message.channel, data, message)

    async def writes(self, place: Place, text: str) -> Message:
        """Writes a message; the bot receives it as far as its intents allow."""
        channel = self._channel(place)
        message = self.interaction_events.world.add_message(channel, self, {"content": text})
        session = await self.interaction_events.gateway.connected(
            shard_of(channel.guild, self.interaction_events.gateway.shards)
        )
        if session.intents & (GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES):
            await session.dispatch("MESSAGE_CREATE", self._payload_for(message, session.intents))
        return message

    def installs(self) -> None:
        """Installs the app for their own account, to use it everywhere."""
        self.installed = True

    def _payload_for(self, message: Message, intents: int) -> Mapping[str, Any]:
        bot, guild = self.interaction_events.world.bot, message.channel.guild
        mentioned = f"<@{bot.id}>" in message.content
        payload = message_payload(message, bot.id)
        payload["mentions"] = [user(bot)] if mentioned else []
        if guild is not None:
            payload["guild_id"] = str(guild.id)
            payload["content"] *= bool(mentioned or intents & MESSAGE_CONTENT)
        return payload

    def _channel(self, place: Place) -> Channel:
        if isinstance(place, Guild):
            place = place.channel
        channel = place or self.interaction_events.world.dm(self)
        inside = channel.guild.members if channel.guild else [one.id for one in channel.people]
        assert self.id in inside, f"{self.name} is not there"
        return channel

    def _visible_message(self, where: Message | Interaction) -> Message:
        message = where.shown if isinstance(where, Interaction) else where
        assert message.only in {None, self}, f"{self.name} does not see that message"
        assert not message.deleted, "that message was deleted"
        self._channel(message.channel)
        return message

    async def _use_component(self, message: Message, one: Any, **also: Any) -> Interaction:
        assert not one.get("disabled"), f"{one.get('label') or _custom_id(one)!r} is disabled"
        data = {"component_type": one["type"], "custom_id": _custom_id(one), **also}
        return await self.interaction_events.send(COMPONENT, self, message.channel, data, message)


def _custom_id(component: Mapping[str, Any]) -> str:
    return str(component.get("custom_id"))


def _chosen_values(menu: Mapping[str, Any], labels: tuple[str, ...]) -> list[str]:
    assert menu["type"] == SELECT, f"menus of type {menu['type']} are not modelled"
    offered = {option["label"]: option["value"] for option in menu["options"]}
    chosen = [offered.get(label, label) for label in labels]
    assert set(chosen) <= set(offered.values()), f"{labels} are not all among {list(offered)}"
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    assert least <= len(chosen) <= most, f"{least} to {most} may be chosen"
    return chosen
