"""The pictures of stories, which readers get through the site: no other host hears of them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from adapters.web.content import Content, NotFoundError
from adapters.web.documents import web_address
from adapters.web.render import View
from adapters.web.response_cache import CachedResponse, as_cached
from bot.web.ports import NoPictureError, PictureFetcher

_MOST_BYTES = 32 << 20
_AT_ONCE = 4
_DAY = 86_400  # seconds
_NOT_AGAIN_FOR = 600.0  # seconds, after which a picture that could not be had is tried again
_MOST_MISSING = 2_000
_GUARD = {"Content-Security-Policy": "default-src 'none'; sandbox", "Content-Disposition": "inline"}


class PictureProxy:
    """Fetches pictures, a few at once, and keeps those that were asked for last."""

    def __init__(self, fetcher: PictureFetcher) -> None:
        self._fetcher = fetcher
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._kept: OrderedDict[str, CachedResponse] = OrderedDict()
        self._missing: OrderedDict[str, float] = OrderedDict()
        self._bytes = 0

    async def picture(self, view: View) -> CachedResponse:
        """Answers with the picture of a story, dated from when it was fetched.

        Raises:
            NotFoundError: There is none, or it cannot be had.
        """
        story = await view.site.one(view.asked.parts["story"])
        url = web_address(story.image) if story else ""
        if not url or self._is_missing(url):
            raise NotFoundError
        try:
            return self._known(url) or await self._fetch(view, url)
        except NoPictureError:
            self._note_missing(url)
            raise NotFoundError from None

    async def aclose(self) -> None:
        """Ends every connection; closing twice is harmless."""
        await self._fetcher.aclose()

    async def _fetch(self, view: View, url: str) -> CachedResponse:
        async with self._slots:
            known = self._known(url)  # others may have asked for the same
            if known is not None:
                return known
            picture = await self._fetcher.fetch(url)
        content = Content(picture.content, picture.type, max_age=_DAY, headers=_GUARD)
        return self._keep(url, as_cached(content, view.site.services.clock.now()))

    def _known(self, url: str) -> CachedResponse | None:
        known = self._kept.get(url)
        if known is not None:
            self._kept.move_to_end(url)
        return known

    def _keep(self, url: str, made: CachedResponse) -> CachedResponse:
        before = self._kept.pop(url, None)
        self._bytes += made.size - (before.size if before else 0)
        self._kept[url] = made
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size
        return made

    def _is_missing(self, url: str) -> bool:
        since = self._missing.get(url)
        return since is not None and _now() - since < _NOT_AGAIN_FOR

    def _note_missing(self, url: str) -> None:
        self._missing[url] = _now()
        if len(self._missing) > _MOST_MISSING:
            self._missing.popitem(last=False)


def _now() -> float:
    return asyncio.get_running_loop().time()
