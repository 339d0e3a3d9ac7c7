"""What a bare /subscribe offers: topics, sources, and everything."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.request import Request
from bot.commands.subscriptions.actions import SUBSCRIBE_NAME
from bot.commands.subscriptions.options import typed_options
from bot.commands.subscriptions.schedule_wording import timetable_text
from bot.commands.subscriptions.wording import (
    can_post,
    no_posts_here,
    target_name,
    typed_target,
)
from bot.reply import Action, Entry, Reply
from bot.subscriptions.model import TargetKind
from bot.subscriptions.timetable_grammar import parse_timetable

_SHOWN = 20  # topics, and so many sources at most


def offer_targets(request: Request) -> Reply:
    """Offers what can be followed, with the options that are given already."""
    _ = request.gettext
    when = parse_timetable(request.text("when"))
    title = _("What do you want to get posted?")
    if when:
        times = timetable_text(request, when)
        title = _("What do you want to get posted {times}?").format(times=times)
    hint = _("Choose something, or type any words to search for: {command}").format(
        command=f"/{SUBSCRIBE_NAME} electric ferry"
    )
    told = (hint,) if can_post(request) else (hint, no_posts_here(request))
    entries = tuple(_entries(request))
    return Reply(request.command.name, title=title, text=told, entries=entries)


def _entries(request: Request) -> Iterator[Entry]:
    _ = request.gettext
    services = request.services
    yield _entry(request, TargetKind.EVERYTHING, "", _("every new story"))
    for topic in services.topics[:_SHOWN]:
        yield _entry(request, TargetKind.TOPIC, topic.name, _("topic"))
    for source in list(services.sources)[: max(0, _SHOWN - len(services.topics))]:
        yield _entry(request, TargetKind.SOURCE, source, _("source"))


def _entry(request: Request, kind: TargetKind, what: str, text: str) -> Entry:
    name = target_name(request.services, kind, what)
    typed = typed_target(request.services, kind, what)
    given = typed_options(request).items()
    return Entry(
        name[:1].upper() + name[1:], text, Action(SUBSCRIBE_NAME, (("what", typed), *given))
    )
