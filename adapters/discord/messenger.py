"""Posts: brought to their channels once, whatever goes wrong meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord

from adapters.discord.buttons import POSTED, buttons
from adapters.discord.crossposts import Crossposts
from adapters.discord.exchange import NOBODY
from adapters.discord.failures import ARCHIVED, TROUBLE, failure, is_about_content
from adapters.discord.people import PLATFORM
from adapters.discord.posted import looks_like, nonce, posted
from adapters.discord.render import Look, Shown
from adapters.discord.requests import whole
from bot.errors import ChatGone, DatelineError, Rejected, RetryLater
from bot.messages import Message
from bot.model import Chat
from bot.pacing import Pace, Pacer, Rate
from bot.ports import Clock
from bot.tokens import ActionTokens

# Fifty requests a second (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit);
# answers to interactions do not count. In a channel Discord takes five messages in five seconds.
_IN_CHANNEL = Rate(5, 5.0)
PACE = Pace(
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
    """Implements `bot.messages.Messenger`.

    Attributes:
        client: Is logged in; it need not be connected.
        pacer: Gives out turns to send.
        look: How replies are shown.
        tokens: For the buttons.
        clock: Tells how long ago a post was first tried.
        crossposts: Publishes what was sent.
    """

    client: discord.Client
    pacer: Pacer
    look: Look
    tokens: ActionTokens
    clock: Clock
    crossposts: Crossposts

    @property
    def platform(self) -> str:
        """See `bot.messages.Messenger.platform`."""
        return PLATFORM

    @property
    def knows_repeats(self) -> bool:
        """See `bot.messages.Messenger.knows_repeats`."""
        return True

    def direct(self, person: str) -> Chat | None:
        """See `bot.messages.Messenger.direct`; Discord tells its own id when it is opened."""
        return Chat(PLATFORM, f"{_PERSON}:{person}") if person.isdecimal() else None

    async def send(self, message: Message) -> str:
        """See `bot.messages.Messenger.send`."""
        shown = posted(message, self.look)
        try:
            target = await self._target(message)
            sent = await self._earlier(target, message, shown)
            sent = sent or await self._sent(target, message, shown)
        except TROUBLE as error:
            raise _reason(error, message) from error
        self.crossposts.begin(message.chat, sent)
        return str(sent)

    async def edit(self, message: Message, shown: str) -> None:
        """See `bot.messages.Messenger.edit`."""
        wanted = posted(message, self.look)
        try:
            target = await self._target(message)
            await self._edited(target.get_partial_message(int(shown)), message, wanted)
        except TROUBLE as error:
            if getattr(error, "code", 0) == ARCHIVED:
                raise Rejected(str(failure(error))) from error  # the next post opens the thread
            raise _reason(error, message) from error

    async def _target(self, message: Message) -> _Target:
        """The channel, without asking Discord for it; a person's is asked for once."""
        kind, _, number = message.chat.id.rpartition(":")
        if kind not in {"", _PERSON} or not number.isdecimal():
            raise ChatGone(f"{message.chat.id!r} is no channel")
        if not kind:
            return self.client.get_partial_messageable(int(number))
        try:
            return await whole(self.client, self.client.create_dm(discord.Object(int(number))))
        except TROUBLE as error:
            raise _reason(error, message, tried=False) from error

    async def _earlier(self, target: _Target, message: Message, shown: Shown) -> int:
        """The id of the message, if an earlier try has brought it there after all; else 0.

        Only where that was too long ago for Discord to know it again by its nonce.
        """
        since = message.since
        if since is None or self.clock.now() - since <= _KNOWN_AGAIN:
            return 0
        await self.pacer.post(message.chat.id)
        try:
            return await whole(self.client, self._found(target, since - _CLOCKS_DIFFER, shown))
        except discord.Forbidden:
            return 0  # there is no looking, but there may be writing

    async def _found(self, target: _Target, after: datetime, shown: Shown) -> int:
        async for one in target.history(limit=_LOOKED_AT, after=after, oldest_first=True):
            if self._is_own(one) and looks_like(one, shown):
                return one.id
        return 0

    def _is_own(self, one: discord.Message) -> bool:
        """Whether the bot posted it, and did not answer somebody with it."""
        own = self.client.user
        return own is not None and one.author.id == own.id and not one.interaction_metadata

    async def _sent(self, target: _Target, message: Message, shown: Shown) -> int:
        async def attempt(one: Shown) -> int:
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

    async def _edited(self, there: discord.PartialMessage, message: Message, shown: Shown) -> None:
        async def attempt(one: Shown) -> None:
            parts = self._parts(one, message)
            view = self._buttons(message)
            await whole(self.client, there.edit(content=one.content or None, **parts, view=view))

        try:
            await attempt(shown)
        except discord.HTTPException as error:
            await attempt(await self._bare(error, message, shown))

    async def _bare(self, error: discord.HTTPException, message: Message, shown: Shown) -> Shown:
        """What is worth another try, now that a message was refused; raises the error if nothing.

        Addresses that look right may not be so to Discord.
        """
        bare = shown.without_links()
        if bare == shown or not is_about_content(error):
            raise error
        await self.pacer.post(message.chat.id)
        return bare

    def _parts(self, shown: Shown, message: Message) -> dict[str, Any]:
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
        return buttons(message.reply, POSTED, self.tokens, self.look.words)


def _reason(error: BaseException, message: Message, *, tried: bool = True) -> DatelineError:
    """The error as the core's.

    What may have arrived before this try still may have. And what Discord answered with trouble of
    its own may have arrived as well as what it did not answer: looking for it costs little.
    """
    reason = failure(error)
    if isinstance(reason, RetryLater):
        reason.in_doubt = (tried and reason.in_doubt) or message.since is not None
        reason.answered = False
    return reason
