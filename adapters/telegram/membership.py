"""Pauses and resumes subscriptions as the bot is blocked, removed, silenced, or let in again."""

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
from adapters.telegram.people import chat_of
from bot.chat.ports import Store
from bot.clock import Clock
from bot.errors import StoreError

log = logging.getLogger(__name__)

_MAX_CHATS = 10_000  # whose last update is remembered


class TelegramMembership:
    """Pauses a chat's subscriptions while the bot cannot write there, then resumes them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._last_updates: OrderedDict[int, tuple[datetime, int]] = OrderedDict()
        self._lock = asyncio.Lock()

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Applies a change of the bot's membership, unless a later one has been received."""
        change = update.my_chat_member
        if change is None:
            return
        version = (change.date, update.update_id)
        if version < self._last_updates.get(change.chat.id, version):
            return
        self._remember(change.chat.id, version)
        async with self._lock:
            # Updates are handled concurrently; of a chat only the last one counts.
            if self._last_updates.get(change.chat.id, version) == version:
                await self._apply(change)

    async def _apply(self, change: ChatMemberUpdated) -> None:
        chat, now = chat_of(change.chat), self._clock.now()
        reason = obstacle(change)
        try:
            if reason:
                await self._store.subscriptions.pause(chat, reason, now)
            else:
                await self._store.subscriptions.resume(chat, now)
        except StoreError as error:
            log.error("could not record the bot's membership in a chat: %s", error)  # noqa: TRY400

    def _remember(self, chat: int, version: tuple[datetime, int]) -> None:
        self._last_updates[chat] = version
        self._last_updates.move_to_end(chat)
        if len(self._last_updates) > _MAX_CHATS:
            self._last_updates.popitem(last=False)


def obstacle(change: ChatMemberUpdated) -> str:
    """Returns why the bot cannot write in a chat, by its new membership; empty if it can."""
    now, kind = change.new_chat_member, change.chat.type
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
