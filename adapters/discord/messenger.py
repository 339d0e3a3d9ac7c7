"""Sends posts to Discord's channels and direct messages, each once, also after a lost answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import discord
from typing_extensions import override

from adapters.discord.buttons import NO_ASKER, render_controls
from adapters.discord.crossposts import Crossposter
from adapters.discord.failures import (
    REQUEST_ERRORS,
    THREAD_ARCHIVED,
    classify,
    is_content_rejected,
    is_refused,
)
from adapters.discord.interaction_exchange import NO_MENTIONS
from adapters.discord.people import PERSON, PLATFORM, private_chat
from adapters.discord.permissions import place_name
from adapters.discord.posts import is_same_post, nonce, render_post
from adapters.discord.rendered_message import RenderContext, RenderedMessage
from adapters.discord.requests import shield_request
from bot.chat.button_tokens import ActionTokens
from bot.clock import Clock
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

# Discord deduplicates by nonce for "the past few minutes"
# (https://docs.discord.com/developers/resources/message#create-message), and never says how many.
_NONCE_LIFETIME = timedelta(minutes=2)
_CLOCK_SKEW = timedelta(minutes=1)
_HISTORY = 300  # messages that are searched for one that may have been sent before

_Target = discord.PartialMessageable | discord.DMChannel


@dataclass(frozen=True, slots=True)
class DiscordMessenger(Messenger):
    """Sends posts over discord.py.

    Attributes:
        client: Is logged in; it need not be connected to the gateway.
        rate_limiter: The rate limits that replies share.
        render_context: The language and the time zone of posts.
        tokens: Makes the buttons' tokens.
        clock: Tells how long ago a post was first tried.
        crossposter: Publishes posts of announcement channels.
    """

    client: discord.Client
    rate_limiter: RateLimiter = field()  # else dataclass takes the port's property for its default
    render_context: RenderContext
    tokens: ActionTokens
    clock: Clock
    crossposter: Crossposter

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
            target = await self._target(message)
            sent = await self._find_sent(target, message, rendered)
            sent = sent or await self._send(target, message, rendered)
        except REQUEST_ERRORS as error:
            raise self._named(_delivery_error(error, message), message) from error
        self.crossposter.schedule(message.chat, sent)
        return str(sent)

    @override
    async def edit(self, message: Message, shown: str) -> None:
        rendered = self._render(message)
        try:
            target = await self._target(message)
            await self._edit(target.get_partial_message(int(shown)), message, rendered)
        except REQUEST_ERRORS as error:
            if getattr(error, "code", 0) == THREAD_ARCHIVED:  # the next post opens the thread
                raise RejectedError(str(classify(error))) from error
            raise _delivery_error(error, message) from error

    def _named(self, error: DatelineError, message: Message) -> DatelineError:
        """Adds the names of the channel and its server, for a notice, as far as they are known."""
        if isinstance(error, ChatGoneError) and message.chat.id.isdecimal():
            error.place = place_name(self.client.get_channel(int(message.chat.id)))
        return error

    async def _target(self, message: Message) -> _Target:
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

    async def _find_sent(self, target: _Target, message: Message, rendered: RenderedMessage) -> int:
        """Returns the id of the message if an earlier, doubtful try has delivered it; else 0.

        The channel is searched only if that try is too old for Discord to know its nonce.
        """
        since = message.since
        if since is None or self.clock.now() - since <= _NONCE_LIFETIME:
            return 0
        await self.rate_limiter.acquire_post(message.chat.id)
        search = self._search_history(target, since - _CLOCK_SKEW, rendered)
        try:
            return await shield_request(self.client, search)
        except discord.Forbidden:
            return 0  # the bot may perhaps write where it may not read

    async def _search_history(
        self, target: _Target, after: datetime, rendered: RenderedMessage
    ) -> int:
        async for sent in target.history(limit=_HISTORY, after=after, oldest_first=True):
            if self._is_own_post(sent) and is_same_post(sent, rendered):
                return sent.id
        return 0

    def _is_own_post(self, sent: discord.Message) -> bool:
        """Returns True for what the bot posted; False for its responses to interactions."""
        own = self.client.user
        return own is not None and sent.author.id == own.id and not sent.interaction_metadata

    async def _send(self, target: _Target, message: Message, rendered: RenderedMessage) -> int:
        async def attempt(one: RenderedMessage) -> int:
            sending = target.send(
                view=one.view(),
                nonce=nonce(message),
                silent=message.silent,
                allowed_mentions=_mentions(message),
                files=one.files or discord.utils.MISSING,
            )
            return (await shield_request(self.client, sending)).id

        try:
            return await attempt(rendered)
        except discord.HTTPException as error:
            if rendered.picture and is_refused(error):
                log.warning("Discord: a digest goes without its picture: %s", classify(error))
                await self.rate_limiter.acquire_post(message.chat.id)
                return await self._send(target, message, rendered.without_picture())
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


def _mentions(message: Message) -> discord.AllowedMentions:
    """Returns whom a post notifies: the role that moderators have chosen, or nobody."""
    if not message.role:
        return NO_MENTIONS
    role = discord.Object(int(message.role))
    return discord.AllowedMentions(everyone=False, users=False, roles=[role], replied_user=False)


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
