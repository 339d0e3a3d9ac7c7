"""`/source backfill`: fills in the past of a source from its site's API, and posts nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from babel.dates import format_date

from bot.chat.auditing import record_change
from bot.chat.progress import show_progress
from bot.chat.request import Request
from bot.chat.source_edits import SourceEditor
from bot.commands.source.actions import Verb, source_action
from bot.commands.source.lookup import ask_which, details_button, find_source, name_of
from bot.commands.source.rights import check_pace, check_rights
from bot.config.schema import SourceConfig
from bot.errors import ReaderError, SourceError
from bot.i18n import N_
from bot.ingest.backfill import Backfill, BackfillReport
from bot.reply import Button, Reply

_MOST = 500  # stories a press
_PATIENCE = 480.0  # seconds; an answer that comes later can be shown nowhere on Discord


async def backfill_source(request: Request, typed: str) -> Reply:
    """Fills in a part of the past; the same again goes on from there."""
    _ = request.gettext
    editor = check_rights(request)
    if not typed:
        feeds = [one for one in editor.sources if one.url]
        question = _("Of which source do you want to fill in the past?")
        return ask_which(request, Verb.BACKFILL, question, feeds)
    source = find_source(request, editor, typed)
    name = name_of(request, source)
    if not source.url:
        told = _("{name} is read from files: there is no site that has its past.")
        raise ReaderError(told.format(name=name))
    check_pace(request)
    with _filling(request, editor, source):
        report = await _fill(request, editor, source, name)
    if report.added:
        change = N_("Filled in the past of the source {target}")
        await record_change(request, change, name, everywhere=True)
    return _report(request, source, name, report)


@contextmanager
def _filling(request: Request, editor: SourceEditor, source: SourceConfig) -> Iterator[None]:
    """Makes sure that the past of a source is filled in once at a time.

    Raises:
        ReaderError: It is being filled in.
    """
    if source.id in editor.filling:
        told = request.gettext("The past of {name} is being filled in already.")
        raise ReaderError(told.format(name=name_of(request, source)))
    editor.filling.add(source.id)
    try:
        yield
    finally:
        editor.filling.discard(source.id)


async def _fill(
    request: Request, editor: SourceEditor, source: SourceConfig, name: str
) -> BackfillReport:
    """Runs a backfill, as long as an answer can wait for it; what was added stays.

    Raises:
        ReaderError: The site has no past that can be read.
    """
    _, services = request.gettext, request.services
    title = _("Filling in the past of {name} …").format(name=name)
    store = services.store.backfills
    backfill = Backfill(source.id, editor.roster.open_past(source), services.poller, store)
    before = await store.progress(source.id)

    def advance(done: int, total: int) -> None:
        told = _("{done} of {count} looked at") if total else _("{done} looked at")
        text = (told.format(done=done, count=total),)
        show_progress(Reply(request.command.name, title=title, text=text))

    show_progress(Reply(request.command.name, title=title))
    with suppress(TimeoutError):
        try:
            async with asyncio.timeout(_PATIENCE):
                return await backfill.run(_MOST, advance=advance)
        except SourceError as error:
            told = _("The past of {name} cannot be read: {reason}")
            raise ReaderError(told.format(name=name, reason=error)) from None
    now = await store.progress(source.id)
    return BackfillReport(now.added - before.added, oldest=now.oldest, is_done=now.is_done)


def _report(request: Request, source: SourceConfig, name: str, report: BackfillReport) -> Reply:
    _ = request.gettext
    added = request.ngettext("{count} story added.", "{count} stories added.", report.added)
    told = [added.format(count=report.added)]
    if report.oldest:
        language = request.services.translations.language
        day = format_date(report.oldest.date(), "medium", locale=language)
        told.append(_("The past is there back to {date}.").format(date=day))
    if report.error:
        told.append(_("Then it could not be read: {reason}").format(reason=report.error))
    elif report.is_done:
        told.append(_("The site has nothing older."))
    go_on = Button(_("Go on"), source_action(Verb.BACKFILL, source.id))
    return Reply(
        request.command.name,
        title=_("The past of {name}").format(name=name),
        text=(request.words.join_sentences(*told), _("Nothing of it is posted.")),
        buttons=(
            *(() if report.is_done else (go_on,)),
            details_button(request, source.id),
        ),
    )
