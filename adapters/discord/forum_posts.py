"""Posts in forums: each opens a thread with a name and tags.

The specification of Discord's API knows no nonce for the first message of a thread, so what is
opened twice is there twice. A thread that an earlier, doubtful try may have opened is looked for.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from adapters.discord.failures import UNKNOWN_MESSAGE, is_about_tags
from adapters.discord.forum_tags import choose_tags
from adapters.discord.posts import allowed_mentions, is_same_post, thread_name
from adapters.discord.rendered_message import RenderedMessage
from adapters.discord.requests import shield_request
from bot.clock import Clock
from bot.model import Chat
from bot.posting.messenger import Message
from bot.posting.rate_limiter import RateLimiter

_PREFIX = "thread:"
_CLOCK_SKEW = timedelta(minutes=1)
_SHORTEST_LIFE = timedelta(minutes=50)  # of a thread before it may be archived, with a margin
_MAX_ARCHIVED = 100  # threads that are searched for one that may have been opened before


def post_id(thread: int) -> str:
    """Returns the id of a post that is a thread: its first message has the thread's number."""
    return f"{_PREFIX}{thread}"


def thread_of(post: str) -> int:
    """Returns the thread that a post's id names; 0 for a post that is none."""
    return int(post.removeprefix(_PREFIX)) if post.startswith(_PREFIX) else 0


@dataclass(frozen=True, slots=True)
class ForumPoster:
    """Opens threads in forums, each once.

    Attributes:
        client: Is logged in.
        rate_limiter: The rate limits that all requests share.
        clock: Tells how long ago a post was first tried.
    """

    client: discord.Client
    rate_limiter: RateLimiter
    clock: Clock

    def known(self, chat: Chat) -> discord.ForumChannel | None:
        """Returns the forum that a chat is, without asking Discord; None for any other chat."""
        found = self.client.get_channel(int(chat.id)) if chat.id.isdecimal() else None
        return found if isinstance(found, discord.ForumChannel) else None

    async def fetch(self, chat: Chat) -> discord.ForumChannel | None:
        """Asks Discord for the forum that a chat is, as it is now; None for any other chat."""
        found = await shield_request(self.client, self.client.fetch_channel(int(chat.id)))
        return found if isinstance(found, discord.ForumChannel) else None

    async def find_sent(
        self, forum: discord.ForumChannel, message: Message, rendered: RenderedMessage
    ) -> int:
        """Returns the thread that an earlier, doubtful try has opened; 0 for none."""
        if message.since is None:
            return 0
        await self.rate_limiter.acquire_post(message.chat.id)
        found = await shield_request(self.client, self._own_threads(forum, message.since))
        name = thread_name(message.reply)
        # Discord, or a moderator, may have changed a name.
        for thread in sorted(found, key=lambda one: one.name != name):
            if await self._begins_with(thread, rendered, otherwise=thread.name == name):
                return thread.id
        return 0

    async def open(
        self, forum: discord.ForumChannel, message: Message, rendered: RenderedMessage
    ) -> int:
        """Opens the thread of a post; returns its id."""
        try:
            return await self._open(forum, message, rendered)
        except discord.HTTPException as error:
            fresh = await self.fetch(message.chat) if is_about_tags(error) else None
            if fresh is None:
                raise
        await self.rate_limiter.acquire_post(message.chat.id)
        return await self._open(fresh, message, rendered)

    async def _open(
        self, forum: discord.ForumChannel, message: Message, rendered: RenderedMessage
    ) -> int:
        opening = forum.create_thread(
            name=thread_name(message.reply),
            applied_tags=choose_tags(forum, message.reply.cards),
            view=rendered.view(),
            silent=message.silent,
            allowed_mentions=allowed_mentions(message),
            files=rendered.files or discord.utils.MISSING,
        )
        return (await shield_request(self.client, opening)).thread.id

    async def _own_threads(
        self, forum: discord.ForumChannel, since: datetime
    ) -> list[discord.Thread]:
        """Returns the threads that the bot has opened in a forum since a time."""
        threads = [one for one in await forum.guild.active_threads() if one.parent_id == forum.id]
        if self.clock.now() - since > _SHORTEST_LIFE:
            with suppress(discord.Forbidden):  # it may perhaps write where it may not read
                threads += [one async for one in forum.archived_threads(limit=_MAX_ARCHIVED)]
        return [one for one in threads if _is_from(one, self.client.user, since)]

    async def _begins_with(
        self, thread: discord.Thread, rendered: RenderedMessage, *, otherwise: bool
    ) -> bool:
        """Tells if a thread begins with a post; `otherwise` where its beginning was deleted."""
        await self.rate_limiter.acquire_post(f"{thread.id}")
        try:
            first = await shield_request(self.client, thread.fetch_message(thread.id))
        except discord.NotFound as error:
            return otherwise and error.code == UNKNOWN_MESSAGE
        except discord.Forbidden:
            return otherwise
        return is_same_post(first, rendered)


def _is_from(thread: discord.Thread, own: discord.ClientUser | None, since: datetime) -> bool:
    is_own = own is not None and thread.owner_id == own.id
    return is_own and discord.utils.snowflake_time(thread.id) >= since - _CLOCK_SKEW
