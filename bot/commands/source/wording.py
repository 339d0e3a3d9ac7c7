"""Wording of the settings of sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from babel.dates import format_timedelta

from bot.chat.request import Request
from bot.config.schema import SourceConfig
from bot.i18n import N_
from bot.text.urls import without_credentials

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_SECOND = timedelta(seconds=1)

LABELS = {
    "name": N_("Name"),
    "url": N_("Address"),
    "every": N_("Checked"),
    "topics": N_("Topics"),
    "timezone": N_("Time zone of its dates"),
    "colour": N_("Colour"),
    "icon": N_("Icon"),
    "full_text": N_("Whole stories from their pages"),
    "full_text_on_web": N_("Whole stories on the website"),
    "keep": N_("Stories are kept for"),
    "keep_stories": N_("Stories that are kept"),
}
"""The names of the settings, in the order in which they are shown."""


def interval_text(request: Request, time: timedelta) -> str:
    """Returns an interval in words, in the largest unit that is whole: `every 15 minutes`."""
    ngettext = request.ngettext
    unit = next(one for one in (_DAY, _HOUR, _MINUTE, _SECOND) if not time % one)
    count = time // unit
    told = {
        _DAY: ngettext("every day", "every {count} days", count),
        _HOUR: ngettext("every hour", "every {count} hours", count),
        _MINUTE: ngettext("every minute", "every {count} minutes", count),
        _SECOND: ngettext("every second", "every {count} seconds", count),
    }
    return told[unit].format(count=count)


def _days(request: Request, time: timedelta) -> str:
    language = request.services.translations.language
    return format_timedelta(time, granularity="day", threshold=1e9, locale=language)


def setting_texts(request: Request, source: SourceConfig) -> Iterator[tuple[str, str]]:
    """Yields the settings of a source that people may change, each with its value in words."""
    _ = request.gettext
    default = _("as configured")
    yield "name", source.name or source.id
    yield "url", without_credentials(source.url)
    yield "every", interval_text(request, source.every)
    yield "topics", ", ".join(source.topics) or _("none")
    yield "timezone", source.timezone.key
    yield "colour", _("chosen automatically") if source.colour is None else f"#{source.colour:06X}"
    yield "icon", source.icon or _("none")
    yield "full_text", _("yes") if source.full_text else _("no")
    yield "full_text_on_web", _("yes") if source.full_text_on_web else _("no")
    yield "keep", _days(request, source.keep) if source.keep else default
    yield "keep_stories", str(source.keep_stories or default)
