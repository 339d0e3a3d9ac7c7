"""A story's text: split where a message has no room for it, and folded after its opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby

from adapters.telegram.rich.blocks import Block, Details, Heading, ItemList, ListItem, TextBlock
from adapters.telegram.rich.view import View
from bot.model import Paragraph

_BULLET = "• "  # with which an item of a list begins, as feeds are read
_SUBHEADING_SIZE = 4

_OPENING = 1_500  # characters that are shown at once: two or three screens of a phone
_LEAST_OPENING = 400  # characters before a subheading that it may end with
_FOLD_FROM = 2_500  # characters of a story that is folded at all
_SHORTEST = 600  # characters of a section that is folded by itself
_GROUP = 2_500  # characters of a folded part without subheadings
_A_MINUTE = 1_200  # characters that are read in a minute


def split_text(
    paragraphs: Iterable[Paragraph], characters: int, blocks: int
) -> list[tuple[Paragraph, ...]]:
    """Splits a text into parts for one message each; there is always one part.

    Args:
        paragraphs: The text.
        characters: The room in each message, in characters.
        blocks: The room in each message, in blocks.
    """
    parts: list[list[Paragraph]] = [[]]
    used = taken = 0
    for piece in (piece for one in paragraphs for piece in _cut(one, characters)):
        size = 3 if _is_item(piece) else 1  # perhaps a list of its own, its item and the text
        if parts[-1] and (used + len(piece.text) > characters or taken + size > blocks):
            parts.append(_move_headings(parts[-1]))
            used = sum(len(one.text) for one in parts[-1])
            taken = len(parts[-1])
        parts[-1].append(piece)
        used, taken = used + len(piece.text), taken + size
    return [tuple(part) for part in parts]


def _move_headings(part: list[Paragraph]) -> list[Paragraph]:
    """Takes the subheading off the end of a part, for the next one to begin with."""
    return [part.pop()] if len(part) > 1 and part[-1].heading else []


def _cut(paragraph: Paragraph, limit: int) -> Iterator[Paragraph]:
    """Cuts a paragraph that is longer than a message, at a space if there is one."""
    limit //= 2  # so that a subheading before it has room, too
    text = paragraph.text
    while len(text) > limit:
        space = text.rfind(" ", 1, limit + 1)
        end = space if space > 0 else limit
        yield Paragraph(text[:end].rstrip(), paragraph.heading)
        text = text[end:].lstrip()
    yield Paragraph(text, paragraph.heading)


def text_blocks(paragraphs: Sequence[Paragraph], view: View) -> Iterator[Block]:
    """Renders a text: its opening, and what follows in folded parts that say how long they are."""
    if _length(paragraphs) <= _FOLD_FROM:
        yield from _plain_blocks(paragraphs, view)
        return
    opening = _opening(paragraphs)
    yield from _plain_blocks(paragraphs[:opening], view)
    groups = list(_groups(paragraphs[opening:]))
    unnamed = sum(not group[0].heading for group in groups)
    numbers = count(1)
    for group in groups:
        name = ""
        if not group[0].heading:
            name = _unnamed(next(numbers), unnamed, view)
        yield from _folded(group, name, view)


def _unnamed(number: int, total: int, view: View) -> str:
    """Names a folded part that has no subheading."""
    if total == 1:
        return view.gettext("Continue reading")
    return view.gettext("Part {number} of {count}").format(number=number, count=total)


def _length(paragraphs: Iterable[Paragraph]) -> int:
    return sum(len(one.text) for one in paragraphs)


def _opening(paragraphs: Sequence[Paragraph]) -> int:
    """Returns the number of paragraphs that are shown at once.

    It ends with a section, where that is not too long, or else when two screens are full.
    """
    used = full = 0
    for at, one in enumerate(paragraphs):
        if one.heading and used >= _LEAST_OPENING and not paragraphs[at - 1].heading:
            return at
        if not full and used and used + len(one.text) > _OPENING and not paragraphs[at - 1].heading:
            full = at
        used += len(one.text)
        if full and used > _FOLD_FROM:
            return full
    return full or len(paragraphs)


def _groups(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Paragraph, ...]]:
    """Yields the parts that are folded: sections; what has no subheadings, by its length."""
    has_headings = any(one.heading for one in paragraphs)
    used, left = 0, _length(paragraphs)
    group: list[Paragraph] = []
    for one in paragraphs:
        is_full = used >= _SHORTEST if has_headings else used >= _GROUP and left >= _GROUP // 2
        if group and is_full and (one.heading or not has_headings):
            yield tuple(group)
            group, used = [], 0
        group.append(one)
        used, left = used + len(one.text), left - len(one.text)
    if group:
        yield tuple(group)


def _folded(group: Sequence[Paragraph], name: str, view: View) -> Iterator[Block]:
    """Renders a folded part under its subheading or, without one, under a name."""
    heading = view.prose.line(group[0].text) if group[0].heading else ""
    blocks = tuple(_plain_blocks(group[1:] if heading else group, view))
    if not blocks:
        yield from _plain_blocks(group, view)
        return
    minutes = max(1, round(_length(group) / _A_MINUTE))
    length = view.gettext("{minutes} min").format(minutes=minutes)
    yield Details(f"{heading or name} · {length}", blocks)


def _plain_blocks(paragraphs: Sequence[Paragraph], view: View) -> list[Block]:
    blocks: list[Block] = []
    for is_list, run in groupby(paragraphs, key=_is_item):
        if is_list:
            blocks += _item_list(run, view)
        else:
            blocks += (block for one in run for block in _paragraph(one, view))
    return blocks


def _is_item(paragraph: Paragraph) -> bool:
    return not paragraph.heading and paragraph.text.startswith(_BULLET)


def _item_list(items: Iterable[Paragraph], view: View) -> Iterator[Block]:
    texts = (view.prose.linked(one.text.removeprefix(_BULLET)) for one in items)
    found = tuple(ListItem((TextBlock(text),)) for text in texts if text)
    if found:
        yield ItemList(found)


def _paragraph(paragraph: Paragraph, view: View) -> Iterator[Block]:
    text = view.prose.linked(paragraph.text)
    if text:
        yield Heading(text, _SUBHEADING_SIZE) if paragraph.heading else TextBlock(text)
