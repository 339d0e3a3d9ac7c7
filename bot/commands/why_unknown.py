"""The answer of /why where no source has brought the story: who left it out, what comes nearest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.chat.local_time import tell_ago
from bot.chat.request import Request
from bot.ingest.results import Refusal, RefusalReason, SourceState
from bot.model import Action, Story
from bot.reply import Entry, Reply
from bot.text.canonical_urls import canonical_url
from bot.text.display import add_quotes
from bot.text.tokenizer import words
from bot.text.urls import is_web_url

_NEAREST = 3
_TROUBLED = 5  # sources
_IN_ADDRESS = re.compile(r"[a-z]{2,}", re.IGNORECASE)


async def answer_unknown(request: Request, typed: str, choose: Callable[[str], Action]) -> Reply:
    """Says that no source has brought a story, and what may be the reason.

    Args:
        request: The question.
        typed: The words, or the link.
        choose: Returns what a story's entry asks for, by the story's id.

    Raises:
        StoreError: The store cannot be read.
    """
    _ = request.gettext
    states = await request.services.store.sources.states(rates=False)
    refused = [*_refused(request, typed, states.values())]
    told = _("No source has brought a story like {words}.")
    if is_web_url(typed):
        told = _("No source has brought that page.")
    if refused:
        told = _("A source has it, but I left it out.")
    entries = (
        *_under(request.gettext("Left out"), refused),
        *_under(_("The nearest stories"), await _nearest(request, typed, choose)),
        *_under(_("Sources that can't be read now"), _troubled(request, states.values())),
    )
    return Reply(
        request.command.name, text=(told.format(words=add_quotes(typed)),), entries=entries
    )


def _under(heading: str, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yields entries, the first of them with the heading above."""
    for at, one in enumerate(entries):
        yield one if at else replace(one, heading=heading)


def _refused(request: Request, typed: str, states: Iterable[SourceState]) -> Iterator[Entry]:
    """Yields the stories that a source gave lately, that were left out, and that are meant."""
    _ = request.gettext
    for state in states:
        if state.report is None:
            continue
        for one in state.report.refused:
            if _is_meant(one, typed):
                why = {
                    RefusalReason.OLD: _("it is too old to be kept, or was forgotten before"),
                    RefusalReason.MANY: _(
                        "the source has brought as much as it may today; it can come tomorrow"
                    ),
                }[one.reason]
                when = tell_ago(request, state.report.at)
                told = (request.source_name(state.source), when, why)
                yield Entry(one.title, " · ".join(told))


def _is_meant(one: Refusal, typed: str) -> bool:
    if is_web_url(typed):
        mine, theirs = canonical_url(typed), canonical_url(one.url)
        return bool(mine and theirs and mine.extends(theirs))
    asked = set(words(typed))
    return bool(asked) and asked <= set(words(one.title))


async def _nearest(
    request: Request, typed: str, choose: Callable[[str], Action]
) -> Sequence[Entry]:
    text = typed
    if is_web_url(typed):  # most addresses hold words of the title
        text = " ".join(_IN_ADDRESS.findall(typed.partition("://")[2].partition("/")[2]))
    hits = await request.services.search.find_by_title(text) if words(text) else ()
    ids = [hit.id for hit in hits[:_NEAREST]]
    if not ids and words(text):
        ids = [hit.id for hit in await request.services.related.to_text(text, _NEAREST)]
    stories = await request.services.store.stories.by_ids(ids)
    return [Entry(one.title, _card_text(request, one), choose(one.id)) for one in stories]


def _card_text(request: Request, one: Story) -> str:
    return f"{request.source_name(one.source)} · {tell_ago(request, one.published)}"


def _troubled(request: Request, states: Iterable[SourceState]) -> Sequence[Entry]:
    """Returns the sources that cannot be read now: the story may be in one of them."""
    known = request.services.sources
    return [
        Entry(request.source_name(one.source), one.report.error)
        for one in states
        if one.report and one.report.error and one.source in known
    ][:_TROUBLED]
