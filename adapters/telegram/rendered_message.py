"""A reply as a message of Telegram's, and the language and time zone that it is rendered in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.i18n import Translations
from bot.reply import LocalClock, Upload


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The language and the time zone that replies are rendered in.

    Attributes:
        words: The bot's own words.
        zone: The time zone of the dates shown, where a reply has no clock of its own.
        bot: The bot's username, for links to it.
        commands: The names of the bot's commands, which can be tapped in its own words.
        own_clock: The reply's own clock; None for none.
    """

    words: Translations
    zone: ZoneInfo
    bot: str
    commands: frozenset[str] = frozenset()
    own_clock: LocalClock | None = None

    @property
    def clock(self) -> LocalClock:
        """The clock by which dates are shown."""
        return self.own_clock or LocalClock(self.zone)

    def at(self, clock: LocalClock | None) -> RenderContext:
        """Returns the context of a reply that has a clock of its own."""
        return replace(self, own_clock=clock) if clock else self


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A reply as a Telegram message.

    Attributes:
        html: The text.
        preview: The URL of the link preview; None for none.
        is_picture: True if the URL is a picture, to be shown large above the text.
        upload: A picture or a file to be sent with the caption, in place of the text; None for
            neither.
        caption: The caption, in HTML: the text as far as a caption has room for it.
    """

    html: str
    preview: str | None = None
    is_picture: bool = False
    upload: Upload | None = None
    caption: str = ""
