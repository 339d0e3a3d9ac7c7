"""What posting needs of the platforms: messages, and who sends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Chat
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Message:
    """What a messenger is to send.

    Attributes:
        chat: Where to, with the thread.
        reply: What it says.
        key: The same whenever the same message is sent again, and of no other message.
        silent: True to ring no bell.
        picture: False to leave out pictures and previews.
        role: The platform's id of the role to mention; empty for none.
        since: When it was first tried, if it is not known whether it arrived; else None.
    """

    chat: Chat
    reply: Reply
    key: str
    silent: bool = False
    picture: bool = True
    role: str = ""
    since: datetime | None = None


class Messenger(Protocol):
    """Sends posts to the chats of a platform. It tries once; whoever calls it tries again."""

    @property
    def platform(self) -> str:
        """As `Chat.platform` has it."""
        ...

    @property
    def knows_repeats(self) -> bool:
        """Whether a message that is sent again under its key soon after is there but once."""
        ...

    @property
    def rate_limiter(self) -> RateLimiter:
        """Gives out turns to send; whoever calls `send` or `edit` has taken one."""
        ...

    def direct(self, person: str) -> Chat | None:
        """The chat with one person alone; None when there is none with whoever has that id."""
        ...

    async def send(self, message: Message) -> str:
        """Sends a message, and returns its id.

        Raises:
            DeliveryError: It did not arrive, or that is not known; each kind says what to do.
            PlatformError: The platform lets the bot in no more.
        """
        ...

    async def edit(self, message: Message, shown: str) -> None:
        """Puts something else in the place of the message with the id `shown`; raises as `send`."""
        ...
