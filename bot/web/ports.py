"""Ports of the website: what it needs of the outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import DatelineError


class NoPictureError(DatelineError):
    """A picture cannot be had, or is none that a page may show."""


@dataclass(frozen=True, slots=True)
class FetchedPicture:
    """A picture from elsewhere.

    Attributes:
        content: Its bytes.
        type: Its media type, found in the bytes.
    """

    content: bytes = field(repr=False)
    type: str


class PictureFetcher(Protocol):
    """Fetches pictures of stories, never from a private address."""

    async def fetch(self, url: str) -> FetchedPicture:
        """Fetches a picture.

        Raises:
            NoPictureError: It cannot be fetched, is too large, or no picture.
        """
        ...

    async def aclose(self) -> None:
        """Ends every connection; closing twice is harmless."""
        ...


class HubPublisher(Protocol):
    """Tells a hub of feeds that have something new."""

    async def publish(self, feeds: Sequence[str]) -> None:
        """Tells it of feeds, by their addresses.

        Raises:
            HubError: It could not be told.
        """
        ...

    async def aclose(self) -> None:
        """Ends every connection; closing twice is harmless."""
        ...
