"""A reply as a message of Discord's, and the language and time zone that it is rendered in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import discord
from discord import ui

from adapters.discord.layout import (
    MAX_DESCRIPTION,
    LayoutBlock,
    LayoutContainer,
    block_texts,
    make_view,
    without_addresses,
    without_pictures,
)
from bot.i18n import Translations
from bot.reply import Card, LocalClock, Picture, Upload
from bot.text.colours import stable_colour


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The language and the time zone that replies are rendered in.

    Attributes:
        words: The bot's own words.
        zone: The time zone of the dates shown.
        command_ids: Discord's ids of the commands, by name; filled when they are known.
        colours: The colours of sources, by id, as the operator chose them.
        icons: Mentions of the emoji that are made of sites' icons, by the sources' ids.
    """

    words: Translations
    zone: ZoneInfo
    command_ids: dict[str, int] = field(default_factory=dict)
    colours: Mapping[str, int | None] = field(default_factory=dict)
    icons: dict[str, str] = field(default_factory=dict)

    @property
    def clock(self) -> LocalClock:
        """The clock by which dates are shown that Discord's client does not show by itself."""
        return LocalClock(self.zone)

    def colour(self, source: str) -> int:
        """Returns the colour of a source: the operator's, or one that is always the same."""
        return self.colours.get(source) or stable_colour(source)

    def icon(self, card: Card) -> str:
        """Returns the icon before a source's name, with a space that is not broken; empty for none.

        It is the operator's emoji, or else the site's own icon. No markup has to be escaped in it.
        """
        icon = card.icon or self.icons.get(card.story.source, "")
        return f"{icon}\u00a0" if icon else ""


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A reply as a Discord message.

    Attributes:
        blocks: What it is made of, from the top.
        upload: A picture or a file to be attached, which the blocks show; None for neither.
        instead: What says the same without it; None where there is none.
    """

    blocks: tuple[LayoutBlock | LayoutContainer, ...]
    upload: Upload | None = None
    instead: RenderedMessage | None = None

    @property
    def texts(self) -> list[str]:
        """All its texts, in order."""
        return block_texts(self.blocks)

    def view(self) -> ui.LayoutView:
        """Makes the library's view of it."""
        return make_view(self.blocks)

    @property
    def files(self) -> list[discord.File]:
        """The attachments, a picture with its alternative text; anew, since each is sent once."""
        if self.upload is None:
            return []
        content, alt = io.BytesIO(self.upload.content), None
        if isinstance(self.upload, Picture):
            alt = self.upload.alt[:MAX_DESCRIPTION]
        return [discord.File(content, self.upload.name, description=alt)]

    def without_upload(self) -> RenderedMessage:
        """Returns the message without its picture or file, saying the same."""
        return self.instead or self

    def without_links(self) -> RenderedMessage:
        """Returns the message without URLs: Discord may refuse one that looks valid."""
        return RenderedMessage(without_addresses(self.without_upload().blocks))

    def without_images(self) -> RenderedMessage:
        """Returns the message without images and thumbnails."""
        return RenderedMessage(without_pictures(self.without_upload().blocks))
