"""Pictures of digests: a weekly one carries what the news was about."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from bot.errors import PictureError, StoreError
from bot.i18n import Translations
from bot.posting.messenger import Message
from bot.posting.model import Post, PostKind
from bot.posting.ports import PostingStore
from bot.reply import Picture
from bot.subscriptions.schedule import Rhythm
from bot.trends.ports import PictureRenderer
from bot.trends.reports import TrendReporter
from bot.trends.theme import LIGHT
from bot.trends.wording import TrendWords

log = logging.getLogger(__name__)

_SCALE = 2.5  # pixels of a unit


@dataclass(slots=True)
class DigestIllustrator:
    """Adds pictures to digests.

    Attributes:
        store: Counts stories.
        words: The bot's own words.
        renderer: Draws; None to add nothing. It may be changed.
    """

    store: PostingStore
    words: Translations
    renderer: PictureRenderer | None = None

    async def illustrate(self, post: Post, message: Message) -> Message:
        """Returns the message of a post, a weekly digest with a picture as far as that can be.

        It is never in the way of the digest: what goes wrong is logged.
        """
        if self.renderer is None or not message.picture or not _is_weekly(post):
            return message
        try:
            picture = await self._picture(post, self.renderer)
        except (PictureError, StoreError) as error:
            log.warning("a digest goes without a picture: %s", error)
            return message
        return replace(message, reply=replace(message.reply, picture=picture))

    async def _picture(self, post: Post, renderer: PictureRenderer) -> Picture | None:
        if post.subscription is None:
            return None
        zone, store = post.subscription.timezone, self.store
        words = TrendWords(self.words)
        report = await TrendReporter(store.trends, store.stories, words, zone, post.made).topics()
        if report is None:
            return None
        content = await renderer.png(report.draw(LIGHT), _SCALE)
        return Picture(content, report.caption.alt, "trends.png")


def _is_weekly(post: Post) -> bool:
    chosen = post.subscription
    is_digest = post.kind is PostKind.DIGEST
    return is_digest and chosen is not None and chosen.when.rhythm is Rhythm.WEEKLY
