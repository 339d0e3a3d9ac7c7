"""Sends posts to Discord's channels and direct messages, each once, also after a lost answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import discord
from typing_extensions import override

from adapters.discord.buttons import NO_ASKER, render_controls
from adapters.discord.crossposts import Crossposter
from adapters.discord.failures import (
    REQUEST_ERRORS,
    THREAD_ARCHIVED,
    WRONG_CHANNEL_KIND,
    classify,
    is_content_rejected,
    is_refused,
)
from adapters.discord.forum_posts import ForumPoster, post_id, thread_of
from adapters.discord.interaction_exchange import NO_MENTIONS
from adapters.discord.people import PERSON, PLATFORM, private_chat
from adapters.discord.permissions import place_name
from adapters.discord.post_history import PostHistory, Target
from adapters.discord.post_threads import PostThreads
from adapters.discord.posts import (
    allowed_mentions,
    nonce,
    render_post,
    thread_name,
)
from adapters.discord.rendered_message import RenderContext, RenderedMessage
from adapters.discord.requests import shield_request
from bot.chat.button_tokens import ActionTokens
from bot.errors import ChatGoneError, DatelineError, RejectedError, RetryLaterError
from bot.model import Chat
from bot.posting.messenger import Message, Messenger
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits

log = logging.getLogger(__name__)

# Fifty requests a second (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit);
# responses to interactions do not count. A channel takes five messages in five seconds.
_IN_CHANNEL = Rate(5, 5.0)
RATE_LIMITS = RateLimits(
    overall=Rate(50, 1.0),
    # Evenly, and almost all of it: what else counts is little, and comes before posts.
    posts=Rate(5, 5 / 49.5),
    chat=lambda _: _IN_CHANNEL,
    chat_posts=lambda _: _IN_CHANNEL,
)


@dataclass(frozen=True, slots=True)
class DiscordMessenger(Messenger):
    """Sends posts over discord.py.

    Attributes:
        client: Is logged in; it need not be connected to the gateway.
        rate_limiter: The rate limits that replies share.
        render_context: The language and the time zone of posts.
        tokens: Makes the buttons' tokens.
        history: Finds posts that have arrived although nobody knows.
        crossposter: Publishes posts of announcement channels.
        forums: Opens the posts of forums.
        threads: Opens threads below posts, and renames them.
    """

    client: discord.Client
    rate_limiter: RateLimiter = field()  # else dataclass takes the port's property for its default
    render_context: RenderContext
    tokens: ActionTokens
    history: PostHistory
    crossposter: Crossposter
    forums: ForumPoster
    threads: PostThreads

    @property
    @override
    def platform(self) -> str:
        return PLATFORM

    @property
    @override
    def deduplicates(self) -> bool:
        return True

    @override
    def direct(self, person: str) -> Chat | None:
        return private_chat(person)

    @override
    async def send(self, message: Message) -> str:
        rendered = self._render(message)
        try:
            if forum := self.forums.known(message.chat):
                return await self._send_to_forum(forum, message, rendered)
            return await self._send_to_channel(message, rendered)
        except REQUEST_ERRORS as error:
            raise self._named(_delivery_error(error, message), message) from error

    @override
    async def edit(self, message: Message, shown: str) -> None:
        rendered, thread = self._render(message), thread_of(shown)
        try:
            if thread:
                await self._edit_in_forum(thread, message, rendered)
                return
            target = await self._target(message)
            await self._edit(target.get_partial_message(int(shown)), message, rendered)
            if message.threads:
                await self.threads.rename(int(shown), thread_name(message.reply))
        except REQUEST_ERRORS as error:
            reason = _delivery_error(error, message)
            # The next post opens a thread that is archived; one that was deleted, or locked, was
            # one post of a forum.
            is_posts_own = thread and isinstance(reason, ChatGoneError)
            if is_posts_own or getattr(error, "code", 0) == THREAD_ARCHIVED:
                raise RejectedError(str(reason)) from error
            raise reason from error

    async def _send_to_channel(self, message: Message, rendered: RenderedMessage) -> str:
        try:
            target = await self._target(message)
            sent = await self.history.find_sent(target, message, rendered)
            sent = sent or await self._send(target, message, rendered)
        except discord.HTTPException as error:
            is_unknown = error.code == WRONG_CHANNEL_KIND  # Discord has not told of it yet
            forum = await self.forums.fetch(message.chat) if is_unknown else None
            if forum is None:
                raise
            return await self._send_to_forum(forum, message, rendered)
        if message.threads and message.chat.house.isdecimal():
            await self.threads.open_below(message, sent)
        self.crossposter.schedule(message.chat, sent)
        return str(sent)

    async def _send_to_forum(
        self, forum: discord.ForumChannel, message: Message, rendered: RenderedMessage
    ) -> str:
        async def attempt(one: RenderedMessage) -> int:
            return await self.forums.open(forum, message, one)

        found = await self.forums.find_sent(forum, message, rendered)
        return post_id(found or await self._try_plainer(attempt, message, rendered))

    async def _edit_in_forum(
        self, thread: int, message: Message, rendered: RenderedMessage
    ) -> None:
        first = self.client.get_partial_messageable(thread).get_partial_message(thread)
        name = thread_name(message.reply)
        try:
            await self._edit(first, message, rendered)
        except discord.HTTPException as error:
            if error.code != THREAD_ARCHIVED:
                raise
            await self.threads.reopen(thread, name)
            await self._edit(first, message, rendered)
        else:
            await self.threads.rename(thread, name)

    def _named(self, error: DatelineError, message: Message) -> DatelineError:
        """Adds the names of the channel and its server, for a notice, as far as they are known."""
        if isinstance(error, ChatGoneError) and message.chat.id.isdecimal():
            error.place = place_name(self.client.get_channel(int(message.chat.id)))
        return error

    async def _target(self, message: Message) -> Target:
        """Returns the channel without asking Discord for it; opens a person's direct messages."""
        kind, _, number = message.chat.id.rpartition(":")
        if kind not in {"", PERSON} or not number.isdecimal():
            raise ChatGoneError(f"{message.chat.id!r} is not a channel")
        if not kind:
            return self.client.get_partial_messageable(int(number))
        try:
            opening = self.client.create_dm(discord.Object(int(number)))
            return await shield_request(self.client, opening)
        except REQUEST_ERRORS as error:
            raise _delivery_error(error, message, tried=False) from error

    async def _send(self, target: Target, message: Message, rendered: RenderedMessage) -> int:
        async def attempt(one: RenderedMessage) -> int:
            sending = target.send(
                view=one.view(),
                nonce=nonce(message),
                silent=message.silent,
                allowed_mentions=allowed_mentions(message),
                files=one.files or discord.utils.MISSING,
            )
            return (await shield_request(self.client, sending)).id

        return await self._try_plainer(attempt, message, rendered)

    async def _try_plainer(
        self,
        attempt: Callable[[RenderedMessage], Awaitable[int]],
        message: Message,
        rendered: RenderedMessage,
    ) -> int:
        """Sends a message or, where Discord refuses its picture or its links, without these."""
        try:
            return await attempt(rendered)
        except discord.HTTPException as error:
            if rendered.upload and is_refused(error):
                log.warning("Discord: a digest goes without its picture: %s", classify(error))
                await self.rate_limiter.acquire_post(message.chat.id)
                return await self._try_plainer(attempt, message, rendered.without_upload())
            plainer = await self._without_links(error, message, rendered)
        return await attempt(plainer)

    async def _edit(
        self, sent: discord.PartialMessage, message: Message, rendered: RenderedMessage
    ) -> None:
        async def attempt(one: RenderedMessage) -> None:
            editing = sent.edit(view=one.view(), allowed_mentions=NO_MENTIONS)
            await shield_request(self.client, editing)

        try:
            await attempt(rendered)
        except discord.HTTPException as error:
            await attempt(await self._without_links(error, message, rendered))

    async def _without_links(
        self, error: discord.HTTPException, message: Message, rendered: RenderedMessage
    ) -> RenderedMessage:
        """Returns the message without links for one more try, since Discord refuses some URLs.

        Raises:
            HTTPException: The error itself, where it is about something else.
        """
        plainer = rendered.without_links()
        if plainer == rendered or not is_content_rejected(error):
            raise error
        await self.rate_limiter.acquire_post(message.chat.id)
        return plainer

    def _render(self, message: Message) -> RenderedMessage:
        words = self.render_context.words
        controls = render_controls(message.reply, NO_ASKER, self.tokens, words)
        return render_post(message, self.render_context, controls)


def _delivery_error(error: BaseException, message: Message, *, tried: bool = True) -> DatelineError:
    """Returns the error as one of the core's.

    A post that was in doubt before this try still is. One that Discord answered with an error of
    its own (5xx) is as much in doubt as one without an answer: searching for it costs little.
    """
    reason = classify(error)
    if isinstance(reason, RetryLaterError):
        reason.in_doubt = (tried and reason.in_doubt) or message.since is not None
        reason.answered = False
    return reason
