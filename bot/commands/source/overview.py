"""`/source` on its own, and a source by itself: what it is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.request import Request, page_buttons, page_count
from bot.chat.source_edits import SourceEditor
from bot.commands.source.actions import Verb, details_action, source_action
from bot.commands.source.lookup import is_added, name_of
from bot.commands.source.rights import may_edit
from bot.commands.source.wording import LABELS, setting_texts
from bot.commands.source_edit_texts import edit_texts
from bot.commands.sources import source_text
from bot.config.schema import SourceConfig
from bot.ingest.added_sources import SourceEdits
from bot.ingest.results import SourceState
from bot.reply import Button, Entry, Reply

_A_PAGE = 10


async def show_overview(request: Request) -> Reply:
    """Lists what people changed of the sources, and says what they can do."""
    _ = request.gettext
    editor = request.services.source_editor
    if editor is None:
        return Reply(request.command.name, text=(_("The sources cannot be changed here."),))
    edits = await editor.store.edits()
    ids = list(dict.fromkeys([*(one.id for one in editor.roster.added), *edits.paused]))
    shown = [one for id_ in ids if (one := editor.source(id_))]
    pages = page_count(len(shown), _A_PAGE)
    first = (request.page - 1) * _A_PAGE
    return Reply(
        request.command.name,
        title=_("Change the sources"),
        text=tuple(_introduction(request, editor, has_any=bool(shown))),
        entries=tuple(
            Entry(
                name_of(request, one),
                " · ".join(edit_texts(request, one.id, edits)),
                details_action(one.id),
            )
            for one in shown[first : first + _A_PAGE]
        ),
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), *_overview_buttons(request)),
    )


def _introduction(request: Request, editor: SourceEditor, *, has_any: bool) -> Iterator[str]:
    _ = request.gettext
    if may_edit(request):
        yield _(
            "Add a source with /source add and its address: of a feed, of a page or of a profile. "
            "With the name of a source you see what can be done with it: /source {example}"
        ).format(example=next((one.id for one in editor.sources), "wire"))
    else:
        yield _("Only operators can change the sources. You can test them.")
    if not has_any:
        yield _("Nothing has been added or paused here so far; /sources lists all there are.")


def _overview_buttons(request: Request) -> tuple[Button, ...]:
    _ = request.gettext
    if not may_edit(request):
        return ()
    return (
        Button(_("Add a source"), source_action(Verb.ADD)),
        Button(_("Export as OPML"), source_action(Verb.EXPORT)),
    )


async def show_source(
    request: Request, editor: SourceEditor, source: SourceConfig, *told: str
) -> Reply:
    """Shows a source: how it fares, its settings, who added it, and what can be done with it."""
    edits = await editor.store.edits()
    states = await request.services.store.sources.states()
    state = states.get(source.id, SourceState(source.id))
    return Reply(
        request.command.name,
        title=name_of(request, source),
        text=told,
        entries=tuple(_detail_entries(request, editor, source, state, edits)),
        buttons=_source_buttons(request, editor, source, edits),
    )


def _detail_entries(
    request: Request,
    editor: SourceEditor,
    source: SourceConfig,
    state: SourceState,
    edits: SourceEdits,
) -> Iterator[Entry]:
    _ = request.gettext
    known = request.services.sources[source.id]
    yield Entry(_("Now"), source_text(request, known, state, edits))
    if not is_added(editor, source):
        told = _("the configuration's file, where its settings can be changed")
        yield Entry(_("Where it stands"), told)
        return
    for setting, value in setting_texts(request, source):
        yield Entry(_(LABELS[setting]), value)


def _source_buttons(
    request: Request, editor: SourceEditor, source: SourceConfig, edits: SourceEdits
) -> tuple[Button, ...]:
    _ = request.gettext
    test = Button(_("Test"), source_action(Verb.TEST, source.id))
    if not may_edit(request):
        return (test,)
    is_paused = source.id in edits.paused
    pause = Button(_("Pause"), source_action(Verb.PAUSE, source.id))
    resume = Button(_("Resume"), source_action(Verb.RESUME, source.id))
    buttons = [test, resume if is_paused else pause]
    if is_added(editor, source):
        buttons.append(Button(_("Edit"), source_action(Verb.EDIT, source.id)))
        buttons.append(Button(_("Remove"), source_action(Verb.REMOVE, source.id)))
    return tuple(buttons)
