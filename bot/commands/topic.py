"""`/topic` and `/topics`: stories by subject, whose name need not be typed exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.local_time import zone_of
from bot.chat.request import Request, page_buttons, page_count, story_page, window
from bot.commands.search import search_unknown_topic
from bot.commands.topic_names import ask_topic, find_topics, tell_topic
from bot.i18n import N_
from bot.model import Topic
from bot.reply import Button, Entry, Reply
from bot.search.query import Filter
from bot.trends.topic_rows import topic_sparklines

_TOPICS_A_PAGE = 20


async def topic(request: Request) -> Reply:
    """Answers `/topic`."""
    typed = request.text("name")
    meant = await find_topics(request, typed)
    if meant.only is None:
        if meant.topics:
            return ask_topic(request, typed, meant.topics)
        return await search_unknown_topic(request, typed)
    reply = await _stories(request, meant.only)
    return reply if meant.is_exact else tell_topic(request, reply, typed, meant.only)


async def _stories(request: Request, known: Topic) -> Reply:
    _ = request.gettext
    limit, offset = window(request)
    listing = await request.services.store.stories.latest(Filter(topic=known.name), limit, offset)
    reply = replace(story_page(request, listing.stories, listing.total), title=known.name)
    if listing.total:
        return reply
    buttons = (Button(_("Topics"), request.registry.topics()),)
    return replace(reply, text=(_("No stories on this topic yet."),), buttons=buttons)


async def topics(request: Request) -> Reply:
    """Answers `/topics`, and `/topic` without a name."""
    request = replace(request, command=TOPICS)  # whose pages are turned
    _ = request.gettext
    counts = await request.services.store.stories.topic_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold()))
    pages = page_count(len(ordered), _TOPICS_A_PAGE)
    start = (request.page - 1) * _TOPICS_A_PAGE
    page = ordered[start : start + _TOPICS_A_PAGE]
    rows = await _sparklines(request, [name for name, _count in page])
    entries = tuple(_entry(request, name, count, rows.get(name, "")) for name, count in page)
    none = (_("There are no topics. The operator can add some in the configuration."),)
    return Reply(
        request.command.name,
        title=_("Topics"),
        text=() if ordered else none,
        entries=entries,
        page=request.page,
        pages=pages,
        buttons=page_buttons(request, pages),
    )


async def _sparklines(request: Request, names: Sequence[str]) -> Mapping[str, str]:
    services, zone = request.services, await zone_of(request)
    return await topic_sparklines(services.store.trends, names, services.clock.now(), zone)


def _entry(request: Request, name: str, count: int, row: str) -> Entry:
    told = request.ngettext("{count} story", "{count} stories", count).format(count=count)
    return Entry(name, f"{told} {row}".rstrip(), request.registry.topic(name), topic=name)


TOPIC = Command(
    "topic",
    N_("The newest stories on a topic"),
    topic,
    (
        Option("name", OptionKind.TOPIC, N_("The topic to show"), required=True, rest=True),
        PAGE,
    ),
    details=(
        N_("Shows a topic's stories, newest first. /topics lists all topics."),
        N_(
            "A part of its name will do, and typos are fine. If no topic is meant, it searches "
            "instead."
        ),
    ),
    examples=("/topic {topic}",),
    purpose=Purpose.TOPIC,
    bare=topics,
)

TOPICS = Command(
    "topics",
    N_("All topics, and how many stories each has"),
    topics,
    (PAGE,),
    examples=("/topics",),
    purpose=Purpose.TOPICS,
)
