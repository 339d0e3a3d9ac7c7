"""Sources that people name, and what they may do with them."""

from __future__ import annotations

from bot.chat.request import Request
from bot.chat.source_edits import SourceEditor
from bot.commands.latest import unknown_source
from bot.commands.source.actions import Verb, details_action, source_action
from bot.config.schema import SourceConfig
from bot.errors import ReaderError
from bot.reply import Button, Entry, Reply


def find_source(request: Request, editor: SourceEditor, typed: str) -> SourceConfig:
    """Returns the source that a text names by its id, its name or its address.

    Raises:
        ReaderError: There is none.
    """
    known = request.services.source(typed)
    found = editor.source(known.id) if known else editor.by_address(typed)
    if found is None:
        raise ReaderError(unknown_source(request, typed))
    return found


def is_added(editor: SourceEditor, source: SourceConfig) -> bool:
    """Tells whether a source was added in a chat, and does not stand in the file."""
    return any(one.id == source.id for one in editor.roster.added)


def name_of(request: Request, source: SourceConfig) -> str:
    """Returns the name of a source, as readers see it."""
    return request.services.sources[source.id].name


def ask_which(request: Request, verb: Verb, question: str, some: list[SourceConfig]) -> Reply:
    """Asks which of some sources is meant."""
    if not some:
        told = request.gettext("There is no such source.")
        return Reply(request.command.name, text=(told,), ok=False)
    entries = tuple(
        Entry(name_of(request, one), one.id, source_action(verb, one.id)) for one in some
    )
    return Reply(request.command.name, text=(question,), entries=entries)


def details_button(request: Request, source: str) -> Button:
    """Makes the button that shows a source."""
    return Button(request.gettext("Show the source"), details_action(source))
