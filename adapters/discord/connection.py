"""The connection to Discord: the shards that a client connects, and the gateway's events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
from typing_extensions import override

from adapters.discord.button_presses import DiscordButtonHandler
from adapters.discord.buttons import DYNAMIC_ITEMS, Interaction, is_own_custom_id
from adapters.discord.failures import (
    REQUEST_ERRORS,
    UNKNOWN_CHANNEL,
)
from adapters.discord.incoming_messages import DiscordMessageHandler
from adapters.discord.interaction_exchange import NO_MENTIONS
from adapters.discord.membership import DiscordMembership
from adapters.discord.permissions import missing_permissions, place_name
from adapters.discord.session_keeper import SessionKeeper
from adapters.discord.session_socket import SessionConnector
from bot.model import Chat
from bot.shard_sessions import ShardSession

log = logging.getLogger(__name__)

# The library warns of what its voice chat lacks, which we never use.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class _OneLineFilter(logging.Filter):
    """Logs a lost connection in one line, without its traceback: connections come and go."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], REQUEST_ERRORS):
            record.msg = f"{record.getMessage()} ({record.exc_info[1]!r})"
            record.args, record.exc_info = (), None
        return True


for _chatty in ("discord.client", "discord.shard"):
    logging.getLogger(_chatty).addFilter(_OneLineFilter())

INTENTS = discord.Intents(guilds=True, dm_messages=True)
"""Events of servers that come and go, and of direct messages to the bot.

None of them is privileged. Interactions (commands, button presses) need no intent.
"""

_ASK_PACE = 0.5  # seconds between two channels that are asked for
_MAX_RATE_LIMIT_WAIT = 60.0  # seconds that the library may hold up a request


