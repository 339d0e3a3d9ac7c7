"""`/settings`: how the bot behaves in a chat, for those who may say so there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.commands.registry import Access, Command, Kind, Option, nearest
from bot.commands.request import Request
from bot.errors import ReaderError
from bot.i18n import N_
from bot.reply import Action, Button, Entry, Reply
from bot.settings import SETTINGS, Setting
from bot.text import in_quotes

_ROLE = re.compile(r"(?:<@&)?(?P<id>[0-9]{15,20})>?")
_NO_ROLE = ("none", "off")


async def settings(request: Request) -> Reply:
    """Answers `/settings`."""
    _ = request.gettext
    known = [one for one in SETTINGS.values() if request.chat.platform in one.platforms]
    if not known:
        return Reply(request.command.name, text=(_("There is nothing to set here."),), ok=False)
    told = list[str]()
    # A name that is none is not recognised as one: then it is the first word of the rest.
    name = request.text("setting") or request.text("value").partition(" ")[0]
    if name:
        setting = _named(request, known, name)
        if request.text("value"):
            value = _value(request, setting, request.text("value"))
            await request.services.settings.set(request.chat, setting, value)
            message = _("Done: {setting} is {value} here now.")
            told.append(message.format(setting=setting.name, value=_shown(request, value)))
        known = known if told else [setting]
    return await _listed(request, known, told)


async def _listed(request: Request, known: list[Setting], told: Sequence[str]) -> Reply:
    _ = request.gettext
    entries, buttons = [], []
    for setting in known:
        now = await request.services.settings.get(request.chat, setting)
        entries.append(Entry(f"{setting.name}: {_shown(request, now)}", _(setting.help)))
        buttons += [
            Button(f"{setting.name}: {choice}", _setting_to(setting, choice))
            for choice in setting.choices
            if choice != now
        ]
    return Reply(
        request.command.name,
        title=_("Settings of this chat"),
        text=tuple(told),
        entries=tuple(entries),
        buttons=tuple(buttons),
    )


def _setting_to(setting: Setting, value: str) -> Action:
    return Action("settings", (("setting", setting.name), ("value", value)))


def _shown(request: Request, value: str) -> str:
    if not value:
        return request.gettext("none")
    return f"<@&{value}>" if value.isdigit() else value


def _named(request: Request, known: list[Setting], typed: str) -> Setting:
    _ = request.gettext
    found = next((one for one in known if one.name == typed.casefold()), None)
    if found is None:
        names = [one.name for one in known]
        near = ", ".join(nearest(typed, names) or names)
        message = _("There is no setting {name}. Did you mean {names}?")
        raise ReaderError(message.format(name=in_quotes(typed), names=near))
    return found


def _value(request: Request, setting: Setting, typed: str) -> str:
    _ = request.gettext
    value = typed.casefold()
    if setting.choices:
        if value not in setting.choices:
            message = _("{setting} can be {choices}.")
            raise ReaderError(
                message.format(setting=setting.name, choices=", ".join(setting.choices))
            )
        return value
    role = _ROLE.fullmatch(value)
    if value not in _NO_ROLE and role is None:
        raise ReaderError(_("Name the role as @Role, or write none."))
    return role["id"] if role else ""


SETTINGS_COMMAND = Command(
    "settings",
    N_("See or change how I behave in this chat"),
    settings,
    (
        Option("setting", Kind.SETTING, N_("What to change")),
        Option("value", Kind.VALUE, N_("What it is to be"), rest=True),
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "Without anything it shows what is set here. Moderators may change it; in a chat of "
            "your own, you."
        ),
    ),
    examples=("/settings", "/settings preview off"),
    house=True,
)
