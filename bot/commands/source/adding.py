"""`/source add`: finds what an address means, shows its last stories, and keeps it if confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.auditing import record_change
from bot.chat.progress import show_progress
from bot.chat.request import Request
from bot.chat.source_edits import SourceEditor
from bot.commands.source.actions import CONFIRM, KIND, NO, YES, Verb, source_action
from bot.commands.source.lookup import details_button, name_of
from bot.commands.source.rights import (
    check_address,
    check_pace,
    check_public,
    check_rights,
    editor_of,
    is_private_host,
    stamp,
)
from bot.commands.source.settings_read import given_settings, read_or_refuse
from bot.commands.source.trial import fetch_now, trial_cards
from bot.commands.source.wording import interval_text
from bot.commands.subscriptions.wording import typed_target
from bot.config.added_sources import new_source
from bot.config.feeds import valid_name
from bot.config.schema import SourceConfig
from bot.errors import ReaderError, SourceError
from bot.i18n import N_
from bot.ingest.added_sources import AddedSource, SettingValue
from bot.ingest.source_finder import SourceCandidate, SourceKind
from bot.ingest.source_trial import newest_stories
from bot.model import Story
from bot.reply import Button, Entry, Reply
from bot.subscriptions.model import TargetKind
from bot.text.display import add_quotes, shorten
from bot.text.urls import credentials_in, mend_scheme

_SHOWN = 10  # candidates
_TRIAL_ID = "trial"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A source that is about to be added.

    Attributes:
        settings: Its settings.
        config: The same, read.
        name: What it is called until it has an id.
    """

    settings: dict[str, SettingValue]
    config: SourceConfig

    @property
    def name(self) -> str:
        return self.config.name or shorten(self.config.url)


async def add_source(request: Request, typed: str) -> Reply:
    """Answers `/source add`, and the buttons that come of it."""
    _ = request.gettext
    editor = check_rights(request)
    if request.text(CONFIRM) == NO:
        return Reply(request.command.name, text=(_("Nothing was added."),), is_done=True)
    address = mend_scheme(typed)
    whole = address if "://" in address else f"http://{address}"
    if _has_credentials(address, whole):
        told = _("An address with a password cannot be added in a chat, where others may see it.")
        raise ReaderError(told)
    check_address(request, whole)
    _check_new(request, editor, address)
    check_room(request, editor, 1)
    if request.text(KIND):
        return await _add_chosen(request, editor, address)
    check_pace(request)
    return await _find(request, editor, address)


def _has_credentials(typed: str, whole: str) -> bool:
    """Tells whether an address has a user; without a scheme, `name@host` is a profile's name."""
    return bool(credentials_in(typed)) or ":" in credentials_in(whole)


def _check_new(request: Request, editor: SourceEditor, address: str) -> None:
    """Makes sure that no source has an address already.

    Raises:
        ReaderError: One has; the message names it.
    """
    if known := editor.by_address(address):  # else what it means is still to be found
        told = request.gettext("That is a source already: {name}, as {id}.")
        raise ReaderError(told.format(name=name_of(request, known), id=known.id))


def check_room(request: Request, editor: SourceEditor, more: int) -> None:
    """Makes sure that so many more sources may be added.

    Raises:
        ReaderError: They may not.
    """
    most = editor.policy.most
    if len(editor.roster.added) + more <= most:
        return
    told = request.ngettext(
        "No more than {count} source can be added in chats. Remove one first.",
        "No more than {count} sources can be added in chats. Remove one first.",
        most,
    )
    raise ReaderError(told.format(count=most))


async def _find(request: Request, editor: SourceEditor, address: str) -> Reply:
    """Finds what an address means; shows it, or asks which of several is meant."""
    _ = request.gettext
    finder = request.services.source_finder
    if finder is None:
        raise ReaderError(_("The sources cannot be changed here."))
    title = _("Looking for stories at {address} …").format(address=shorten(address))
    show_progress(Reply(request.command.name, title=title))
    try:
        found = await finder.find(address)
    except SourceError as error:
        told = _("{address} cannot be added: {reason}")
        raise ReaderError(told.format(address=add_quotes(address), reason=error)) from None
    return await _choose(request, editor, address, found)


async def _choose(
    request: Request, editor: SourceEditor, address: str, found: Sequence[SourceCandidate]
) -> Reply:
    """Shows what was found if it is one that is new, or asks which of several is meant."""
    wanted = [one for one in found if not one.comments] or found
    fresh = [one for one in wanted if _is_allowed(request, one) and not editor.by_address(one.url)]
    if not fresh:
        check_address(request, wanted[0].url)
        _check_new(request, editor, wanted[0].url)
    if len(fresh) == 1:
        return await _preview_candidate(request, editor, fresh[0])
    comments = [one for one in found if one.comments and one not in fresh]
    return _ask_candidate(request, address, [*fresh, *comments])


