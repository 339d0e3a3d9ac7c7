"""Buttons and menus under a message.

All that a press needs stands in them, so they outlive the process: whose page it is, and a token of
what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import discord
from discord import ui

from adapters.discord.markdown import fitted, plain
from bot.chat.button_tokens import ActionTokens
from bot.i18n import Translations
from bot.reply import Button, Reply, Role

CUSTOM_ID = 100
"""Characters (https://docs.discord.com/developers/components/reference#anatomy-of-a-component)."""

POSTED = 0
"""Stands for whoever asked for what is under a post: nobody did."""

_LABEL, _OPTION = 80, 100
_ROWS, _IN_ROW, _OPTIONS = 5, 5, 25

_BUTTON = r"(?s:b:(?P<asker>\d{1,20}):(?P<token>.+))"
_MENU = r"m(?P<place>\d):(?P<asker>\d{1,20})"
_OURS = re.compile(rf"{_BUTTON}|{_MENU.replace('asker', 'owner')}")

_EMOJI = {Role.PREVIOUS: "◀️", Role.NEXT: "▶️", Role.BACK: "↩️", Role.RELATED: "🔗"}

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Press:
    """What was pressed.

    Attributes:
        asker: Whose page it is on.
        token: What it asks for.
    """

    asker: int
    token: str


class DiscordPresses(Protocol):
    """Who answers presses."""

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        """Answers one."""
        ...


class AskedButton(ui.DynamicItem[ui.Button[Any]], template=_BUTTON):
    """A button that somebody pressed."""

    def __init__(self, button: ui.Button[Any], press: Press) -> None:
        super().__init__(button)
        self._press = press

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `discord.ui.DynamicItem.from_custom_id`."""
        del interaction
        if not isinstance(item, ui.Button):
            raise TypeError(f"{match.string!r} is no button's")
        return cls(item, Press(int(match["asker"]), match["token"]))

    async def callback(self, interaction: Interaction) -> None:
        """Answers the press."""
        await interaction.client.presses.pressed(interaction, self._press)


class AskedMenu(ui.DynamicItem[ui.Select[Any]], template=_MENU):
    """A menu that somebody chose from."""

    def __init__(self, menu: ui.Select[Any], asker: int) -> None:
        super().__init__(menu)
        self._asker = asker

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `discord.ui.DynamicItem.from_custom_id`."""
        del interaction
        if not isinstance(item, ui.Select):
            raise TypeError(f"{match.string!r} is no menu's")
        return cls(item, int(match["asker"]))

    async def callback(self, interaction: Interaction) -> None:
        """Answers the choice."""
        press = Press(self._asker, self.item.values[0])
        await interaction.client.presses.pressed(interaction, press)


ITEMS = (AskedButton, AskedMenu)
"""What a client has to know to hear of presses."""


def is_ours(custom_id: str) -> bool:
    """Whether one of ITEMS answers it."""
    return _OURS.fullmatch(custom_id) is not None


def buttons(reply: Reply, asker: int, tokens: ActionTokens, words: Translations) -> ui.View | None:
    """What can be pressed under a reply; None for nothing."""
    view = ui.View(timeout=None)
    read = [button for button in reply.buttons if button.role is Role.READ]
    is_single = asker == POSTED and len(read) == 1  # then a button serves better than a menu
    menus = _menus(() if is_single else read, reply, asker, tokens, words)
    rows = [*menus, *_rows(reply, asker, tokens, read if is_single else ())]
    for number, row in enumerate(rows[:_ROWS]):
        for item in row:
            item.row = number
            view.add_item(item)
    # Nothing is kept of it: the client knows ITEMS, and each press says all by itself.
    view.stop()
    return view if view.children else None


def _menus(
    read: Sequence[Button], reply: Reply, asker: int, tokens: ActionTokens, words: Translations
) -> Iterator[Sequence[ui.Item[Any]]]:
    chosen = [Button(e.name, e.action) for e in reply.entries if e.action]
    texts = (words.gettext("Read one of these"), words.gettext("Choose one"))
    for place, (choices, text) in enumerate(zip((read, chosen), texts, strict=True)):
        options = list(_options(choices, tokens))
        if options:
            menu = ui.Select[Any](
                custom_id=f"m{place}:{asker}", placeholder=text, options=options[:_OPTIONS]
            )
            yield [menu]


def _options(choices: Iterable[Button], tokens: ActionTokens) -> Iterator[discord.SelectOption]:
    known = set[str]()
    for button in choices:
        value = tokens.token(button.action, _OPTION)
        if value not in known:
            known.add(value)
            number = f"{button.number}. " if button.number else ""
            label = number + fitted(button.label, _OPTION - len(number), plain)
            yield discord.SelectOption(label=label or "…", value=value)


def _rows(
    reply: Reply, asker: int, tokens: ActionTokens, read: Sequence[Button]
) -> Iterator[Sequence[ui.Item[Any]]]:
    order = (Role.PREVIOUS, Role.NEXT, Role.BACK, Role.RELATED)
    ways = sorted((b for b in reply.buttons if b.role in order), key=lambda b: order.index(b.role))
    offers = [b for b in reply.buttons if b.role is Role.OFFER]
    known = set[str]()
    for kind in ([*read, *ways], offers):
        shown = [_button(one, asker, tokens) for one in kind]
        new = [one for one in shown if one.custom_id not in known]
        new = list({one.custom_id: one for one in new}.values())
        known.update(one.custom_id or "" for one in new)
        yield from (new[start : start + _IN_ROW] for start in range(0, len(new), _IN_ROW))


def _button(button: Button, asker: int, tokens: ActionTokens) -> ui.Button[Any]:
    head = f"b:{asker}:"
    is_way = button.role is not Role.OFFER
    return ui.Button(
        label=fitted(button.label, _LABEL, plain) or "…",
        emoji=_EMOJI.get(button.role),
        style=discord.ButtonStyle.secondary if is_way else discord.ButtonStyle.primary,
        custom_id=head + tokens.token(button.action, CUSTOM_ID - len(head)),
    )
