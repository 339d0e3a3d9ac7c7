"""Replies: text, cards, entries and buttons, without markup or limits of any platform.

An adapter renders a Reply as its platform's readers expect; the core never sees how.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.i18n import N_
from bot.model import Action, Paragraph, Story
from bot.post_layout import PostLayout

__all__ = ["Action", "Button", "Card", "Entry", "LocalClock", "Prompt", "Reply", "Role"]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a story's text, with highlights.

    Attributes:
        text: The piece.
        marks: The highlighted words: start and end of each, in characters.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()


class Role(StrEnum):
    """The roles of buttons, so that an adapter may place and draw them as is usual there."""

    PREVIOUS = "previous"
    NEXT = "next"
    READ = "read"
    BACK = "back"
    RELATED = "related"
    TIMELINE = "timeline"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press.

    Attributes:
        label: A word or two.
        action: The action it asks for.
        role: Its role.
        number: For READ, the number of the card that it reads.
        beside: A label for where the card stands beside it: `Read 3`; empty for the same.
    """

    label: str
    action: Action
    role: Role = Role.OFFER
    number: int | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A story as shown in a reply.

    Attributes:
        story: The story itself.
        source: The name of its source, as readers see it.
        number: Its place in the list, counted from 1 over all pages; None when it stands alone.
        score: From 0 to 1, how well it fits a search; None when nothing was searched.
        snippet: The piece of the story that a search found, to be shown in place of the summary;
            None when there is none.
        heading: A heading that stands above it, such as a topic; empty for none.
        also: What tells its other sources, `also in Other News`; empty for none.
        layout: How a template lays it out, where it stands alone; None for the usual way.
        icon: An emoji that stands before the source's name; empty for none.
    """

    story: Story
    source: str
    number: int | None = None
    score: float | None = None
    snippet: Snippet | None = None
    heading: str = ""
    also: str = ""
    layout: PostLayout | None = None
    icon: str = ""

    @property
    def signed_source(self) -> str:
        """The name of its source, with the icon before it."""
        return " ".join(filter(None, (self.icon, self.source)))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list that is not of stories: a topic, a source, a command.

    Attributes:
        name: What it is.
        text: What there is to say of it.
        action: What choosing it asks for; None when there is nothing to choose.
        topic: The topic that it stands for, which an adapter may link to; empty for none.
        heading: A heading that stands above it, such as a group of commands; empty for none.
        number: The number that people know it by, with which its name begins; None to count.
        url: The address (http or https) that its name leads to, where there is nothing to choose;
            empty for none.
    """

    name: str
    text: str = ""
    action: Action | None = None
    topic: str = ""
    heading: str = ""
    number: int | None = None
    url: str = ""

    @property
    def bare_name(self) -> str:
        """The name without its number."""
        return self.name.removeprefix(f"{self.number}. ")


def is_command(entry: Entry) -> bool:
    """Returns True for an entry that names a command and explains it; a headline may look so."""
    name, _, _ = entry.name.partition(" ")
    values = dict(entry.action.options).values() if entry.action else ()
    return name.startswith("/") and name[1:] in values


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question for words that a command still needs; what is typed next answers it.

    Attributes:
        question: The question, one line. No two prompts of the bot ask the same.
        placeholder: An example of an answer; empty for none.
        action: The command that the answer goes to, with the options that are given already.
        option: The option that takes the answer.
        is_long: True when an answer may have several lines.
    """

    question: str
    placeholder: str
    action: Action
    option: str
    is_long: bool = False

    def answered(self, text: str) -> Action:
        """Returns what asks for the command with an answer."""
        return Action(self.action.command, (*self.action.options, (self.option, text)))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a reply carries.

    Attributes:
        content: The picture, as PNG.
        alt: The same facts in words, for those who do not see it.
        name: The name of its file.
    """

    content: bytes = field(repr=False)
    alt: str
    name: str = "picture.png"


@dataclass(frozen=True, slots=True)
class Document:
    """A file that a reply carries, to be saved.

    Attributes:
        content: What it holds: text in UTF-8, which a terminal shows.
        name: The name of the file.
    """

    content: bytes = field(repr=False)
    name: str


FILE_MISSING = N_("The file can't be sent here. Ask for it in our private chat.")
"""The message for a chat that does not take the file of a reply."""

Upload = Picture | Document
"""Attachment that a reply carries beside its words."""


@dataclass(frozen=True, slots=True)
class LocalClock:
    """The clock by which a message tells times.

    Attributes:
        zone: The time zone.
        is_own: True when the readers chose it themselves: then times need not name it.
        now: The time of an answer, to tell how long ago something new was; None for what stays.
    """

    zone: ZoneInfo
    is_own: bool = True
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    An adapter shows, in this order: title, notes, text, cards, more, body, entries, page,
    buttons.

    Attributes:
        command: The command that it answers.
        title: A heading of a few words.
        notes: What the reader should know of how the answer was found.
        text: Paragraphs in the bot's own words.
        cards: Stories.
        body: The text of the one card's story, for reading it in the chat.
        entries: A list of something other than stories.
        page: Which page this is, counted from 1.
        pages: How many there are.
        buttons: What can be pressed, the most useful first.
        ok: False when the question could not be answered as asked.
        more: Stories that are named only, by headline and link, as far as there is room.
        listing: What asks for the same list again, where the same question would not; else None.
        shows_roles: True when roles that are mentioned in it may be shown by their names: they are
            in words that only moderators can set.
        silent: True when nothing is to be said at all.
        is_done: True when a setup ends with it: the talk before it is of no more use.
        prompt: A question that the person may answer in words; None for none.
        clock: The clock by which it tells times; None for that of the bot.
        picture: A picture of what the entries say, in their place where it can be shown.
        document: A file to be saved; None for none. A reply with one has no picture.
        is_preview: True when its one card is a post as it will be: what is said and can be pressed
            beside that stands apart from it.
        has_pictures: False to show neither the pictures of stories nor previews of links.
    """

    command: str
    title: str = ""
    notes: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    body: tuple[Paragraph, ...] = ()
    entries: tuple[Entry, ...] = ()
    page: int = 1
    pages: int = 1
    buttons: tuple[Button, ...] = ()
    ok: bool = True
    more: tuple[Card, ...] = ()
    listing: Action | None = None
    shows_roles: bool = False
    silent: bool = False
    is_done: bool = False
    prompt: Prompt | None = None
    clock: LocalClock | None = None
    picture: Picture | None = None
    document: Document | None = None
    is_preview: bool = False
    has_pictures: bool = True

    @property
    def upload(self) -> Upload | None:
        """The picture or the file that it carries; None for neither."""
        return self.picture or self.document
