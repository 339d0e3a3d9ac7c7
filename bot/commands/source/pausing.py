"""`/source pause` and `/source resume`: any source, the file's too."""

from __future__ import annotations

from bot.chat.auditing import record_change
from bot.chat.request import Request
from bot.commands.source.actions import Verb, source_action
from bot.commands.source.lookup import ask_which, details_button, find_source, name_of
from bot.commands.source.rights import check_rights, stamp
from bot.config.schema import SourceConfig
from bot.i18n import N_
from bot.reply import Button, Reply


async def pause_source(request: Request, typed: str) -> Reply:
    """Pauses a source: it stays with its stories and its followers, but is not polled."""
    _ = request.gettext
    editor = check_rights(request)
    paused = editor.roster.paused
    if not typed:
        running = [one for one in editor.sources if one.id not in paused]
        return ask_which(request, Verb.PAUSE, _("Which source do you want to pause?"), running)
    source = find_source(request, editor, typed)
    if source.id in paused:
        told = _("{name} is paused already.")
        return _done(request, source, told, Verb.RESUME)
    await editor.pause(source.id, stamp(request))
    name = name_of(request, source)
    await record_change(request, N_("Paused the source {target}"), name, everywhere=True)
    told = _("{name} is paused: I no longer check it. Its stories and its followers stay.")
    return _done(request, source, told, Verb.RESUME)


async def resume_source(request: Request, typed: str) -> Reply:
    """Has a source polled again."""
    _ = request.gettext
    editor = check_rights(request)
    paused = editor.roster.paused
    if not typed:
        resting = [one for one in editor.sources if one.id in paused]
        return ask_which(request, Verb.RESUME, _("Which source do you want to resume?"), resting)
    source = find_source(request, editor, typed)
    if source.id not in paused:
        return _done(request, source, _("{name} is not paused."), Verb.PAUSE)
    await editor.resume(source.id)
    name = name_of(request, source)
    await record_change(request, N_("Resumed the source {target}"), name, everywhere=True)
    told = _(
        "{name} is checked again. What it has published meanwhile is posted, too, as far as it "
        "still has it."
    )
    return _done(request, source, told, Verb.PAUSE)


def _done(request: Request, source: SourceConfig, told: str, back: Verb) -> Reply:
    _ = request.gettext
    labels = {Verb.RESUME: _("Resume"), Verb.PAUSE: _("Pause")}
    return Reply(
        request.command.name,
        text=(told.format(name=name_of(request, source)),),
        buttons=(
            Button(labels[back], source_action(back, source.id)),
            details_button(request, source.id),
        ),
    )
