"""Rights of the bot in a chat: what lacks for posts there, by the names of Telegram's settings."""

from __future__ import annotations

import logging
from dataclasses import replace

from telegram import (
    Bot,
    ChatFullInfo,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatPermissions,
)
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from adapters.telegram.failures import TOPIC_CLOSED, classify
from bot.errors import ChatGoneError
from bot.model import BotRights

log = logging.getLogger(__name__)

_POST, _SEND, _PREVIEWS, _TOPICS = (
    "Post Messages",
    "Send Messages",
    "Embed Links",
    "Manage Topics",
)


async def bot_rights(bot: Bot, chat: int, topic: int | None = None) -> BotRights | None:
    """Returns what the bot may do in a chat and a forum topic; None if Telegram does not tell."""
    try:
        rights = await ask_rights(bot, chat)
        if topic and not rights.missing and await _is_closed(bot, chat, topic):
            return replace(rights, missing=(_TOPICS,))
    except TelegramError as error:
        log.warning("cannot ask what the bot may do in chat %d: %s", chat, error.message)
        return None
    return rights


async def ask_rights(bot: Bot, chat: int) -> BotRights:
    """Asks Telegram for what the bot may do in a chat.

    Raises:
        TelegramError: The bot is not in the chat, or Telegram cannot be reached.
    """
    if chat > 0:  # a private chat: this fails where the bot is blocked
        await bot.send_chat_action(chat, ChatAction.TYPING)
        return BotRights()
    full = await bot.get_chat(chat)
    return _rights(full, await bot.get_chat_member(chat, bot.id))


def _rights(chat: ChatFullInfo, me: ChatMember) -> BotRights:
    if chat.type == ChatType.CHANNEL:
        is_writer = isinstance(me, ChatMemberAdministrator) and me.can_post_messages
        return BotRights(() if is_writer else (_POST,))
    if isinstance(me, ChatMemberAdministrator):
        return BotRights()
    granted: ChatMemberRestricted | ChatPermissions | None = chat.permissions
    if isinstance(me, ChatMemberRestricted):
        granted = me
    if me.status in {ChatMember.LEFT, ChatMember.BANNED}:
        return BotRights((_SEND,))
    if granted is None:
        return BotRights()
    return BotRights(
        () if granted.can_send_messages else (_SEND,),
        () if granted.can_add_web_page_previews else (_PREVIEWS,),
    )


async def _is_closed(bot: Bot, chat: int, topic: int) -> bool:
    """Returns True if a forum topic is closed for the bot."""
    try:
        await bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=topic)
    except TelegramError as error:
        reason = classify(error)
        return isinstance(reason, ChatGoneError) and reason.reason == TOPIC_CLOSED
    return False
