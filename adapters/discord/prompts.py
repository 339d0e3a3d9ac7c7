"""Questions for words: a form (modal) with one field, and what was typed into it.

The form's custom_id holds the token of the command that the words go to, so it outlives the process
(https://docs.discord.com/developers/components/reference#text-input).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from adapters.discord.markdown import plain_text, truncate
from bot.chat.button_tokens import ActionTokens
from bot.model import Action
from bot.reply import Prompt
from bot.search.query import MAX_QUERY

_HEAD = "q:"
_MAX_CUSTOM_ID, _MAX_TITLE, _MAX_LABEL, _MAX_PLACEHOLDER = 100, 45, 45, 100
_MAX_ANSWER = 300


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """Answer that was typed into a form.

    Attributes:
        token: The token of the form's action, whose empty option takes the text.
        text: The text.
    """

    token: str
    text: str

    def fill(self, action: Action) -> Action:
        """Returns the form's action with the text."""
        return Action(
            action.command, tuple((name, value or self.text) for name, value in action.options)
        )


def render_form(prompt: Prompt, tokens: ActionTokens) -> ui.Modal:
    """Renders a question as a form."""
    token = tokens.token(prompt.answered(""), _MAX_CUSTOM_ID - len(_HEAD))
    form = ui.Modal(
        title=truncate(prompt.question, _MAX_TITLE, plain_text) or "…", custom_id=_HEAD + token
    )
    field = ui.TextInput[Any](
        custom_id=prompt.option,
        placeholder=truncate(prompt.placeholder, _MAX_PLACEHOLDER, plain_text) or None,
        style=discord.TextStyle.paragraph if prompt.is_long else discord.TextStyle.short,
        max_length=MAX_QUERY if prompt.is_long else _MAX_ANSWER,
    )
    form.add_item(
        ui.Label(text=truncate(prompt.question, _MAX_LABEL, plain_text) or "…", component=field)
    )
    form.stop()  # the library need not keep it: its custom_id says all
    return form


def parse_form(interaction: discord.Interaction[Any]) -> FormAnswer | None:
    """Parses what was typed into one of the bot's forms; None where it is no such form."""
    data: Mapping[str, Any] = dict(interaction.data or {})
    custom_id = str(data.get("custom_id", ""))
    if not custom_id.startswith(_HEAD):
        return None
    return FormAnswer(custom_id.removeprefix(_HEAD), _value(data.get("components") or ()))


def _value(components: Iterable[Mapping[str, Any]]) -> str:
    """Returns the value of the only field, in a label or in a row."""
    for one in components:
        inside = [*(one.get("components") or ()), *filter(None, [one.get("component")])]
        value = str(one.get("value") or "") or _value(inside)
        if value:
            return value
    return ""
