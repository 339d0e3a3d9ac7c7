"""Moderation: the chats that somebody may set up, as their platform says at this moment."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.directories import ChatDirectory
from bot.chat.request import Services
from bot.model import Chat, Person


async def managed_chats(
    services: Services, directory: ChatDirectory, platform: str, person: Person
) -> Sequence[Chat]:
    """Returns the chats in which a person may set the bot up; some at most.

    Args:
        services: Know where the person has done something.
        directory: Asks the platform.
        platform: The platform's short name.
        person: The person, as they are known in their private chat.

    Raises:
        StoreError: The store cannot be read.
    """
    known = await services.store.chats.places(platform, person, directory.shared)
    return await directory.managed(person, known)
