"""Abilities of Telegram that the server, or the operator's configuration, takes away from chats."""

from __future__ import annotations

from dataclasses import dataclass, replace

from adapters.telegram.ephemeral import EphemeralSender
from adapters.telegram.rich.sending import RichSender
from bot.model import Capability, Chat


@dataclass(frozen=True, slots=True)
class ServerAbilities:
    """Knows what a server lacks, so that no chat is offered a setting that would do nothing.

    Attributes:
        rich: Sends rich messages, if it can.
        ephemeral: Sends what one person alone sees, if it can.
    """

    rich: RichSender
    ephemeral: EphemeralSender

    async def limit(self, chat: Chat) -> Chat:
        """Returns a chat with those of its capabilities that there are here."""
        lacking = Capability(0)
        if not self.rich.is_on:
            lacking |= Capability.RICH_MESSAGES
        if chat.can(Capability.PRIVATE_ANSWERS) and not await self.ephemeral.is_known():
            lacking |= Capability.PRIVATE_ANSWERS
        return replace(chat, capabilities=chat.capabilities & ~lacking)
