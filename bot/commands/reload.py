"""`/reload`: moderators poll the sources now, and see a report."""

from __future__ import annotations

import math

from bot.chat.command import Access, Command, Option, OptionKind
from bot.chat.request import Request
from bot.commands.latest import unknown_source
from bot.errors import BusyError, ReaderError, TooSoonError
from bot.i18n import N_
from bot.ingest.results import LoadReport
from bot.ingest.set_aside import name_set_aside
from bot.reply import Entry, Reply

_UNREADABLE_SHOWN = 5


async def reload(request: Request) -> Reply:
    """Answers `/reload`."""
    _ = request.gettext
    reports = await _poll(request, _source_ids(request))
    entries = tuple(entry for report in reports for entry in _entries(request, report))
    none = (_("There are no sources. The operator can add some in the configuration."),)
    return Reply(
        request.command.name,
        title=_("Checked the sources"),
        text=() if reports else none,
        entries=entries,
    )


def _source_ids(request: Request) -> tuple[str, ...] | None:
    typed = request.text("source")
    if not typed:
        return None
    source = request.services.source(typed)
    if source is None:
        raise ReaderError(unknown_source(request, typed))
    return (source.id,)


async def _poll(request: Request, wanted: tuple[str, ...] | None) -> list[LoadReport]:
    _ = request.gettext
    services = request.services
    try:
        return await services.poller.reload(wanted, services.reload_cooldown)
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


def _entries(request: Request, report: LoadReport) -> list[Entry]:
    _ = request.gettext
    name = request.source_name(report.source)
    action = request.registry.latest(report.source)
    if report.error:
        return [Entry(name, _("could not be read: {reason}").format(reason=report.error))]
    told = _("{new} new, {changed} changed, {unchanged} unchanged, {unreadable} unreadable").format(
        new=report.new,
        changed=report.changed,
        unchanged=report.unchanged,
        unreadable=len(report.unreadable),
    )
    shown = report.unreadable[:_UNREADABLE_SHOWN]
    entries = [Entry(name, told, action), *_set_aside(request, name, report)]
    entries += [Entry(name, str(bad)) for bad in shown]
    left = len(report.unreadable) - len(shown)
    if left:
        more = request.ngettext("and {count} more", "and {count} more", left)
        entries.append(Entry(name, more.format(count=left)))
    return entries


def _set_aside(request: Request, name: str, report: LoadReport) -> list[Entry]:
    _ = request.gettext
    aside = name_set_aside(report.set_aside, request.ngettext)
    return [Entry(name, _("left out: {items}").format(items=aside))] if aside else []


RELOAD = Command(
    "reload",
    N_("Check the sources for new stories now"),
    reload,
    (Option("source", OptionKind.SOURCE, N_("Check only this source"), rest=True),),
    access=Access.MODERATORS,
    details=(
        N_("Reports what is new, changed, unchanged and unreadable in each source."),
        N_("A source is checked once at a time, with a short pause after each check."),
    ),
    examples=("/reload",),
    is_slow=True,
)
