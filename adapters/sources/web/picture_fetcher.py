"""Fetches pictures for the website, with the fetcher of feeds and all that it refuses."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from bot.web.ports import FetchedPicture, NoPictureError, PictureFetcher

_MAX_BYTES = 4 << 20
_MAX_ICON = 256 << 10
_TIMEOUT = 8.0  # seconds
_PAUSE = 0.05  # seconds between two pictures of a host, of which a page shows several
ACCEPT_ICON = "image/png,image/webp,image/jpeg,image/gif"
"""The media types of sites' icons."""

_ACCEPT = "image/avif,image/webp,image/jpeg,image/png,image/gif"
_BEGINNINGS: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def picture_politeness(contact: str) -> Politeness:
    """Returns the limits of fetching pictures."""
    return Politeness(contact=contact, max_bytes=_MAX_BYTES, timeout=_TIMEOUT, pause=_PAUSE)


def icon_politeness(contact: str) -> Politeness:
    """Returns the limits of fetching sites' icons, as large as Discord takes them for emoji."""
    return Politeness(contact=contact, max_bytes=_MAX_ICON, timeout=_TIMEOUT)


class WebPictureFetcher(PictureFetcher):
    """Fetches pictures. What is no picture by its own bytes is refused, whatever its host says.

    Args:
        fetcher: Fetches what is on the web.
        accept: The media types that are asked for.
    """

    def __init__(self, fetcher: Fetcher, accept: str = _ACCEPT) -> None:
        self._fetcher = fetcher
        self._accept = accept

    @override
    async def fetch(self, url: str) -> FetchedPicture:
        try:
            page = await self._fetcher.fetch(url, accept=self._accept)
        except FetchError as error:
            raise NoPictureError(str(error)) from error
        kind = picture_type(page.body)
        if not kind:
            raise NoPictureError("no picture")
        return FetchedPicture(page.body, kind)

    @override
    async def aclose(self) -> None:
        await self._fetcher.aclose()


def picture_type(content: bytes) -> str:
    """Returns the media type of a picture, by how it begins; empty for what no page may show.

    Pictures that are drawn by a program, such as SVG, are none that a page may show.
    """
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    return ""
