"""Ports of conversations: the chat platforms, and the store of chats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.ingest.ports import PollerStore
from bot.model import Action, Chat, Person, Shown
from bot.posting.ports import PostingStore
from bot.search.ports import SearchStore


class Platform(Protocol):
    """A chat platform that the bot is on."""

    @property
    def name(self) -> str:
        """The name that people know it by."""
        ...

    async def serve(self) -> None:
        """Answers there until it is cancelled, through whatever comes and goes meanwhile.

        Raises:
            PlatformError: It makes no sense to go on: the token is refused, for example.
        """
        ...


class ChatStore(Protocol):
    """Store of settings, last lists, buttons and notes. Every method may raise StoreError."""

    async def remember_last_lists(self, lists: Sequence[tuple[Chat, Person, Shown]]) -> None:
        """Stores the list that each person was last shown in a chat, replacing the one before.

        What is older than a month may be forgotten.
        """
        ...

    async def last_list(self, chat: Chat, person: Person) -> Shown | None:
        """Returns the list that this person was last shown in this chat.

        When that is nothing, what anyone was last shown there; None when there is neither.
        """
        ...

    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        """Stores the actions of buttons by their tokens; what is older than a year may go."""
        ...

    async def action(self, token: str) -> Action | None:
        """Returns the action of a token; None for one that is not known."""
        ...

    async def settings(self, chat: Chat) -> Mapping[str, str]:
        """Returns the settings of a chat that differ from the default, by name."""
        ...

    async def set_setting(self, chat: Chat, name: str, value: str | None) -> None:
        """Changes a setting of a chat; None restores the default."""
        ...

    async def move(self, old: Chat, new: Chat) -> None:
        """Moves all that is stored for a chat to its new id."""
        ...

    async def note(self, name: str) -> str:
        """Returns what an adapter noted under a name; an empty text for nothing."""
        ...

    async def set_note(self, name: str, value: str) -> None:
        """Stores a note for an adapter's next start, replacing the one before."""
        ...

    async def last_catchup(self, platform: str, person: Person) -> datetime | None:
        """Returns the time of a person's last catchup; None for never."""
        ...

    async def remember_catchup(self, platform: str, person: Person, at: datetime) -> None:
        """Stores the time of a person's catchup; one before the last changes nothing."""
        ...


class Store(PollerStore, PostingStore, Protocol):
    """The whole store: the sum of what each package needs.

    Any method of any part may raise StoreError. Every write is whole or absent, whatever happens to
    the process. Reads see only whole writes, and never wait for one. Methods may be called at once
    from any number of tasks of one event loop.
    """

    @property
    def search(self) -> SearchStore:
        """The search index."""
        ...

    @property
    def chats(self) -> ChatStore:
        """The store of settings, last lists, buttons and notes."""
        ...

    async def check(self) -> Sequence[str]:
        """Checks everything for damage; a line for each problem, none when it is whole."""
        ...

    async def aclose(self) -> None:
        """Closes every resource; closing twice is harmless, any other call is an error."""
        ...