class DiscordClient(discord.AutoShardedClient):
    """Connects as many shards as Discord asks for, and caches as little as possible.

    Attributes:
        button_handler: Answers button presses.
        message_handler: Answers direct messages.
        membership: Learns of servers and channels that come and go.
        report: Called with whether the gateway is connected: when it is, also after it was not, and
            when it is not any more.
        take_turn: Waits for the turn to begin a session; None to begin one in five seconds.
        sessions: Connects so that sessions outlive their process; None where nobody resumes them.
    """

    take_turn: Callable[[], Awaitable[None]] | None = None
    sessions: SessionConnector | None = None

    def __init__(
        self,
        button_handler: DiscordButtonHandler,
        message_handler: DiscordMessageHandler,
        membership: DiscordMembership,
        trace: aiohttp.TraceConfig,
        report: Callable[[bool], None],
        *,
        hears_all: bool = False,
    ) -> None:
        """Takes what the attributes say, and a trace of requests.

        `hears_all` has it hear each event as it comes, which `keep_session` needs.
        """
        super().__init__(
            intents=INTENTS,
            allowed_mentions=NO_MENTIONS,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_ratelimit_timeout=_MAX_RATE_LIMIT_WAIT,
            http_trace=trace,
            enable_debug_events=hears_all,
        )
        self.button_handler = button_handler
        self.message_handler = message_handler
        self.membership = membership
        self.report = report
        self.add_dynamic_items(*DYNAMIC_ITEMS)

    def connect_one(self, shard: int, count: int, take_turn: Callable[[], Awaitable[None]]) -> None:
        """Has the client connect a single shard, once it connects.

        Args:
            shard: Its number, from 0.
            count: How many there are.
            take_turn: Waits for the turn to begin its session.
        """
        self.shard_ids, self.shard_count, self.take_turn = [shard], count, take_turn

    def keep_session(
        self,
        keeper: SessionKeeper,
        session: ShardSession | None,
        wait_until_held: Callable[[], Awaitable[None]],
    ) -> None:
        """Has the client keep its session, and go on with another process's, if there is one.

        The arguments are those of `SessionConnector`.
        """
        connect = self.http.ws_connect
        self.sessions = SessionConnector(keeper, session, connect, wait_until_held)
        self.http.ws_connect = self.sessions.connect  # type: ignore[assignment, method-assign]

    def may_be_answered(self, interaction: Interaction) -> bool:
        """Tells if another process, dead by now, may have been told of an interaction before."""
        return bool(self.sessions and interaction.id in self.sessions.keeper.repeated)

    @property
    def has_far_servers(self) -> bool:
        """True where other clients hear of some of the servers."""
        return self.shard_ids is not None and len(self.shard_ids) != self.shard_count

    def hears_of(self, server: int) -> bool:
        """Tells if a server is of the shards that this client connects.

        See https://docs.discord.com/developers/events/gateway#sharding.
        """
        if self.shard_ids is None or self.shard_count is None:
            return True
        return (server >> 22) % self.shard_count in self.shard_ids

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Waits until a session may be begun."""
        if self.sessions and not await self.sessions.begins_session():
            return
        if self.take_turn is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self.take_turn()

    async def on_socket_raw_receive(self, message: str) -> None:
        """Keeps what the gateway tells; comes with `hears_all` alone."""
        if self.sessions:
            self.sessions.keeper.hear(message)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answers a form, and a press on a button that the bot never had, or has no more."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.button_handler.handle_form(interaction)
            return
        if interaction.type is not discord.InteractionType.component:
            return
        data: Any = interaction.data or {}
        if not is_own_custom_id(str(data.get("custom_id", ""))):
            await self.button_handler.handle_unknown(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answers a direct message to the bot; its own messages come here, too."""
        await self.message_handler.handle(message)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Resumes the subscriptions of a server that the bot was added to."""
        log.info("Discord: added to %s (%d)", guild.name, guild.id)
        await self.membership.resume_server(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pauses the subscriptions of a server that removed the bot; an outage is no such event."""
        log.info("Discord: removed from %s (%d)", guild.name, guild.id)
        await self.membership.pause_server(guild.id, guild.name)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Pauses the subscriptions of a deleted channel."""
        await self.membership.pause_channel(channel.id, place_name(channel))

    async def on_ready(self) -> None:
        """Resumes and pauses by what has happened while nothing was heard.

        READY names all servers, also those that have an outage:
        https://docs.discord.com/developers/events/gateway-events#ready
        """
        self.report(True)  # noqa: FBT003 - a callback
        await self._resume_reachable()
        servers = {guild.id for guild in self.guilds}
        await self.membership.pause_missing(servers, self._is_deleted, self.hears_of)

    async def on_disconnect(self) -> None:
        """Reports that the gateway is away; a shard may be back at once."""
        self.report(False)  # noqa: FBT003 - a callback

    async def on_resumed(self) -> None:
        """Reports that the gateway is back."""
        self.report(True)  # noqa: FBT003 - a callback

    async def on_guild_channel_update(self, *_: discord.abc.GuildChannel) -> None:
        """Resumes what can be posted again, after a change of a channel's permissions."""
        await self._resume_reachable()

    async def on_guild_role_update(self, *_: discord.Role) -> None:
        """Resumes what can be posted again, after a change of a role's permissions."""
        await self._resume_reachable()

    async def on_member_update(self, *_: discord.Member) -> None:
        """Resumes what can be posted again, after a change of the bot's own roles."""
        await self._resume_reachable()

    async def _resume_reachable(self) -> None:
        servers = {guild.id for guild in self.guilds}
        await self.membership.resume_reachable(servers, self._can_post)

    def _can_post(self, chat: Chat) -> bool:
        channel = self.get_channel(int(chat.id)) if chat.id.isdecimal() else None
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return False
        me: discord.Member | None = channel.guild.me  # None until Discord has told of it
        if me is None:
            return False
        granted = channel.permissions_for(me)
        return not missing_permissions(granted, channel)

    async def _is_deleted(self, chat: Chat) -> bool:
        """Tells whether a channel was deleted; asks, since the archived threads are not told of."""
        guild = self.get_guild(int(chat.house))
        if guild is None or guild.unavailable or not chat.id.isdecimal():
            return False
        if guild.get_channel_or_thread(int(chat.id)) or self.is_closed():
            return False
        try:
            await self.fetch_channel(int(chat.id))
        except discord.NotFound as error:
            return error.code == UNKNOWN_CHANNEL
        except REQUEST_ERRORS:
            return False
        await asyncio.sleep(_ASK_PACE)  # there may be many, and posts go first
        return False

    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Pauses the subscriptions of a thread that was deleted, alone or with its channel."""
        await self.membership.pause_channel(thread.thread_id)
