"""`/read`: a whole story, in the chat, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.request import Request, page_buttons, story_page
from bot.commands.last_list import ask_which_story
from bot.commands.story_lookup import find_stories
from bot.commands.story_pages import split_pages
from bot.i18n import N_
from bot.model import Story
from bot.reply import Action, Button, Reply, Role
from bot.text.display import add_quotes


async def read(request: Request) -> Reply:
    """Answers `/read`."""
    named = await find_stories(request, request.text("story"))
    if len(named.stories) == 1:
        return replace(await _story_reply(request, named.stories[0]), notes=named.notes)
    return _story_choice(request, named.stories)


async def read_which(request: Request) -> Reply:
    """Answers `/read` without a story: shows the last list."""
    title = request.gettext("Which story would you like to read?")
    return await ask_which_story(request, title, request.registry.read)


async def _story_reply(request: Request, story: Story) -> Reply:
    _ = request.gettext
    pages = split_pages(story.paragraphs)
    page = min(request.page, len(pages))
    same = replace(request, options={**request.options, "story": story.id})
    card = request.services.names.card(story)
    back = await _back_button(request, story)
    none = () if story.paragraphs else (_("This is all the source provides of this story."),)
    return Reply(
        request.command.name,
        text=none,
        cards=(card,),
        body=pages[page - 1],
        page=request.page,
        pages=len(pages),
        buttons=(
            *page_buttons(same, len(pages)),
            *back,
            *await _timeline_button(request, story),
            _related_button(request, story),
        ),
    )


def _related_button(request: Request, story: Story) -> Button:
    action = request.registry.related(story.id)
    return Button(request.gettext("Related stories"), action, Role.RELATED)


async def _timeline_button(request: Request, story: Story) -> tuple[Button, ...]:
    """Makes the button to what else was told of the event, where there is anything."""
    event = await request.services.store.events.of_story(story.id)
    if event is None or len(event.stories) == 1:
        return ()
    action = request.registry.timeline(story.id)
    return (Button(request.gettext("How it went on"), action, Role.TIMELINE),)


async def _back_button(request: Request, story: Story) -> tuple[Button, ...]:
    """Makes the button back to the list that the story was chosen from."""
    shown = await request.last_shown()
    if shown is None or story.id not in shown.numbers.values():
        return ()
    command, options = shown.listing.command, shown.listing.options
    page = (("page", str(shown.page)),) if shown.page > 1 else ()
    return (
        Button(request.gettext("Back to the list"), Action(command, (*options, *page)), Role.BACK),
    )


def _story_choice(request: Request, found: Sequence[Story]) -> Reply:
    _ = request.gettext
    size = request.services.page_size
    start = (request.page - 1) * size
    reply = story_page(request, found[start : start + size], len(found))
    typed = add_quotes(request.text("story"))
    return replace(reply, title=_("Which story do you mean by {words}?").format(words=typed))


READ = Command(
    "read",
    N_("Read a whole story here"),
    read,
    (
        Option(
            "story",
            OptionKind.STORY,
            N_("Its number in the last list, its ID, or words from its title"),
            required=True,
            rest=True,
        ),
        PAGE,
    ),
    details=(
        N_("Shows the whole story, page by page."),
        N_(
            "Give its number in the last list you saw, its ID, or some words from its title. "
            "Typos are fine."
        ),
    ),
    examples=("/read 3", "/read {words}"),
    purpose=Purpose.READ,
    bare=read_which,
)
