"""The domain model: stories, sources, topics, people, chats and actions.

Everything here is frozen. Times are aware datetimes in UTC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, Flag, StrEnum, auto

from bot.text.display import typed_value

# No vowels, so that an id spells no word; no 0, 1 or l, so that it can be read out.
_SURELY_SHORT = 600  # characters of a key that are no more bytes than one may have
_MOST_KEY_BYTES = 2_400  # the rest of an index's entry is for the source
_KEPT_OF_KEY = 500
_ID_FIRST = "bcdfghjkmnpqrstvwxyz"
_ID_SIGNS = "23456789" + _ID_FIRST
_ID_LENGTH = 12  # 57 bits: a shared id among a million stories is a one in 300,000 chance


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a story: a single line of clean text, or a subheading.

    Attributes:
        text: The words, with no line break and no control character in them.
        heading: True for a subheading between paragraphs.
    """

    text: str
    heading: bool = False


class EnclosureKind(Enum):
    """Kinds of what comes with a story."""

    AUDIO = "audio"
    VIDEO = "video"
    PICTURE = "picture"
    DOCUMENT = "document"


# By which part of a URL files are told whose type nobody gives, or only that they are bytes.
_EXTENSIONS = {
    **dict.fromkeys("mp3 m4a m4b aac ogg oga opus wav flac".split(), EnclosureKind.AUDIO),
    **dict.fromkeys("mp4 m4v mov webm mkv avi ogv mpg mpeg".split(), EnclosureKind.VIDEO),
    **dict.fromkeys("jpg jpeg png gif webp avif".split(), EnclosureKind.PICTURE),
}
_KINDS = {
    "audio": EnclosureKind.AUDIO,
    "video": EnclosureKind.VIDEO,
    "image": EnclosureKind.PICTURE,
}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A recording, a film, a picture or a document that comes with a story.

    Attributes:
        url: Its address (http or https).
        type: Its media type, such as `audio/mpeg`, or only `audio`; empty when nobody says.
        length: In bytes; 0 when nobody says.
        duration: In seconds; 0 when nobody says.
        alt: A picture in words, for those who do not see it; empty when nobody says.
    """

    url: str
    type: str = ""
    length: int = 0
    duration: int = 0
    alt: str = ""

    @property
    def kind(self) -> EnclosureKind:
        """Its kind, by its type or else by the end of its address."""
        path = self.url.partition("?")[0].partition("#")[0]
        by_name = _EXTENSIONS.get(path.rpartition(".")[2].lower(), EnclosureKind.DOCUMENT)
        return _KINDS.get(self.type.partition("/")[0], by_name)


@dataclass(frozen=True, slots=True)
class Story:
    """One article.

    Attributes:
        id: Names the story everywhere: 12 signs, the first a letter, the same in every store.
        source: The id of the source it came from.
        key: What identifies it within its source: a feed's guid, an archive's title and date. One
            that is very long is kept as `bounded_key` says.
        title: The headline; never empty.
        published: When it was published. When only the date is known, that date's midnight in UTC.
        date_only: True when only the date is known; it must not be moved to another time zone.
        paragraphs: The whole text, in order.
        url: The story's page (http or https); None when it has none and is read in the chat.
        place: The place in its dateline, as printed (`TOKYO`).
        byline: Who wrote it, as printed (`MU.`).
        summary: A few whole sentences that tell what it says.
        topics: The names of the topics it belongs to.
        image: A picture that goes with it (http or https); None for none.
        image_alt: The picture in words, for those who do not see it; empty when nobody says.
        categories: What its source puts it under, as the source words it.
        language: What it is written in, such as `en` or `pt-BR`; empty when nobody says.
        enclosures: Recordings, films, pictures and documents that come with it, the first first.
        undated: True when its source gives no date; `published` is then when it was fetched.
        also: Ids of other sources that have it, too.
        development: The id of the first story that tells the same; empty where nobody knows.
        told_by: Ids of other sources that tell the same in stories of their own.
    """

    id: str
    source: str
    key: str
    title: str
    published: datetime
    date_only: bool = False
    paragraphs: tuple[Paragraph, ...] = ()
    url: str | None = None
    place: str = ""
    byline: str = ""
    summary: str = ""
    topics: tuple[str, ...] = ()
    image: str | None = None
    categories: tuple[str, ...] = ()
    language: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    undated: bool = False
    also: tuple[str, ...] = ()
    development: str = ""
    told_by: tuple[str, ...] = ()
    image_alt: str = ""

    def __post_init__(self) -> None:
        if len(self.key) > _SURELY_SHORT:
            object.__setattr__(self, "key", bounded_key(self.key))

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of all sources that have it, the first being its own."""
        return (self.source, *self.also)

    @property
    def text(self) -> str:
        """All paragraphs as one text, a blank line between them."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


def bounded_key(key: str) -> str:
    """Returns a key as it is or, where it is too long for an index, its beginning and its digest.

    An entry of PostgreSQL's indexes has 2,704 bytes at most
    (https://www.postgresql.org/docs/current/btree.html). What was bounded once stays as it is.
    """
    if len(key) <= _SURELY_SHORT or len(key.encode(errors="replace")) <= _MOST_KEY_BYTES:
        return key
    digest = hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{key[:_KEPT_OF_KEY]}…{digest}"


def story_id(source: str, key: str) -> str:
    """Derives the id of the story that `source` knows by `key`.

    It is made from the two alone, so it stays the same when a store is lost and loaded again, and
    links to the story keep working. Its first sign is a letter: it is never mistaken for a number.
    """
    named = f"{source}\n{bounded_key(key)}"
    digest = hashlib.blake2b(named.encode(), digest_size=16).digest()
    number = int.from_bytes(digest)
    number, first = divmod(number, len(_ID_FIRST))
    signs = [_ID_FIRST[first]]
    for _ in range(_ID_LENGTH - 1):
        number, sign = divmod(number, len(_ID_SIGNS))
        signs.append(_ID_SIGNS[sign])
    return "".join(signs)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of stories.

    Attributes:
        id: Short; used in commands.
        name: The name that readers see.
        kind: `archive`, `feed` or `page`.
        every: The interval between polls.
        topics: Names of the topics that each of its stories belongs to.
        colour: Red, green and blue, `0x1F6FEB`, by which its stories are told; None for any.
        whole_on_web: True when the website may show its stories whole, although they have pages.
        icon: An emoji that stands before its name; empty for none.
    """

    id: str
    name: str
    kind: str
    every: timedelta
    topics: tuple[str, ...] = ()
    colour: int | None = None
    whole_on_web: bool = False
    icon: str = ""

    @property
    def label(self) -> str:
        """Its name, with its icon before it."""
        return " ".join(filter(None, (self.icon, self.name)))

    @property
    def is_by_others(self) -> bool:
        """True for a feed or a page, which others write; an archive is the operator's own."""
        return self.kind != "archive"


@dataclass(frozen=True, slots=True)
class Desk:
    """The news desk that the bot serves, as its operator introduces it.

    Attributes:
        name: Its name; empty to be known by its sources.
        about: A sentence about it; empty to name its sources.
    """

    name: str = ""
    about: str = ""


class TopicOrigin(StrEnum):
    """Places that topics come from."""

    DESK = "desk"  # the operator's configuration
    SUBJECT = "subject"  # broad subjects, where sources give no topic
    SOURCE = "source"  # the categories that sources put their stories under
    FOUND = "found"  # names and words that recur in stories


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that readers can ask for.

    A story belongs to it when it comes from one of `sources`, matches `query`, is on `subject`, or
    is about a name with one of the `keys`.

    Attributes:
        name: The name that readers see and type; compared without regard to case.
        query: A saved search in the query grammar, or an empty text.
        sources: Ids of sources whose stories all belong to it.
        subject: The key of the broad subject (`bot.ingest.subjects`) whose stories belong to it;
            empty for none.
        origin: Where it comes from.
        keys: The keys of the names that mean it, its own first; see `bot.text.name_keys`.
    """

    name: str
    query: str = ""
    sources: frozenset[str] = frozenset()
    subject: str = ""
    origin: TopicOrigin = TopicOrigin.DESK
    keys: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name as it is compared, casefolded."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True)
class Person:
    """A person who asks.

    Attributes:
        id: Unique on the chat's platform.
        name: As the platform shows it.
        moderator: True when the person may use moderators' commands in the chat they ask from.
        host: True when the chat is the person's own: nobody else decides how the bot behaves there.
        operator: True when the person runs the bot; they are a moderator, too.
    """

    id: str
    name: str = ""
    moderator: bool = False
    host: bool = False
    operator: bool = False

    @property
    def decides(self) -> bool:
        """True when they may change how the bot behaves in the chat they ask from."""
        return self.host or self.moderator


class Capability(Flag):
    """Abilities of a chat platform that commands and settings depend on; adapters declare them."""

    POSTS = auto()  # stories can be posted there as they come
    ROLES = auto()  # people have roles, which can be mentioned
    LINK_PREVIEWS = auto()  # the first link of a message is shown with its picture and text
    RICH_MESSAGES = auto()  # messages can hold headings, tables, folded parts and buttons
    PLAIN_MESSAGES = auto()  # the bot reads messages in groups that are no commands
    PRIVATE_ANSWERS = auto()  # an answer can be shown to one person alone
    TIMESTAMPS = auto()  # a moment is shown in each reader's own time, and how long ago it was
    ANNOUNCEMENTS = auto()  # posts of a channel can be published to others that follow it
    CHANNELS = auto()  # commands can be about another channel than they are asked in
    PICTURES = auto()  # an answer can carry a picture of its own
    THREADS = auto()  # a post can open a thread of its own
    FILE_OPTIONS = auto()  # a file is given to a command as an option, not beside its words


@dataclass(frozen=True, slots=True)
class BotRights:
    """The bot's permissions in a chat, by the names that the platform's settings show.

    Attributes:
        missing: Permissions without which nothing can be posted.
        wanted: Permissions without which posts lack something: pictures, or previews of links.
        threads: Permissions without which posts open no threads.
        silent_roles: Ids of roles of which no member is notified when the bot mentions them.
    """

    missing: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    silent_roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chat:
    """The place where a question is asked and answered.

    Attributes:
        platform: The platform's short name, as its adapter gives it.
        id: Unique on its platform.
        thread: The part of it that is asked from, such as a forum topic; empty for the whole.
        house: The id of the chat whose settings hold here, such as a server's; empty for its own.
        name: What people know it by, with its server's name; empty for a private chat.
        rights: What the bot may do in it; None where that was not asked.
        capabilities: The abilities of its platform. Only a chat that a question comes from needs
            them, its name and the rights; one that was read from the store has the defaults.
    """

    platform: str
    id: str
    thread: str = field(default="", compare=False)
    house: str = field(default="", compare=False)
    capabilities: Capability = field(default=Capability.POSTS, compare=False)
    name: str = field(default="", compare=False)
    rights: BotRights | None = field(default=None, compare=False)

    @property
    def settings(self) -> Chat:
        """The chat whose settings hold here."""
        return Chat(self.platform, self.house or self.id, capabilities=self.capabilities)

    def can(self, capability: Capability) -> bool:
        """Tells whether the platform has an ability; True for no ability at all."""
        return capability in self.capabilities


@dataclass(frozen=True, slots=True)
class Action:
    """A command with its options, as a button asks for it.

    Attributes:
        command: The command's name, without a slash.
        options: Option names with their values as a person would type them.
    """

    command: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def story(self) -> str:
        """The id of the story that it is about; empty for none."""
        return dict(self.options).get("story", "")

    def __str__(self) -> str:
        """The line that asks for the same: `/latest topic:"Osaka Expo" page:2`."""
        return " ".join([f"/{self.command}", *(f"{k}:{typed_value(v)}" for k, v in self.options)])


@dataclass(frozen=True, slots=True)
class Shown:
    """The list of stories that a person was last shown in a chat.

    Attributes:
        listing: The action that asks for the list again, without its page.
        page: The page that was shown last.
        numbers: Story ids by the number they were shown with, over all pages shown so far.
        earlier: Story ids by other numbers, from lists before this one: a reader still sees them
            higher up in the chat.
    """

    listing: Action
    page: int
    numbers: Mapping[int, str]
    earlier: Mapping[int, str] = field(default_factory=dict)
