"""`/sources`: the sources of the stories, their last poll and their health."""

from __future__ import annotations

from babel.dates import format_date
from babel.numbers import format_decimal

from bot.chat.command import PAGE, Command, Group
from bot.chat.local_time import tell_ago, tell_until
from bot.chat.request import Request, page_buttons, page_count
from bot.i18n import N_
from bot.ingest.results import LoadReport, SourceState
from bot.model import Source
from bot.reply import Entry, Reply

_SOURCES_A_PAGE = 20
_SELDOM = 0.05  # stories a day; of fewer, the date of the newest says more
_FEW = 10  # stories a day; of more, nobody wants to know the tenths


async def sources(request: Request) -> Reply:
    """Answers `/sources`."""
    _ = request.gettext
    states = await request.services.store.sources.states()
    known = list(request.services.sources.values())
    pages = page_count(len(known), _SOURCES_A_PAGE)
    start = (request.page - 1) * _SOURCES_A_PAGE
    none = (_("There are no sources. The operator can add some in the configuration."),)
    return Reply(
        request.command.name,
        title=_("Sources"),
        text=() if known else none,
        entries=tuple(
            _entry(request, source, states.get(source.id, SourceState(source.id)))
            for source in known[start : start + _SOURCES_A_PAGE]
        ),
        page=request.page,
        pages=pages,
        buttons=page_buttons(request, pages),
    )


def _entry(request: Request, source: Source, state: SourceState) -> Entry:
    _ = request.gettext
    language = request.services.translations.language
    count = request.ngettext("{count} story", "{count} stories", state.stories)
    told = [source.id, count.format(count=state.stories)]
    if state.newest:
        day = format_date(state.newest.date(), "medium", locale=language)
        told.append(_("newest {date}").format(date=day))
    if state.a_day >= _SELDOM:
        told.append(_("{number} a day").format(number=_average(state.a_day, language)))
    told.append(_last_poll(request, state))
    if state.pushed_until and state.pushed_until > request.services.clock.now():
        told.append(_("live updates"))
    if request.person.moderator:
        told += _health(request, state)
    return Entry(source.name, " · ".join(told), request.registry.latest(source.id))


def _average(number: float, language: str) -> str:
    return format_decimal(number, "0.#" if number < _FEW else "0", locale=language)


def _health(request: Request, state: SourceState) -> list[str]:
    """Returns the health of a source, for moderators: the last error, and the next retry."""
    _ = request.gettext
    report = state.report
    if report is None:
        return []
    told = []
    told += [
        _("read, with a warning: {reason}").format(reason=one.reason) for one in report.warnings[:1]
    ]
    if report.error:
        told.append(_last_error(request, report))
        if state.succeeded_at:
            told.append(_("last read {when}").format(when=tell_ago(request, state.succeeded_at)))
    if report.left_out:
        waiting = request.ngettext(
            "{count} story is waiting for another day, since the daily limit is reached",
            "{count} stories are waiting for another day, since the daily limit is reached",
            report.left_out,
        )
        told.append(waiting.format(count=report.left_out))
    if report.gone:
        told.append(_("no longer checked, except by /reload"))
    elif report.next_check:
        told.append(_("next check {when}").format(when=tell_until(request, report.next_check)))
    return told


def _last_error(request: Request, report: LoadReport) -> str:
    if not report.failures:  # nothing was asked: its host is let be
        return request.gettext("not checked now: {reason}").format(reason=report.error)
    failed = request.ngettext(
        "last check failed: {reason}", "last {count} checks failed: {reason}", report.failures
    )
    return failed.format(reason=report.error, count=report.failures)


def _last_poll(request: Request, state: SourceState) -> str:
    _ = request.gettext
    if state.report is None:
        return _("not checked yet")
    return _("checked {when}").format(when=tell_ago(request, state.report.at))


SOURCES = Command(
    "sources",
    N_("Where the stories come from"),
    sources,
    (PAGE,),
    examples=("/sources",),
    group=Group.DESK,
)
