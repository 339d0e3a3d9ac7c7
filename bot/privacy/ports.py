"""Port of privacy: what is kept about a person; a part of the store counts and deletes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Chat, Person


@dataclass(frozen=True, slots=True)
class KeptAboutPerson:
    """Counts of what is kept about a person on a platform.

    Attributes:
        lists: The chats in which it is known which list they were last shown.
        catchup: When they last asked for what is new; None for never.
        owned: What was followed, in any chat, because they asked for it.
        settings: What their private chat has set.
        subscriptions: What their private chat follows.
        posts: Posts to their private chat that are kept.
        changes: What they have changed as a moderator, by their name.
        sources: Sources that they added or paused, by their name.
        sessions: Sessions of theirs at the desk on the web, and links to it.
        tokens: Tokens of the API that let programs in as them.
    """

    lists: int = 0
    catchup: datetime | None = None
    owned: int = 0
    settings: int = 0
    subscriptions: int = 0
    posts: int = 0
    changes: int = 0
    sources: int = 0
    sessions: int = 0
    tokens: int = 0

    @property
    def anything(self) -> bool:
        """True when anything is kept."""
        return self != KeptAboutPerson()


class PrivacyStore(Protocol):
    """Knows and deletes what is kept about people. Every method may raise StoreError."""

    async def kept(self, platform: str, person: Person, own: Chat | None) -> KeptAboutPerson:
        """Returns what is kept about a person.

        Args:
            platform: The platform.
            person: The person.
            own: Their private chat; None where that is not known.
        """
        ...

    async def forget(self, platform: str, person: Person, own: Chat | None, now: datetime) -> None:
        """Deletes all that `kept` counts, in one transaction.

        What other chats follow because the person asked goes on, what they have changed there stays
        listed, and sources that they added or paused stay so; nobody knows then who it was.
        """
        ...
