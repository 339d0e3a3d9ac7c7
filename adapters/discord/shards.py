"""Shards of Discord's gateway, where several processes may connect them."""

from __future__ import annotations

from adapters.discord.connection import DiscordClient
from adapters.discord.sessions import use_gateway
from bot.chat.shards import Shard, ShardAllocator


async def connect_first(allocator: ShardAllocator | None, client: DiscordClient) -> None:
    """Has a client connect all shards or, where there are several to deal out, the first one.

    Discord tells how many it wants. Each holds 2,500 servers at most, and private messages come to
    the first one: https://docs.discord.com/developers/events/gateway#sharding.

    Raises:
        StoreError: The other processes cannot be told of their number.
    """
    if allocator is None:
        return
    count, _, _ = await client.http.get_bot_gateway()
    await allocator.note_count(count)
    if count > 1:
        await connect_shard(Shard(0, count, allocator.take_turn), client)


async def connect_shard(shard: Shard, client: DiscordClient) -> None:
    """Has a client connect one shard, by a session that is begun in its turn.

    Discord takes several at once from large bots only:
    https://docs.discord.com/developers/events/gateway#session-start-limit-object. The session of
    a process that has died is not resumed: the library needs the events that began it, by which it
    knows the servers.
    """
    _, url, limits = await client.http.get_bot_gateway()
    use_gateway(url)
    at_once = limits["max_concurrency"]

    async def take_turn() -> None:
        await shard.take_turn(shard.number % at_once)

    client.connect_one(shard.number, shard.count, take_turn)
