"""`/settings`: shows and changes the settings of a chat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from bot.chat.auditing import record_change
from bot.chat.command import Access, Command, Group, Option, OptionKind, Question
from bot.chat.prompts import ask
from bot.chat.request import Request
from bot.chat.settings import (
    LANGUAGE,
    MESSAGES,
    OFF,
    ON,
    ROLE,
    SETTINGS,
    TIMEZONE,
    Setting,
    SettingType,
)
from bot.commands.language_setting import parse_language
from bot.commands.subscriptions.place import CHANNEL, check_place, keep_place, title_here
from bot.commands.subscriptions.roles import parse_role, role_mention
from bot.commands.subscriptions.wording import list_choices
from bot.commands.timezones import find_zones, similar_zones
from bot.errors import ReaderError
from bot.i18n import N_, language_name, languages, load, speak
from bot.reply import Action, Button, Entry, Reply
from bot.text.display import add_quotes
from bot.text.similar_names import similar_names

_UNSET = "none"  # in the audit list
_NO_ZONE = ("none", "off", "default")
_SLIPS = 2  # in the name of a setting
_QUIET = "quiet"  # what `messages` was called: it was on where messages were not answered

_TIME_ZONE = re.compile(r"^time zone\b", re.IGNORECASE)

_TURN = re.compile(
    r"^(?:turn|switch) (?:(?P<first>on|off) )?(?P<name>\w+)(?: (?P<last>on|off))?$", re.IGNORECASE
)
_EQUALS = re.compile(r"^(\w+) ?[=:] ?")
_TURN_ALONE = re.compile(r"^(?:turn|switch) (?=on$|off$)", re.IGNORECASE)
_SWITCHES = {"yes": ON, "true": ON, "no": OFF, "false": OFF}

WHICH_ZONE = Question(
    "value",
    N_("Which city or time zone is this chat in?"),
    N_("a city, such as Tokyo"),
    (("setting", TIMEZONE.name),),
)


async def settings(request: Request) -> Reply:
    """Answers `/settings`."""
    check_place(request)
    return keep_place(request, await _answer(request))


async def _answer(request: Request) -> Reply:
    known = [one for one in SETTINGS.values() if request.chat.can(one.needs)]
    name, value = _asked(request)
    if not name:
        return await _list(request, known)
    setting = _find_setting(request, known, name)
    if setting.takes is SettingType.ZONE:
        return await _set_zone(request, known, value) if value else ask(request, WHICH_ZONE)
    if not value:
        return await _list(request, [setting])
    return await _set(request, known, setting, _parse_value(request, setting, value))


def _asked(request: Request) -> tuple[str, str]:
    """Returns the setting's name and the new value, as typed; the former name of one as its own."""
    name, value = request.text("setting"), request.text("value")
    if not name:  # one that is none is not recognised: then it is the first word of the rest
        name, _, value = _plain(value).partition(" ")
    value = _TURN_ALONE.sub("", value)
    if name.casefold() == _QUIET:
        name, value = MESSAGES.name, {ON: OFF, OFF: ON}.get(value.casefold(), value)
    return name, value.strip()


def _plain(typed: str) -> str:
    """Returns `turn off previews`, `preview=off` and `time zone tokyo` as a name and a value."""
    turned = _TURN.sub(_turned, _TIME_ZONE.sub(TIMEZONE.name, typed))
    return _EQUALS.sub(r"\1 ", turned)


def _turned(match: re.Match[str]) -> str:
    """Returns `turn off previews` as `previews off`."""
    return f"{match['name']} {match['first'] or match['last'] or ''}"


async def _set(request: Request, known: list[Setting], setting: Setting, value: str) -> Reply:
    await request.services.settings.set(request.chat.settings, setting, value)
    change = f"{setting.name}: {value or _UNSET}"
    await record_change(request, N_("Changed the setting {target}"), change)
    if setting is LANGUAGE and value and request.person.host:
        speak(load(value))  # at once: in a private chat the setting comes first
    message = request.gettext("Done: {setting} is now {value} here.")
    told = message.format(setting=setting.name, value=_display_value(request, setting, value))
    return await _list(request, known, (told,))


async def _set_zone(request: Request, known: list[Setting], typed: str) -> Reply:
    """Sets the time zone, or offers similar ones."""
    services = request.services
    zones = (
        ("",)
        if typed.casefold() in _NO_ZONE
        else await find_zones(typed, services.translations.language)
    )
    if len(zones) != 1:
        return _unknown_zone(request, typed, zones or await similar_zones(typed))
    reply = await _set(request, known, TIMEZONE, zones[0])
    zone = zones[0] or services.zone.key
    await services.store.subscriptions.set_zone(request.chat.settings, zone, services.clock.now())
    return reply


