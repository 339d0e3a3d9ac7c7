"""Examines the bot on Discord: its token, its rights where it posts, and the roles it mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

import discord

from adapters.discord.connection import INTENTS
from adapters.discord.failures import REQUEST_ERRORS
from adapters.discord.permissions import missing_permissions, permission_names
from adapters.discord.sessions import use_api
from bot.config.platforms import DiscordConfig
from bot.monitoring.findings import Finding, note, trouble, well
from bot.subscriptions.model import Subscription

_REFUSED = (
    "at discord.com/developers/applications, under Bot, press Reset Token, and put the new token "
    "into DATELINE_DISCORD_TOKEN or token_file"
)
_NETWORK = "look at the network, a firewall, and discord.api_url"
_INVITE = "open the bot's Install Link again, and choose the server"


async def examine_discord(
    config: DiscordConfig, token: str, subscriptions: Iterable[Subscription]
) -> AsyncIterator[Finding]:
    """Yields findings, by Discord's REST API alone: a bot that runs beside is not disturbed.

    Args:
        config: The settings.
        token: The bot's token.
        subscriptions: What is posted there.
    """
    use_api(config.api_url)
    async with discord.Client(intents=INTENTS) as client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            yield trouble("Discord: the token is refused", _REFUSED)
            return
        except REQUEST_ERRORS as error:
            yield trouble(f"Discord cannot be reached: {error}", _NETWORK)
            return
        yield well(f"Discord: signed in as {client.user}; it needs no privileged intent")
        for server, followed in _by_server(subscriptions).items():
            async for finding in _server(client, server, followed):
                yield finding


def _by_server(subscriptions: Iterable[Subscription]) -> dict[int, list[Subscription]]:
    servers: defaultdict[int, list[Subscription]] = defaultdict(list)
    for one in subscriptions:
        if one.chat.house.isdecimal() and one.chat.id.isdecimal():
            servers[int(one.chat.house)].append(one)
    return servers


async def _server(
    client: discord.Client, server: int, followed: Sequence[Subscription]
) -> AsyncIterator[Finding]:
    try:
        guild = await client.fetch_guild(server)
        channels = {channel.id: channel for channel in await guild.fetch_channels()}
        me = await guild.fetch_member(client.user.id if client.user else 0)
    except (discord.Forbidden, discord.NotFound):
        yield trouble(f"Discord: the bot is not in the server {server}", _INVITE)
        return
    except REQUEST_ERRORS as error:
        yield trouble(f"Discord: the server {server} cannot be asked for: {error}", _NETWORK)
        return
    for channel_id in dict.fromkeys(int(one.chat.id) for one in followed):
        channel = channels.get(channel_id)
        if channel is None:  # a thread, or deleted
            yield note(f"Discord: {guild.name}: channel {channel_id} is not in the server's list")
            continue
        granted = channel.permissions_for(me)
        yield _channel(guild, channel, granted)
        roles = {one.role for one in followed if one.role and int(one.chat.id) == channel_id}
        for finding in _roles(guild, channel, granted, roles):
            yield finding


def _channel(
    guild: discord.Guild, channel: discord.abc.GuildChannel, granted: discord.Permissions
) -> Finding:
    named = f"Discord: #{channel.name} ({guild.name})"
    missing = missing_permissions(granted, channel)
    if not missing:
        return well(f"{named}: posts can go there")
    lacks = ", ".join(permission_names(missing, channel))
    return trouble(f"{named}: nothing can be posted there", f"allow the bot there: {lacks}")


def _roles(
    guild: discord.Guild,
    channel: discord.abc.GuildChannel,
    granted: discord.Permissions,
    roles: Iterable[str],
) -> Iterator[Finding]:
    named = f"Discord: #{channel.name} ({guild.name})"
    for role_id in sorted(roles):
        role = guild.get_role(int(role_id)) if role_id.isdecimal() else None
        if role is None:
            yield trouble(
                f"{named}: the role to mention was deleted", "/subscribe with another role"
            )
        elif not (role.mentionable or granted.mention_everyone):
            yield trouble(
                f"{named}: mentioning @{role.name} notifies nobody",
                "let everyone mention the role, or give the bot Mention Everyone",
            )
        else:
            yield well(f"{named}: @{role.name} can be mentioned")
