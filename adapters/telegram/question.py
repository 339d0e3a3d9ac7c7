"""Questions: what a message asks the bot, and where its answer goes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Message, Update
from telegram.constants import ChatType, MessageEntityType

from adapters.telegram.callback_data import ADMINISTRATORS
from adapters.telegram.ephemeral import ephemeral_id
from adapters.telegram.outgoing import Destination, Receiver
from adapters.telegram.people import topic_of
from adapters.telegram.rich.received import rich_text
from bot.model import Chat, Person
from bot.text.display import shorten

_MAX_QUOTE = 300  # characters of a message that is replied to


@dataclass(frozen=True, slots=True)
class IncomingQuestion:
    """A question to the bot.

    Attributes:
        line: What was asked.
        message: The message that asks it.
        person: Who asked.
        chat: Where.
        receiver: Who alone is to see the answer; None for everybody.
    """

    line: str
    message: Message
    person: Person
    chat: Chat
    receiver: Receiver | None

    @property
    def destination(self) -> Destination:
        """The place that the answer goes to."""
        chat, message = self.chat, self.message
        if chat.rights and chat.rights.missing and message.from_user and not message.sender_chat:
            # Nothing can be said in the chat itself.
            return Destination(message.from_user.id)
        return replace(reply_destination(message), receiver=self.receiver)


def reply_destination(message: Message) -> Destination:
    """Returns where an answer goes: to the same topic and, except in private chats, as a reply.

    An ephemeral message has no id that others know.
    """
    is_private = message.chat.type == ChatType.PRIVATE or ephemeral_id(message) is not None
    return Destination(
        message.chat.id, topic_of(message), None if is_private else message.message_id
    )


def is_shared(message: Message) -> bool:
    """Tells if a message is in a chat of more than one person."""
    return message.chat.type != ChatType.PRIVATE


def asker_of(message: Message) -> int | None:
    """Returns who may press the buttons of an answer; None for everybody, as in private chats."""
    if not is_shared(message):
        return None
    if message.from_user is None or message.sender_chat:
        return ADMINISTRATORS
    return message.from_user.id


def incoming_message(update: Update) -> Message | None:
    """Returns the message of an update if it is to be answered.

    Results of inline mode are not, nor are a channel's posts that Telegram forwarded to its group:
    these are answered in the channel.
    """
    message = update.effective_message
    if message is None or message.is_automatic_forward or message.via_bot:
        return None
    return message


def text_of(message: Message) -> str:
    """Returns the text of a message, or the caption of its picture."""
    return message.text or message.caption or ""


def is_command(message: Message) -> bool:
    """Tells if a message begins with a command."""
    entities = message.entities or message.caption_entities
    return any(e.type == MessageEntityType.BOT_COMMAND and e.offset == 0 for e in entities)


def quoted(message: Message) -> str:
    """Returns the text of the message that is replied to, or the quoted part of it."""
    if message.quote:
        return shorten(message.quote.text, _MAX_QUOTE)
    replied = message.reply_to_message
    # In a forum every message replies to the one that opened its topic.
    if replied is None or replied.forum_topic_created:
        return ""
    return shorten(text_of(replied) or rich_text(replied), _MAX_QUOTE)
