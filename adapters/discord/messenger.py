"""Posts: brought to their channels once, whatever goes wrong meanwhile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord

from adapters.discord.buttons import POSTED, buttons
from adapters.discord.crossposts import Crossposts
from adapters.discord.exchange import NOBODY
from adapters.discord.failures import ARCHIVED, TROUBLE, failure, is_about_content
from adapters.discord.markdown import units
from adapters.discord.people import PLATFORM
from adapters.discord.render import CONTENT, RenderContext, RenderedMessage, render
from adapters.discord.requests import whole
from bot.chat.button_tokens import ActionTokens
from bot.clock import Clock
from bot.errors import ChatGoneError, DatelineError, RejectedError, RetryLaterError
from bot.model import Chat
from bot.posting.messenger import Message
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits


def posted(message: Message, render_context: RenderContext) -> RenderedMessage:
    """What a post looks like."""
    shown = render(message.reply, render_context)
    embeds = shown.embeds if message.picture else tuple(map(_without_pictures, shown.embeds))
    return RenderedMessage(
        _calling(message.role, shown.content) if message.role else shown.content, embeds
    )


def nonce(message: Message) -> str:
    """The same for the same message in the same chat, in the 25 characters that Discord takes.

    Discord knows it again wherever the bot wrote it first, so no two chats may share one.
    """
    what = f"{message.chat.id}\n{message.key}"
    return hashlib.blake2b(what.encode(), digest_size=12).hexdigest()


def looks_like(one: discord.Message, shown: RenderedMessage) -> bool:
    """Whether a message says what a post would, perhaps without its links."""
    if one.content.strip() != shown.content.strip() or len(one.embeds) != len(shown.embeds):
        return False
    return all(
        (there.title or "").strip() == (wanted.title or "").strip()
        and there.url in {None, wanted.url}
        for there, wanted in zip(one.embeds, shown.embeds, strict=True)
    )


def _without_pictures(embed: discord.Embed) -> discord.Embed:
    return embed.copy().set_image(url=None).set_thumbnail(url=None)


def _calling(role: str, text: str) -> str:
    """A mention of a role before a text; lines that have no room then go."""
    mention = f"<@&{int(role)}>"
    while text and units(mention) + 1 + units(text) > CONTENT:
        text = text.rpartition("\n")[0].rstrip()
    return "\n".join(filter(None, (mention, text)))


# Fifty requests a second (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit);
# answers to interactions do not count. In a channel Discord takes five messages in five seconds.
_IN_CHANNEL = Rate(5, 5.0)
PACE = RateLimits(
    overall=Rate(50, 1.0),
    # Evenly, and almost all of it: what else counts is little, and comes before posts.
    posts=Rate(5, 5 / 49.5),
    chat=lambda _: _IN_CHANNEL,
    chat_posts=lambda _: _IN_CHANNEL,
)

# Discord knows a nonce again for "the past few minutes"
# (https://docs.discord.com/developers/resources/message#create-message); it never says how many.
_KNOWN_AGAIN = timedelta(minutes=2)
_CLOCKS_DIFFER = timedelta(minutes=1)
_LOOKED_AT = 300  # messages since then among which one may be that was sent already

_PERSON = "user"  # before a person's id it stands for their direct messages

_Target = discord.PartialMessageable | discord.DMChannel


@dataclass(frozen=True, slots=True)
class DiscordMessenger:
    """Implements `bot.posting.messenger.Messenger`.

    Attributes:
        client: Is logged in; it need not be connected.
        rate_limiter: Gives out turns to send.
        render_context: How replies are shown.
        tokens: For the buttons.
        clock: Tells how long ago a post was first tried.
        crossposts: Publishes what was sent.
    """

    client: discord.Client
    rate_limiter: RateLimiter
    render_context: RenderContext
    tokens: ActionTokens
    clock: Clock
    crossposts: Crossposts

    @property
    def platform(self) -> str:
        """See `bot.posting.messenger.Messenger.platform`."""
        return PLATFORM

    @property
    def deduplicates(self) -> bool:
        """See `bot.posting.messenger.Messenger.deduplicates`."""
        return True

    def direct(self, person: str) -> Chat | None:
        """See `bot.posting.messenger.Messenger.direct`; Discord tells its id when it is opened."""
        return Chat(PLATFORM, f"{_PERSON}:{person}") if person.isdecimal() else None

    async def send(self, message: Message) -> str:
        """See `bot.posting.messenger.Messenger.send`."""
        shown = posted(message, self.render_context)
        try:
            target = await self._target(message)
            sent = await self._earlier(target, message, shown)
            sent = sent or await self._sent(target, message, shown)
        except TROUBLE as error:
            raise _reason(error, message) from error
        self.crossposts.begin(message.chat, sent)
        return str(sent)

    async def edit(self, message: Message, shown: str) -> None:
        """See `bot.posting.messenger.Messenger.edit`."""
        wanted = posted(message, self.render_context)
        try:
            target = await self._target(message)
            await self._edited(target.get_partial_message(int(shown)), message, wanted)
        except TROUBLE as error:
            if getattr(error, "code", 0) == ARCHIVED:
                raise RejectedError(
                    str(failure(error))
                ) from error  # the next post opens the thread
            raise _reason(error, message) from error

    async def _target(self, message: Message) -> _Target:
        """The channel, without asking Discord for it; a person's is asked for once."""
        kind, _, number = message.chat.id.rpartition(":")
        if kind not in {"", _PERSON} or not number.isdecimal():
            raise ChatGoneError(f"{message.chat.id!r} is no channel")
        if not kind:
            return self.client.get_partial_messageable(int(number))
        try:
            return await whole(self.client, self.client.create_dm(discord.Object(int(number))))
        except TROUBLE as error:
            raise _reason(error, message, tried=False) from error

    async def _earlier(self, target: _Target, message: Message, shown: RenderedMessage) -> int:
        """The id of the message, if an earlier try has brought it there after all; else 0.

        Only where that was too long ago for Discord to know it again by its nonce.
        """
        since = message.since
        if since is None or self.clock.now() - since <= _KNOWN_AGAIN:
            return 0
        await self.rate_limiter.acquire_post(message.chat.id)
        try:
            return await whole(self.client, self._found(target, since - _CLOCKS_DIFFER, shown))
        except discord.Forbidden:
            return 0  # there is no looking, but there may be writing

    async def _found(self, target: _Target, after: datetime, shown: RenderedMessage) -> int:
        async for one in target.history(limit=_LOOKED_AT, after=after, oldest_first=True):
            if self._is_own(one) and looks_like(one, shown):
                return one.id
        return 0

    def _is_own(self, one: discord.Message) -> bool:
        """Whether the bot posted it, and did not answer somebody with it."""
        own = self.client.user
        return own is not None and one.author.id == own.id and not one.interaction_metadata

    async def _sent(self, target: _Target, message: Message, shown: RenderedMessage) -> int:
        async def attempt(one: RenderedMessage) -> int:
            sending = target.send(
                one.content or None,
                nonce=nonce(message),
                silent=message.silent,
                **self._parts(one, message),
                view=self._buttons(message) or discord.utils.MISSING,
            )
            return (await whole(self.client, sending)).id

        try:
            return await attempt(shown)
        except discord.HTTPException as error:
            bare = await self._bare(error, message, shown)
        return await attempt(bare)

    async def _edited(
        self, there: discord.PartialMessage, message: Message, shown: RenderedMessage
    ) -> None:
        async def attempt(one: RenderedMessage) -> None:
            parts = self._parts(one, message)
            view = self._buttons(message)
            await whole(self.client, there.edit(content=one.content or None, **parts, view=view))

        try:
            await attempt(shown)
        except discord.HTTPException as error:
            await attempt(await self._bare(error, message, shown))

    async def _bare(
        self, error: discord.HTTPException, message: Message, shown: RenderedMessage
    ) -> RenderedMessage:
        """What is worth another try, now that a message was refused; raises the error if nothing.

        Addresses that look right may not be so to Discord.
        """
        bare = shown.without_links()
        if bare == shown or not is_about_content(error):
            raise error
        await self.rate_limiter.acquire_post(message.chat.id)
        return bare

    def _parts(self, shown: RenderedMessage, message: Message) -> dict[str, Any]:
        called = NOBODY
        if message.role:
            called = discord.AllowedMentions(
                everyone=False,
                users=False,
                roles=[discord.Object(int(message.role))],
                replied_user=False,
            )
        return {"embeds": list(shown.embeds), "allowed_mentions": called}

    def _buttons(self, message: Message) -> discord.ui.View | None:
        return buttons(message.reply, POSTED, self.tokens, self.render_context.words)


def _reason(error: BaseException, message: Message, *, tried: bool = True) -> DatelineError:
    """The error as the core's.

    What may have arrived before this try still may have. And what Discord answered with trouble of
    its own may have arrived as well as what it did not answer: looking for it costs little.
    """
    reason = failure(error)
    if isinstance(reason, RetryLaterError):
        reason.in_doubt = (tried and reason.in_doubt) or message.since is not None
        reason.answered = False
    return reason
