"""Icons of sites: the pictures that feeds name for themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import MappingProxyType


class SiteIcons:
    """The icons' addresses, by the ids of the sources, as their last polls said.

    Attributes:
        changed: Is set when an address is new or another; whoever heeds it clears it.
    """

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self._urls: dict[str, str] = {}

    @property
    def urls(self) -> Mapping[str, str]:
        """The addresses of the sources that were polled; empty ones of those without an icon."""
        return MappingProxyType(self._urls)

    def note(self, source: str, url: str) -> None:
        """Notes the address that a source's feed names; an empty one if it names none."""
        if self._urls.get(source) != url:
            self._urls[source] = url
            self.changed.set()
