"""`/help`: the list of commands, and the use of each."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.command import Command, Option, OptionKind, Purpose
from bot.chat.request import Request
from bot.i18n import N_
from bot.reply import Button, Entry, Reply
from bot.text.display import shorten
from bot.text.similar_names import similar_names


async def help_(request: Request) -> Reply:
    """Answers `/help`."""
    typed = request.text("command").lstrip("/")
    if not typed:
        return _overview(request)
    command = request.registry.get(typed)
    if command is None or not command.allows(request.person):
        return _unknown_command(request, typed)
    return _command_help(request, command)


def _overview(request: Request) -> Reply:
    _ = request.gettext
    entries = tuple(
        Entry(command.usage, _(command.help), request.registry.help(command.name))
        for command in request.registry.for_person(request.person)
    )
    text = (_("Ask for news with a command, or just type what you're looking for."),)
    return Reply(request.command.name, title=_("What I can do"), text=text, entries=entries)


def _command_help(request: Request, command: Command) -> Reply:
    _ = request.gettext
    details = tuple(_(paragraph) for paragraph in command.details)
    options = tuple(
        Entry(option.name, _(option.help)) for option in command.options if not option.hidden
    )
    if command.examples:
        details += (_("For example: {examples}").format(examples=" · ".join(command.examples)),)
    return Reply(
        request.command.name,
        title=command.usage,
        text=(_(command.help) + ".", *details),
        entries=options,
    )


def _unknown_command(request: Request, typed: str) -> Reply:
    _ = request.gettext
    names = [command.name for command in request.registry.for_person(request.person)]
    message = _("There is no command /{name}.").format(name=shorten(typed))
    buttons = tuple(
        Button(f"/{name}", request.registry.help(name)) for name in similar_names(typed, names)
    )
    return replace(_overview(request), text=(message,), buttons=buttons, ok=False)


HELP = Command(
    "help",
    N_("What I can do, or how to use a command"),
    help_,
    (Option("command", OptionKind.COMMAND, N_("The command to explain"), rest=True),),
    examples=("/help", "/help search"),
    tells_hosts=True,
    purpose=Purpose.HELP,
)
