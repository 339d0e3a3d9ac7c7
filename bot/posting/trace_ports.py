"""Port of traces: what the store knows of a story's way into a chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Chat
from bot.posting.model import Post
from bot.subscriptions.model import Subscription


@dataclass(frozen=True, slots=True)
class StoryCopy:
    """A story as a source gives it that is not its first.

    Attributes:
        source: The source's id.
        title: The title that it has there.
        url: Its page there; empty for none.
        seen: When the source first gave it; None where that is not known.
    """

    source: str
    title: str
    url: str
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class PastSubscription:
    """A subscription, or what was one.

    Attributes:
        subscription: The subscription as it is, or as it last was.
        ended_at: When it ended; None where it goes on.
    """

    subscription: Subscription
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TracedPost:
    """A story's post in a chat, with what is told of it afterwards.

    Attributes:
        post: The post; see `Outbox.of_story`.
        holdups: What held it up before, in the order in which it came, each one line of English.
        leader: The id of the story whose post names this one's source, instead of a post of its
            own; empty for none.
        edited_at: When the message that shows it was last edited; None for never.
    """

    post: Post
    holdups: tuple[str, ...] = ()
    leader: str = ""
    edited_at: datetime | None = None


class TraceStore(Protocol):
    """Knows the ways of stories. Every method may raise StoreError."""

    async def copies(self, story: str) -> Sequence[StoryCopy]:
        """Returns what other sources give of a story, in the order in which they first gave it."""
        ...

    async def at_page(self, url: str) -> Sequence[str]:
        """Returns the ids of stories at a page, the newest first; a few at most."""
        ...

    async def subscriptions(self, chat: Chat) -> Sequence[PastSubscription]:
        """Returns what a chat follows or followed in the last month, in the order of the ids."""
        ...

    async def post(self, chat: Chat, story: str) -> TracedPost | None:
        """Returns a story's post in a chat; None when there is none."""
        ...
