"""The pictures of stories, which readers get through the site: no other host hears of them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from adapters.web.content import Content, NotFoundError
from adapters.web.documents import web_address
from adapters.web.render import View
from bot.web.ports import FetchedPicture, NoPictureError, PictureFetcher

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
        self._kept: OrderedDict[str, FetchedPicture] = OrderedDict()
        self._missing: OrderedDict[str, float] = OrderedDict()
        self._bytes = 0

    async def picture(self, view: View) -> Content:
        """Answers with the picture of a story.

        Raises:
            NotFoundError: There is none, or it cannot be had.
        """
        story = await view.site.one(view.asked.parts["story"])
        url = web_address(story.image) if story else ""
        if not url or self._is_missing(url):
            raise NotFoundError
        try:
            picture = self._kept.get(url) or await self._fetch(url)
        except NoPictureError:
            self._note_missing(url)
            raise NotFoundError from None
        return Content(picture.content, picture.type, max_age=_DAY, headers=_GUARD)

    async def aclose(self) -> None:
        """Ends every connection; closing twice is harmless."""
        await self._fetcher.aclose()

    async def _fetch(self, url: str) -> FetchedPicture:
        async with self._slots:
            picture = self._kept.get(url) or await self._fetcher.fetch(url)
        if url not in self._kept:
            self._bytes += len(picture.content)
            self._kept[url] = picture
        self._kept.move_to_end(url)
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.content)
        return picture

    def _is_missing(self, url: str) -> bool:
        since = self._missing.get(url)
        return since is not None and _now() - since < _NOT_AGAIN_FOR

    def _note_missing(self, url: str) -> None:
        self._missing[url] = _now()
        if len(self._missing) > _MOST_MISSING:
            self._missing.popitem(last=False)


def _now() -> float:
    return asyncio.get_running_loop().time()
