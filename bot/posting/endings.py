"""Endings: where nothing can be posted any more, subscriptions are paused and owners notified."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import ChatGoneError
from bot.i18n import N_, tell_in
from bot.model import Chat
from bot.posting.digest import DisplayNames
from bot.posting.languages import LanguageOf
from bot.posting.ports import PostingStore
from bot.subscriptions.model import Subscription, TargetKind
from bot.text.display import add_quotes

log = logging.getLogger(__name__)

_NAMED = 10  # of the things that were followed

STOPPED = N_("Posting has stopped in {place}: {reason}.")
STOPPED_SOMEWHERE = N_("Posting has stopped in a chat: {reason}.")
FOLLOWED = N_("What was followed there: {things}.")


@dataclass(frozen=True, slots=True)
class EndingNotifier:
    """Pauses subscriptions whose chats are gone, and notifies those who subscribed.

    Attributes:
        store: Keeps subscriptions, and the notices in the outbox.
        clock: Tells the time.
        names: Display names of sources, and the bot's own words.
        direct: Returns the chat with one person alone; None for none.
        language_of: Returns the language of such a chat; None where all speak the bot's own.
    """

    store: PostingStore
    clock: Clock
    names: DisplayNames
    direct: Callable[[str], Chat | None]
    language_of: LanguageOf | None = None

    async def pause(self, chat: Chat, gone: ChatGoneError, witness: str = "") -> int:
        """Pauses what a chat (or a server's channels, or only a thread) follows, and notifies.

        Args:
            chat: The chat, or the server.
            gone: Why nothing can be posted there, and what can be done.
            witness: The id of the person who made it so; notified if no owner can be.

        Returns:
            How many subscriptions were not paused before.

        Raises:
            StoreError: The store cannot be written.
        """
        subscriptions, now = self.store.subscriptions, self.clock.now()
        pause = subscriptions.pause_thread if gone.thread_only else subscriptions.pause
        paused = await pause(chat, str(gone), now)
        for one in paused:
            log.warning("no longer posting %s in %s: %s", one.what, one.chat.id, gone)
        reached = False
        for owner in dict.fromkeys(one.owner for one in paused):
            own = [one for one in paused if one.owner == owner]
            reached = await self._notify(owner, own, gone) or reached
        if paused and not reached:
            await self._notify(witness, paused, gone)
        return len(paused)

    async def _notify(
        self, person: str, paused: Sequence[Subscription], gone: ChatGoneError
    ) -> bool:
        """Puts one notice into the outbox; returns False if the person has no chat for it."""
        chat = self.direct(person)
        if chat is None:
            return False
        if all(one.chat != chat for one in paused):  # else they know: it is their own chat
            words = await self.language_of(chat) if self.language_of else self.names.words
            text = tell_in(words, lambda: self._text(paused, gone))
            await self.store.outbox.notify(paused[0], text, chat, self.clock.now())
        return True

    def _text(self, paused: Sequence[Subscription], gone: ChatGoneError) -> str:
        _ = self.names.words.gettext
        place = gone.place or next((one.place for one in paused if one.place), "")
        template = _(STOPPED) if place else _(STOPPED_SOMEWHERE)
        stopped = template.format(place=add_quotes(place), reason=_(gone.reason).rstrip("."))
        things = list(dict.fromkeys(map(self._target_name, paused)))
        named = self.names.words.join(things[:_NAMED]) + ("…" if len(things) > _NAMED else "")
        followed = _(FOLLOWED).format(things=named)
        first = self.names.words.join_sentences(stopped, followed)
        texts = (first, gone.remedy and _(gone.remedy))
        return "\n\n".join(filter(None, texts))

    def _target_name(self, one: Subscription) -> str:
        if one.kind is TargetKind.EVERYTHING:
            return self.names.words.gettext("everything")
        if one.kind is TargetKind.SOURCE:
            return self.names.source(one.what)
        return one.what if one.kind is TargetKind.TOPIC else add_quotes(one.what)
