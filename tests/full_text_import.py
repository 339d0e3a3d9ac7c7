"""Makes a source of whole stories where a library is missing; run as a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

from newsdesk import WIRE
from stories import HandClock

from adapters.sources.feed.factory import open_feed_sources
from bot.config.schema import FeedsConfig
from bot.errors import ConfigError


class Missing:
    """Finds one module nowhere, as if it had never been installed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == self._name:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


async def _make() -> None:
    async with open_feed_sources(FeedsConfig(), HandClock()) as feeds:
        try:
            feeds.web_feed(WIRE, "https://news.example/", full_text=True)
        except ConfigError as error:
            sys.stdout.write(str(error))


sys.meta_path.insert(0, Missing(sys.argv[1]))
asyncio.run(_make())
