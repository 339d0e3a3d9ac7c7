"""Messages, and the messengers that send them: posting's port to the platforms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Chat
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Message:
    """A message that a messenger is to send.

    Attributes:
        chat: Where to, with the thread.
        reply: What it says.
        key: The same whenever the same message is sent again, and of no other message.
        silent: True to ring no bell.
        picture: False to leave out pictures and previews.
        role: The platform's id of the role to mention; empty for none.
        threads: True to open a thread below it, where there can be one.
        since: When it was first tried, if it is not known whether it arrived; else None.
    """

    chat: Chat
    reply: Reply
    key: str
    silent: bool = False
    picture: bool = True
    role: str = ""
    threads: bool = False
    since: datetime | None = None


class Messenger(Protocol):
    """Sends posts to the chats of a platform. It tries once; whoever calls it retries."""

    @property
    def platform(self) -> str:
        """The platform's name, as in `Chat.platform`."""
        ...

    @property
    def deduplicates(self) -> bool:
        """True where the platform dedups: a message sent again soon under its key is there once."""
        ...

    @property
    def rate_limiter(self) -> RateLimiter:
        """The rate limiter; whoever calls `send` or `edit` has acquired a turn from it."""
        ...

    def direct(self, person: str) -> Chat | None:
        """Returns the chat with one person alone; None when there is none for that id."""
        ...

    async def send(self, message: Message) -> str:
        """Sends a message, and returns its id.

        Raises:
            DeliveryError: It did not arrive, or that is not known; each kind says what to do.
            PlatformError: The platform no longer lets the bot in.
        """
        ...

    async def edit(self, message: Message, shown: str) -> None:
        """Replaces what the message with the id `shown` says; raises as `send`."""
        ...
