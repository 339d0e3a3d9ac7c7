"""`/audit`: what moderators have changed, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.audit.ports import Actor, AuditEntry
from bot.chat.command import PAGE, Access, Command, Group, Option, OptionKind
from bot.chat.local_time import tell_ago
from bot.chat.registry import Completion
from bot.chat.request import Request, page_buttons
from bot.commands.subscriptions.actions import AUDIT_NAME
from bot.commands.subscriptions.place import CHANNEL, check_place, keep_place, title_here
from bot.commands.subscriptions.wording import list_choices
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Chat
from bot.reply import Action, Button, Entry, Reply
from bot.text.display import add_quotes
from bot.text.similar_names import similar_names

_A_PAGE = 15
_BY = "by"


@dataclass(frozen=True, slots=True)
class _Selection:
    """The entries that are asked for.

    Attributes:
        chat: Of which chat; None for all.
        actors: Whose; None for anybody's.
        command: By which command; empty for any.
    """

    chat: Chat | None
    actors: Sequence[Actor] | None = None
    command: str = ""


async def audit(request: Request) -> Reply:
    """Answers `/audit`."""
    check_place(request)
    selection = await _select(request)
    start = (request.page - 1) * _A_PAGE
    found = await request.services.store.audit.entries(
        selection.chat,
        _A_PAGE + 1,
        start,
        actors=selection.actors,
        command=selection.command,
    )
    more, shown = found[_A_PAGE:], found[:_A_PAGE]
    pages = request.page + bool(more) if shown else 1
    reply = Reply(
        request.command.name,
        title=_title(request, selection),
        text=() if shown else (_nothing(request, selection),),
        entries=tuple(_entry(request, one, selection) for one in shown),
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), *_whole_button(request)),
    )
    return keep_place(request, reply)


def _is_about_all(request: Request) -> bool:
    """Tells if all chats are asked about: by an operator, where nobody else reads the answer."""
    return request.person.operator and request.person.host


def _title(request: Request, selection: _Selection) -> str:
    _ = request.gettext
    if selection.chat is None:
        return _("What moderators changed")
    return title_here(
        request, _("What moderators changed here"), _("What moderators changed in {channel}")
    )


def _nothing(request: Request, selection: _Selection) -> str:
    _ = request.gettext
    if request.text(_BY):
        return _("Nothing like that was changed in the last year.")
    if selection.chat is not None and request.person.host:
        return _("What you change in a chat of your own is recorded nowhere.")
    return _("Nothing was changed in the last year.")


async def _select(request: Request) -> _Selection:
    """Finds out which entries are asked for: by a command, or by a person.

    Raises:
        ReaderError: What is typed is neither.
        StoreError: The store cannot be read.
    """
    chat = None if _is_about_all(request) else request.chat
    typed = request.text(_BY)
    if not typed:
        return _Selection(chat)
    store = request.services.store.audit
    command = request.registry.find(typed.removeprefix("/"))
    name = command.name if command else typed.removeprefix("/").casefold()
    if name in await store.commands(chat):
        return _Selection(chat, command=name)
    actors = await store.actors(chat)
    meant = _find_actors(actors, typed)
    if not meant and command is None:
        raise ReaderError(_unknown(request, typed, actors))
    return _Selection(chat, meant) if meant else _Selection(chat, command=name)


def _find_actors(actors: Sequence[Actor], typed: str) -> Sequence[Actor]:
    """Finds those whose id or name is typed, else those of whose name it is a part."""
    key = typed.removeprefix("@").casefold()
    exact = [one for one in actors if key in {one.id, one.name.casefold()}]
    return exact or [one for one in actors if key in one.name.casefold()]


def _unknown(request: Request, typed: str, actors: Sequence[Actor]) -> str:
    _ = request.gettext
    told = _("{name} has changed nothing here, and is no command.").format(name=add_quotes(typed))
    names = [one.name for one in actors if one.name]
    near = similar_names(typed, names)
    if not near:
        return told
    hint = _("Did you mean {names}?").format(names=list_choices(request, near))
    return request.words.join_sentences(told, hint)


def _entry(request: Request, one: AuditEntry, selection: _Selection) -> Entry:
    _ = request.gettext
    change = _(one.change).format(target=add_quotes(one.target))
    who = one.actor.name or _("somebody whose name was deleted")
    place = one.chat.name or ("" if one.chat.id else _("in private"))
    is_elsewhere = selection.chat is None or one.chat.id != selection.chat.id
    told = (who, tell_ago(request, one.at), place if is_elsewhere else "")
    return Entry(change, " · ".join(filter(None, told)))


def _whole_button(request: Request) -> tuple[Button, ...]:
    if not request.text(_BY):
        return ()
    return (Button(request.gettext("All changes"), Action(request.command.name)),)


async def complete_audited(request: Request) -> Sequence[Completion]:
    """Returns what entries can be chosen by: people, then commands."""
    chat = None if _is_about_all(request) else request.chat
    store = request.services.store.audit
    people = [Completion(one.name, one.name) for one in await store.actors(chat) if one.name]
    commands = await store.commands(chat) if request.person.decides else ()
    return [*people, *(Completion(one, f"/{one}") for one in commands)]


AUDIT = Command(
    AUDIT_NAME,
    N_("What moderators have changed"),
    audit,
    (
        Option(
            _BY,
            OptionKind.AUDITED,
            N_("Only what this person has changed, or what was changed by this command"),
            rest=True,
        ),
        CHANNEL,
        PAGE,
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "Lists who changed what in this chat and when: subscriptions, settings, topics, "
            "events and checks of sources. It goes back a year."
        ),
        N_("What people set up in their private chats with me is not listed."),
    ),
    examples=("/audit", "/audit subscribe"),
    discreet=True,
    confidential=True,
    group=Group.DESK,
)
