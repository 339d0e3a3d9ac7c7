"""Pauses and resumes subscriptions as the bot is blocked, removed, silenced, or let in again."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Container
from datetime import datetime

from telegram import (
    Bot,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Update,
)
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from adapters.telegram.failures import BLOCKED, REMOVED, SILENCED, chat_gone
from adapters.telegram.people import PLATFORM, chat_of, private_chat
from adapters.telegram.rights import ask_rights
from bot.chat.ports import Store
from bot.clock import Clock
from bot.errors import StoreError
from bot.model import Chat
from bot.posting.digest import DisplayNames
from bot.posting.endings import EndingNotifier
from bot.posting.languages import LanguageOf

log = logging.getLogger(__name__)

_MAX_CHATS = 10_000  # whose last update is remembered
_RESUME_INTERVAL = 3_600.0  # seconds between two rounds of asking which chats are back
_RESUME_PACE = 0.5  # seconds between two chats
_PASSING = frozenset({BLOCKED, REMOVED, SILENCED})


class TelegramMembership:
    """Pauses a chat's subscriptions while the bot cannot write there, then resumes them.

    Those who subscribed are notified of a pause or, if none of them can be, whoever caused it.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        names: DisplayNames,
        language_of: LanguageOf | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._endings = EndingNotifier(store, clock, names, private_chat, language_of)
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

    async def keep_resuming(self, bot: Bot) -> None:
        """Resumes what can be posted again: at once, and then every hour, until it is cancelled.

        Telegram forgets what happened while the bot did not run for a day, and never tells when a
        group lets everybody write again.
        """
        reasons = _PASSING
        while True:
            try:
                await self.resume_reachable(bot, reasons)
                reasons = frozenset({SILENCED})
            except StoreError as error:
                log.warning("cannot tell what is paused: %s", error)
            except Exception:
                log.exception("cannot find out which chats can be posted to again")
            await asyncio.sleep(_RESUME_INTERVAL)

    async def resume_reachable(self, bot: Bot, reasons: Container[str]) -> None:
        """Asks Telegram if the bot has its rights again in chats that are paused for some reasons.

        Raises:
            StoreError: The store cannot be read or written.
        """
        paused = await self._store.subscriptions.paused(PLATFORM)
        chats = dict.fromkeys(one.chat for one in paused if one.paused in reasons)
        for chat in chats:
            if await _is_reachable(bot, chat):
                count = await self._store.subscriptions.resume(chat, self._clock.now())
                log.info("subscriptions that go on in chat %s: %d", chat.id, count)
            await asyncio.sleep(_RESUME_PACE)

    async def _apply(self, change: ChatMemberUpdated) -> None:
        chat, now = chat_of(change.chat), self._clock.now()
        reason = obstacle(change)
        try:
            await self._note_place(change, chat, now)
            if reason:
                gone = chat_gone(reason, chat.name)
                await self._endings.pause(chat, gone, witness=str(change.from_user.id))
            else:
                await self._store.subscriptions.resume(chat, now)
        except StoreError as error:
            log.error("could not record the bot's membership in a chat: %s", error)  # noqa: TRY400

    async def _note_place(self, change: ChatMemberUpdated, chat: Chat, now: datetime) -> None:
        """Keeps in which shared chats the bot is: Telegram has no list of them."""
        if change.chat.type == ChatType.PRIVATE:
            return
        if obstacle(change) == REMOVED:
            await self._store.chats.forget_place(chat)
        else:
            await self._store.chats.remember_place(chat, now)

    def _remember(self, chat: int, version: tuple[datetime, int]) -> None:
        self._last_updates[chat] = version
        self._last_updates.move_to_end(chat)
        if len(self._last_updates) > _MAX_CHATS:
            self._last_updates.popitem(last=False)


async def _is_reachable(bot: Bot, chat: Chat) -> bool:
    try:
        rights = await ask_rights(bot, int(chat.id))
    except TelegramError:
        return False
    return not rights.missing


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
