"""`/topics`: what is alive, in sections, and what moderators have taken out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.local_time import zone_of
from bot.chat.request import Request, page_buttons, page_count
from bot.commands.hidden_topics import hidden_button, list_hidden
from bot.commands.topic_facts import tell_activity
from bot.i18n import N_
from bot.ingest.topics.activity import TopicActivity
from bot.model import TopicOrigin
from bot.reply import Entry, Reply
from bot.trends.topic_rows import topic_sparklines

_TOPICS_A_PAGE = 20

_DESK = N_("The desk's own")
_SUBJECTS = N_("Broad subjects")
_RISING = N_("Rising")
_SOURCES = N_("As the sources have it")
_FOUND = N_("Found in the stories")
_QUIET = N_("Quiet lately")
_ORDER = (_DESK, _SUBJECTS, _RISING, _SOURCES, _FOUND, _QUIET)


async def topics(request: Request) -> Reply:
    """Answers `/topics`, and `/topic` without a name."""
    request = replace(request, command=TOPICS)  # whose pages are turned
    if request.text("hidden"):
        return await list_hidden(request)
    if request.services.topic_upkeep:
        await request.services.topic_upkeep.refresh()
    now = request.services.clock.now()
    known = in_sections(await request.services.store.topics.activity(now), now)
    pages = page_count(len(known), _TOPICS_A_PAGE)
    start = (request.page - 1) * _TOPICS_A_PAGE
    return Reply(
        request.command.name,
        title=request.gettext("Topics"),
        text=() if known else (_none(request),),
        entries=tuple(await _entries(request, known, start)),
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), *await hidden_button(request)),
    )


def _none(request: Request) -> str:
    _ = request.gettext
    if request.services.topic_upkeep:
        return _("There are no topics yet. What recurs in the stories becomes one.")
    return _("There are no topics. The operator can add some in the configuration.")


def in_sections(known: Sequence[TopicActivity], now: datetime) -> list[tuple[str, TopicActivity]]:
    """Returns the topics with their sections, those with the most stories first in each."""
    # Where nothing new comes, as of an archive, `lately` is when its newest stories are of.
    newest = min(max((one.last for one in known if one.last), default=now), now)
    placed = [(_section(one, newest), one) for one in known if one.stories or _is_own(one)]
    return sorted(placed, key=lambda pair: _place(*pair))


def _section(topic: TopicActivity, newest: datetime) -> str:
    if _is_own(topic):
        return _DESK
    if topic.origin is TopicOrigin.SUBJECT:
        return _SUBJECTS
    if topic.is_rising:
        return _RISING
    if not topic.is_lively(newest):
        return _QUIET
    return _SOURCES if topic.origin is TopicOrigin.SOURCE else _FOUND


def _is_own(topic: TopicActivity) -> bool:
    return topic.origin is TopicOrigin.DESK


def _place(section: str, topic: TopicActivity) -> tuple[int, int, int, str]:
    recent = 0 if section in {_DESK, _SUBJECTS} else topic.recent
    return _ORDER.index(section), -recent, -topic.stories, topic.name.casefold()


async def _entries(
    request: Request, known: Sequence[tuple[str, TopicActivity]], start: int
) -> Sequence[Entry]:
    """Returns a page's entries; where there are several sections, the first of each is headed."""
    page = known[start : start + _TOPICS_A_PAGE]
    services, zone = request.services, await zone_of(request)
    names = [topic.name for _, topic in page]
    rows = await topic_sparklines(services.store.trends, names, services.clock.now(), zone)
    headings = _headings(page) if len({section for section, _ in known}) > 1 else [""] * len(page)
    return [
        Entry(
            topic.name,
            tell_activity(request, topic, rows.get(topic.name, "")),
            request.registry.topic(topic.name),
            topic=topic.name,
            heading=request.gettext(heading) if heading else "",
        )
        for (_, topic), heading in zip(page, headings, strict=True)
    ]


def _headings(page: Sequence[tuple[str, TopicActivity]]) -> Sequence[str]:
    before = ["", *(section for section, _ in page)]
    return [
        section if section != last else "" for (section, _), last in zip(page, before, strict=False)
    ]


TOPICS = Command(
    "topics",
    N_("All topics, and how alive each is"),
    topics,
    (
        Option("hidden", OptionKind.SWITCH, N_("What moderators have hidden"), hidden=True),
        PAGE,
    ),
    details=(
        N_(
            "Shows the desk's own topics, and what is found in the stories: names and words that "
            "recur. What many stories of this week are about is rising."
        ),
    ),
    examples=("/topics",),
    tells_hosts=True,
    purpose=Purpose.TOPICS,
)
