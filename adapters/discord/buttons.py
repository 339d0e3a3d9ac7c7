"""Buttons and menus under a message: pagination, stories to read, choices, offers.

Their custom_id holds all that a press needs (whose page it is, and the token of an action), so they
outlive the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import discord
from discord import ui
from typing_extensions import override

from adapters.discord.markdown import plain_text, truncate
from bot.chat.button_tokens import ActionTokens
from bot.i18n import Translations
from bot.reply import Button, Reply, Role

MAX_CUSTOM_ID = 100
"""Characters (https://docs.discord.com/developers/components/reference#anatomy-of-a-component)."""

NO_ASKER = 0
"""The asker of a post, which nobody asked for."""

_MAX_LABEL, _MAX_OPTION = 80, 100
_MAX_ROWS, _ROW_SIZE, _MAX_OPTIONS = 5, 5, 25

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


def render_buttons(
    reply: Reply, asker: int, tokens: ActionTokens, words: Translations
) -> ui.View | None:
    """Renders the buttons and menus of a reply; returns None if it has none.

    Args:
        reply: The reply, or a post.
        asker: The id of the person who asked for it; `NO_ASKER` for a post.
        tokens: Makes the tokens of actions.
        words: The bot's own words.
    """
    view = ui.View(timeout=None)
    read = [button for button in reply.buttons if button.role is Role.READ]
    if reply.prompt:  # where no form can be opened, a button opens it
        ask = Button(words.gettext("Answer"), reply.prompt.action)
        reply = replace(reply, buttons=(ask, *reply.buttons))
    is_single = asker == NO_ASKER and len(read) == 1  # then a button serves better than a menu
    menus = _menus(() if is_single else read, reply, asker, tokens, words)
    rows = [*menus, *_button_rows(reply, asker, tokens, read if is_single else ())]
    for number, row in enumerate(rows[:_MAX_ROWS]):
        for item in row:
            item.row = number
            view.add_item(item)
    # The library need not keep the view: DYNAMIC_ITEMS answer its buttons.
    view.stop()
    return view if view.children else None


def _menus(
    read: Sequence[Button], reply: Reply, asker: int, tokens: ActionTokens, words: Translations
) -> Iterator[Sequence[ui.Item[Any]]]:
    entries = [Button(e.name, e.action) for e in reply.entries if e.action]
    texts = (words.gettext("Read one of these"), words.gettext("Choose one"))
    for place, (choices, text) in enumerate(zip((read, entries), texts, strict=True)):
        options = list(_options(choices, tokens))
        if options:
            menu = ui.Select[Any](
                custom_id=f"m{place}:{asker}", placeholder=text, options=options[:_MAX_OPTIONS]
            )
            yield [menu]


def _options(choices: Iterable[Button], tokens: ActionTokens) -> Iterator[discord.SelectOption]:
    """Renders the options of a menu, without duplicates: Discord refuses these."""
    values = set[str]()
    for button in choices:
        value = tokens.token(button.action, _MAX_OPTION)
        if value not in values:
            values.add(value)
            number = f"{button.number}. " if button.number else ""
            label = number + truncate(button.label, _MAX_OPTION - len(number), plain_text)
            yield discord.SelectOption(label=label or "…", value=value)


def _button_rows(
    reply: Reply, asker: int, tokens: ActionTokens, read: Sequence[Button]
) -> Iterator[Sequence[ui.Item[Any]]]:
    """Renders rows of pagination and other navigation, then of offers, without duplicates."""
    navigation = [one for role in _NAVIGATION for one in reply.buttons if one.role is role]
    offers = [one for one in reply.buttons if one.role is Role.OFFER]
    custom_ids = set[str | None]()
    for group in ([*read, *navigation], offers):
        rendered = {one.custom_id: one for one in (_button(b, asker, tokens) for b in group)}
        row = [one for custom_id, one in rendered.items() if custom_id not in custom_ids]
        custom_ids.update(rendered)
        yield from (row[start : start + _ROW_SIZE] for start in range(0, len(row), _ROW_SIZE))


def _button(button: Button, asker: int, tokens: ActionTokens) -> ui.Button[Any]:
    head = f"b:{asker}:"
    is_navigation = button.role is not Role.OFFER
    return ui.Button(
        label=truncate(button.label, _MAX_LABEL, plain_text) or "…",
        emoji=_EMOJI.get(button.role),
        style=discord.ButtonStyle.secondary if is_navigation else discord.ButtonStyle.primary,
        custom_id=head + tokens.token(button.action, MAX_CUSTOM_ID - len(head)),
    )
