"""A story's text: split where a message has no room for it, and folded after its opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from adapters.telegram.rich.blocks import Block, Details, Heading, ItemList, ListItem, TextBlock
from adapters.telegram.rich.view import View
from bot.model import Paragraph

_BULLET = "• "  # with which an item of a list begins, as feeds are read
_SUBHEADING_SIZE = 4

_OPENING = 1_500  # characters that are shown at once: two or three screens of a phone
_FOLD_FROM = 2_500  # characters of a story that is folded at all
_GROUP = 2_500  # characters of a folded part at least
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


def text_blocks(paragraphs: Sequence[Paragraph], view: View) -> list[Block]:
    """Renders a text: its opening, and what follows in folded parts that say how long they are."""
    if _length(paragraphs) <= _FOLD_FROM:
        return _plain_blocks(paragraphs, view)
    opening = _opening(paragraphs)
    groups = list(_groups(paragraphs[opening:]))
    blocks = _plain_blocks(paragraphs[:opening], view)
    return [*blocks, *(_folded(group, at, len(groups), view) for at, group in enumerate(groups, 1))]


def _length(paragraphs: Iterable[Paragraph]) -> int:
    return sum(len(one.text) for one in paragraphs)


def _opening(paragraphs: Sequence[Paragraph]) -> int:
    """Returns the number of paragraphs that are shown at once, at least one with text."""
    used = 0
    for at, one in enumerate(paragraphs):
        least = _OPENING // 2 if one.heading else _OPENING - len(one.text)
        if used > max(least, 0) and not paragraphs[at - 1].heading:
            return at
        used += len(one.text)
    return len(paragraphs)


def _groups(paragraphs: Sequence[Paragraph]) -> Iterator[Sequence[Paragraph]]:
    """Yields the parts that are folded: whole sections, if there are subheadings."""
    has_headings = any(one.heading for one in paragraphs)
    group: list[Paragraph] = []
    for at, one in enumerate(paragraphs):
        begins = one.heading if has_headings else True
        is_rest = _length(paragraphs[at:]) < _GROUP // 2 and not one.heading
        if group and begins and not is_rest and _length(group) >= _GROUP:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _folded(group: Sequence[Paragraph], number: int, count: int, view: View) -> Details:
    """Renders a folded part under its subheading; one without is numbered."""
    _ = view.gettext
    minutes = max(1, round(_length(group) / _A_MINUTE))
    length = _("{minutes} min").format(minutes=minutes)
    if group[0].heading and len(group) > 1 and view.prose.line(group[0].text):
        name = view.prose.line(group[0].text)
        group = group[1:]
    elif count > 1:
        name = _("Part {number} of {count}").format(number=number, count=count)
    else:
        name = _("Continue reading")
    return Details(f"{name} · {length}", tuple(_plain_blocks(group, view)))


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
