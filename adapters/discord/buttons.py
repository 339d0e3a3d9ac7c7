"""Buttons and menus of a message: pagination, stories to read, choices, offers.

Their custom_id holds all that a press needs (whose page it is, and the token of an action), so they
outlive the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import discord
from discord import ui
from typing_extensions import override

from adapters.discord.layout import (
    MAX_OPTIONS,
    ROW_SIZE,
    LayoutButton,
    LayoutMenu,
    LayoutRow,
)
from adapters.discord.markdown import plain_text, truncate, utf16_units
from bot.chat.button_tokens import ActionTokens
from bot.i18n import Translations
from bot.reply import Button, Reply, Role
from bot.text.bidi import isolate

MAX_CUSTOM_ID = 100
"""Characters (https://docs.discord.com/developers/components/reference#anatomy-of-a-component)."""

NO_ASKER = 0
"""The asker of a post, which nobody asked for."""

_MAX_LABEL, _MAX_OPTION = 80, 100
_MAX_ROWS = 5  # of buttons and menus below a reply

_BUTTON = r"(?s:b:(?P<asker>\d{1,20}):(?P<token>.+))"
_MENU = r"m(?P<place>\d):(?P<asker>\d{1,20})"
_OWN_CUSTOM_ID = re.compile(rf"{_BUTTON}|{_MENU.replace('asker', 'owner')}")

_EMOJI = {
    Role.PREVIOUS: "◀️",
    Role.NEXT: "▶️",
    Role.BACK: "↩️",
    Role.TIMELINE: "🕑",
    Role.RELATED: "🔗",
}
_NAVIGATION = tuple(_EMOJI)  # in this order

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """A press on a button, or a choice from a menu.

    Attributes:
        asker: The id of the person whose page it is on; `NO_ASKER` for a post.
        token: The token of the action.
    """

    asker: int
    token: str


class ReplyButton(ui.DynamicItem[ui.Button[Any]], template=_BUTTON):
    """A button under a reply or a post, recreated from its custom_id when it is pressed."""

    def __init__(self, button: ui.Button[Any], press: ButtonPress) -> None:
        super().__init__(button)
        self._press = press

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        del interaction
        if not isinstance(item, ui.Button):
            raise TypeError(f"{match.string!r} is no button's")
        return cls(item, ButtonPress(int(match["asker"]), match["token"]))

    @override
    async def callback(self, interaction: Interaction) -> None:
        await interaction.client.button_handler.handle(interaction, self._press)


class ReplyMenu(ui.DynamicItem[ui.Select[Any]], template=_MENU):
    """A menu under a reply or a post; choosing from it is a button press."""

    def __init__(self, menu: ui.Select[Any], asker: int) -> None:
        super().__init__(menu)
        self._asker = asker

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        del interaction
        if not isinstance(item, ui.Select):
            raise TypeError(f"{match.string!r} is no menu's")
        return cls(item, int(match["asker"]))

    @override
    async def callback(self, interaction: Interaction) -> None:
        # The library has found the menu in the message, but does not compare its options.
        chosen = next(iter(self.item.values), "")
        if chosen not in {option.value for option in self.item.options}:
            await interaction.client.button_handler.handle_unknown(interaction)
            return
        press = ButtonPress(self._asker, chosen)
        await interaction.client.button_handler.handle(interaction, press)


DYNAMIC_ITEMS = (ReplyButton, ReplyMenu)
"""The items that a client has to register, so that button presses reach them."""


def is_own_custom_id(custom_id: str) -> bool:
    """Returns True if one of `DYNAMIC_ITEMS` answers it."""
    return _OWN_CUSTOM_ID.fullmatch(custom_id) is not None


@dataclass(frozen=True, slots=True)
class ReplyControls:
    """The controls of a reply: what can be pressed below it, and beside its stories.

    Attributes:
        read: The buttons that read its stories, by the stories' numbers; one of None for a story
            that stands alone.
        menu: The same as a menu, for where there is no room for these; None for none.
        rows: All others.
    """

    read: Mapping[int | None, LayoutButton] = field(default_factory=dict)
    menu: LayoutRow | None = None
    rows: tuple[LayoutRow, ...] = ()


NO_CONTROLS = ReplyControls()


def render_controls(
    reply: Reply, asker: int, tokens: ActionTokens, words: Translations
) -> ReplyControls:
    """Renders the buttons and menus of a reply.

    Args:
        reply: The reply, or a post.
        asker: The id of the person who asked for it; `NO_ASKER` for a post.
        tokens: Makes the tokens of actions.
        words: The bot's own words.
    """
    read = [button for button in reply.buttons if button.role is Role.READ]
    if reply.prompt:  # where no form can be opened, a button opens it
        ask = Button(words.gettext("Answer"), reply.prompt.action)
        reply = replace(reply, buttons=(ask, *reply.buttons))
    entries = [Button(one.name, one.action) for one in reply.entries if one.action]
    choose = _menu(1, entries, words.gettext("Choose one"), asker, tokens)
    beside = _distinct((one.number, _button(one, asker, tokens)) for one in read)
    taken = {button.custom_id for button in beside.values()}
    rows = (*([choose] if choose else []), *_button_rows(reply, asker, tokens, taken))
    menu = _menu(0, read, words.gettext("Read one of these"), asker, tokens)
    return ReplyControls(beside, menu, rows[:_MAX_ROWS])


def _distinct(
    buttons: Iterable[tuple[int | None, LayoutButton]],
) -> Mapping[int | None, LayoutButton]:
    """Leaves out what Discord refuses, a second button that asks for the same."""
    first: dict[str, tuple[int | None, LayoutButton]] = {}
    for number, button in buttons:
        first.setdefault(button.custom_id, (number, button))
    return dict(first.values())


def _menu(
    place: int, choices: Sequence[Button], text: str, asker: int, tokens: ActionTokens
) -> LayoutRow | None:
    options = tuple(_options(choices, tokens))[:MAX_OPTIONS]
    return LayoutRow((LayoutMenu(f"m{place}:{asker}", text, options),)) if options else None


def _options(choices: Iterable[Button], tokens: ActionTokens) -> Iterator[tuple[str, str]]:
    """Renders the options of a menu, without duplicates: Discord refuses these."""
    values = set[str]()
    for button in choices:
        value = tokens.token(button.action, _MAX_OPTION)
        if value not in values:
            values.add(value)
            number = f"{button.number}. " if button.number else ""
            label = truncate(button.label, _MAX_OPTION - len(number), plain_text)
            held = number + isolate(label)
            label = held if number and utf16_units(held) <= _MAX_OPTION else number + label
            yield label or "…", value


def _button_rows(
    reply: Reply, asker: int, tokens: ActionTokens, taken: set[str]
) -> Iterator[LayoutRow]:
    """Renders rows of pagination and other navigation, then of offers, without duplicates."""
    navigation = [one for role in _NAVIGATION for one in reply.buttons if one.role is role]
    offers = [one for one in reply.buttons if one.role is Role.OFFER]
    for group in (navigation, offers):
        rendered = {one.custom_id: one for one in (_button(b, asker, tokens) for b in group)}
        row = [one for custom_id, one in rendered.items() if custom_id not in taken]
        taken |= rendered.keys()
        yield from (
            LayoutRow(tuple(row[start : start + ROW_SIZE]))
            for start in range(0, len(row), ROW_SIZE)
        )


def _button(button: Button, asker: int, tokens: ActionTokens) -> LayoutButton:
    head = f"b:{asker}:"
    return LayoutButton(
        truncate(button.beside or button.label, _MAX_LABEL, plain_text) or "…",
        head + tokens.token(button.action, MAX_CUSTOM_ID - len(head)),
        emoji=_EMOJI.get(button.role, ""),
        is_primary=button.role is Role.OFFER,
    )
