"""The command `/source`: its verbs and options."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.chat.command import PAGE, Access, Command, Group, Option, OptionKind, Question
from bot.chat.prompts import ask
from bot.chat.request import Request
from bot.commands.source.actions import (
    ALSO,
    CONFIRM,
    KIND,
    LIST,
    SET,
    SOURCE_NAME,
    TYPED,
    VERB,
    WHAT,
    Verb,
    source_action,
)
from bot.commands.source.adding import add_source
from bot.commands.source.backfilling import backfill_source
from bot.commands.source.editing import QUESTIONS, edit_source
from bot.commands.source.lists import export_sources, import_sources
from bot.commands.source.lookup import find_source
from bot.commands.source.overview import show_overview, show_source
from bot.commands.source.pausing import pause_source, resume_source
from bot.commands.source.removing import remove_source, restore_source
from bot.commands.source.rights import check_rights, editor_of
from bot.commands.source.trial import test_source
from bot.config.added_sources import EDITABLE
from bot.i18n import N_
from bot.model import Capability
from bot.reply import Button, Reply
from bot.text.similar_names import similar_names
from bot.text.urls import is_web_url, mend_scheme

WHICH_ADDRESS = Question(
    WHAT,
    N_("Which feed or page do you want to add?"),
    N_("an address, such as example.org/news"),
    ((VERB, Verb.ADD.value),),
)


_SHOWN = ("name", "every", "topics")
"""The settings that have options of their own in a platform's menu."""

_VERBS = {one.value: one for one in Verb}


async def source(request: Request) -> Reply:
    """Answers `/source`."""
    verb, what = _asked(request)
    if verb is None and not what:
        return await show_overview(request)
    editor = editor_of(request)
    if verb is None and is_web_url(mend_scheme(what)) and editor.by_address(what) is None:
        verb = Verb.ADD
    if verb is None:
        meant = None if request.services.source(what) else _near_verb(request, what)
        return meant or await show_source(request, editor, find_source(request, editor, what))
    return await _HANDLERS[verb](request, what)


def _asked(request: Request) -> tuple[Verb | None, str]:
    """Returns the verb and what it is about; without the option, the first word may be the verb."""
    verb, what = request.text(VERB).casefold(), request.text(WHAT)
    if verb in _VERBS:
        return _VERBS[verb], what
    what = " ".join(filter(None, (request.text(VERB), what)))
    if request.services.source(what):  # whose name begins like that
        return None, what
    first, _, rest = what.partition(" ")
    if first.casefold() in _VERBS:
        return _VERBS[first.casefold()], rest.strip()
    return None, what


def _near_verb(request: Request, what: str) -> Reply | None:
    """Offers the verb that a first word with a slip may mean; None where it means none."""
    first, _, rest = what.partition(" ")
    near = similar_names(first, TYPED)
    if not near:
        return None
    asked = tuple(source_action(Verb(one), rest.strip()) for one in near)
    lines = [f"/{SOURCE_NAME} {one} {rest}".strip() for one in near]
    question = request.gettext("Did you mean {names}?")
    return Reply(
        request.command.name,
        text=(question.format(names=request.words.join(lines)),),
        buttons=tuple(map(Button, lines, asked)),
        ok=False,
    )


async def _add(request: Request, what: str) -> Reply:
    check_rights(request)
    return await add_source(request, what) if what else ask(request, WHICH_ADDRESS)


async def _export(request: Request, _what: str) -> Reply:
    return await export_sources(request)


async def _import(request: Request, _what: str) -> Reply:
    return await import_sources(request)


_HANDLERS: Mapping[Verb, Callable[[Request, str], Awaitable[Reply]]] = {
    Verb.ADD: _add,
    Verb.REMOVE: remove_source,
    Verb.PAUSE: pause_source,
    Verb.RESUME: resume_source,
    Verb.TEST: test_source,
    Verb.EDIT: edit_source,
    Verb.BACKFILL: backfill_source,
    Verb.EXPORT: _export,
    Verb.IMPORT: _import,
    Verb.RESTORE: restore_source,
}

SOURCE = Command(
    SOURCE_NAME,
    N_("Add, remove, pause, test and edit sources"),
    source,
    (
        Option(
            VERB, OptionKind.VERB, N_("What to do: add, remove, pause, resume …"), choices=TYPED
        ),
        Option(WHAT, OptionKind.SOURCE, N_("A source, or the address of a new one"), rest=True),
        Option("name", OptionKind.TEXT, N_("What readers see")),
        Option("every", OptionKind.TEXT, N_("How often it is checked, such as 30m or 2h")),
        Option("topics", OptionKind.TEXT, N_("Topics that all its stories are on, with commas")),
        Option(
            "file",
            OptionKind.FILE,
            N_("A list of feeds (OPML) to import"),
            needs=Capability.FILE_OPTIONS,
        ),
        *(
            Option(one, OptionKind.TEXT, N_("Another setting of a source"), hidden=True)
            for one in EDITABLE
            if one not in _SHOWN
        ),
        *(
            Option(one, OptionKind.TEXT, N_("Given by buttons"), hidden=True)
            for one in (SET, KIND, LIST, ALSO, CONFIRM)
        ),
        PAGE,
    ),
    access=Access.MODERATORS,
    details=(
        N_(
            "Add takes the address of a feed, of a page or of a profile, finds the feed, and shows "
            "its last stories before it is kept. Test fetches a source and keeps nothing."
        ),
        N_(
            "Backfill reads the past of a site that WordPress made, as far as it is not there yet, "
            "and posts nothing of it."
        ),
        N_(
            "Export gives all sources as a file (OPML), import reads one: attach it, or reply to "
            "it. Operators can change sources; moderators, where the operator allows it."
        ),
    ),
    examples=(
        "/source test {source}",
        "/source {source}",
    ),
    discreet=True,
    group=Group.DESK,
    questions=(WHICH_ADDRESS, *QUESTIONS),
)
