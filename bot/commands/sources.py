"""`/sources`: the sources of the stories, their last poll and their health."""

from __future__ import annotations

from datetime import timedelta

from babel.dates import format_date
from babel.numbers import format_decimal

from bot.chat.command import PAGE, Command, Group
from bot.chat.local_time import tell_ago, tell_until
from bot.chat.request import Request, page_buttons, page_count
from bot.commands.source_edit_texts import edit_texts
from bot.i18n import N_
from bot.ingest.added_sources import SourceEdits
from bot.ingest.results import LoadReport, SourceState
from bot.model import Source
from bot.reply import Entry, Reply

_SOURCES_A_PAGE = 20
_FEW = 10  # stories a day; of more, nobody wants to know the tenths
_ONE = 0.95  # stories, which are told as one
_WEEK, _MONTH = 7, 30  # days
_RESTING = timedelta(days=_MONTH)  # without a story; how many there were before that is history


async def sources(request: Request) -> Reply:
    """Answers `/sources`."""
    _ = request.gettext
    states = await request.services.store.sources.states()
    edits = await request.services.store.source_edits.edits()
    known = list(request.services.sources.values())
    pages = page_count(len(known), _SOURCES_A_PAGE)
    start = (request.page - 1) * _SOURCES_A_PAGE
    none = (_("There are no sources. The operator can add some in the configuration."),)
    return Reply(
        request.command.name,
        title=_("Sources"),
        text=() if known else none,
        entries=tuple(
            _entry(request, source, states.get(source.id, SourceState(source.id)), edits)
            for source in known[start : start + _SOURCES_A_PAGE]
        ),
        page=request.page,
        pages=pages,
        buttons=page_buttons(request, pages),
    )


def _entry(request: Request, source: Source, state: SourceState, edits: SourceEdits) -> Entry:
    text = source_text(request, source, state, edits)
    return Entry(source.label, text, request.registry.latest(source.id))


def source_text(request: Request, source: Source, state: SourceState, edits: SourceEdits) -> str:
    """Tells how a source fares; to moderators also how it is polled, and who changed what of it."""
    _ = request.gettext
    count = request.ngettext("{count} story", "{count} stories", state.stories)
    told = [source.id, count.format(count=state.stories)]
    told += _activity(request, state)
    told.append(_last_poll(request, state))
    is_paused = source.id in edits.paused
    if state.pushed_until and state.pushed_until > request.services.clock.now() and not is_paused:
        told.append(_("live updates"))
    if request.person.moderator:
        told += _health(request, state, is_paused=is_paused)
        told += edit_texts(request, source.id, edits)
    elif is_paused:
        told.append(_("paused"))
    return " · ".join(told)


def _activity(request: Request, state: SourceState) -> list[str]:
    """Tells when the newest story came, and how many come; nothing is said of a source at rest."""
    _, language = request.gettext, request.services.translations.language
    if state.newest is None:
        return []
    day = format_date(state.newest.date(), "medium", locale=language)
    if request.services.clock.now() - state.newest > _RESTING:
        return [_("nothing new since {date}").format(date=day)]
    rate = _rate(request, state.a_day)
    return [_("newest {date}").format(date=day), *([rate] if rate else [])]


def _rate(request: Request, a_day: float) -> str:
    """Tells a rate by the day, the week or the month, whichever gives whole stories."""
    _, language = request.gettext, request.services.translations.language
    if a_day >= _ONE:
        number = format_decimal(a_day, "0.#" if a_day < _FEW else "0", locale=language)
        return _("{number} a day").format(number=number)
    if a_day * _WEEK >= _ONE:
        return _("{number} a week").format(number=round(a_day * _WEEK))
    return _("{number} a month").format(number=round(a_day * _MONTH)) if a_day else ""


def _health(request: Request, state: SourceState, *, is_paused: bool) -> list[str]:
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
    if is_paused:
        return told
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
