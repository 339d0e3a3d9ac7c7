"""The place of a subscription: where it is asked for, or another channel that is named."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.command import Option, OptionKind
from bot.chat.request import Request
from bot.commands.subscriptions.actions import FAMILY, LIST
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Action, Capability
from bot.reply import Button, Reply

CHANNEL = Option(
    "channel",
    OptionKind.CHANNEL,
    N_("The channel that it is about, if it is not this one"),
    needs=Capability.CHANNELS,
)
"""The option that names another channel; adapters answer for that channel then."""


def check_place(request: Request) -> None:
    """Makes sure that a channel that is named is what the request is about.

    Raises:
        ReaderError: No other channel can be chosen here.
    """
    if request.text(CHANNEL.name) and not request.chat.can(Capability.CHANNELS):
        raise ReaderError(request.gettext("Another channel can't be chosen here."))


def place_text(request: Request) -> str:
    """Names the channel that it is about, if it is another one; else an empty text."""
    if not request.text(CHANNEL.name):
        return ""
    _ = request.gettext
    return _("in {channel}").format(channel=request.chat.name or _("that chat"))


def title_here(request: Request, here: str, elsewhere: str) -> str:
    """Returns a translated text about the chat: `here`, or `elsewhere` with `{channel}`."""
    if not request.text(CHANNEL.name):
        return here
    return elsewhere.format(channel=request.chat.name or request.gettext("that chat"))


def list_button(request: Request) -> Button:
    """Makes the button that lists all that the chat follows."""
    _ = request.gettext
    label = title_here(request, _("All subscriptions here"), _("All subscriptions there"))
    return Button(label, LIST)


def keep_place(request: Request, reply: Reply) -> Reply:
    """Returns a reply whose buttons are about the same channel as the request."""
    channel = request.text(CHANNEL.name)
    if not channel:
        return reply
    return replace(
        reply,
        buttons=tuple(replace(one, action=_about(one.action, channel)) for one in reply.buttons),
        entries=tuple(
            replace(one, action=_about(one.action, channel)) if one.action else one
            for one in reply.entries
        ),
    )


def _about(action: Action, channel: str) -> Action:
    if action.command not in FAMILY:
        return action
    return Action(action.command, (*action.options, (CHANNEL.name, channel)))
