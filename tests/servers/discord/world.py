"""State: users, guilds, channels, messages, and the clock."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from servers.discord.component_rules import BUTTON, SELECTS, text_above, walk
from servers.discord.links_and_pings import Link, boxes, headlines, links, pictures, pings

Body = Mapping[str, Any]

TEXT, DM, GROUP_DM, CATEGORY, NEWS = 0, 1, 3, 4, 5
NEWS_THREAD, THREAD, PRIVATE_THREAD, FORUM, MEDIA = 10, 11, 12, 15, 16
THREADS = frozenset({NEWS_THREAD, THREAD, PRIVATE_THREAD})
SILENT_CHANNELS = frozenset({CATEGORY, FORUM, MEDIA})  # they take no messages
MOST_CHANNELS = 500  # of a guild, threads not counted
EPHEMERAL, CROSSPOSTED, LOADING, SILENT = 1 << 6, 1 << 0, 1 << 7, 1 << 12

VIEW, SEND, EMBED, MANAGE_GUILD = 1 << 10, 1 << 11, 1 << 14, 1 << 5
ADMINISTRATOR = 1 << 3
HISTORY, MANAGE_THREADS, SEND_IN_THREADS = 1 << 16, 1 << 34, 1 << 38
ATTACH, OPEN_THREADS = 1 << 15, 1 << 35
MEMBER = (
    VIEW | SEND | EMBED | ATTACH | HISTORY | SEND_IN_THREADS | OPEN_THREADS | 1 << 31
)  # and may use commands
FORUMS = frozenset({FORUM, MEDIA})
_EPOCH = 1_420_070_400_000  # Discord counts milliseconds from the start of 2015


class Clock:
    """The server's time, by which deadlines are measured.

    It stands still except when a test moves it, so no deadline is missed on a busy machine. After
    `runs` it counts real seconds, too, to measure if a bot is fast enough.
    """

    def __init__(self) -> None:
        self._moved, self._since = 0.0, 0.0

    def now(self) -> float:
        """Returns seconds since an arbitrary start."""
        return self._moved + (time.monotonic() - self._since if self._since else 0)

    def move(self, *, seconds: float = 0, minutes: float = 0) -> None:
        self._moved += seconds + 60 * minutes

    def runs(self) -> None:
        """Counts real seconds from now on."""
        self._since = time.monotonic()


class Ids:
    """Snowflakes, as Discord's ids are; consecutive ones belong to different shards."""

    def __init__(self) -> None:
        self._milliseconds = count(int(time.time() * 1000) - _EPOCH)

    def next(self) -> int:
        return next(self._milliseconds) << 22


