"""Plays people on a scripted Discord: they type commands, press buttons, choose from menus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from servers.discord.answers import AUTOCOMPLETE, COMMAND, COMPONENT, Answer
from servers.discord.asking import Asking, command_data, named, shard_of
from servers.discord.command_rules import CHAT_INPUT, MESSAGE_MENU
from servers.discord.component_rules import LINK, SELECT
from servers.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, MESSAGE_CONTENT
from servers.discord.payloads import message as message_payload
from servers.discord.payloads import user
from servers.discord.world import Channel, Guild, Message, Person

Place = Channel | Guild | None
"""A channel, the first channel of a guild, or None for direct messages with the bot."""


@dataclass(eq=False)
class User(Person):
    """Somebody whom a test can let act. Each action returns when the bot has answered.

    An action that a Discord client would not offer (a command that is not registered or not shown
    to this person, a button that is not there or that they cannot see) fails the test.
    """

    asking: Asking = field(kw_only=True, repr=False)

    async def command(
        self, place: Place, name: str, /, *, forced: bool = False, **values: Any
    ) -> Answer:
        """Types `/name`, or `/name sub`, with options.

        Args:
            forced: Even where this person is not shown the command: what the settings of a guild
                say can be changed by its administrators.
        """
        answer = await self.starts(place, name, forced=forced, **values)
        return await answer.until(lambda: answer.settled)

    async def starts(
        self, place: Place, name: str, /, *, forced: bool = False, **values: Any
    ) -> Answer:
        """As `command`, without waiting."""
        channel, (root, *path) = self._in(place), name.split()
        command = self.asking.command(self, channel, CHAT_INPUT, root, forced=forced)
        data = command_data(command, path, values)
        return await self.asking.ask(COMMAND, self, channel, data)

    async def autocomplete(
        self, name: str, option: str, typed: Any, /, place: Place = None, **values: Any
    ) -> list[str]:
        """What is suggested for an option of which a part is typed: the names."""
        answer = await self.suggestions(name, option, typed, place, **values)
        return [choice["name"] for choice in answer.choices]

    async def suggestions(
        self, name: str, option: str, typed: Any, /, place: Place = None, **values: Any
    ) -> Answer:
        """As `autocomplete`, with the values too, in `.choices`."""
        channel, (root, *path) = self._in(place), name.split()
        command = self.asking.command(self, channel, CHAT_INPUT, root, forced=False)
        data = command_data(command, path, {**values, option: typed}, focused=option)
        answer = await self.asking.ask(AUTOCOMPLETE, self, channel, data)
        return await answer.until(lambda: answer.settled)

    async def message_command(
        self, message: Message, name: str, /, *, forced: bool = False
    ) -> Answer:
        """Chooses a command from a message's menu."""
        self._sees(message)
        channel, target = message.channel, str(message.id)
        command = self.asking.command(self, channel, MESSAGE_MENU, name, forced=forced)
        told = message_payload(message, self.asking.world.application)
        data = named(command) | {"target_id": target, "resolved": {"messages": {target: told}}}
        answer = await self.asking.ask(COMMAND, self, channel, data)
        return await answer.until(lambda: answer.settled)

    async def presses(self, where: Message | Answer, label: str, /) -> Answer:
        """Presses a button, named by its label or its custom_id."""
        answer = await self.touches(where, label)
        return await answer.until(lambda: answer.settled)

    async def touches(self, where: Message | Answer, label: str, /) -> Answer:
        """As `presses`, without waiting."""
        message = self._sees(where)
        found = [one for one in message.buttons if label in {one.get("label"), _id(one)}]
        assert found, f"there is no button {label!r} among {message.labels}"
        assert found[0]["style"] != LINK, f"{label!r} is a link"
        return await self._uses(message, found[0])

    async def selects(
        self, where: Message | Answer, *labels: str, menu: str | None = None
    ) -> Answer:
        """Chooses options of a menu, named by their labels or values."""
        message = self._sees(where)
        menus = [one for one in message.menus if menu in {None, _id(one), one.get("placeholder")}]
        assert len(menus) == 1, f"{len(menus)} menus of that name; name one of {message.menus}"
        answer = await self._uses(message, menus[0], values=_chosen(menus[0], labels))
        return await answer.until(lambda: answer.settled)

    async def writes(self, place: Place, text: str) -> Message:
        """Says something; the bot hears of it as its intents allow."""
        channel = self._in(place)
        message = self.asking.world.add_message(channel, self, {"content": text})
        session = await self.asking.gateway.connected(
            shard_of(channel.guild, self.asking.gateway.shards)
        )
        if session.intents & (GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES):
            await session.tell("MESSAGE_CREATE", self._heard(message, session.intents))
        return message

    def installs(self) -> None:
        """Adds the app to their account, to have it everywhere."""
        self.installed = True

    def _heard(self, message: Message, intents: int) -> Mapping[str, Any]:
        bot, guild = self.asking.world.bot, message.channel.guild
        called = f"<@{bot.id}>" in message.content
        told = message_payload(message, bot.id)
        told["mentions"] = [user(bot)] if called else []
        if guild is not None:
            told["guild_id"] = str(guild.id)
            told["content"] *= bool(called or intents & MESSAGE_CONTENT)
        return told

    def _in(self, place: Place) -> Channel:
        if isinstance(place, Guild):
            place = place.channel
        channel = place or self.asking.world.dm(self)
        inside = channel.guild.members if channel.guild else [one.id for one in channel.people]
        assert self.id in inside, f"{self.name} is not there"
        return channel

    def _sees(self, where: Message | Answer) -> Message:
        message = where.shown if isinstance(where, Answer) else where
        assert message.only in {None, self}, f"{self.name} does not see that message"
        assert not message.deleted, "that message was deleted"
        self._in(message.channel)
        return message

    async def _uses(self, message: Message, one: Any, **also: Any) -> Answer:
        assert not one.get("disabled"), f"{one.get('label') or _id(one)!r} is disabled"
        data = {"component_type": one["type"], "custom_id": _id(one), **also}
        return await self.asking.ask(COMPONENT, self, message.channel, data, message)


def _id(component: Mapping[str, Any]) -> str:
    return str(component.get("custom_id"))


def _chosen(menu: Mapping[str, Any], labels: tuple[str, ...]) -> list[str]:
    assert menu["type"] == SELECT, f"menus of type {menu['type']} are not modelled"
    offered = {option["label"]: option["value"] for option in menu["options"]}
    chosen = [offered.get(label, label) for label in labels]
    assert set(chosen) <= set(offered.values()), f"{labels} are not all among {list(offered)}"
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    assert least <= len(chosen) <= most, f"{least} to {most} may be chosen"
    return chosen
