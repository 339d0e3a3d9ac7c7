"""Admission of due posts: what may be sent now, and what waits, until when and for what."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.posting.bursts import CROWDED, BurstLimiter, Pile
from bot.posting.context import DeliveryContext
from bot.posting.model import Outcome, Post, PostKind, Retry
from bot.posting.policy import OLD, admit, is_put_off, must_go_alone, start_of_day
from bot.posting.router import SOON, fresh_since


class PostAdmission:
    """Admits due posts by quiet hours, posts a day, the age of stories, and bursts."""

    def __init__(self, context: DeliveryContext, bursts: BurstLimiter) -> None:
        self._context = context
        self._bursts = bursts
        self._outbox = context.store.outbox

    async def admit(self, post: Post) -> bool:
        """Returns whether a post may be sent now; if not, has marked until when it waits.

        Raises:
            StoreError: The store cannot be used; nothing was marked.
        """
        now = self._context.clock.now()
        outcome = admit(post, now, await self._count_sent_today(post, now))
        if outcome is not None:
            return await self._hold_back(outcome, now)
        if post.kind is not PostKind.STORY:
            return True
        return not await self._put_off(post, now) and await self._fits_burst(post, now)

    async def _hold_back(self, outcome: Outcome, now: datetime) -> bool:
        await self._outbox.mark([outcome], now)
        return False

    async def _count_sent_today(self, post: Post, now: datetime) -> int:
        """Counts the stories that its subscription has posted in its day, each by itself."""
        chosen = post.subscription
        if chosen is None or not chosen.most:
            return 0
        began = start_of_day(now, chosen.timezone)
        return await self._outbox.count_sent_since(chosen.id, began)

    async def _put_off(self, post: Post, now: datetime) -> bool:
        """Puts off everything that is too old to go by itself, if this post is."""
        late = self._context.flood_limits.late
        stories = await self._context.store.stories.by_ids(post.stories)
        if not any(is_put_off(post, story, now, late) for story in stories):
            return False
        platform = post.chat.platform
        await self._outbox.put_off(platform, fresh_since(now, late), now + SOON, OLD)
        return True

    async def _fits_burst(self, post: Post, now: datetime) -> bool:
        """Returns whether a story still goes by itself; has piled up what exceeds the burst."""
        if not self._bursts.knows(post.chat):
            since = self._bursts.window_start()
            sent = await self._outbox.singles_since(post.chat, since)
            in_doubt = await self._outbox.count_in_doubt(post.chat)
            self._bursts.restore(post.chat, sent, in_doubt)
        if must_go_alone(post):
            wait = timedelta(seconds=self._bursts.wait(post.chat))
            if wait:
                return await self._hold_back(Retry(post.id, now + wait, CROWDED), now)
            return True
        free, pile = self._bursts.free(post.chat), self._bursts.pile(post.chat)
        at = pile.digest_at if pile else now + SOON
        after = pile.first if pile else None
        first = await self._outbox.pile_up(post.chat, free, at, CROWDED, after=after)
        if first is None:
            return True
        self._bursts.start_pile(post.chat, Pile(first, at))
        return post.id < first
