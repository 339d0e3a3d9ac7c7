"""What becomes of the bot in its chats: blocked, thrown out, silenced, and let in again."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from datetime import datetime

from telegram import (
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Update,
)
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from adapters.telegram.failures import BLOCKED, REMOVED, SILENCED
from adapters.telegram.people import place_of
from bot.chat.ports import Store
from bot.clock import Clock
from bot.errors import StoreError

log = logging.getLogger(__name__)

_CHATS = 10_000  # of which it is remembered what was heard last


class TelegramMembership:
    """Pauses what a chat follows while the bot cannot write there, and resumes it after that."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._heard: OrderedDict[int, tuple[datetime, int]] = OrderedDict()
        self._turn = asyncio.Lock()

    async def changed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Takes in what has become of the bot in a chat."""
        told = update.my_chat_member
        if told is None:
            return
        word = (told.date, update.update_id)
        if word < self._heard.get(told.chat.id, word):
            return
        self._remember(told.chat.id, word)
        async with self._turn:
            # Updates are handled side by side; of a chat only the last word counts.
            if self._heard.get(told.chat.id, word) == word:
                await self._take_in(told)

    async def _take_in(self, told: ChatMemberUpdated) -> None:
        chat, now = place_of(told.chat), self._clock.now()
        reason = obstacle(told)
        try:
            if reason:
                await self._store.subscriptions.pause(chat, reason, now)
            else:
                await self._store.subscriptions.resume(chat, now)
        except StoreError as error:
            log.error("cannot keep what has become of the bot in a chat: %s", error)  # noqa: TRY400

    def _remember(self, chat: int, word: tuple[datetime, int]) -> None:
        self._heard[chat] = word
        self._heard.move_to_end(chat)
        if len(self._heard) > _CHATS:
            self._heard.popitem(last=False)


def obstacle(told: ChatMemberUpdated) -> str:
    """Why the bot cannot write in a chat, by what it is there now; empty when it can."""
    now, kind = told.new_chat_member, told.chat.type
    if now.status in {ChatMember.LEFT, ChatMember.BANNED}:
        return BLOCKED if kind == ChatType.PRIVATE else REMOVED
    if isinstance(now, ChatMemberRestricted):
        if not now.is_member:
            return REMOVED
        return "" if now.can_send_messages else SILENCED
    if kind == ChatType.CHANNEL:
        is_writer = isinstance(now, ChatMemberAdministrator) and now.can_post_messages
        return "" if is_writer else SILENCED
    return ""
