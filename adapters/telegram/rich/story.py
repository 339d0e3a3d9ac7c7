"""A whole story in one message, as a rule; of what exceeds a message's limits, a part of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.telegram.rich.blocks import (
    Block,
    Collage,
    Heading,
    Photo,
    SmallPrint,
)
from adapters.telegram.rich.cards import TITLE_SIZE, dateline, headline, offers, sound, story_photos
from adapters.telegram.rich.limits import MAX_BLOCKS, MAX_CHARACTERS, measure
from adapters.telegram.rich.prose import is_usable
from adapters.telegram.rich.story_text import split_text, text_blocks
from adapters.telegram.rich.view import View
from bot.model import Paragraph
from bot.reply import Button, Card, Reply, Role

_SPARE_CHARACTERS = 1_500  # for the names of folded parts
_SPARE_BLOCKS = 60
_LEAST_CHARACTERS, _LEAST_BLOCKS = 2_000, 50  # whatever a headline leaves; it is shortened then
_MAX_PICTURES = 10

_PAGE = "page"  # the option that turns pages


def is_whole_story(reply: Reply) -> bool:
    """Tells if a reply shows a story to be read, not a card of it."""
    return len(reply.cards) == 1 and bool(reply.body)


def as_parts(reply: Reply, view: View) -> Reply:
    """Returns a reply whose pages are as long as a message may be; most stories have one.

    The core's pages are for shorter messages, so the whole text is taken instead.
    """
    room = measure(*_first_blocks(reply.cards[0], view), *_last_blocks(reply.cards[0], view))
    parts = split_text(
        _whole_text(reply),
        max(MAX_CHARACTERS - room.characters - _SPARE_CHARACTERS, _LEAST_CHARACTERS),
        max(MAX_BLOCKS - room.blocks - _SPARE_BLOCKS, _LEAST_BLOCKS),
    )
    page = min(reply.page, len(parts))
    return replace(
        reply,
        body=parts[page - 1],
        page=page,
        pages=len(parts),
        buttons=tuple(_turned(reply.buttons, page, len(parts), view)),
    )


def _whole_text(reply: Reply) -> Sequence[Paragraph]:
    return reply.cards[0].story.paragraphs or reply.body


def _turned(buttons: Sequence[Button], page: int, pages: int, view: View) -> Iterator[Button]:
    """Yields the buttons, of which those that turn pages lead to the message's own."""
    turning = [one for one in buttons if one.role in {Role.PREVIOUS, Role.NEXT}]
    if turning and page > 1:
        yield _turn(turning[0], view.gettext("Previous"), Role.PREVIOUS, page - 1)
    if turning and page < pages:
        yield _turn(turning[0], view.gettext("Next"), Role.NEXT, page + 1)
    yield from (one for one in buttons if one not in turning)


def _turn(button: Button, label: str, role: Role, page: int) -> Button:
    options = tuple(one for one in button.action.options if one[0] != _PAGE)
    action = replace(button.action, options=(*options, (_PAGE, str(page))))
    return replace(button, label=label, role=role, action=action)


def story_blocks(reply: Reply, view: View) -> Iterator[Block]:
    """Renders a part of a story: the first with its picture, the last with what comes with it."""
    card = reply.cards[0]
    if reply.page == 1:
        yield from _first_blocks(card, view)
    else:
        yield _headline(card, view)
    yield from text_blocks(reply.body, replace(view, prose=replace(view.prose, limit=None)))
    if reply.page == reply.pages:
        yield from _last_blocks(card, view)


def _first_blocks(card: Card, view: View) -> Iterator[Block]:
    yield from _pictures(card, view)[:1] if card.story.image else ()
    yield _headline(card, view)
    yield SmallPrint(dateline(card, view))
    if audio := sound(card, view):
        yield audio


def _headline(card: Card, view: View) -> Heading:
    """Renders the headline; without a page of its own it is no link: it would lead here."""
    has_page = card.story.url and is_usable(card.story.url)
    title = view.prose.line(card.story.title)
    return Heading(headline(card, view) if has_page or not title else title, TITLE_SIZE)


def _last_blocks(card: Card, view: View) -> Iterator[Block]:
    yield from _more_pictures(card, view)
    yield from offers(card, view, ())


def _pictures(card: Card, view: View) -> tuple[Photo, ...]:
    return story_photos(card.story, view) if view.pictures else ()


def _more_pictures(card: Card, view: View) -> Iterator[Block]:
    """Renders the pictures that come with a story beside its own."""
    others = _pictures(card, view)[bool(card.story.image) :]
    if photos := others[:_MAX_PICTURES]:
        yield Collage(photos) if len(photos) > 1 else photos[0]
