"""`/reload`: moderators poll the sources now, and see a report; or operators the configuration."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from bot.chat.command import Access, Command, Group, Option, OptionKind
from bot.chat.progress import show_progress
from bot.chat.request import Request
from bot.commands.latest import unknown_source
from bot.commands.reload_config import CONFIG, reload_config
from bot.errors import BusyError, ReaderError, TooSoonError
from bot.i18n import N_
from bot.ingest.results import LoadReport
from bot.ingest.set_aside import name_set_aside
from bot.model import Source
from bot.reply import Entry, Reply

_UNREADABLE_SHOWN = 5
_NAMES_SHOWN = 5
_PATIENCE = 600.0  # seconds; an answer that comes later can be shown nowhere on Discord


async def reload(request: Request) -> Reply:
    """Answers `/reload`."""
    _ = request.gettext
    if _is_about_config(request):
        return await reload_config(request)
    wanted = _sources(request)
    if not wanted:
        none = _("There are no sources. The operator can add some in the configuration.")
        text = _paused(request) or (none,)
        return Reply(request.command.name, title=_("Checked the sources"), text=text)
    reports = await _poll(request, wanted)
    came_in = {report.source for report in reports}
    return Reply(
        request.command.name,
        title=_done_title(request, reports),
        notes=(
            *_left_out(request, [one.name for one in wanted if one.id not in came_in]),
            *_paused(request),
        ),
        entries=_all_entries(request, reports),
    )


def _done_title(request: Request, reports: Sequence[LoadReport]) -> str:
    """Says how many sources were checked, and how much that brought."""
    new = sum(report.new for report in reports)
    stories = request.ngettext("{count} new story", "{count} new stories", new).format(count=new)
    if len(reports) == 1:
        checked = request.gettext("Checked {source}")
        checked = checked.format(source=request.source_name(reports[0].source))
    else:
        checked = request.ngettext(
            "Checked {count} source", "Checked {count} sources", len(reports)
        ).format(count=len(reports))
    return f"{checked}: {stories}" if new else checked


def _is_about_config(request: Request) -> bool:
    """Returns True for `/reload config`; for others than operators it may name a source."""
    typed = request.text("source")
    is_free = request.person.operator or request.services.source(typed) is None
    return typed.casefold() == CONFIG and is_free


def _sources(request: Request) -> Sequence[Source]:
    services, paused = request.services, _paused_ids(request)
    typed = request.text("source")
    if not typed:
        return tuple(one for one in services.sources.values() if one.id not in paused)
    source = services.source(typed)
    if source is None:
        raise ReaderError(unknown_source(request, typed))
    if source.id in paused:
        message = request.gettext("{source} is paused, so it is not checked.")
        raise ReaderError(message.format(source=source.name))
    return (source,)


def _paused_ids(request: Request) -> AbstractSet[str]:
    roster = request.services.roster
    return roster.paused if roster else frozenset()


def _paused(request: Request) -> tuple[str, ...]:
    """Names the sources that were left out of all since they are paused."""
    paused = _paused_ids(request)
    names = [one.name for one in request.services.sources.values() if one.id in paused]
    if not names or request.text("source"):
        return ()
    message = request.ngettext(
        "{count} source is paused: {names}", "{count} sources are paused: {names}", len(names)
    )
    return (message.format(count=len(names), names=_short_list(request, names)),)


def _left_out(request: Request, names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    message = request.ngettext(
        "{count} source is missing here, since it is slow, being checked or was just checked: "
        "{names}",
        "{count} sources are missing here, since they are slow, being checked or were just "
        "checked: {names}",
        len(names),
    )
    return (message.format(count=len(names), names=_short_list(request, names)),)


def _interim(request: Request, wanted: Sequence[Source], reports: Sequence[LoadReport]) -> Reply:
    """Makes the reply that shows how far the sources have been checked."""
    _ = request.gettext
    if len(wanted) == 1:
        title = _("Checking {source} …").format(source=wanted[0].name)
        return Reply(request.command.name, title=title)
    title = request.ngettext(
        "Checking {count} source …", "Checking {count} sources …", len(wanted)
    ).format(count=len(wanted))
    if not reports:
        return Reply(request.command.name, title=title)
    left = [one.name for one in wanted if one.id not in {report.source for report in reports}]
    told = _("{done} of {count} checked, still waiting for {names}").format(
        done=len(reports), count=len(wanted), names=_short_list(request, left)
    )
    entries = _all_entries(request, reports)
    return Reply(request.command.name, title=title, text=(told,) if left else (), entries=entries)


def _short_list(request: Request, names: Sequence[str]) -> str:
    more = ["…"] if len(names) > _NAMES_SHOWN else []
    return request.words.join([*names[:_NAMES_SHOWN], *more])


async def _poll(request: Request, wanted: Sequence[Source]) -> Sequence[LoadReport]:
    """Has the sources polled, and shows the reports as they come in."""
    _ = request.gettext
    services = request.services
    came_in: list[LoadReport] = []

    def show(report: LoadReport) -> None:
        came_in.append(report)
        show_progress(_interim(request, wanted, came_in))

    show_progress(_interim(request, wanted, came_in))
    ids = [source.id for source in wanted]
    cooldown = 0.0 if request.person.operator else services.reload_cooldown
    try:
        return await services.poller.reload(ids, cooldown, show, _PATIENCE)
    except BusyError:
        raise ReaderError(
            _("The sources are being checked right now. Try again in a moment.")
        ) from None
    except TooSoonError as error:
        seconds = math.ceil(error.wait)
        message = request.ngettext(
            "The sources were just checked. Try again in {seconds} second.",
            "The sources were just checked. Try again in {seconds} seconds.",
            seconds,
        )
        raise ReaderError(message.format(seconds=seconds)) from None


def _all_entries(request: Request, reports: Sequence[LoadReport]) -> tuple[Entry, ...]:
    return tuple(entry for report in reports for entry in _entries(request, report))


def _entries(request: Request, report: LoadReport) -> list[Entry]:
    _ = request.gettext
    name = request.source_name(report.source)
    action = request.registry.latest(report.source)
    if report.error:
        return [Entry(name, _("could not be read: {reason}").format(reason=report.error))]
    told = request.words.join(_counts(request, report)) or _("no stories")
    shown = report.unreadable[:_UNREADABLE_SHOWN]
    entries = [Entry(name, told, action), *_set_aside(request, name, report)]
    entries += [Entry(name, str(bad)) for bad in shown]
    entries += [
        Entry(name, _("read, with a warning: {reason}").format(reason=one.reason))
        for one in report.warnings
    ]
    left = len(report.unreadable) - len(shown)
    if left:
        more = request.ngettext("and {count} more", "and {count} more", left)
        entries.append(Entry(name, more.format(count=left)))
    return entries


def _counts(request: Request, report: LoadReport) -> Iterator[str]:
    """Yields what a check found; what it did not find is not said."""
    _ = request.gettext
    for message, count in (
        (_("{count} new"), report.new),
        (_("{count} changed"), report.changed),
        (_("{count} unchanged"), report.unchanged),
        (_("{count} unreadable"), len(report.unreadable)),
    ):
        if count:
            yield message.format(count=count)


def _set_aside(request: Request, name: str, report: LoadReport) -> list[Entry]:
    _ = request.gettext
    aside = name_set_aside(report.set_aside, request.ngettext)
    return [Entry(name, _("left out: {items}").format(items=aside))] if aside else []


RELOAD = Command(
    "reload",
    N_("Check the sources for new stories now"),
    reload,
    (
        Option(
            "source",
            OptionKind.SOURCE,
            N_("Check only this source"),
            rest=True,
            operator_words=(CONFIG,),
        ),
    ),
    access=Access.MODERATORS,
    details=(
        N_("Reports what is new, changed, unchanged and unreadable in each source."),
        N_("A source is checked once at a time, with a short pause after each check."),
        N_("The answer shows what has come in so far, until all sources have been checked."),
        N_(
            "Operators have the configuration read again by /reload config, which tells what has "
            "changed. If there is a mistake in it, nothing changes."
        ),
    ),
    examples=("/reload", "/reload {source}"),
    group=Group.DESK,
    is_slow=True,
)
