"""The line to Discord: made, kept through whatever comes and goes, and closed in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import discord
from discord.http import Route

from adapters.discord.buttons import ITEMS, Interaction, is_ours
from adapters.discord.exchange import NOBODY
from adapters.discord.failures import REVOKED, TROUBLE, fatal
from adapters.discord.membership import DiscordMembership
from adapters.discord.presses import PressAnswers
from adapters.discord.talk import DiscordTalk
from bot.config.schema import DiscordConfig
from bot.errors import PlatformError

log = logging.getLogger(__name__)

# The library warns of what its voice chat lacks, which we never use.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class _OneLine(logging.Filter):
    """Tells in one line why a connection was lost: connections come and go."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See `logging.Filter.filter`."""
        if record.exc_info and isinstance(record.exc_info[1], TROUBLE):
            record.msg = f"{record.getMessage()} ({record.exc_info[1]!r})"
            record.args, record.exc_info = (), None
        return True


for _chatty in ("discord.client", "discord.shard"):
    logging.getLogger(_chatty).addFilter(_OneLine())

INTENTS = discord.Intents(guilds=True, dm_messages=True)
"""What Discord is asked to tell: that servers come and go, and what is written to the bot alone.

None of it is privileged. Commands and presses come unasked.
"""

_FIRST_PAUSE = 1.0  # seconds between tries to log in, twice as long each time
_LONGEST_PAUSE = 60.0
_LEAVING = 3.0  # seconds to say goodbye
_LONGEST_LIMIT = 60.0  # seconds for which a request may be held up


class DiscordClient(discord.AutoShardedClient):
    """The library's client: as many shards as Discord asks for, and no more memory than needed.

    Attributes:
        presses: Answers presses.
        talk: Answers direct messages.
        membership: Is told of servers and channels that come and go.
    """

    def __init__(
        self,
        presses: PressAnswers,
        talk: DiscordTalk,
        membership: DiscordMembership,
        trace: aiohttp.TraceConfig,
    ) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=NOBODY,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_ratelimit_timeout=_LONGEST_LIMIT,
            http_trace=trace,
        )
        self.presses = presses
        self.talk = talk
        self.membership = membership
        self.add_dynamic_items(*ITEMS)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answers a press on something that is none of the bot's buttons, or no more."""
        if interaction.type is not discord.InteractionType.component:
            return
        data: Any = interaction.data or {}
        if not is_ours(str(data.get("custom_id", ""))):
            await self.presses.unknown(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote to the bot, or the bot to somebody."""
        await self.talk.heard(message)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody added the bot."""
        log.info("Discord: added to %s (%d)", guild.name, guild.id)
        await self.membership.added(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Somebody removed the bot; that is not told of a server in an outage."""
        log.info("Discord: removed from %s (%d)", guild.name, guild.id)
        await self.membership.removed(guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Somebody deleted a channel."""
        await self.membership.deleted(channel.id)

    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Somebody deleted a thread, or the channel that it was in."""
        await self.membership.deleted(thread.thread_id)


def use_api(url: str) -> None:
    """Lets all requests go to another address than Discord's own."""
    if url != DiscordConfig().api_url:
        Route.BASE = url


@asynccontextmanager
async def logged_in(make: Callable[[], DiscordClient], token: str) -> AsyncIterator[DiscordClient]:
    """A client that Discord knows, as long as the block lasts.

    Args:
        make: Makes a client; one that failed to log in cannot be used again.
        token: The bot's token.

    Raises:
        PlatformError: Discord refuses the token.
    """
    client = await _reach(make, token)
    try:
        yield client
    finally:
        await _closed(client)


async def _reach(make: Callable[[], DiscordClient], token: str) -> DiscordClient:
    """Waits until Discord says who the bot is."""
    pause = _FIRST_PAUSE
    while True:
        client = make()
        try:
            await client.login(token)
        except TROUBLE as error:
            await _closed(client)
            if refused := fatal(error, INTENTS):
                raise refused from None
            log.warning("Discord cannot be reached; trying again: %s", error)
        except BaseException:
            await _closed(client)
            raise
        else:
            return client
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def connected(client: DiscordClient, revoked: asyncio.Event) -> None:
    """Holds the line until it is lost for good: another has to be made then.

    Raises:
        PlatformError: Discord lets the bot in no more.
    """
    connecting = asyncio.create_task(client.connect())
    losing = asyncio.create_task(revoked.wait())
    try:
        await asyncio.wait({connecting, losing}, return_when=asyncio.FIRST_COMPLETED)
        if revoked.is_set():
            raise PlatformError(REVOKED)
        await connecting
    except TROUBLE as error:
        if refused := fatal(error, INTENTS):
            raise refused from None
        log.warning("Discord: the connection is lost: %s", error)
    finally:
        for task in (connecting, losing):
            task.cancel()
        await asyncio.wait({connecting, losing})


async def _closed(client: DiscordClient) -> None:
    """Says goodbye; what takes too long is left as it is, since all ends here."""
    with suppress(*TROUBLE):
        await asyncio.wait_for(client.close(), _LEAVING)
    await client.http.close()
