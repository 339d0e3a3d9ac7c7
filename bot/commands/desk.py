"""The desk's own words: its name and what it is about, from the configuration or its sources."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.request import Services

_NAMED = 3  # sources; of more, the rest is counted
_NAME = "Dateline"


def desk_name(services: Services) -> str:
    """Returns the desk's name: the operator's, else the only source's, else the program's."""
    if services.desk.name:
        return services.desk.name
    names = [source.name for source in services.sources.values()]
    return names[0] if len(names) == 1 else _NAME


def desk_about(services: Services) -> str:
    """Returns a sentence about the desk: the operator's, else one that names its sources."""
    _ = services.translations.gettext
    if services.desk.about:
        return services.desk.about
    names = [source.name for source in services.sources.values()]
    if not names:
        return _("A news desk in your chat.")
    return _("News from {sources}, here in your chat.").format(sources=_join(services, names))


def _join(services: Services, names: Sequence[str]) -> str:
    """Joins names: `The Wire, Other News and 3 more`."""
    words = services.translations
    left = len(names) - _NAMED
    if left > 1:
        told = words.ngettext("{names} and {count} more", "{names} and {count} more", left)
        return told.format(names=", ".join(names[:_NAMED]), count=left)
    if len(names) == 1:
        return names[0]
    both = words.gettext("{names} and {last}")
    return both.format(names=", ".join(names[:-1]), last=names[-1])
