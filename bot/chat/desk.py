"""The desk's own words: its name and what it is about, from the configuration or its sources."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.request import Services
from bot.i18n import Translations

_NAMED = 3  # sources; of more, the rest is counted
_NAME = "Dateline"


def desk_name(services: Services) -> str:
    """Returns the desk's name: the operator's, else the only source's, else the program's."""
    if services.desk.name:
        return services.desk.name
    names = [source.name for source in services.sources.values()]
    return names[0] if len(names) == 1 else _NAME


def desk_about(services: Services, words: Translations | None = None) -> str:
    """Returns a sentence about the desk: the operator's, else one that names its sources.

    Args:
        services: The services.
        words: The language; None for the bot's own.
    """
    words = words or services.translations
    _ = words.gettext
    if services.desk.about:
        return services.desk.about
    names = [source.name for source in services.sources.values()]
    if not names:
        return _("A news desk in your chat.")
    return _("News from {sources}, here in your chat.").format(sources=_join(words, names))


def profile_text(services: Services, words: Translations | None = None) -> str:
    """Returns what a bot's profile says: what the desk is about, and how to begin."""
    hint = (words or services.translations).gettext(
        "Type what you're looking for, or /latest for the newest stories."
    )
    return f"{desk_about(services, words)}\n\n{hint}"


def _join(words: Translations, names: Sequence[str]) -> str:
    """Joins names: `The Wire, Other News and 3 more`."""
    left = len(names) - _NAMED
    if left > 1:
        told = words.ngettext("{names} and {count} more", "{names} and {count} more", left)
        return told.format(names=words.join(names[:_NAMED]), count=left)
    if len(names) == 1:
        return names[0]
    both = words.gettext("{names} and {last}")
    return both.format(names=words.join(names[:-1]), last=names[-1])
