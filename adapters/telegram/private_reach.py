"""Reach: who has started the bot, and can be answered in their private chat with it.

Telegram lets no bot write first (https://core.telegram.org/bots#how-are-bots-different-from-users).
"""

from __future__ import annotations

import logging
from collections import OrderedDict

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.clock import Clock
from bot.model import Person

log = logging.getLogger(__name__)

_KNOWN_FOR = 600.0  # seconds
_REMEMBERED = 5_000  # people


class PrivateReach:
    """Finds out who can be written to in private, and remembers it for some minutes."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    async def can_reach(self, person: Person) -> bool:
        """Tells whether a person can be written to; shows them that the bot is typing, if so."""
        if not person.id.isdecimal():
            return False  # a channel, or an administrator who stays anonymous
        now = self._clock.monotonic()
        until, reached = self._known.get(person.id, (now, False))
        if until <= now:
            reached = await self._try(int(person.id))
            self.remember(person, reached=reached)
        return reached

    def remember(self, person: Person, *, reached: bool) -> None:
        """Remembers whether somebody was reached; whoever writes in private is."""
        self._known.pop(person.id, None)
        self._known[person.id] = (self._clock.monotonic() + _KNOWN_FOR, reached)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    async def _try(self, user: int) -> bool:
        # No message: whoever has not started the bot, or has blocked it, cannot see this either.
        try:
            await self._bot.send_chat_action(user, ChatAction.TYPING)
        except TelegramError as error:
            log.debug("%d cannot be answered in private: %s", user, error.message)
            return False
        return True
