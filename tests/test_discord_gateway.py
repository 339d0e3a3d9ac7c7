"""The scripted Discord's gateway, with a stock discord.py client."""

from __future__ import annotations

import asyncio
import json
import zlib

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord_example import Example, connected
from servers.discord.gateway import MESSAGE_CONTENT
from servers.discord.interaction_events import shard_of
from servers.discord.server import A_TOKEN, Server, discord_server, pointed_at, server

__all__ = ["server"]


@pytest.mark.parametrize("compress", [True, False])
async def test_a_client_learns_who_it_is_and_where(server: Server, *, compress: bool) -> None:
    readers = server.guild("Readers", "news", "talk")
    server.gateway.compress = compress
    async with connected(server) as client:
        await client.until_heard("GUILD_CREATE")
        assert client.user is not None
        assert client.user.id == server.bot.id
        guild = client.get_guild(readers.id)
        assert guild is not None
        assert [one.name for one in guild.text_channels] == ["news", "talk"]
        assert guild.text_channels[0].permissions_for(guild.me).send_messages
    assert server.gateway.heartbeats >= 1
    assert server.gateway.log[-1] == "closed 1000"
    assert not server.gateway.sessions


@pytest.mark.parametrize("how", ["reconnect", "drop", "invalidate"])
async def test_what_was_missed_is_told_after_a_resume(server: Server, how: str) -> None:
    readers = server.guild("Readers")
    ada = server.person("Ada", readers)
    async with connected(server) as client:
        session = server.gateway.session(0)
        assert session is not None
        session.connection, wire = None, session.connection  # what happens now is not heard
        asked = await ada.start_command(readers, "search", words="while away")
        assert not asked.has_response
        session.connection = wire
        if how == "reconnect":
            await server.gateway.reconnect()
        elif how == "drop":
            await server.gateway.drop()
        else:
            await server.gateway.invalidate(resumable=True)
        await asked.until(lambda: asked.has_response)
        await client.until_heard("RESUMED")
    assert "while away" in asked.embeds[0]["description"]
    assert len(server.gateway.identified) == 1


async def test_an_invalid_session_is_begun_anew(server: Server) -> None:
    readers = server.guild("Readers")
    ada = server.person("Ada", readers)
    async with connected(server):
        await server.gateway.invalidate()
        await ada.command(readers, "search", words="x")
        server.gateway.sessions.clear()
        await server.gateway.reconnect()  # resumes in vain
        await server.ready()
        await ada.command(readers, "search", words="x")
    assert "resume refused" in server.gateway.log
    assert len(server.gateway.identified) == 3


async def test_each_shard_has_its_guilds() -> None:
    async with discord_server(shards=2) as server:
        guilds = [server.guild(str(n)) for n in range(4)]
        ada = server.person("Ada", *guilds)
        async with connected(server) as client:
            for guild in guilds:
                await ada.command(guild, "search", words="x")
            assert {guild.id: guild.shard_id for guild in client.guilds} == {
                guild.id: shard_of(guild, 2) for guild in guilds
            }
            await server.gateway.drop()
            await ada.command(None, "search", words="x")
    assert {shard_of(guild, 2) for guild in guilds} == {0, 1}
    assert sorted(one["shard"] for one in server.gateway.identified) == [[0, 2], [1, 2]]


@pytest.mark.parametrize("code", [4004, 4013])
async def test_a_refused_identify_ends_the_client(server: Server, code: int) -> None:
    server.gateway.closes_next.append(code)
    async with Example() as client:
        with pytest.raises(discord.ConnectionClosed) as caught:
            await client.start(A_TOKEN)
    assert caught.value.code == code


async def test_a_token_that_became_invalid_ends_the_client(server: Server) -> None:
    async with Example() as client:
        running = asyncio.create_task(client.start(A_TOKEN))
        await server.ready()
        server.gateway.token = "another"  # noqa: S105 # opens nothing
        for wire in list(server.gateway.connections):
            await wire.close(4000)
        with pytest.raises(discord.ConnectionClosed) as caught:
            await running
    assert caught.value.code == 4004


async def test_privileged_intents_are_refused_unless_granted(server: Server) -> None:
    intents = discord.Intents(guilds=True, message_content=True)
    async with Example(intents) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(A_TOKEN)
    server.gateway.allowed = MESSAGE_CONTENT
    async with connected(server, Example(intents)):
        pass


async def test_guilds_come_and_go(server: Server) -> None:
    readers, later = server.guild("Readers"), server.guild("Later", has_bot=False)
    news = server.channel(readers, "news")
    async with connected(server) as client:
        await server.add_bot(later)
        await server.delete(news)
        await client.until_heard("CHANNEL_DELETE")
        assert {guild.name for guild in client.guilds} == {"Readers", "Later"}
        with pytest.raises(discord.NotFound, match="10003"):
            await client.get_partial_messageable(news.id).send("x")
        await server.begin_outage(readers)
        await server.remove_bot(later)
        while client.get_guild(later.id):
            await asyncio.sleep(0)
        assert [guild.unavailable for guild in client.guilds] == [True]
        await server.add_bot(readers)
        while client.guilds[0].unavailable:
            await asyncio.sleep(0)


async def test_what_never_happens_is_named(server: Server) -> None:
    with pytest.raises(TimeoutError, match=r"clients did: \[\]"):
        await server.gateway.until(lambda: False, wait=0.01)


async def test_what_is_told_is_compressed_as_asked(server: Server) -> None:
    url = f"{server.gateway_url}?v=10&encoding=json&compress=zlib-stream"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        stream = zlib.decompressobj()
        hello = json.loads(stream.decompress(await ws.receive_bytes()))
        await ws.send_json({"op": 1, "d": None})
        ack = json.loads(stream.decompress(await ws.receive_bytes()))
    assert (hello["op"], ack["op"]) == (10, 11)


async def test_an_unknown_op_is_remembered(server: Server) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as ws:
        await ws.receive_json()
        await ws.send_json({"op": 8, "d": {}})
        await ws.send_json({"op": 1, "d": None})
        assert (await ws.receive_json())["op"] == 11
    assert server.unmodelled == ["gateway op 8"]
    server.unmodelled.clear()


def test_the_addresses_are_put_back() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    with pointed_at("http://127.0.0.1:1/api/v10", "ws://127.0.0.1:1"):
        assert Route("GET", "/users/@me").url == "http://127.0.0.1:1/api/v10/users/@me"
        assert yarl.URL("ws://127.0.0.1:1") == DiscordWebSocket.DEFAULT_GATEWAY
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
