"""Presets: templates to begin with.

`simple`, `rich`, `compact` and `gallery` show what MonitoRSS's starter templates of these kinds do
(https://github.com/synzen/MonitoRSS), in the layouts of this bot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.i18n import N_
from bot.post_layout import PicturePlace
from bot.subscriptions.post_template import STANDARD, PostField, PostTemplate

_READ = frozenset({PostField.READ})
_BUTTONS = frozenset({PostField.READ, PostField.LINK})


@dataclass(frozen=True, slots=True)
class Preset:
    """A template with a name.

    Attributes:
        label: Its name for people, to be translated.
        template: The template.
    """

    label: str
    template: PostTemplate


PRESETS: Mapping[str, Preset] = {
    "card": Preset(N_("Card"), STANDARD),
    "simple": Preset(
        N_("Simple text"),
        PostTemplate(
            _BUTTONS,
            text="**{title}**\n{link}",
            picture=PicturePlace.NONE,
            is_boxed=False,
        ),
    ),
    "rich": Preset(
        N_("Rich card"),
        PostTemplate(
            _READ,
            text="# [{title}]({link})\n**{byline}**\n---\n{text:1750}",
            picture=PicturePlace.SMALL,
        ),
    ),
    "compact": Preset(
        N_("Compact card"),
        PostTemplate(_READ, text="**{title}**\n{summary:200}", picture=PicturePlace.SMALL),
    ),
    "gallery": Preset(
        N_("Pictures"),
        PostTemplate(_READ, text="**{title}**\n{summary:150}", picture=PicturePlace.GALLERY),
    ),
    "headline": Preset(
        N_("Headline only"),
        PostTemplate(
            _BUTTONS,
            text="[{title}]({link}) — {source}",
            picture=PicturePlace.NONE,
            is_boxed=False,
        ),
    ),
    "article": Preset(
        N_("Whole text"),
        PostTemplate(
            text="# [{title}]({link})\n-# {source|also|place|time|byline}\n\n{text}\n\n-# {topics}"
        ),
    ),
}
"""The presets by the names that people type; the first is what posts look like without any."""


def preset_of(template: PostTemplate) -> str:
    """Returns the name of the preset that a template is; empty for one of its own."""
    return next((name for name, one in PRESETS.items() if one.template == template), "")