def _unknown_zone(request: Request, typed: str, near: Sequence[str]) -> Reply:
    _ = request.gettext
    message = _("I don't know the time zone {zone}.").format(zone=add_quotes(typed))
    hint = _("Try the nearest large city, or a name like Asia/Tokyo.")
    if near:
        hint = _("Did you mean {names}?").format(names=request.words.join(near))
    buttons = tuple(Button(zone, _change_action(request, TIMEZONE, zone)) for zone in near)
    return Reply(
        request.command.name,
        text=(request.words.join_sentences(message, hint),),
        buttons=buttons,
        ok=False,
    )


async def _list(request: Request, known: list[Setting], told: Sequence[str] = ()) -> Reply:
    _ = request.gettext
    entries, buttons = list[Entry](), list[Button]()
    has_server = request.chat.can(ROLE.needs)
    for setting in known:
        now = await request.services.settings.get(request.chat.settings, setting)
        entries.append(
            Entry(f"{setting.name}: {_display_value(request, setting, now)}", _(setting.help))
        )
        buttons += _buttons(request, setting, now, alone=len(known) == 1)
    return Reply(
        request.command.name,
        title=title_here(
            request,
            _("Settings for this server") if has_server else _("Settings for this chat"),
            _("Settings for {channel}"),
        ),
        text=tuple(told),
        entries=tuple(entries),
        buttons=tuple(buttons),
    )


def _buttons(request: Request, setting: Setting, now: str, *, alone: bool) -> Sequence[Button]:
    """Makes the buttons that change a setting; each says what it does."""
    _ = request.gettext
    if setting.takes is SettingType.ZONE:
        return (Button(_("Change the time zone"), _change_action(request, setting, "")),)
    if setting.takes is SettingType.LANGUAGE:
        if not alone:
            return (Button(_("Change the language"), _change_action(request, setting, "")),)
        return tuple(
            Button(language_name(code), _change_action(request, setting, code))
            for code in languages()
            if code != (now or request.services.translations.own.language)
        )
    if setting.takes is SettingType.ROLE:
        none = Button(_("Let no role moderate"), _change_action(request, setting, "none"))
        return (none,) if now else ()
    return tuple(
        Button(_(setting.label(choice)), _change_action(request, setting, choice))
        for choice in setting.choices
        if choice != now
    )


def _change_action(request: Request, setting: Setting, value: str) -> Action:
    given = (("setting", setting.name), ("value", value))
    return Action(request.command.name, given if value else given[:1])


def _display_value(request: Request, setting: Setting, value: str) -> str:
    if setting.takes is SettingType.ZONE:
        return value or request.services.zone.key
    if setting.takes is SettingType.LANGUAGE:
        return language_name(value or request.services.translations.own.language)
    if setting.takes is SettingType.ROLE and value:
        return role_mention(value)
    return value or request.gettext("none")


def _find_setting(request: Request, known: list[Setting], typed: str) -> Setting:
    _ = request.gettext
    key = typed.casefold()
    found = next((one for one in known if key in {one.name, *one.aliases}), None)
    near = [one for one in known if OSA.distance(one.name, key) <= _SLIPS]
    found = found or (near[0] if len(near) == 1 else None)
    if found is None:
        names = [one.name for one in known]
        elsewhere = SETTINGS.get(typed.casefold())
        if elsewhere:
            raise ReaderError(_("{setting} means nothing here.").format(setting=elsewhere.name))
        similar = list_choices(request, similar_names(typed, names) or names)
        message = _("There is no setting {name}. Did you mean {names}?")
        raise ReaderError(message.format(name=add_quotes(typed), names=similar))
    return found


def _parse_value(request: Request, setting: Setting, typed: str) -> str:
    _ = request.gettext
    if setting.takes is SettingType.ROLE:
        return parse_role(request, typed)
    if setting.takes is SettingType.LANGUAGE:
        return parse_language(request, typed)
    value = typed.casefold()
    if value not in setting.choices:
        value = _SWITCHES.get(value, value)
    if value not in setting.choices:
        message = _("{setting} can be {choices}.")
        choices = list_choices(request, setting.choices)
        raise ReaderError(message.format(setting=setting.name, choices=choices))
    return value


SETTINGS_COMMAND = Command(
    "settings",
    N_("See or change this chat's settings"),
    settings,
    (
        Option("setting", OptionKind.SETTING, N_("The setting to change")),
        Option("value", OptionKind.VALUE, N_("The new value"), rest=True),
        replace(CHANNEL, hidden=True),
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "On its own, it shows the settings. Moderators can change them; in a private "
            "chat, you can."
        ),
    ),
    examples=("/settings", "/settings timezone tokyo", "/settings language japanese"),
    server_wide=True,
    group=Group.DESK,
    questions=(WHICH_ZONE,),
    shows_roles=True,
)
