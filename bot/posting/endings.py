"""Endings: what a chat follows is paused when it is gone, and whoever subscribed is told once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.errors import ChatGoneError
from bot.i18n import N_
from bot.model import Chat
from bot.posting.digest import DisplayNames
from bot.posting.model import Notice
from bot.posting.ports import PostingStore
from bot.subscriptions.model import Subscription

log = logging.getLogger(__name__)

_NAMED = 10  # things in one notice; of more it says how many

ENDED = N_("Posting has stopped in {chat}: {reason}.")
_FOLLOWED = N_("Followed there at your wish: {what}.")
_WAITS = N_("What is new waits for a week.")
_RESUME = N_("When that is mended, press Resume.")


class EndingNotifier:
    """Pauses what chats follow that are gone, and notifies those who subscribed."""

    def __init__(self, store: PostingStore, names: DisplayNames) -> None:
        self._store = store
        self._names = names

    async def pause(
        self,
        chat: Chat,
        error: ChatGoneError,
        now: datetime,
        direct: Callable[[str], Chat | None],
    ) -> Sequence[Subscription]:
        """Pauses a chat, a server with its channels, or one thread; returns what was not paused.

        Each ending is told once, in one message to each person, in private.

        Args:
            chat: What is gone.
            error: Tells how: the reason, the chat's name, a remedy.
            now: The time.
            direct: Returns the chat with one person alone; see `Messenger.direct`.

        Raises:
            StoreError: The store cannot be written.
        """
        reason = str(error)
        paused = await self._store.subscriptions.pause(
            chat, reason, now, thread_only=error.thread_only
        )
        if paused:
            log.warning(
                "%s: posting is paused in %s (subscriptions: %d): %s",
                *(chat.platform, error.chat_name or chat.id, len(paused), reason),
            )
        for owner in dict.fromkeys(one.owner for one in paused):
            theirs = [one for one in paused if one.owner == owner]
            to = direct(owner)
            if to is not None and to not in {one.chat for one in theirs}:
                notice = Notice(self._text(theirs, error), error.resumable)
                await self._store.outbox.notify(theirs[0], notice, to, now)
        return paused

    def _text(self, paused: Sequence[Subscription], error: ChatGoneError) -> str:
        _ = self._names.words.gettext
        what = [self._names.target(one) for one in paused[:_NAMED]]
        more = len(paused) - len(what)
        listed = ", ".join([*what, f"+{more}"] if more else what)
        sentences = [
            _(ENDED).format(chat=error.chat_name or _("a chat"), reason=str(error).rstrip(".")),
            _(_FOLLOWED).format(what=listed),
            error.remedy,
            _(_WAITS),
            _(_RESUME) if error.resumable else "",
        ]
        return " ".join(filter(None, sentences))