def _is_allowed(request: Request, candidate: SourceCandidate) -> bool:
    """Tells whether the person may add a candidate: a page may name what is on a private host."""
    policy = editor_of(request).policy
    return request.person.operator or not is_private_host(candidate.url, policy)


def _ask_candidate(request: Request, address: str, some: Sequence[SourceCandidate]) -> Reply:
    _ = request.gettext
    entries = tuple(_candidate_entry(request, one) for one in some[:_SHOWN])
    told = _("There are several at {address}. Which one do you mean?")
    return Reply(
        request.command.name,
        text=(told.format(address=shorten(address)),),
        entries=entries,
        buttons=(Button(_("Cancel"), source_action(Verb.ADD, address, confirm=NO)),),
    )


def _candidate_entry(request: Request, one: SourceCandidate) -> Entry:
    _ = request.gettext
    told = [one.url, one.service, one.description]
    if one.comments:
        told.append(_("readers' comments"))
    if one.kind is SourceKind.PAGE:
        told.append(_("a page without a feed"))
    given = {**_kept_options(request), KIND: one.kind.value}
    given.setdefault("name", valid_name(one.title))
    action = source_action(Verb.ADD, one.url, **given)
    return Entry(one.title or one.url, " · ".join(filter(None, told)), action)


def _kept_options(request: Request) -> dict[str, str]:
    """Returns the settings that were typed, for the buttons that go on with them."""
    return {key: value for key, value in request.options.items() if key in given_settings(request)}


async def _preview_candidate(request: Request, editor: SourceEditor, one: SourceCandidate) -> Reply:
    settings: dict[str, SettingValue] = {"kind": one.kind.value, "url": one.url}
    if name := valid_name(one.title):
        settings["name"] = name
    draft = _draft(request, settings)
    stories = newest_stories(one.stories, request.services.clock) if one.stories else None
    return await _preview(request, editor, draft, stories)


async def _add_chosen(request: Request, editor: SourceEditor, address: str) -> Reply:
    """Shows a candidate that was chosen, or keeps one that was confirmed."""
    draft = _draft(request, {"kind": request.text(KIND), "url": address})
    if request.text(CONFIRM) == YES:
        return await _keep(request, editor, draft)
    check_pace(request)
    return await _preview(request, editor, draft, None)


def _draft(request: Request, settings: dict[str, SettingValue]) -> _Draft:
    """Makes a draft of what was found and what was typed.

    Raises:
        ReaderError: It is not what the configuration takes.
    """
    merged = {**settings, **given_settings(request)}
    merged["url"] = settings["url"]
    return _Draft(merged, read_or_refuse(_TRIAL_ID, merged))


async def _preview(
    request: Request, editor: SourceEditor, draft: _Draft, stories: Sequence[Story] | None
) -> Reply:
    """Shows the last stories of a source before it is added."""
    _ = request.gettext
    if stories is None:
        stories = (await fetch_now(request, editor, draft.config, draft.name)).stories
    confirmed = {
        **_kept_options(request),
        KIND: draft.config.kind,
        "name": draft.config.name,
        CONFIRM: YES,
    }
    told = _("It would be checked {often}. What it has now is posted nowhere.")
    lines = (draft.config.url, told.format(often=interval_text(request, draft.config.every)))
    last = _("Its last stories:") if stories else _("It has no stories right now.")
    return Reply(
        request.command.name,
        title=_("Add {name}?").format(name=draft.name),
        text=(*lines, last),
        cards=trial_cards(request, stories, draft.name),
        buttons=(
            Button(_("Add"), source_action(Verb.ADD, draft.config.url, **confirmed)),
            Button(_("Cancel"), source_action(Verb.ADD, draft.config.url, confirm=NO)),
        ),
    )


async def _keep(request: Request, editor: SourceEditor, draft: _Draft) -> Reply:
    _ = request.gettext
    check_public(request, draft.config.url)
    added = await make_added(request, editor, draft.settings)
    await editor.put([added])
    await record_change(request, N_("Added the source {target}"), added.name, everywhere=True)
    told = _("{name} is a source now, as {id}. Its stories are being fetched; none is posted yet.")
    return Reply(
        request.command.name,
        text=(told.format(name=added.name, id=added.id),),
        buttons=(
            Button(
                _("Subscribe"),
                request.registry.follow(
                    typed_target(request.services, TargetKind.SOURCE, added.id)
                ),
            ),
            details_button(request, added.id),
        ),
        is_done=True,
    )


async def make_added(
    request: Request, editor: SourceEditor, settings: dict[str, SettingValue]
) -> AddedSource:
    """Makes an added source with an id of its own."""
    states = await request.services.store.sources.states(rates=False)
    edits = await editor.store.edits()
    running = [one.id for one in editor.sources]
    return new_source(settings, stamp(request), running, states, edits.removed)
