"""Icons of sites as emoji of the application, which stand before sources' names.

An application has its own emoji, which work wherever it writes: up to 2,000 of 256 KiB each
(https://docs.discord.com/developers/resources/emoji). Their names say whose icon one is, and made
of which address, so that nothing about them has to be stored.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import discord

from adapters.discord.failures import REQUEST_ERRORS
from adapters.discord.requests import shield_request
from bot.clock import Clock
from bot.ingest.site_icons import SiteIcons
from bot.model import Source
from bot.web.ports import NoPictureError, PictureFetcher

log = logging.getLogger(__name__)

_NAME = re.compile(r"dl_(?P<source>[0-9a-f]{12})_[0-9a-f]{12}")
_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_SETTLE = 5.0  # seconds: at the start many polls end soon after each other
_REPEAT = 3_600.0  # seconds, for what no event tells: sources that are gone
_REST = timedelta(hours=6)  # before an icon is tried again that could not be had
_STAYS = timedelta(days=1)  # at least: some feeds name another address at each poll


def emoji_name(source: str, url: str) -> str:
    """Returns the name of the emoji that is made of a source's icon."""
    return f"dl_{_hash(source)}_{_hash(url)}"


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=6).hexdigest()


@dataclass(slots=True)
class SiteIconSync:
    """Makes emoji of the icons that feeds name, and removes those that no source has any more.

    A failure costs the icon only: the name stands alone then.

    Attributes:
        client: Is logged in.
        icons: The icons' addresses.
        pictures: Fetches them.
        sources: All sources, by id; those with an emoji of their own need no icon.
        mentions: What shows the emoji in a text, by the sources' ids; is kept up to date.
        clock: Tells how old an emoji is.
        settle: Seconds between news of an icon and its upload.
    """

    client: discord.Client
    icons: SiteIcons
    pictures: PictureFetcher
    sources: Mapping[str, Source]
    mentions: dict[str, str]
    clock: Clock
    settle: float = _SETTLE
    _failed: dict[str, datetime] = field(default_factory=dict)

    async def repeat(self) -> None:
        """Keeps the emoji up to date until it is cancelled."""
        while True:
            self.icons.changed.clear()
            try:
                await self.sync()
            except REQUEST_ERRORS as error:
                log.warning("Discord: could not make emoji of sites' icons: %s", error)
            with suppress(TimeoutError):
                async with asyncio.timeout(_REPEAT):
                    await self.icons.changed.wait()
            await asyncio.sleep(self.settle)

    async def sync(self) -> None:
        """Makes what is missing, and removes what is left over.

        Raises:
            HTTPException: Discord does not list the emoji.
        """
        listed = await shield_request(self.client, self.client.fetch_application_emojis())
        own = {one.name: one for one in listed if _NAME.fullmatch(one.name)}
        shown = {id_: found for id_ in self._wanted() if (found := self._known(id_, own))}
        self._show(shown)
        for source, url in self._missing(shown):
            if made := await self._make(source, url):
                shown[source] = made
        self._show(shown)
        kept = {one.name for one in shown.values()}
        await self._remove([one for name, one in own.items() if name not in kept])

    def _wanted(self) -> list[str]:
        """Lists the sources that have an icon, as far as is known, and no emoji of their own."""
        urls = self.icons.urls
        return [id_ for id_, one in self.sources.items() if not one.icon and urls.get(id_) != ""]

    def _known(self, source: str, own: Mapping[str, discord.Emoji]) -> discord.Emoji | None:
        """Returns a source's emoji; that of an earlier icon until there is one of the new."""
        exact = own.get(emoji_name(source, self.icons.urls.get(source, "")))
        earlier = (one for one in own.values() if one.name.startswith(f"dl_{_hash(source)}_"))
        return exact or next(earlier, None)

    def _missing(self, shown: Mapping[str, discord.Emoji]) -> list[tuple[str, str]]:
        """Lists the sources whose icon is to be fetched, with its address."""
        now = self.clock.now()
        self._failed = {name: at for name, at in self._failed.items() if now - at < _REST}
        wanted = [(one, self.icons.urls.get(one, "")) for one in self._wanted()]
        return [(source, url) for source, url in wanted if url and self._is_due(source, url, shown)]

    def _is_due(self, source: str, url: str, shown: Mapping[str, discord.Emoji]) -> bool:
        name, before = emoji_name(source, url), shown.get(source)
        if name in self._failed or (before and before.name == name):
            return False
        return before is None or self.clock.now() - before.created_at >= _STAYS

    def _show(self, shown: Mapping[str, discord.Emoji]) -> None:
        self.mentions.clear()
        self.mentions.update({source: str(emoji) for source, emoji in shown.items()})

    async def _make(self, source: str, url: str) -> discord.Emoji | None:
        name = emoji_name(source, url)
        try:
            image = await self._fetch(url)
            making = self.client.create_application_emoji(name=name, image=image)
            return await shield_request(self.client, making)
        except (NoPictureError, *REQUEST_ERRORS) as error:
            log.info("Discord: no icon for source %s: %s", source, error)
            self._failed[name] = self.clock.now()
            return None

    async def _fetch(self, url: str) -> bytes:
        picture = await self.pictures.fetch(url)
        if picture.type not in _TYPES:
            raise NoPictureError(f"Discord takes no {picture.type}")
        return picture.content

    async def _remove(self, emoji: list[discord.Emoji]) -> None:
        for one in emoji:
            with suppress(discord.NotFound):
                await shield_request(self.client, one.delete())
