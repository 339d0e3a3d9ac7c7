"""Sessions of Discord's shards outlive their process: whoever takes them over misses nothing."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import discord
import psycopg
import pytest
from discord_desk import until
from discord_posting import chat_of
from newsdesk import TestDesk
from servers.discord.interaction_events import shard_of
from servers.discord.payloads import channel as channel_payload
from servers.discord.payloads import guild as guild_payload
from servers.discord.server import discord_server
from servers.discord.world import ADMINISTRATOR, MEMBER, Channel
from stories import NOW, story
from test_discord_shards import Town
from test_shards import Ground
from times import FreeTime

from adapters.discord.messenger import DiscordMessenger
from bot.subscriptions.model import Subscription, TargetKind
from store.postgres.store import PostgresStore

pytestmark = [pytest.mark.slow, pytest.mark.server]

_CALLBACK = ("POST", "/interactions/*/*/callback")


@pytest.fixture
async def town(desk: TestDesk, postgres_url: str) -> AsyncIterator[Town]:
    await desk.has(story("Osaka Expo opens", "The Osaka Expo.", published=NOW))
    store = await PostgresStore.open(postgres_url)
    async with discord_server(shards=2) as server:
        guilds = sorted(
            (server.guild("One"), server.guild("Two")), key=lambda one: shard_of(one, 2)
        )
        yield Town(server, desk, guilds, Ground(FreeTime(), sessions=store.shard_sessions))
    await store.aclose()
    await until(lambda: not any("keep-alive" in one.name for one in threading.enumerate()))


async def all_resumed(town: Town, times: int = 1) -> None:
    """Waits until each shard was resumed so often, and no session was begun meanwhile."""
    log = town.server.gateway.log
    await until(lambda: min(log.count(f"resume {shard}") for shard in (0, 1)) >= times)
    await until(lambda: len(town.messengers) > times)
    assert log.count("identify 0") == log.count("identify 1") == 1


async def test_each_shard_is_resumed_and_knows_its_servers(town: Town) -> None:
    server, ada = town.server, town.server.person("Ada", *town.guilds)
    mo = server.person("Mo", town.guilds[1], manages=True)
    news = server.channel(town.guilds[1], "news")
    for times, name in enumerate("abc"):
        async with town.process(name):
            await all_resumed(town, times)
            for guild in town.guilds:
                assert "Osaka Expo opens" in str((await ada.command(guild, "latest")).shown.body)
            kept = await mo.command(town.guilds[1], "subscribe", what="wire", channel=news)
            assert news.name in kept.content
    assert {line for line in server.gateway.log if line.startswith("closed")} == {"closed 4000"}


async def test_what_was_asked_while_nobody_was_there_is_answered(town: Town) -> None:
    server, ada = town.server, town.server.person("Ada", *town.guilds)
    async with town.process("a"):
        await all_resumed(town, 0)
        await ada.command(town.guilds[0], "latest")
    asked = [await ada.start_command(guild, "latest") for guild in town.guilds]
    written = await ada.writes(None, "osaka")
    async with town.process("b"):
        await all_resumed(town)
        for one in asked:
            await one.until(lambda one=one: one.has_response)  # type: ignore[misc]
            assert "Osaka Expo opens" in str(one.shown.body)
        await until(lambda: len(written.channel.seen) > 1)
    assert sorted(call.status for call in server.called(*_CALLBACK)) == [200] * 3 + [400]


async def test_what_was_answered_is_not_carried_out_again(town: Town) -> None:
    server = town.server
    mo = server.person("Mo", *town.guilds, manages=True)
    async with town.process("a"):
        await all_resumed(town, 0)
        page = await mo.command(town.guilds[0], "subscribe", what="wire")
        await mo.presses(page, "Subscribe")
        gone = await mo.presses(page, "Unsubscribe")
        written = await mo.writes(None, "osaka")
        await until(lambda: len(written.channel.seen) > 1)
        seen = len(written.channel.seen)
    async with town.process("b"):
        await all_resumed(town)
        tries = server.called(*_CALLBACK)
        await until(lambda: len(server.called(*_CALLBACK)) >= 6)
        assert [call.status for call in tries][:3] == [200] * 3
        later = await mo.command(town.guilds[0], "subscriptions")
        assert "no subscriptions" in later.content
        calls = server.called(*_CALLBACK)
        assert sorted(call.status for call in calls) == [200] * 4 + [400] * 3
        assert not gone.followups
        assert len(written.channel.seen) == seen


async def test_what_was_answered_long_ago_is_not_told_again(town: Town) -> None:
    server, ada = town.server, town.server.person("Ada", *town.guilds)
    async with town.process("a"):
        await all_resumed(town, 0)
        await ada.command(town.guilds[0], "latest")
        await asyncio.sleep(4)  # Discord waits for three seconds
    async with town.process("b"):
        await all_resumed(town)
        await ada.command(town.guilds[0], "latest")
    assert [call.status for call in server.called(*_CALLBACK)] == [200, 200]


async def test_what_happened_while_nobody_was_there_is_heard_of(town: Town) -> None:
    server, (near, _) = town.server, town.guilds
    news, old = server.channel(near, "news"), server.channel(near, "old")
    subscriptions = town.desk.store.subscriptions
    for channel in (news, old, near.channel):
        await subscriptions.put(Subscription(chat_of(channel), TargetKind.SOURCE, "wire", made=NOW))
    async with town.process("a"):
        await all_resumed(town, 0)
    await server.delete(old)
    await server.allow(news, 0)
    added = server.guild("Three", has_bot=False)
    if shard_of(added, 2):
        added = server.guild("Four", has_bot=False)
    await server.add_bot(added)

    async def paused(channel: Channel) -> bool:
        return bool((await subscriptions.of(chat_of(channel)))[0].paused)

    async with town.process("b"):
        await all_resumed(town)
        while not await paused(old):
            await asyncio.sleep(0.01)
        assert not await paused(near.channel)
        client = client_of(town, "b")
        assert {one.id for one in client.guilds} == {near.id, added.id}
        shown = client.get_channel(news.id)
        assert isinstance(shown, discord.TextChannel)
        assert not shown.permissions_for(shown.guild.me).send_messages


async def test_a_session_that_discord_has_forgotten_is_begun_anew(town: Town) -> None:
    server, (near, far) = town.server, town.guilds
    ada = server.person("Ada", *town.guilds)
    async with town.process("a"):
        await all_resumed(town, 0)
    server.gateway.sessions.clear()
    near.has_bot = False
    gone = Subscription(chat_of(near.channel), TargetKind.SOURCE, "wire", made=NOW)
    await town.desk.store.subscriptions.put(gone)
    async with town.process("b"):
        await until(lambda: len(server.gateway.identified) == 4)
        answer = await ada.command(far, "latest")
        assert "Osaka Expo opens" in str(answer.shown.body)
        while not (await town.desk.store.subscriptions.of(gone.chat))[0].paused:
            await asyncio.sleep(0.01)
        assert not client_of(town, "b").guilds
    async with town.process("c"):  # by the sessions that were begun
        await until(lambda: town.server.gateway.log.count("resume 1") == 1)
    assert server.gateway.log.count("resume refused") == 2


async def test_an_address_that_is_gone_begins_a_session_anew(town: Town, postgres_url: str) -> None:
    ada = town.server.person("Ada", *town.guilds)
    async with town.process("a"):
        await all_resumed(town, 0)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE shard_sessions SET greeting = regexp_replace(greeting,"
            ' \'"resume_gateway_url": "[^"]*"\','
            ' \'"resume_gateway_url": "ws://127.0.0.1:9"\')'
        )
    async with town.process("b"):
        await until(lambda: len(town.server.gateway.identified) == 4)
        for guild in town.guilds:
            assert "Osaka Expo opens" in str((await ada.command(guild, "latest")).shown.body)


async def test_another_bot_takes_no_session(town: Town) -> None:
    async with town.process("a"):
        await all_resumed(town, 0)
    bot = town.server.bot
    del town.server.world.people[bot.id]
    bot.id = town.server.world.ids.next()
    town.server.world.people[bot.id] = bot
    async with town.process("b"):
        await until(lambda: len(town.server.gateway.identified) == 4)
    assert "resume 0" not in town.server.gateway.log


# what is known of the servers


def client_of(town: Town, name: str) -> Any:
    """Returns the client of a process for the first shard."""
    messenger = town.messengers[name]
    assert isinstance(messenger, DiscordMessenger)
    return messenger.client


def view(guild: discord.Guild) -> Mapping[str, object]:
    """Returns what the library knows of a server that matters to the bot."""
    return {
        "name": guild.name,
        "unavailable": bool(guild.unavailable),
        "roles": {one.id: (one.name, one.permissions.value) for one in guild.roles},
        "channels": {
            one.id: (one.name, one.type, {who.id: rights for who, rights in one.overwrites.items()})
            for one in guild.channels
        },
        "threads": {one.id: (one.name, one.parent_id, one.locked) for one in guild.threads},
        "me": sorted(role.id for role in guild.me.roles),
    }


class Changes:
    """Changes of a server, as Discord tells of them."""

    def __init__(self, town: Town, chance: random.Random) -> None:
        self._town, self._chance = town, chance
        self._guild = town.guilds[0]
        self._payload = guild_payload(self._guild, town.server.bot)
        self._channels = [channel_payload(one) for one in self._guild.channels]
        self._threads = list[dict[str, Any]]()
        self._roles = list[dict[str, Any]]()

    def one(self) -> tuple[str, dict[str, Any]]:
        """Returns one change, at random."""
        makers: tuple[Callable[[], tuple[str, dict[str, Any]]], ...] = (
            *(self.new_channel, self.change_channel, self.delete_channel),
            *(self.new_thread, self.change_thread, self.delete_thread, self.list_threads),
            *(self.new_role, self.change_role, self.delete_role),
            *(self.rename, self.get_roles, self.outage),
        )
        return self._chance.choice(makers)()

    def _new(self, **values: Any) -> dict[str, Any]:
        number = self._town.server.world.ids.next()
        return {"id": str(number), "guild_id": str(self._guild.id), "name": f"n{number}", **values}

    def new_channel(self) -> tuple[str, dict[str, Any]]:
        like = channel_payload(self._guild.channel)
        self._channels.append({**like, **self._new()})
        return "CHANNEL_CREATE", self._channels[-1]

    def change_channel(self) -> tuple[str, dict[str, Any]]:
        changed = self._chance.choice(self._channels)
        changed["name"] += "!"
        overwrite = {"id": str(self._guild.id), "type": 0, "allow": "0", "deny": "2048"}
        changed["permission_overwrites"] = [overwrite]
        return "CHANNEL_UPDATE", dict(changed)

    def delete_channel(self) -> tuple[str, dict[str, Any]]:
        if len(self._channels) < 2:
            return self.new_channel()
        gone = self._channels.pop(self._chance.randrange(1, len(self._channels)))
        self._threads = [one for one in self._threads if one["parent_id"] != gone["id"]]
        return "CHANNEL_DELETE", gone

    def new_thread(self) -> tuple[str, dict[str, Any]]:
        parent = self._chance.choice(self._channels)
        metadata = {
            "archived": False,
            "auto_archive_duration": 60,
            "archive_timestamp": "2020-01-01T00:00:00+00:00",
            "locked": False,
        }
        thread = self._new(
            type=11,
            parent_id=parent["id"],
            owner_id=str(self._town.server.bot.id),
            message_count=0,
            member_count=1,
            rate_limit_per_user=0,
            thread_metadata=metadata,
        )
        self._threads.append(thread)
        return "THREAD_CREATE", dict(thread)

    def change_thread(self) -> tuple[str, dict[str, Any]]:
        if not self._threads:
            return self.new_thread()
        changed = self._chance.choice(self._threads)
        archived = self._chance.random() < 0.5
        changed["thread_metadata"] = {
            **changed["thread_metadata"],
            "locked": True,
            "archived": archived,
        }
        if archived:
            self._threads.remove(changed)
        return "THREAD_UPDATE", dict(changed)

    def delete_thread(self) -> tuple[str, dict[str, Any]]:
        if not self._threads:
            return self.new_thread()
        gone = self._threads.pop(self._chance.randrange(len(self._threads)))
        return "THREAD_DELETE", {key: gone[key] for key in ("id", "guild_id", "parent_id", "type")}

    def list_threads(self) -> tuple[str, dict[str, Any]]:
        told: dict[str, Any] = {"guild_id": str(self._guild.id), "members": []}
        if self._chance.random() < 0.5:
            parents = {one["id"] for one in self._chance.choices(self._channels, k=2)}
            told["channel_ids"] = [*parents]
            inside = [one for one in self._threads if one["parent_id"] in parents]
        else:
            inside = self._threads
        kept = [one for one in inside if self._chance.random() < 0.7]
        self._threads = [one for one in self._threads if one not in inside or one in kept]
        return "THREAD_LIST_SYNC", {**told, "threads": [dict(one) for one in kept]}

    def new_role(self) -> tuple[str, dict[str, Any]]:
        base = next(one for one in self._payload["roles"] if one["id"] != str(self._guild.id))
        self._roles.append({**base, **self._new(), "permissions": str(MEMBER)})
        return self._role("GUILD_ROLE_CREATE", self._roles[-1])

    def change_role(self) -> tuple[str, dict[str, Any]]:
        if not self._roles:
            return self.new_role()
        changed = self._chance.choice(self._roles)
        changed["permissions"] = str(ADMINISTRATOR)
        return self._role("GUILD_ROLE_UPDATE", changed)

    def delete_role(self) -> tuple[str, dict[str, Any]]:
        if not self._roles:
            return self.new_role()
        gone = self._roles.pop(self._chance.randrange(len(self._roles)))
        return "GUILD_ROLE_DELETE", {"guild_id": str(self._guild.id), "role_id": gone["id"]}

    def _role(self, event: str, role: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return event, {"guild_id": str(self._guild.id), "role": dict(role)}

    def rename(self, name: str = "n") -> tuple[str, dict[str, Any]]:
        apart = ("channels", "threads", "members", "roles", "unavailable")
        told = {key: value for key, value in self._payload.items() if key not in apart}
        roles = [*self._payload["roles"], *map(dict, self._roles)]
        return "GUILD_UPDATE", {**told, "roles": roles, "name": name}

    def get_roles(self) -> tuple[str, dict[str, Any]]:
        bot = self._town.server.bot
        member = next(one for one in self._payload["members"] if one["user"]["id"] == str(bot.id))
        roles = self._chance.choices(self._roles, k=2) if self._roles else []
        told = {**member, "guild_id": str(self._guild.id), "roles": [one["id"] for one in roles]}
        return "GUILD_MEMBER_UPDATE", told

    def outage(self) -> tuple[str, dict[str, Any]]:
        return "GUILD_DELETE", {"id": str(self._guild.id), "unavailable": True}


@pytest.mark.parametrize("seed", range(4))
async def test_a_server_is_known_as_if_its_changes_had_been_lived(town: Town, seed: int) -> None:
    server, near = town.server, town.guilds[0]
    changes = Changes(town, random.Random(seed))  # noqa: S311 - no secret
    async with town.process("a"):
        await all_resumed(town, 0)
        session = await server.gateway.connected(0)
        for number in range(60):
            await session.dispatch(*changes.one())
            if number % 20 == 0:
                await asyncio.sleep(0.6)  # so that it is kept in parts
        await session.dispatch(*changes.rename("The end"))
        known = client_of(town, "a").get_guild(near.id)
        await until(lambda: known.name == "The end")
        lived = view(known)
    async with town.process("b"):
        await all_resumed(town)
        assert view(client_of(town, "b").get_guild(near.id)) == lived
