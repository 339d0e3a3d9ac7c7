"""Private answers: whose eyes an answer in a group is for, and what they were asked in one."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from telegram import Message

from adapters.telegram.ephemeral import EphemeralSender, ephemeral_id
from adapters.telegram.outgoing import Receiver
from adapters.telegram.people import GROUPS, TelegramPeople, chat_of_message
from bot.chat.settings import ANSWERS, ChatSettings
from bot.errors import StoreError
from bot.model import Chat
from bot.reply import Prompt

_REMEMBERED = 1_000  # questions for words that are not answered yet


@dataclass(frozen=True, slots=True)
class PrivateAnswers:
    """Decides who alone sees an answer in a group.

    Attributes:
        ephemeral: Sends what one person alone sees.
        people: Knows if the bot is an administrator: others may only answer what is ephemeral.
        settings: The settings of chats.
    """

    ephemeral: EphemeralSender
    people: TelegramPeople
    settings: ChatSettings

    async def receiver(self, message: Message, *, discreet: bool) -> Receiver | None:
        """Returns who alone is to see the answer to a message; None for everybody.

        What was asked in an ephemeral message is answered in one.

        Args:
            message: The message that asks.
            discreet: True if the answer is nobody else's business, whatever the chat's settings.
        """
        asked = ephemeral_id(message)
        if not is_personal(message):
            return None
        if asked is None and not (discreet or await self.is_wanted(chat_of_message(message))):
            return None
        if not await self.ephemeral.is_known():
            return None
        if asked is None and not await self.people.is_administrator(message.chat.id):
            return None
        return Receiver(message.from_user.id, answers=asked) if message.from_user else None

    async def is_wanted(self, chat: Chat) -> bool:
        """Tells if a chat's answers are for the person who asks; not if that cannot be read."""
        try:
            return await self.settings.get(chat.settings, ANSWERS) == "private"
        except StoreError:
            return False


def is_personal(message: Message) -> bool:
    """Tells if a message was written in a group by a person under their own name."""
    return (
        message.chat.type in GROUPS
        and message.sender_chat is None
        and message.from_user is not None
        and not message.from_user.is_bot
    )


class AskedInPrivate:
    """Remembers the questions for words in ephemeral messages.

    A reply to one may come without it (https://core.telegram.org/bots/api#message); and it is gone
    as soon as the app is closed, so nothing is lost when the process ends.
    """

    def __init__(self) -> None:
        self._prompts: OrderedDict[tuple[int, int], Prompt] = OrderedDict()

    def remember(self, chat: int, user: int, prompt: Prompt | None) -> None:
        """Remembers what somebody was asked last; None for nothing."""
        self._prompts.pop((chat, user), None)
        if prompt is not None:
            self._prompts[chat, user] = prompt
            if len(self._prompts) > _REMEMBERED:
                self._prompts.popitem(last=False)

    def prompt(self, message: Message) -> Prompt | None:
        """Returns the question that an ephemeral message answers; None for others."""
        if ephemeral_id(message) is None or message.from_user is None:
            return None
        return self._prompts.get((message.chat.id, message.from_user.id))
