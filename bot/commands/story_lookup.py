"""Lookup of the story that a person names: by number, by id, or by words of its title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.request import Request
from bot.errors import ReaderError
from bot.model import Story
from bot.search.query import Filter
from bot.text.display import add_quotes


@dataclass(frozen=True, slots=True)
class StoryMatches:
    """The stories that a text may name, and notes on how they were found."""

    stories: Sequence[Story]
    notes: tuple[str, ...] = ()


async def find_stories(request: Request, typed: str) -> StoryMatches:
    """Finds the stories that a text may name.

    Raises:
        ReaderError: It names none.
    """
    named = await find_by_number_or_id(request, typed)
    if named:
        return named
    found = await find_by_title(request, typed)
    if not found:
        _ = request.gettext
        message = _("No story has a title like {words}.").format(words=add_quotes(typed))
        hint = _("Try /latest for the newest stories, or /search to search them all.")
        raise ReaderError(request.words.join_sentences(message, hint))
    return StoryMatches(found)


async def find_by_title(request: Request, typed: str) -> Sequence[Story]:
    """Finds the stories that words of a title may name; only one when it is clear."""
    hits = await request.services.search.find_by_title(typed)
    return await request.services.store.stories.by_ids([hit.id for hit in hits])


async def find_by_number_or_id(request: Request, typed: str) -> StoryMatches | None:
    """Finds the story that a number or an id names; None when the text is neither.

    Raises:
        ReaderError: It is a number that no story has.
    """
    number = typed.lstrip("#")
    if number.isascii() and number.isdigit():
        return await _find_by_number(request, int(number[:9]))
    found = await request.services.store.stories.by_ids([number.casefold()])
    return StoryMatches(found) if found else None


async def _find_by_number(request: Request, number: int) -> StoryMatches:
    """Finds the story last shown with a number, or else that of the latest stories."""
    _ = request.gettext
    shown = await request.last_shown()
    numbers = {**shown.earlier, **shown.numbers} if shown else {}
    found = await request.services.store.stories.by_ids([numbers.get(number, "")])
    if found:
        note = _("Number {number} is from an earlier list, not your last one.").format(
            number=number
        )
        return StoryMatches(found, () if shown and number in shown.numbers else (note,))
    listing = (
        await request.services.store.stories.latest(Filter(), 1, number - 1, once=True)
        if number
        else None
    )
    if listing is None or not listing.stories:
        raise ReaderError(_("There is no story number {number}.").format(number=number))
    note = _("Your lists had no number {number}, so this is number {number} of the latest stories.")
    return StoryMatches(listing.stories, (note.format(number=number),))
