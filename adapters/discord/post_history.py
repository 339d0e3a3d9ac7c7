"""The history of channels: finds posts that have arrived although their answers were lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from adapters.discord.posts import is_same_post
from adapters.discord.rendered_message import RenderedMessage
from adapters.discord.requests import shield_request
from bot.clock import Clock
from bot.posting.messenger import Message
from bot.posting.rate_limiter import RateLimiter

# Discord deduplicates by nonce for "the past few minutes"
# (https://docs.discord.com/developers/resources/message#create-message), and never says how many.
_NONCE_LIFETIME = timedelta(minutes=2)
_CLOCK_SKEW = timedelta(minutes=1)
_HISTORY = 300  # messages that are searched for one that may have been sent before

Target = discord.PartialMessageable | discord.DMChannel
"""A channel or a thread that messages go to."""


@dataclass(frozen=True, slots=True)
class PostHistory:
    """Searches channels for the bot's own posts.

    Attributes:
        client: Is logged in.
        rate_limiter: The rate limits that all requests share.
        clock: Tells how long ago a post was first tried.
    """

    client: discord.Client
    rate_limiter: RateLimiter
    clock: Clock

    async def find_sent(self, target: Target, message: Message, rendered: RenderedMessage) -> int:
        """Returns the id of the message if an earlier, doubtful try has delivered it; else 0.

        The channel is searched only if that try is too old for Discord to know its nonce.
        """
        since = message.since
        if since is None or self.clock.now() - since <= _NONCE_LIFETIME:
            return 0
        await self.rate_limiter.acquire_post(message.chat.id)
        search = self._search(target, since - _CLOCK_SKEW, rendered)
        try:
            return await shield_request(self.client, search)
        except discord.Forbidden:
            return 0  # the bot may perhaps write where it may not read

    async def _search(self, target: Target, after: datetime, rendered: RenderedMessage) -> int:
        async for sent in target.history(limit=_HISTORY, after=after, oldest_first=True):
            if self._is_own_post(sent) and is_same_post(sent, rendered):
                return sent.id
        return 0

    def _is_own_post(self, sent: discord.Message) -> bool:
        """Returns True for what the bot posted; False for its responses to interactions."""
        own = self.client.user
        return own is not None and sent.author.id == own.id and not sent.interaction_metadata
