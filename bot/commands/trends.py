"""`/trends`: what the news was about, as a picture and in words."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.chat.command import Command, Group, Option, OptionKind
from bot.chat.local_time import in_own_zone
from bot.chat.request import Request
from bot.chat.settings import PICTURES
from bot.commands.latest import parse_since, unknown_source
from bot.commands.topic_names import find_topics
from bot.errors import NotAllowedError, PictureError, ReaderError
from bot.i18n import N_
from bot.model import Capability, Source, Topic
from bot.reply import Action, Button, Entry, Picture, Reply
from bot.search.query import Filter
from bot.text.display import add_quotes
from bot.trends.reports import Report, ReportLine, TrendReporter
from bot.trends.theme import THEMES
from bot.trends.wording import TrendWords

THEME = "theme"
"""The option that names a picture's colours; else they are those of the chat."""

log = logging.getLogger(__name__)

_NO_STORIES = N_("No stories in that time.")
_ASKED = 10  # topics to choose from; of more, a longer name is typed sooner
_SCALE = 2.5  # pixels of a unit: sharp on a phone, whose pixels are smaller than units


async def trends(request: Request) -> Reply:
    """Answers `/trends`."""
    request = await in_own_zone(request)
    typed, source = request.text("topic"), request.text("source")
    if source:
        return await _source(request, source)
    return await _topic(request, typed) if typed else await _topics(request)


async def _topics(request: Request) -> Reply:
    since, _ = parse_since(request), request.gettext
    report = await _reporter(request).topics(since)
    if report is None:
        newest = await request.services.store.stories.latest(Filter(since=since), 1)
        told = _("No story of that time has a topic.") if newest.stories else _(_NO_STORIES)
        return _nothing(request, told)
    buttons = (Button(line.name, _action(request, "topic", line.name)) for line in report.lines)
    return await _reply(request, report, tuple(buttons))


async def _topic(request: Request, typed: str) -> Reply:
    meant = await find_topics(request, typed)
    if len(meant.topics) > 1:
        return _ask(request, typed, meant.topics)
    if meant.only is None:
        message = request.gettext("There is no topic {name}. /topics lists them all.")
        raise ReaderError(message.format(name=add_quotes(typed)))
    report = await _reporter(request).topic(meant.only.name, parse_since(request))
    if report is None:
        return _nothing(request, request.gettext(_NO_STORIES))
    stories = Button(request.gettext("Stories"), request.registry.topic(meant.only.name))
    every = Button(request.gettext("All topics"), Action(request.command.name))
    return await _reply(request, report, (stories, every))


def _ask(request: Request, typed: str, topics: Sequence[Topic]) -> Reply:
    title = request.gettext("Which topic do you mean by {words}?").format(words=add_quotes(typed))
    entries = (
        Entry(one.name, action=_action(request, "topic", one.name)) for one in topics[:_ASKED]
    )
    return Reply(request.command.name, title=title, entries=tuple(entries))


async def _source(request: Request, typed: str) -> Reply:
    if not request.person.moderator:
        raise NotAllowedError(request.gettext("Only moderators can see how a source fares."))
    source = request.services.source(typed)
    if source is None:
        raise ReaderError(unknown_source(request, typed))
    report = await _reporter(request).source(source.id, source.name, parse_since(request))
    if report is None:
        return _nothing(request, request.gettext(_NO_STORIES))
    return await _reply(request, report, (_latest(request, source),))


def _latest(request: Request, source: Source) -> Button:
    return Button(request.gettext("Stories"), request.registry.latest(source.id))


def _reporter(request: Request) -> TrendReporter:
    services = request.services
    words, now = TrendWords(services.translations), services.clock.now()
    store = services.store
    return TrendReporter(store.trends, store.stories, words, services.zone, now)


def _action(request: Request, option: str, value: str) -> Action:
    """Returns what asks for a report of something for the same period."""
    since = request.text("since")
    return Action(request.command.name, ((option, value), *((("since", since),) if since else ())))


def _nothing(request: Request, told: str) -> Reply:
    buttons = (Button(request.gettext("Topics"), request.registry.topics()),)
    return Reply(request.command.name, text=(told,), buttons=buttons)


async def _reply(request: Request, report: Report, buttons: tuple[Button, ...]) -> Reply:
    _ = request.gettext
    notes = []
    if report.has_ended:
        notes.append(_("There are no newer stories."))
    return Reply(
        request.command.name,
        title=report.caption.title,
        notes=(*notes, *_ways_to_pictures(request)),
        text=(report.caption.subtitle,),
        entries=_entries(report.lines),
        buttons=buttons,
        picture=await _picture(request, report),
    )


def _entries(lines: Sequence[ReportLine]) -> tuple[Entry, ...]:
    """Makes the lines of a list; where it is one alone, there is room for all the facts."""
    return tuple(
        Entry(one.name, f"{one.sparkline} {one.total if len(lines) > 1 else one.facts}")
        for one in lines
    )


def _ways_to_pictures(request: Request) -> tuple[str, ...]:
    """Tells whoever runs the bot how to get a picture, where the answer has none."""
    services, _ = request.services, request.gettext
    if not request.person.moderator or (services.pictures and _shows_pictures(request)):
        return ()
    if services.pictures:
        return (_("For a picture: dateline trends -o trends.png"),)
    return (_("For a picture, the operator can install dateline[pictures]."),)


def _shows_pictures(request: Request) -> bool:
    return request.chat.can(Capability.PICTURES)


async def _picture(request: Request, report: Report) -> Picture | None:
    """Draws the report; returns None where no picture can be drawn or shown."""
    renderer = request.services.pictures
    if renderer is None or not _shows_pictures(request):
        return None
    theme = request.text(THEME)
    if theme not in THEMES:
        theme = await request.services.settings.get(request.chat.settings, PICTURES)
    try:
        content = await renderer.png(report.draw(THEMES[theme]), _SCALE)
    except PictureError as error:
        log.warning("a picture could not be drawn: %s", error)
        return None
    return Picture(content, report.caption.alt, f"{request.command.name}.png")


TRENDS = Command(
    "trends",
    N_("What the news was about, in a picture"),
    trends,
    (
        Option("topic", OptionKind.TOPIC, N_("Only this topic"), rest=True),
        Option("since", OptionKind.WHEN, N_("When to begin: 3w, 6mo, 2023-10")),
        Option("source", OptionKind.SOURCE, N_("A source's days, for moderators")),
        Option(THEME, OptionKind.TEXT, N_("The picture's colours: light or dark"), hidden=True),
    ),
    details=(
        N_(
            "Shows how many stories the busiest topics had, week by week. With a topic, shows that "
            "one alone."
        ),
        N_("Moderators can name a source, to see on which days it was silent."),
    ),
    examples=("/trends", "/trends {topic}", "/trends 6mo"),
    tells_hosts=True,
    group=Group.READING,
    aliases=("trending",),
)
