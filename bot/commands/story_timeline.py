"""`/story`: how an event or a topic went on, as a dated timeline; moderators mend events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.local_time import in_own_zone
from bot.chat.request import Request, page_buttons, page_count, window
from bot.commands.event_corrections import JOIN, SPLIT, WHICH, correct_event, correction_buttons
from bot.commands.last_list import ask_which_story
from bot.commands.story_lookup import find_stories
from bot.i18n import N_
from bot.model import Story
from bot.posting.digest import without_repeats
from bot.reply import Button, Entry, Reply, Role
from bot.search.query import Filter
from bot.text.display import add_quotes
from bot.text.sentences import sentences

_CHOICES = 10  # stories that a text may mean
_OF_TOPIC = 100  # stories of a topic, the newest
_NEW = timedelta(days=1)  # for whoever has never caught up


@dataclass(frozen=True, slots=True)
class _Timeline:
    """A timeline: what is told, the oldest first.

    Attributes:
        title: What it is about.
        stories: One story for each development.
        notes: How it was found.
        buttons: What else can be done.
    """

    title: str
    stories: Sequence[Story]
    notes: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


async def story(request: Request) -> Reply:
    """Answers `/story`."""
    request = await in_own_zone(request)
    typed = request.text(WHICH)
    topic = request.services.topic(typed)
    if topic:
        within = Filter(topic=topic.name)
        newest = await request.services.store.stories.latest(within, _OF_TOPIC, once=True)
        return await _reply(request, _Timeline(topic.name, newest.stories[::-1]))
    found = await find_stories(request, typed)
    if len(found.stories) > 1:
        return _story_choice(request, found.stories)
    (one,) = found.stories
    if request.text(SPLIT) or request.text(JOIN):
        return await correct_event(request, one)
    return await _reply(request, await _of_event(request, one, found.notes))


async def story_which(request: Request) -> Reply:
    """Answers `/story` without a story: shows the last list."""
    title = request.gettext("Which story do you want to follow up?")
    return await ask_which_story(request, title, request.registry.timeline)


async def _of_event(request: Request, one: Story, notes: tuple[str, ...]) -> _Timeline:
    event = await request.services.store.events.of_story(one.id)
    stories = event.stories if event else (one,)
    shown = stories if request.text("all") else without_repeats(stories)
    read = Button(request.gettext("Read"), request.registry.read(one.id), Role.READ)
    buttons = (read, *correction_buttons(request, one, stories))
    if len(stories) == 1:
        related = request.registry.related(one.id)
        buttons += (Button(request.gettext("Related stories"), related, Role.RELATED),)
        notes += (request.gettext("Nothing else has been told of it so far."),)
    return _Timeline(stories[0].title, shown, notes, buttons)


async def _reply(request: Request, told: _Timeline) -> Reply:
    _ = request.gettext
    size, start = window(request)
    pages = page_count(len(told.stories), size)
    page = told.stories[start : start + size]
    since = await _last_look(request)
    seen = {one.id: await request.services.store.stories.first_seen(one.id) for one in page}
    is_new = {name: at is not None and at > since for name, at in seen.items()}
    none = () if told.stories else (_("No stories on this topic yet."),)
    return Reply(
        request.command.name,
        title=_("How it went on: {what}").format(what=told.title),
        text=none,
        notes=told.notes,
        entries=tuple(_entries(request, page, is_new, start + 1)),
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), *told.buttons),
    )


async def _last_look(request: Request) -> datetime:
    """Returns the time after which what came is new to the person."""
    chats = request.services.store.chats
    looked = await chats.last_catchup(request.chat.platform, request.person)
    return looked or request.services.clock.now() - _NEW


def _entries(
    request: Request, page: Sequence[Story], is_new: Mapping[str, bool], first: int
) -> Sequence[Entry]:
    entries, before = [], ""
    for number, one in enumerate(page, first):
        day = format_date(_day(request, one), "long", request.services.translations.language)
        told = _details(request, one, is_new=is_new[one.id])
        action = request.registry.read(one.id)
        heading = day if day != before else ""
        entries.append(Entry(_sentence(one), told, action, heading=heading, number=number))
        before = day
    return entries


def _day(request: Request, one: Story) -> date:
    zone = request.services.zone
    return one.published.date() if one.date_only else one.published.astimezone(zone).date()


def _details(request: Request, one: Story, *, is_new: bool) -> str:
    card = request.services.names.card(one)
    at = "" if one.date_only else f"{one.published.astimezone(request.services.zone):%H:%M}"
    new = request.gettext("new") if is_new else ""
    return " · ".join(filter(None, (new, at, card.source, card.also)))


def _sentence(one: Story) -> str:
    """Returns what a story says in a sentence: the first of its summary, or else its title."""
    return next(iter(sentences(one.summary)), one.title)


def _story_choice(request: Request, found: Sequence[Story]) -> Reply:
    entries = tuple(
        Entry(one.title, request.source_name(one.source), request.registry.timeline(one.id))
        for one in found[:_CHOICES]
    )
    title = request.gettext("Which story do you mean by {words}?")
    words = add_quotes(request.text(WHICH))
    return Reply(request.command.name, title=title.format(words=words), entries=entries)


STORY = Command(
    "story",
    N_("How a story went on, day by day"),
    story,
    (
        Option(
            WHICH,
            OptionKind.STORY,
            N_("A story, given as for /read, or a topic"),
            required=True,
            rest=True,
        ),
        Option(
            SPLIT,
            OptionKind.SWITCH,
            N_("For moderators: the story is not of this event"),
            hidden=True,
        ),
        Option(
            JOIN,
            OptionKind.STORY,
            N_("For moderators: another story that tells the same"),
            hidden=True,
        ),
        Option("all", OptionKind.SWITCH, N_("Also stories that tell the same"), hidden=True),
        PAGE,
    ),
    details=(
        N_(
            "Shows what has been told of the same event, oldest first, a sentence each, and "
            "marks what is new since your last /catchup. With a topic, it shows that topic's "
            "stories."
        ),
        N_(
            "Moderators can correct an event: “/story 3 split:yes” takes a story out of it, "
            "“/story 3 join:5” says that two stories tell the same. Both are remembered."
        ),
    ),
    examples=("/story 3", "/story {words}", "/story {topic}"),
    purpose=Purpose.TIMELINE,
    bare=story_which,
)