@dataclass(eq=False)
class User:
    """An account; one that `blocks` does not accept direct messages from the bot."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False
    installed: bool = False  # the app, for themselves
    blocks: bool = False


@dataclass(eq=False)
class Guild:
    """A guild (a server to readers). During an outage the bot sees only its id."""

    id: int
    name: str
    owner: User
    locale: str = "en-US"
    members: dict[int, int] = field(default_factory=dict)  # person -> permissions
    roles: dict[int, set[int]] = field(default_factory=dict)  # role -> who has it
    mentionable: set[int] = field(default_factory=set)  # roles that anyone may mention
    channels: list[Channel] = field(default_factory=list)
    threads: list[Channel] = field(default_factory=list)
    has_bot: bool = True
    available: bool = True

    @property
    def channel(self) -> Channel:
        """The first channel."""
        return self.channels[0]


@dataclass(frozen=True)
class Role:
    """A role that a person picks."""

    id: int


@dataclass(frozen=True)
class Tag:
    """A tag of a forum; a `moderated` one is for those who may manage threads."""

    id: int
    name: str
    moderated: bool = False


@dataclass(eq=False)
class Channel:
    """A channel or a thread; `bot_may` holds the bot's permissions in it.

    Attributes:
        denied: Permissions that people do not have in it, by their ids.
        owner: Who opened it, of a thread.
        tags: The tags of a forum; of a thread in one, those that it bears.
        requires_tag: True for a forum each of whose threads must bear one.
    """

    id: int
    name: str
    kind: int = TEXT
    guild: Guild | None = None
    people: tuple[User, ...] = ()  # of a direct message or a group
    bot_may: int = MEMBER
    gone: bool = False
    parent: Channel | None = None  # of a thread
    archived: bool = False
    locked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    denied: dict[int, int] = field(default_factory=dict)
    owner: User | None = None
    tags: list[Tag] = field(default_factory=list)
    requires_tag: bool = False

    @property
    def threads(self) -> list[Channel]:
        """The threads in it, the oldest first."""
        assert self.guild is not None
        return [one for one in self.guild.threads if one.parent is self and not one.gone]

    def may(self, person: User) -> int:
        """Returns the permissions of a person in a channel of a guild."""
        assert self.guild is not None
        rules = self.parent or self  # a thread has none of its own
        granted = self.guild.members[person.id]
        return granted if granted & ADMINISTRATOR else granted & ~rules.denied.get(person.id, 0)

    @property
    def seen(self) -> list[Message]:
        """The messages that everybody can see: those that are not ephemeral."""
        return [one for one in self.messages.values() if not one.ephemeral]


@dataclass(eq=False)
class Message:
    """A message in its current state; `body` is as it was sent, updated by edits.

    Attributes:
        only: The only user who sees it; None for all.
        edits: The bodies of its edits.
    """

    id: int
    channel: Channel
    author: User
    body: dict[str, Any]
    only: User | None = None
    interaction: Body | None = None
    edits: list[Body] = field(default_factory=list)
    deleted: bool = False

    @property
    def content(self) -> str:
        """The text above its boxes."""
        return text_above(self.body)

    @property
    def boxes(self) -> list[str]:
        """The text of each box."""
        return boxes(self.body)

    @property
    def headlines(self) -> list[str]:
        """The headings in its boxes."""
        return headlines(self.body)

    @property
    def pictures(self) -> list[str]:
        """The addresses of its pictures."""
        return pictures(self.body)

    @property
    def embeds(self) -> list[Any]:
        return list(self.body.get("embeds") or ())

    @property
    def components(self) -> list[Any]:
        return list(self.body.get("components") or ())

    @property
    def attachments(self) -> list[Any]:
        """Files, each with its `filename`, `description` and `content`."""
        return list(self.body.get("attachments") or ())

    @property
    def flags(self) -> int:
        return int(self.body.get("flags") or 0)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def buttons(self) -> list[Any]:
        return [one for one in walk(self.components) if one["type"] == BUTTON]

    @property
    def menus(self) -> list[Any]:
        return [one for one in walk(self.components) if one["type"] in SELECTS]

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons."""
        return [button.get("label") or "" for button in self.buttons]

    @property
    def links(self) -> list[Link]:
        return links(self.body)

    @property
    def pings(self) -> list[str]:
        return pings(self.body)

    def edit(self, body: Body) -> None:
        """Applies the fields of a body; an edit never changes if a message is ephemeral."""
        kept = self.flags & (EPHEMERAL | LOADING | CROSSPOSTED)
        flags = body.get("flags", self.flags) or 0
        self.edits.append(body)
        self.body.update(body)
        self.body["flags"] = (flags | kept) & ~LOADING


class World:
    """Everything that exists, by id."""

    def __init__(self) -> None:
        self.clock, self.ids = Clock(), Ids()
        self.bot = User(self.ids.next(), "Dateline", bot=True)
        self.people: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.may_call: set[int] = set()  # roles that moderators want to be mentioned
        self._direct: dict[int, Channel] = {}

    @property
    def application(self) -> int:
        """The id of the application, which is its bot's, too."""
        return self.bot.id

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        guild = channel.guild
        if guild is not None and channel.kind in THREADS:
            guild.threads.append(channel)
        elif guild is not None:
            assert len(guild.channels) < MOST_CHANNELS, f"{guild.name} has {MOST_CHANNELS} channels"
            guild.channels.append(channel)
        return channel

    def dm(self, person: User) -> Channel:
        """Returns the channel of the bot's direct messages with a user."""
        if person.id not in self._direct:
            channel = Channel(self.ids.next(), "", DM, people=(person,))
            self._direct[person.id] = self.add_channel(channel)
        return self._direct[person.id]

    def add_message(
        self, channel: Channel, author: User, body: Body, *, number: int = 0
    ) -> Message:
        message = Message(number or self.ids.next(), channel, author, dict(body))
        channel.messages[message.id] = message
        return message
