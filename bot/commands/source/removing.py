"""`/source remove`: asks first, and says what becomes of the stories and of who follows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.chat.auditing import record_change
from bot.chat.request import Request
from bot.chat.source_edits import SourceEditor
from bot.commands.source.actions import ALSO, CONFIRM, YES, Verb, details_action, source_action
from bot.commands.source.adding import check_room
from bot.commands.source.lookup import (
    ask_which,
    details_button,
    find_source,
    is_added,
    name_of,
)
from bot.commands.source.rights import check_address, check_public, check_rights
from bot.config.schema import SourceConfig
from bot.errors import ReaderError
from bot.i18n import N_
from bot.ingest.results import SourceState
from bot.reply import Button, Reply
from bot.subscriptions.model import Subscription, TargetKind
from bot.text.display import add_quotes

_FOLLOWERS = "followers"
_PLACES_SHOWN = 5


async def remove_source(request: Request, typed: str) -> Reply:
    """Answers `/source remove`, and the buttons that come of it."""
    _ = request.gettext
    editor = check_rights(request)
    if not typed:
        own = [one for one in editor.sources if is_added(editor, one)]
        return ask_which(request, Verb.REMOVE, _("Which source do you want to remove?"), own)
    source = find_source(request, editor, typed)
    if not is_added(editor, source):
        return _refuse(request, source)
    followers = await _followers(request, source)
    if request.text(CONFIRM) != YES:
        return await _ask(request, source, followers)
    ended = followers if request.text(ALSO) == _FOLLOWERS else ()
    return await _remove(request, editor, source, ended)


def _refuse(request: Request, source: SourceConfig) -> Reply:
    _ = request.gettext
    told = _(
        "{name} stands in the configuration's file, where the operator can take it out. Here it "
        "can be paused."
    )
    return Reply(
        request.command.name,
        text=(told.format(name=name_of(request, source)),),
        buttons=(Button(_("Pause"), source_action(Verb.PAUSE, source.id)),),
        ok=False,
    )


async def _followers(request: Request, source: SourceConfig) -> Sequence[Subscription]:
    """Returns the subscriptions of all chats that follow a source by itself."""
    _, found = await request.services.store.subscriptions.since(0)
    target = (TargetKind.SOURCE, source.id)
    return [one for one in found if not one.ended and (one.kind, one.what) == target]


async def _ask(request: Request, source: SourceConfig, followers: Sequence[Subscription]) -> Reply:
    _ = request.gettext
    state = await request.services.store.sources.state(source.id) or SourceState(source.id)
    confirmed = {CONFIRM: YES}
    buttons = [Button(_("Remove"), source_action(Verb.REMOVE, source.id, **confirmed))]
    if followers:
        more = _("Remove, and end its subscriptions")
        action = source_action(Verb.REMOVE, source.id, **confirmed, **{ALSO: _FOLLOWERS})
        buttons.append(Button(more, action))
    buttons.append(Button(_("Keep it"), details_action(source.id)))
    return Reply(
        request.command.name,
        title=_("Remove {name}?").format(name=name_of(request, source)),
        text=tuple(_consequences(request, state, followers)),
        buttons=tuple(buttons),
    )


def _consequences(
    request: Request, state: SourceState, followers: Sequence[Subscription]
) -> Iterator[str]:
    """Says what becomes of its stories, and of the subscriptions that follow it."""
    _, ngettext = request.gettext, request.ngettext
    stories = ngettext(
        "Its {count} story stays, and can be found and read.",
        "Its {count} stories stay, and can be found and read.",
        state.stories,
    )
    yield stories.format(count=state.stories) if state.stories else _("It has no stories yet.")
    if not followers:
        yield _("No subscription follows it by itself.")
        return
    here = sum(one.chat == request.chat for one in followers)
    told = ngettext(
        "{count} subscription follows it, {here} of this chat. It gets nothing more, unless the "
        "source is added again.",
        "{count} subscriptions follow it, {here} of this chat. They get nothing more, unless the "
        "source is added again.",
        len(followers),
    )
    yield told.format(count=len(followers), here=here)
    places = list(dict.fromkeys(one.place for one in followers if one.place))
    if places and request.person.operator:  # whose chats these are concerns nobody else
        more = ["…"] if len(places) > _PLACES_SHOWN else []
        names = request.words.join([*places[:_PLACES_SHOWN], *more])
        yield _("Followed in {places}.").format(places=names)


async def _remove(
    request: Request,
    editor: SourceEditor,
    source: SourceConfig,
    ended: Sequence[Subscription],
) -> Reply:
    _, services = request.gettext, request.services
    name = name_of(request, source)
    await editor.remove(source.id)
    for one in ended:
        await services.store.subscriptions.end(one.id, services.clock.now())
    await record_change(request, N_("Removed the source {target}"), name, everywhere=True)
    told = [_("{name} was removed.").format(name=name)]
    if ended:
        count = request.ngettext(
            "{count} subscription has ended.", "{count} subscriptions have ended.", len(ended)
        )
        told.append(count.format(count=len(ended)))
    return Reply(
        request.command.name,
        text=(request.words.join_sentences(*told),),
        buttons=(Button(_("Add it again"), source_action(Verb.RESTORE, source.id)),),
        is_done=True,
    )


async def restore_source(request: Request, typed: str) -> Reply:
    """Adds a source again as it was when it was removed."""
    _ = request.gettext
    editor = check_rights(request)
    edits = await editor.store.edits()
    found = next((one for one in edits.removed if one.id == typed), None)
    if found is None or editor.by_address(found.url) or editor.source(found.id):
        told = _("{name} cannot be added again like that. Try /source add.")
        raise ReaderError(told.format(name=add_quotes(typed)))
    check_address(request, found.url)
    check_public(request, found.url)
    check_room(request, editor, 1)
    await editor.put([replace(found, removed=None)])
    await record_change(request, N_("Added the source {target}"), found.name, everywhere=True)
    told = _("{name} is a source again, with all that followed it.")
    return Reply(
        request.command.name,
        text=(told.format(name=found.name),),
        buttons=(details_button(request, found.id),),
        is_done=True,
    )
