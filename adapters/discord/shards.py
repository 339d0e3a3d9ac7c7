"""Shards of Discord's gateway, where several processes may connect them."""

from __future__ import annotations

from adapters.discord.connection import INTENTS, DiscordClient
from adapters.discord.session_keeper import SessionKeeper
from adapters.discord.sessions import use_gateway
from bot.chat.shards import Shard, ShardAllocator


async def connect_first(allocator: ShardAllocator | None, client: DiscordClient) -> None:
    """Has a client connect all shards or, where several processes may, the first one.

    Discord tells how many it wants. Each holds 2,500 servers at most, and private messages come to
    the first one: https://docs.discord.com/developers/events/gateway#sharding.

    Raises:
        StoreError: The other processes cannot be told of their number.
    """
    if allocator is None:
        return
    count, url, limits = await client.http.get_bot_gateway()
    await allocator.note_count(count)
    await _connect(allocator.shard(0, count), client, url, limits["max_concurrency"])


async def connect_shard(shard: Shard, client: DiscordClient) -> None:
    """Has a client connect one shard: by the session of a dead process, or by a new one in turn.

    Discord takes several new ones at once from large bots only:
    https://docs.discord.com/developers/events/gateway#session-start-limit-object.
    """
    _, url, limits = await client.http.get_bot_gateway()
    await _connect(shard, client, url, limits["max_concurrency"])


async def _connect(shard: Shard, client: DiscordClient, url: str, at_once: int) -> None:
    use_gateway(url)

    async def take_turn() -> None:
        await shard.take_turn(shard.number % at_once)

    client.connect_one(shard.number, shard.count, take_turn)
    me = client.user.id if client.user else 0  # it is logged in
    # A session has the intents that it was begun with, so it is of no use to a release with others.
    name = f"discord {me} {shard.number}/{shard.count} {INTENTS.value}"
    keeper = SessionKeeper(shard.sessions, name, me)
    await shard.wait_until_held()
    client.keep_session(keeper, await keeper.take(), shard.wait_until_held)
