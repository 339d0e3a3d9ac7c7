"""`/source edit`: changes settings of an added source, by the configuration's own rules."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.auditing import record_change
from bot.chat.command import Question
from bot.chat.prompts import ask
from bot.chat.request import Request
from bot.chat.source_edits import SourceEditor
from bot.commands.source.actions import SET, VERB, Verb, source_action
from bot.commands.source.lookup import ask_which, details_button, find_source, is_added, name_of
from bot.commands.source.overview import show_source
from bot.commands.source.rights import check_address, check_pace, check_rights
from bot.commands.source.settings_read import cleared_settings, given_settings, read_or_refuse
from bot.commands.source.trial import fetch_now
from bot.commands.source.wording import LABELS, setting_texts
from bot.config.added_sources import changed, find_same
from bot.config.schema import SourceConfig
from bot.errors import ReaderError
from bot.i18n import N_
from bot.ingest.added_sources import AddedSource, SettingValue
from bot.reply import Entry, Reply

_GIVEN = ((VERB, Verb.EDIT.value),)

QUESTIONS = (
    Question("name", N_("What should {what} be called?"), N_("a name of a few words"), _GIVEN),
    Question("url", N_("At which address is {what} now?"), "https://…", _GIVEN),
    Question("every", N_("How often should {what} be checked?"), "30m", _GIVEN),
    Question("topics", N_("On which topics are all stories of {what}?"), "Japan, Space", _GIVEN),
    Question("timezone", N_("In which time zone are the dates of {what}?"), "Asia/Tokyo", _GIVEN),
    Question("colour", N_("Which colour do stories of {what} have?"), "#1F6FEB", _GIVEN),
    Question("icon", N_("Which emoji stands before the name of {what}?"), "🗞️", _GIVEN),
    Question("full_text", N_("Read whole stories of {what}?"), "yes", _GIVEN),
    Question("full_text_on_web", N_("Show stories of {what} whole on the website?"), "yes", _GIVEN),
    Question("keep", N_("How long are stories of {what} kept?"), "180d", _GIVEN),
    Question("keep_stories", N_("How many stories of {what} are kept?"), "20000", _GIVEN),
)
"""A question for each setting, which its button asks."""

_MOVES = frozenset({"url", "full_text"})
"""Settings of which only a trial shows whether they can be used."""


async def edit_source(request: Request, typed: str) -> Reply:
    """Answers `/source edit`: changes what is given, or shows what can be changed."""
    _ = request.gettext
    editor = check_rights(request)
    if not typed:
        own = [one for one in editor.sources if is_added(editor, one)]
        return ask_which(request, Verb.EDIT, _("Which source do you want to edit?"), own)
    source = find_source(request, editor, typed)
    added = await _added(request, editor, source)
    changes: dict[str, SettingValue | None] = dict.fromkeys(cleared_settings(request))
    changes |= given_settings(request)
    if changes:
        return await _change(request, editor, added, changes)
    wanted = next((one for one in QUESTIONS if one.option == request.text(SET)), None)
    return ask(request, wanted) if wanted else _offer(request, source)


async def _added(request: Request, editor: SourceEditor, source: SourceConfig) -> AddedSource:
    """Returns a source as it was added.

    Raises:
        ReaderError: It stands in the file.
    """
    edits = await editor.store.edits()
    found = next((one for one in edits.added if one.id == source.id), None)
    if found is None or not is_added(editor, source):
        told = request.gettext(
            "{name} stands in the configuration's file: the operator can edit it there."
        )
        raise ReaderError(told.format(name=name_of(request, source)))
    return found


def _offer(request: Request, source: SourceConfig) -> Reply:
    """Shows the settings; choosing one asks for its new value."""
    _ = request.gettext
    entries = tuple(
        Entry(_(LABELS[setting]), value, source_action(Verb.EDIT, source.id, set=setting))
        for setting, value in setting_texts(request, source)
    )
    hint = _("Choose one to change it, or type it: {example}").format(
        example=f"/source edit {source.id} every:30m"
    )
    return Reply(
        request.command.name,
        title=_("Edit {name}").format(name=name_of(request, source)),
        text=(hint,),
        entries=entries,
        buttons=(details_button(request, source.id),),
    )


async def _change(
    request: Request,
    editor: SourceEditor,
    added: AddedSource,
    changes: Mapping[str, SettingValue | None],
) -> Reply:
    """Changes settings: all of them, or none where one is not what it has to be."""
    _ = request.gettext
    new = changed(added, changes)
    config = read_or_refuse(new.id, new.settings)
    if new.url != added.url:
        check_address(request, new.url)
        _check_moved(request, editor, config)
    if not _MOVES.isdisjoint(changes):
        check_pace(request)
        await fetch_now(request, editor, config, new.name)
    await editor.put([new])
    labels = request.words.join(_(LABELS[one]) for one in changes)
    target = f"{new.name}: {', '.join(changes)}"
    await record_change(request, N_("Edited the source {target}"), target, everywhere=True)
    told = [_("Changed: {settings}.").format(settings=labels)]
    if new.url != added.url:
        told.append(_("What is at the new address by now is posted nowhere."))
    source = editor.source(new.id) or config
    return await show_source(request, editor, source, request.words.join_sentences(*told))


def _check_moved(request: Request, editor: SourceEditor, config: SourceConfig) -> None:
    """Makes sure that no other source has the new address already.

    Raises:
        ReaderError: One has.
    """
    others = [one for one in editor.sources if one.id != config.id]
    known = find_same(config.url, others)
    if known:
        told = request.gettext("That is a source already: {name}, as {id}.")
        raise ReaderError(told.format(name=name_of(request, known), id=known.id))
