"""Wording of who added or paused a source, and when."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.local_time import tell_ago
from bot.chat.request import Request
from bot.ingest.added_sources import EditStamp, SourceEdits


def edit_texts(request: Request, source: str, edits: SourceEdits) -> Iterator[str]:
    """Yields who added a source, and who paused it; nothing of one that nobody changed."""
    _ = request.gettext
    for one in edits.added:
        if one.id == source:
            named, unnamed = _("added by {name} {when}"), _("added {when}")
            yield _stamp_text(request, one.added, named, unnamed)
    if stamp := edits.paused.get(source):
        yield _stamp_text(request, stamp, _("paused by {name} {when}"), _("paused {when}"))


def _stamp_text(request: Request, stamp: EditStamp, named: str, unnamed: str) -> str:
    when = tell_ago(request, stamp.at)
    return named.format(name=stamp.name, when=when) if stamp.name else unnamed.format(when=when)
