"""Rendering of replies in a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from adapters.console.cards import (
    Block,
    RenderContext,
    render_body,
    render_head,
    render_headlines,
    render_list,
    render_next_head,
)
from adapters.console.choices import Picks, entry_keys, group_keys
from adapters.console.layout import (
    MAX_WIDTH,
    HangingParagraph,
    UnbrokenLine,
    one_line,
    styled,
    usable_width,
)
from bot.i18n import Translations
from bot.reply import Entry, LocalClock, Reply, Role
from bot.text.display import strip_hidden


class Entries:
    """A list in columns: number, name, what there is to say.

    Where the names leave too little room for the last column, it goes under them.
    """

    def __init__(self, entries: tuple[Entry, ...], keys: list[str]) -> None:
        """Sets a list.

        Args:
            entries: Its lines.
            keys: For each line what a person types to choose it; empty where there is no choice.
        """
        leads = [f"{key}. " if key else "" for key in keys]
        self._indent = max(map(len, leads), default=0)
        self._rows = [
            (
                Text(lead.rjust(self._indent), "cyan"),
                styled(entry.bare_name, "bold"),
                styled(" ".join(filter(None, (entry.text, entry.url)))),
            )
            for lead, entry in zip(leads, entries, strict=True)
        ]
        self._headings = [styled(entry.heading, "bold underline") for entry in entries]
        self._names = max((cell_len(one_line(entry.bare_name)) for entry in entries), default=0)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        roomy = self._indent + self._names <= usable_width(options) // 2
        for at, (lead, name, text) in enumerate(self._rows):
            if heading := self._headings[at]:
                yield from ([Text()] if at else [])
                yield HangingParagraph(heading)
            yield from (
                self._in_columns(lead, name, text) if roomy else self._under(lead, name, text)
            )

    def _in_columns(self, lead: Text, name: Text, text: Text) -> list[HangingParagraph]:
        gap = " " * (self._names - name.cell_len + 2)
        first = Text.assemble(lead, name, gap)
        if not text:
            return [HangingParagraph(name, " " * self._indent, lead)]
        return [HangingParagraph(text, " " * first.cell_len, first)]

    def _under(self, lead: Text, name: Text, text: Text) -> list[HangingParagraph]:
        heading = HangingParagraph(name, " " * self._indent, lead)
        return [heading, HangingParagraph(text, " " * (self._indent + 2))] if text else [heading]


def render(
    reply: Reply,
    translations: Translations,
    zone: ZoneInfo,
    *,
    at_hand: Picks | None = None,
    links: bool = False,
    bars: bool = False,
) -> RenderableType:
    """Renders a reply for a terminal.

    Args:
        reply: The reply.
        translations: The bot's own messages, in the reader's language.
        zone: The time zone that times are shown in, where the reply has no clock of its own.
        at_hand: The choices once the reply is shown; None when nobody is there to choose.
        links: True when the terminal opens links that are clicked.
        bars: True to draw a bar beside each story, where a person reads on a screen.
    """
    render_context = RenderContext(translations, reply.clock or LocalClock(zone), links, bars)
    blocks = [
        _head(reply),
        _text(reply),
        *_stories(reply, render_context),
        render_headlines(reply.more, render_context),
        *render_body(reply.body),
        _entries(reply, numbered=at_hand is not None),
        _document(reply),
        _foot(reply, at_hand, translations),
    ]
    parted = ([*block, Text()] for block in blocks if block)
    return Group(*list(chain.from_iterable(parted))[:-1])


def render_plain(
    reply: Reply, translations: Translations, zone: ZoneInfo, width: int = MAX_WIDTH
) -> str:
    """Renders a reply as text without colours or links, for a file or a message."""
    paper = io.StringIO()
    # An environment of its own: FORCE_COLOR is about terminals, and this is none.
    console = Console(file=paper, width=width, color_system=None, _environ={})
    console.print(render(reply, translations, zone), crop=False)
    return paper.getvalue()


def _head(reply: Reply) -> Block:
    title = [HangingParagraph(styled(reply.title, "bold"))] if one_line(reply.title) else []
    return [*title, *(HangingParagraph(styled(note, "dim italic")) for note in reply.notes)]


def _text(reply: Reply) -> Block:
    """Renders the texts; a bar beside them marks a question that could not be answered."""
    if reply.ok:
        return [HangingParagraph(styled(text)) for text in reply.text]
    return [HangingParagraph(styled(text, "yellow"), Text("│ ", "yellow")) for text in reply.text]


def _stories(reply: Reply, render_context: RenderContext) -> list[Block]:
    if len(reply.cards) != 1 or reply.cards[0].number is not None:
        return render_list(reply.cards, render_context)
    card = reply.cards[0]
    if reply.page > 1:
        return [render_next_head(card, reply.page, render_context)]
    summary = one_line(card.story.summary)
    return [
        render_head(card, render_context),
        [] if reply.body or not summary else [HangingParagraph(Text(summary))],
    ]


def _entries(reply: Reply, *, numbered: bool) -> Block:
    keys = entry_keys(reply) if numbered else [""] * len(reply.entries)
    return [Entries(reply.entries, keys)] if reply.entries else []


def _document(reply: Reply) -> Block:
    """Renders a file as the lines of its text: in a terminal they can be copied, or piped on."""
    if reply.document is None:
        return []
    lines = strip_hidden(reply.document.content.decode("utf-8", "replace")).splitlines()
    head = HangingParagraph(styled(reply.document.name, "bold"))
    return [head, *(UnbrokenLine(Text(line)) for line in lines)]


def _foot(reply: Reply, at_hand: Picks | None, translations: Translations) -> Block:
    _ = translations.gettext
    block: Block = []
    if reply.pages > 1:
        line = _("Page {page} of {pages}").format(page=reply.page, pages=reply.pages)
        block.append(HangingParagraph(Text(line, "dim")))
    if at_hand is None:
        block += [HangingParagraph(line) for line in _next_commands(reply)]
    elif at_hand.items:
        block.append(HangingParagraph(_choices_line(at_hand, translations)))
    return block


def _next_commands(reply: Reply) -> Iterator[Text]:
    """Lists what a reader without keys may ask next: the commands of all buttons but READ."""
    for button in reply.buttons:
        if button.role is not Role.READ:
            label, asked = one_line(button.label), one_line(str(button.action))
            yield Text(asked if label == asked else f"{label}: {asked}", "dim")


def _choices_line(at_hand: Picks, translations: Translations) -> Text:
    line = Text()
    for keys, label in group_keys(at_hand, translations):
        line.append("  " if line else "")
        line.append(f"[{keys}]", "cyan")
        line.append(f" {one_line(label)}", "dim")
    return line
