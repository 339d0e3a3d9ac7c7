"""`/read`: a whole story, in the chat, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands.registry import Command, Kind, Option
from bot.commands.request import Request, page_buttons, story_page
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Paragraph, Story
from bot.query import Filter
from bot.reply import Action, Button, Card, Reply, Role
from bot.summary import sentences
from bot.text import in_quotes

PAGE_LENGTH = 1_500
"""Characters of a story that a page holds at most: two or three screens of a phone."""


async def read(request: Request) -> Reply:
    """Answers `/read`."""
    named = await _named(request)
    if len(named.stories) == 1:
        return replace(await _whole(request, named.stories[0]), notes=named.notes)
    return _which(request, named.stories)


@dataclass(frozen=True, slots=True)
class _Named:
    """The stories that a text may name, and what to say of how they were found."""

    stories: Sequence[Story]
    notes: tuple[str, ...] = ()


async def _named(request: Request) -> _Named:
    """The stories that the text may name: by number, by id, or by words of the title."""
    typed = request.text("story")
    number = typed.lstrip("#")
    if number.isascii() and number.isdigit():
        return await _numbered(request, int(number[:9]))
    store = request.services.store
    by_id = await store.stories([number.casefold()])
    if by_id:
        return _Named(by_id)
    hits = await request.services.search.titled(typed)
    found = await store.stories([hit.id for hit in hits])
    if not found:
        _ = request.gettext
        message = _("No story is called anything like {words}.").format(words=in_quotes(typed))
        hint = _("/latest shows the newest, /search finds by words.")
        raise ReaderError(f"{message} {hint}")
    return _Named(found)


async def _numbered(request: Request, number: int) -> _Named:
    """The story that was last shown with a number, or else that of the latest stories."""
    _ = request.gettext
    shown = await request.last_shown()
    numbers = {**shown.earlier, **shown.numbers} if shown else {}
    found = await request.services.store.stories([numbers.get(number, "")])
    if found:
        note = _("Number {number} is from a list before the last one.").format(number=number)
        return _Named(found, () if shown and number in shown.numbers else (note,))
    listing = await request.services.store.latest(Filter(), 1, number - 1) if number else None
    if listing is None or not listing.stories:
        raise ReaderError(_("There is no story number {number}.").format(number=number))
    note = _("You were not shown a number {number}; this is that of the latest stories.")
    return _Named(listing.stories, (note.format(number=number),))


async def _whole(request: Request, story: Story) -> Reply:
    _ = request.gettext
    pages = paged(story.paragraphs)
    page = min(request.page, len(pages))
    same = replace(request, options={**request.options, "story": story.id})
    card = Card(story, request.source_name(story.source))
    back = await _back(request, story)
    none = () if story.paragraphs else (_("The source gives no more of this story than this."),)
    return Reply(
        request.command.name,
        text=none,
        cards=(card,),
        body=pages[page - 1],
        page=request.page,
        pages=len(pages),
        buttons=(*page_buttons(same, len(pages)), *back),
    )


async def _back(request: Request, story: Story) -> tuple[Button, ...]:
    """A way back to the list that the story was chosen from."""
    shown = await request.last_shown()
    if shown is None or story.id not in shown.numbers.values():
        return ()
    command, options = shown.listing.command, shown.listing.options
    page = (("page", str(shown.page)),) if shown.page > 1 else ()
    return (
        Button(request.gettext("Back to the list"), Action(command, (*options, *page)), Role.BACK),
    )


def _which(request: Request, found: Sequence[Story]) -> Reply:
    _ = request.gettext
    size = request.services.page_size
    start = (request.page - 1) * size
    reply = story_page(request, found[start : start + size], len(found))
    typed = in_quotes(request.text("story"))
    return replace(reply, title=_("Which story do you mean by {words}?").format(words=typed))


def paged(
    paragraphs: Sequence[Paragraph], length: int = PAGE_LENGTH
) -> list[tuple[Paragraph, ...]]:
    """Paragraphs in pages of at most `length` characters, each broken between paragraphs.

    A paragraph that is longer than a page is broken between sentences, and a sentence that is,
    between words. A subheading is never the last of its page. There is always one page.
    """
    pages: list[list[Paragraph]] = [[]]
    room = length
    for piece in (piece for paragraph in paragraphs for piece in _pieces(paragraph, length)):
        if len(piece.text) > room and pages[-1]:
            head = [pages[-1].pop()] if pages[-1][-1].heading and len(pages[-1]) > 1 else []
            pages.append(head)
            room = length - sum(len(heading.text) for heading in head)
        pages[-1].append(piece)
        room -= len(piece.text)
    return [tuple(page) for page in pages]


def _pieces(paragraph: Paragraph, length: int) -> list[Paragraph]:
    if len(paragraph.text) <= length:
        return [paragraph]
    pieces = [""]
    for sentence in sentences(paragraph.text):
        for part in _parts(sentence, length):
            joined = f"{pieces[-1]} {part}".strip()
            if len(joined) <= length:
                pieces[-1] = joined
            else:
                pieces.append(part)
    return [replace(paragraph, text=piece) for piece in pieces]


def _parts(sentence: str, length: int) -> list[str]:
    """A sentence in parts of at most `length` characters, broken at spaces where there are any."""
    parts = []
    while len(sentence) > length:
        cut = sentence.rfind(" ", 1, length + 1)
        cut = cut if cut > 0 else length
        parts.append(sentence[:cut].rstrip())
        sentence = sentence[cut:].lstrip()
    return [*parts, sentence]


READ = Command(
    "read",
    N_("Read a whole story here"),
    read,
    (
        Option(
            "story",
            Kind.STORY,
            N_("Its number in the last list, its id, or words of its title"),
            required=True,
            rest=True,
        ),
        Option("page", Kind.PAGE, N_("Which page to show"), hidden=True),
    ),
    details=(
        N_("Shows the whole story in pages."),
        N_(
            "Name it by its number in the last list you were shown, by its id, or by some words of "
            "its title, misspelled or not."
        ),
    ),
    examples=("/read 3", "/read crematorium company"),
)
