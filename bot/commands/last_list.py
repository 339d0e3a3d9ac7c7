"""The list a person was last shown, for commands that are given no story: which one is meant?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.chat.request import Request, cards
from bot.model import Action, Shown
from bot.reply import Button, Card, Reply, Role
from bot.search.query import Filter


@dataclass(frozen=True, slots=True)
class _Page:
    """Stories to choose from, by the numbers that the person saw, and what lists them again."""

    cards: Sequence[Card]
    listing: Action
    notes: tuple[str, ...] = ()


async def ask_which_story(request: Request, title: str, choose: Callable[[str], Action]) -> Reply:
    """Shows the stories of the last list, or else the latest, each to be chosen.

    Args:
        request: The question.
        title: What is asked.
        choose: Returns what a story's button asks for, by the story's id.

    Raises:
        StoreError: The store cannot be read.
    """
    _ = request.gettext
    shown = await request.last_shown()
    page = await _last_page(request, shown) if shown else None
    page = page or await _latest_page(request)
    if not page.cards:
        return Reply(request.command.name, text=(_("There are no stories yet."),))
    label = _("Choose {number}")
    buttons = [
        Button(
            card.story.title,
            choose(card.story.id),
            Role.READ,
            card.number,
            label.format(number=card.number),
        )
        for card in page.cards
    ]
    if not page.notes:
        buttons.append(Button(_("Back to the list"), page.listing, Role.BACK))
    return Reply(
        request.command.name,
        title=title,
        notes=page.notes,
        cards=tuple(page.cards),
        buttons=tuple(buttons),
        listing=page.listing,
    )


async def _last_page(request: Request, shown: Shown) -> _Page | None:
    """Returns the page that was shown last; None when its stories are gone."""
    before = (shown.page - 1) * request.services.page_size
    wanted = {number: story for number, story in shown.numbers.items() if number > before}
    ids = {story: number for number, story in (wanted or shown.numbers).items()}
    found = await request.services.store.stories.by_ids(list(ids))
    if not found:
        return None
    listed = cards(request, found[: request.services.page_size], 1)
    numbered = [replace(card, number=ids[card.story.id]) for card in listed]
    page = (("page", str(shown.page)),) if shown.page > 1 else ()
    return _Page(numbered, Action(shown.listing.command, (*shown.listing.options, *page)))


async def _latest_page(request: Request) -> _Page:
    _ = request.gettext
    size = request.services.page_size
    newest = (await request.services.store.stories.latest(Filter(), size, once=True)).stories
    note = _("You have seen no list here yet, so these are the latest stories.")
    return _Page(cards(request, newest, 1), request.registry.latest(), (note,))
