"""Directories of chats: what platforms know of the chats that the bot is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.model import Chat, Person


class ChatDirectory(Protocol):
    """The chats of one platform. Whoever asks is looked up there each time."""

    @property
    def shared(self) -> str:
        """A pattern (with `*`) of the ids that chats have which are no private ones."""
        ...

    async def managed(self, person: Person, known: Sequence[Chat]) -> Sequence[Chat]:
        """Returns the chats in which a person may set the bot up, with their names; some at most.

        Args:
            person: The person, as they are known in their private chat.
            known: Chats that the store knows of, the person's own first.
        """
        ...

    async def find(self, id: str, person: Person) -> tuple[Person, Chat]:  # noqa: A002 - as in Chat
        """Returns a person as who they are in a chat, and the chat, with the bot's rights there.

        Args:
            id: The chat's id.
            person: The person, as they are known in their private chat.

        Raises:
            NotAllowedError: They may not set the bot up there.
            ReaderError: The bot is not there.
        """
        ...

    def in_private(self, person: Person) -> Person:
        """Returns a person as who they are in their private chat, by the staff of this moment."""
        ...

    def message_link(self, chat: Chat, message: str) -> str:
        """Returns the address of a message that was posted; empty where messages have none.

        Args:
            chat: The chat that it is in.
            message: Its id, as a messenger returned it.
        """
        ...


class ChatDirectories:
    """The directories of all platforms that are being served."""

    def __init__(self) -> None:
        self._by_platform: dict[str, ChatDirectory] = {}

    def register(self, platform: str, directory: ChatDirectory) -> None:
        """Takes a platform's directory, in place of the one that it had before."""
        self._by_platform[platform] = directory

    def get(self, platform: str) -> ChatDirectory | None:
        """Returns the directory of a platform; None for one that has none."""
        return self._by_platform.get(platform)

    def message_link(self, chat: Chat, message: str) -> str:
        """Returns the address of a message that was posted; empty where messages have none."""
        directory = self.get(chat.platform)
        return directory.message_link(chat, message) if directory and message else ""
