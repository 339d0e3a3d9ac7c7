"""Posts through a client, for as long as the bot may."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from adapters.discord.connection import DiscordClient
from adapters.discord.crossposts import Crossposter
from adapters.discord.forum_posts import ForumPoster
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.post_history import PostHistory
from adapters.discord.post_threads import PostThreads
from adapters.discord.responder import DiscordResponder
from bot.chat.request import Services
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import RateLimiter


async def post_through(
    client: DiscordClient,
    responder: DiscordResponder,
    services: Services,
    rate_limiter: RateLimiter,
    post: Callable[[Messenger], Awaitable[None]] | None,
) -> None:
    """Posts, as soon as a client knows its servers.

    Args:
        client: Is about to connect.
        responder: Has the words of posts, and makes the tokens of their buttons.
        services: What the core is made of.
        rate_limiter: The rate limits that replies share.
        post: Posts through a messenger until it is cancelled; None to post nothing.
    """
    if post is None:
        return
    await client.wait_until_ready()
    shared = (client, rate_limiter, services.clock)
    threads = PostThreads(*shared)
    crossposter = Crossposter(
        client, services.settings, rate_limiter, services.clock, client.hears_of
    )
    messenger = DiscordMessenger(
        client,
        rate_limiter,
        responder.render_context,
        responder.tokens,
        PostHistory(*shared),
        crossposter,
        ForumPoster(*shared),
        threads,
    )
    try:
        await post(messenger)
    finally:
        await asyncio.gather(crossposter.finish(), threads.finish())
