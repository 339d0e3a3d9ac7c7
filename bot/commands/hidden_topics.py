"""The list of what moderators have hidden, renamed and merged, each to be had back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.request import Request, page_buttons, page_count
from bot.commands.topic_editing import may_edit, require_rights
from bot.commands.topic_edits import edit_action
from bot.ingest.topics.model import EditKind, TopicEdit
from bot.reply import Action, Button, Entry, Reply

_A_PAGE = 20


async def hidden_button(request: Request) -> Sequence[Button]:
    """Makes the button that lists what was hidden and merged, for moderators, if anything was."""
    if not may_edit(request) or not await request.services.store.topics.edits():
        return ()
    action = Action(request.command.name, (("hidden", "yes"),))
    return (Button(request.gettext("Hidden and merged"), action),)


async def list_hidden(request: Request) -> Reply:
    """Lists what moderators have hidden, renamed and merged, each to be restored.

    Raises:
        NotAllowedError: The person is no moderator.
        StoreError: The store cannot be read.
    """
    require_rights(request)
    decided = await request.services.store.topics.edits()
    edits = list({edit.topic: edit for edit in reversed(decided)}.values())
    pages = page_count(len(edits), _A_PAGE)
    start = (request.page - 1) * _A_PAGE
    entries = tuple(_edit_entry(request, edit) for edit in edits[start : start + _A_PAGE])
    _ = request.gettext
    text = _("Choose one to have it as it was found.") if edits else _("Nothing is hidden.")
    return Reply(
        request.command.name,
        title=_("Hidden and merged topics"),
        text=(text,),
        entries=entries,
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), Button(_("Topics"), request.registry.topics())),
    )


def _name_of(request: Request, edit: TopicEdit) -> str:
    """Returns what a topic is called, or what the one is that it was merged into."""
    into = request.services.topic(edit.value) if edit.kind is EditKind.MERGE else None
    return into.name if into else edit.value


def _edit_entry(request: Request, edit: TopicEdit) -> Entry:
    _ = request.gettext
    told = {
        EditKind.HIDE: _("hidden"),
        EditKind.RENAME: _("is called {name}"),
        EditKind.MERGE: _("belongs to {name}"),
    }[edit.kind].format(name=_name_of(request, edit))
    return Entry(edit.topic, told, edit_action(request, edit.topic, ("hide", "no")))
