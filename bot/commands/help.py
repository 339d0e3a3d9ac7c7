"""`/help`: the list of commands, in groups, and the use of each."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.command import Command, Group, Option, OptionKind, Purpose
from bot.chat.request import Request
from bot.commands.examples import examples
from bot.i18n import N_
from bot.reply import Button, Entry, Reply
from bot.text.display import shorten
from bot.text.similar_names import similar_names

_OPTIONS = 3  # of each command in the list of all; its own help has the rest
_HEADINGS = {
    Group.READING: N_("Read"),
    Group.FOLLOWING: N_("Follow"),
    Group.DESK: N_("This desk"),
}


async def help_(request: Request) -> Reply:
    """Answers `/help`."""
    typed = request.text("command").lstrip("/")
    if not typed:
        return _overview(request)
    command = request.registry.find(typed)
    if command is None or not command.allows(request.person):
        return _unknown_command(request, typed)
    return await _command_help(request, command)


def _overview(request: Request) -> Reply:
    _ = request.gettext
    text = (_("Ask for news with a command, or just type what you're looking for."),)
    entries = tuple(
        entry for group, heading in _HEADINGS.items() for entry in _group(request, group, heading)
    )
    return Reply(request.command.name, title=_("What I can do"), text=text, entries=entries)


def _group(request: Request, group: Group, heading: str) -> list[Entry]:
    """Makes the entries of a group, with its heading above the first."""
    _ = request.gettext
    entries = [
        Entry(
            command.usage_where(request.chat.capabilities, _OPTIONS),
            _(command.help),
            request.registry.help(command.name),
        )
        for command in request.registry.for_person(request.person)
        if command.group is group
    ]
    return [replace(one, heading=_(heading) if one is entries[0] else "") for one in entries]


async def _command_help(request: Request, command: Command) -> Reply:
    _ = request.gettext
    details = tuple(_(paragraph) for paragraph in command.details)
    capabilities = request.chat.capabilities
    options = tuple(Entry(option.name, _(option.help)) for option in command.visible(capabilities))
    shown = await examples(request, command)
    if shown:
        details += (_("For example: {examples}").format(examples=" · ".join(shown)),)
    return Reply(
        request.command.name,
        title=command.usage_where(capabilities),
        text=(request.words.end_sentence(_(command.help)), *details),
        entries=options,
        buttons=_try_button(request, command),
    )


def _try_button(request: Request, command: Command) -> tuple[Button, ...]:
    """Makes the button that asks for the command as it stands, and one back to all of them."""
    _ = request.gettext
    back = Button(_("All commands"), request.registry.help())
    if not command.stands_alone:
        return (back,)
    return (Button(f"/{command.name}", command.action()), back)


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
    group=Group.DESK,
)
