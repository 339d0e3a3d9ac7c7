"""Chat platforms and the store, as conversations need them."""

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
        """As people know it."""
        ...

    async def serve(self) -> None:
        """Answers there until it is cancelled, through whatever comes and goes meanwhile.

        Raises:
            PlatformError: It makes no sense to go on: the token is refused, for example.
        """
        ...


class ChatStore(Protocol):
    """Keeps what chats set and what people were shown. Every method may raise StoreError."""

    async def remember_last_lists(self, lists: Sequence[tuple[Chat, Person, Shown]]) -> None:
        """Remembers what each person was last shown in a chat, in place of what was before.

        What is older than a month may be forgotten.
        """
        ...

    async def last_list(self, chat: Chat, person: Person) -> Shown | None:
        """What this person was last shown in this chat.

        When that is nothing, what anyone was last shown there; None when there is neither.
        """
        ...

    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        """Remembers what buttons ask for, by their tokens; what is older than a year may go."""
        ...

    async def action(self, token: str) -> Action | None:
        """What a token stands for; None for one that is not known."""
        ...

    async def settings(self, chat: Chat) -> Mapping[str, str]:
        """What was set for a chat, by the name of the setting."""
        ...

    async def set_setting(self, chat: Chat, name: str, value: str | None) -> None:
        """Sets something for a chat; None takes back what was set."""
        ...

    async def move(self, old: Chat, new: Chat) -> None:
        """Gives a chat that goes on under another id all that was kept for it."""
        ...

    async def note(self, name: str) -> str:
        """What an adapter noted under a name for its next start; an empty text for nothing."""
        ...

    async def set_note(self, name: str, value: str) -> None:
        """Notes something in place of what was noted before."""
        ...

    async def last_catchup(self, platform: str, person: Person) -> datetime | None:
        """When somebody last looked at what is new to them; None for never."""
        ...

    async def remember_catchup(self, platform: str, person: Person, at: datetime) -> None:
        """Remembers that somebody looked; an earlier look than the last changes nothing."""
        ...


class Store(PollerStore, PostingStore, Protocol):
    """Keeps everything: the sum of what each package needs.

    Any method of any part may raise StoreError. Every write is whole or absent, whatever happens to
    the process. Reads see only whole writes, and never wait for one. Methods may be called at once
    from any number of tasks of one event loop.
    """

    @property
    def search(self) -> SearchStore:
        """Finds stories by words."""
        ...

    @property
    def chats(self) -> ChatStore:
        """Keeps what chats set and what people were shown."""
        ...

    async def check(self) -> Sequence[str]:
        """Looks through everything for damage; one line for each thing found, none when whole."""
        ...

    async def aclose(self) -> None:
        """Lets go of every resource; closing twice is harmless, any other call is an error."""
        ...
