"""Layouts: messages of Discord's components, and how much of these a message may hold.

A message of this kind (Components V2) has no content and no embeds, and stays of this kind for all
its life (https://docs.discord.com/developers/components/reference).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from adapters.discord.markdown import utf16_units

MAX_COMPONENTS, MAX_TEXT = 40, 4_000
"""Components of a message, nested ones counted, and characters of all its texts together."""

MAX_PICTURES = 10
"""Pictures of a gallery."""

MAX_DESCRIPTION = 1_024
"""Characters of a picture's description
(https://docs.discord.com/developers/resources/message#attachment-object)."""

ROW_SIZE, MAX_OPTIONS = 5, 25
"""Buttons of a row, and options of a menu."""


@dataclass(frozen=True, slots=True)
class LayoutText:
    """A text.

    Attributes:
        markdown: It, not empty.
    """

    markdown: str


@dataclass(frozen=True, slots=True)
class LayoutPicture:
    """A picture.

    Attributes:
        url: Its address.
        description: It in words, for those who do not see it; empty for none.
    """

    url: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class LayoutButton:
    """A button that the bot answers.

    Attributes:
        label: The words on it.
        custom_id: It comes back when the button is pressed.
        emoji: A sign before the words; empty for none.
        is_primary: True for what stands out.
    """

    label: str
    custom_id: str
    emoji: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class LayoutLink:
    """A button that leads to a web page.

    Attributes:
        label: The words on it.
        url: The address of the page.
    """

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class LayoutMenu:
    """A menu to choose one of some options from.

    Attributes:
        custom_id: It comes back with the choice.
        placeholder: The words on it while nothing is chosen.
        options: Labels with their values.
    """

    custom_id: str
    placeholder: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LayoutSection:
    """A text with a picture or a button at its right.

    Attributes:
        markdown: The text.
        accessory: What stands at its right.
    """

    markdown: str
    accessory: LayoutPicture | LayoutButton | LayoutLink


@dataclass(frozen=True, slots=True)
class LayoutGallery:
    """Pictures, one large or several side by side.

    Attributes:
        pictures: The pictures, at least one.
    """

    pictures: tuple[LayoutPicture, ...]


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """A file that is attached, to be saved.

    Attributes:
        name: Its name.
    """

    name: str


@dataclass(frozen=True, slots=True)
class LayoutRule:
    """A line between what stands above and below it."""


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """Buttons side by side, or a menu.

    Attributes:
        items: The buttons, at most `ROW_SIZE`; or the one menu.
    """

    items: tuple[LayoutButton | LayoutLink | LayoutMenu, ...]


LayoutBlock = LayoutText | LayoutSection | LayoutGallery | LayoutFile | LayoutRule | LayoutRow


@dataclass(frozen=True, slots=True)
class LayoutContainer:
    """A box around blocks.

    Attributes:
        blocks: What stands in it, at least one block.
        colour: Of its edge.
    """

    blocks: tuple[LayoutBlock, ...]
    colour: int


def walk_blocks(blocks: Iterable[LayoutBlock | LayoutContainer]) -> Iterator[LayoutBlock]:
    """Yields all blocks, those in containers too, in order."""
    for block in blocks:
        yield from block.blocks if isinstance(block, LayoutContainer) else (block,)


def block_texts(blocks: Iterable[LayoutBlock | LayoutContainer]) -> list[str]:
    """Returns the texts of blocks, in order."""
    shown = (one for one in walk_blocks(blocks) if isinstance(one, LayoutText | LayoutSection))
    return [one.markdown for one in shown]


def count_components(blocks: Iterable[LayoutBlock | LayoutContainer]) -> int:
    """Counts components as Discord does: what is nested, and what holds it."""
    count = 0
    for block in blocks:
        if isinstance(block, LayoutContainer):
            count += 1 + count_components(block.blocks)
        elif isinstance(block, LayoutSection):
            count += 3  # itself, its text and what stands beside that
        elif isinstance(block, LayoutRow):
            count += 1 + len(block.items)
        else:
            count += 1
    return count


def text_length(blocks: Iterable[LayoutBlock | LayoutContainer]) -> int:
    """Counts the characters of all texts together."""
    return sum(map(utf16_units, block_texts(blocks)))


def without_pictures(
    blocks: Iterable[LayoutBlock | LayoutContainer],
) -> tuple[LayoutBlock | LayoutContainer, ...]:
    """Returns blocks without pictures."""
    return tuple(_map_blocks(blocks, _without_picture))


def without_addresses(
    blocks: Iterable[LayoutBlock | LayoutContainer],
) -> tuple[LayoutBlock | LayoutContainer, ...]:
    """Returns blocks without the addresses that Discord checks: of pictures and link buttons."""
    return tuple(_map_blocks(without_pictures(blocks), _without_link))


def _map_blocks(
    blocks: Iterable[LayoutBlock | LayoutContainer],
    change: Callable[[LayoutBlock], LayoutBlock | None],
) -> Iterator[LayoutBlock | LayoutContainer]:
    for block in blocks:
        if not isinstance(block, LayoutContainer):
            yield from filter(None, (change(block),))
        elif inside := tuple(one for each in block.blocks if (one := change(each))):
            yield replace(block, blocks=inside)


def _without_picture(block: LayoutBlock) -> LayoutBlock | None:
    if isinstance(block, LayoutGallery | LayoutFile):
        return None
    if isinstance(block, LayoutSection) and isinstance(block.accessory, LayoutPicture):
        return LayoutText(block.markdown)
    return block


def _without_link(block: LayoutBlock) -> LayoutBlock | None:
    if isinstance(block, LayoutSection) and isinstance(block.accessory, LayoutLink):
        return LayoutText(block.markdown)
    if not isinstance(block, LayoutRow):
        return block
    rest = tuple(item for item in block.items if not isinstance(item, LayoutLink))
    return LayoutRow(rest) if rest else None


def make_view(blocks: Iterable[LayoutBlock | LayoutContainer]) -> ui.LayoutView:
    """Makes the library's view of blocks; it need not be kept, since custom_ids say all."""
    view = ui.LayoutView(timeout=None)
    for block in blocks:
        if isinstance(block, LayoutContainer):
            inside = map(_make_block, block.blocks)
            view.add_item(ui.Container[Any](*inside, accent_colour=block.colour))
        else:
            view.add_item(_make_block(block))
    view.stop()
    return view


def _make_block(block: LayoutBlock) -> ui.Item[Any]:
    match block:
        case LayoutText():
            return ui.TextDisplay(block.markdown)
        case LayoutSection():
            return ui.Section(block.markdown, accessory=_make_accessory(block.accessory))
        case LayoutGallery():
            pictures = block.pictures[:MAX_PICTURES]
            return ui.MediaGallery(
                *(discord.MediaGalleryItem(p.url, description=p.description) for p in pictures)
            )
        case LayoutFile():
            return ui.File(f"attachment://{block.name}")
        case LayoutRule():
            return ui.Separator()
        case LayoutRow():
            return ui.ActionRow(*map(_make_item, block.items))


def _make_accessory(one: LayoutPicture | LayoutButton | LayoutLink) -> ui.Item[Any]:
    if isinstance(one, LayoutPicture):
        return ui.Thumbnail(one.url, description=one.description or None)
    return _make_item(one)


def _make_item(one: LayoutButton | LayoutLink | LayoutMenu) -> ui.Item[Any]:
    match one:
        case LayoutLink():
            return ui.Button(label=one.label, url=one.url)
        case LayoutButton():
            style = discord.ButtonStyle.primary if one.is_primary else None
            return ui.Button(
                label=one.label,
                emoji=one.emoji or None,
                style=style or discord.ButtonStyle.secondary,
                custom_id=one.custom_id,
            )
        case LayoutMenu():
            options = [discord.SelectOption(label=text, value=v) for text, v in one.options]
            return ui.Select(
                custom_id=one.custom_id, placeholder=one.placeholder, options=options[:MAX_OPTIONS]
            )
