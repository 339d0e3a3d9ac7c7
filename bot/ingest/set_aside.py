"""Words for what sources hold beside stories: drafts, pages, replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Ngettext = Callable[[str, str, int], str]


def name_set_aside(counts: Iterable[tuple[str, int]], ngettext: Ngettext) -> str:
    """Returns a list such as `3 drafts, 1 page`; empty for nothing.

    Args:
        counts: As in `FetchResult.set_aside`.
        ngettext: Translates a message about a number of things.
    """
    return ", ".join(_name(kind, count, ngettext) for kind, count in counts)


def _name(kind: str, count: int, ngettext: Ngettext) -> str:
    match kind:
        case "draft":
            words = ngettext("{count} draft", "{count} drafts", count)
        case "page":
            words = ngettext("{count} page", "{count} pages", count)
        case "private":
            words = ngettext("{count} private post", "{count} private posts", count)
        case "scheduled":
            words = ngettext("{count} scheduled post", "{count} scheduled posts", count)
        case "attachment":
            words = ngettext("{count} attachment", "{count} attachments", count)
        case "reply":
            words = ngettext("{count} reply", "{count} replies", count)
        case "other file":
            words = ngettext("{count} other file", "{count} other files", count)
        case _:
            words = ngettext("{count} other item", "{count} other items", count)
    return words.format(count=count)
