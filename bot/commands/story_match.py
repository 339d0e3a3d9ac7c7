"""The reasons why a story was taken for one that was known, for `/posts`."""

from __future__ import annotations

from collections.abc import Collection

from bot.chat.request import Request
from bot.i18n import N_
from bot.ingest.evidence import Evidence

_SIGNS = {
    Evidence.PAGE: N_("same page"),
    Evidence.TITLE: N_("same title"),
    Evidence.SIMILAR_TITLE: N_("similar title"),
    Evidence.TEXT: N_("same text"),
    Evidence.SIMILAR_TEXT: N_("similar text"),
    Evidence.MOMENT: N_("same date"),
    Evidence.RENAMED: N_("all of its source's IDs changed at once"),
}


def match_signs(request: Request, evidence: Collection[str]) -> str:
    """Lists what a story had in common with the one that it was taken for; empty for none."""
    return request.words.join(
        request.gettext(told) for sign, told in _SIGNS.items() if sign in evidence
    )


def tell_match(request: Request, evidence: Collection[str]) -> str:
    """Tells why a story was taken for one that was known; empty when it never was."""
    signs = match_signs(request, evidence)
    if not signs:
        return ""
    told = request.gettext(
        "Its source gave it a new ID, and it was taken for the same story as before: {signs}."
    )
    return told.format(signs=signs)
