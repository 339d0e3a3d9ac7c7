"""`/settings`: how the bot behaves in a chat, for those who may say so there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.command import Access, Command, Option, OptionKind, nearest
from bot.chat.request import Request
from bot.chat.settings import SETTINGS, TIMEZONE, Setting, SettingType
from bot.commands.subscriptions.roles import mention, role_named
from bot.commands.timezones import zones_like, zones_named
from bot.errors import ReaderError
from bot.i18n import N_
from bot.reply import Action, Button, Entry, Reply
from bot.text.display import in_quotes

_NO_ZONE = ("none", "off", "default")


async def settings(request: Request) -> Reply:
    """Answers `/settings`."""
    _ = request.gettext
    known = [one for one in SETTINGS.values() if request.chat.platform in one.platforms]
    if not known:
        return Reply(request.command.name, text=(_("There is nothing to set here."),), ok=False)
    # A name that is none is not recognised as one: then it is the first word of the rest.
    name = request.text("setting") or request.text("value").partition(" ")[0]
    if not name:
        return await _listed(request, known)
    setting = _named(request, known, name)
    typed = request.text("value")
    if not typed:
        return await _listed(request, [setting])
    if setting.takes is SettingType.ZONE:
        return await _zoned(request, known, typed)
    return await _set(request, known, setting, _value(request, setting, typed))


async def _set(request: Request, known: list[Setting], setting: Setting, value: str) -> Reply:
    await request.services.settings.set(request.chat.settings, setting, value)
    message = request.gettext("Done: {setting} is {value} here now.")
    told = message.format(setting=setting.name, value=_shown(request, setting, value))
    return await _listed(request, known, (told,))


async def _zoned(request: Request, known: list[Setting], typed: str) -> Reply:
    """Sets the time zone, or offers those that may be meant."""
    services = request.services
    zones = ("",) if typed.casefold() in _NO_ZONE else await zones_named(typed)
    if len(zones) != 1:
        return _which_zone(request, typed, zones or await zones_like(typed))
    reply = await _set(request, known, TIMEZONE, zones[0])
    zone = zones[0] or services.zone.key
    await services.store.subscriptions.set_zone(request.chat.settings, zone, services.clock.now())
    return reply


def _which_zone(request: Request, typed: str, near: Sequence[str]) -> Reply:
    _ = request.gettext
    message = _("{zone} is no time zone I know.").format(zone=in_quotes(typed))
    hint = _("Name it as Asia/Tokyo, or by its city.")
    if near:
        hint = _("Did you mean {names}?").format(names=", ".join(near))
    buttons = tuple(Button(zone, _setting_to(TIMEZONE, zone)) for zone in near)
    return Reply(request.command.name, text=(f"{message} {hint}",), buttons=buttons, ok=False)


async def _listed(request: Request, known: list[Setting], told: Sequence[str] = ()) -> Reply:
    _ = request.gettext
    entries, buttons = [], []
    for setting in known:
        now = await request.services.settings.get(request.chat.settings, setting)
        entries.append(Entry(f"{setting.name}: {_shown(request, setting, now)}", _(setting.help)))
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


def _shown(request: Request, setting: Setting, value: str) -> str:
    if setting.takes is SettingType.ZONE:
        return value or request.services.zone.key
    if setting.takes is SettingType.ROLE and value:
        return mention(value)
    return value or request.gettext("none")


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
    if setting.takes is SettingType.ROLE:
        return role_named(request, typed)
    value = typed.casefold()
    if value not in setting.choices:
        message = _("{setting} can be {choices}.")
        raise ReaderError(message.format(setting=setting.name, choices=", ".join(setting.choices)))
    return value


SETTINGS_COMMAND = Command(
    "settings",
    N_("See or change how I behave in this chat"),
    settings,
    (
        Option("setting", OptionKind.SETTING, N_("What to change")),
        Option("value", OptionKind.VALUE, N_("What it is to be"), rest=True),
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "Without anything it shows what is set here. Moderators may change it; in a chat of "
            "your own, you."
        ),
    ),
    examples=("/settings", "/settings preview off", "/settings timezone tokyo"),
    house=True,
)
