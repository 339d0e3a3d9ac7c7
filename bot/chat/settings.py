"""Settings of chats: their declarations, and their values, cached in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bot.chat.ports import ChatStore
from bot.i18n import N_
from bot.model import Capability, Chat

_CACHED = 10_000  # chats

ON, OFF = "on", "off"


class SettingType(Enum):
    """Types of values that settings take."""

    CHOICE = auto()  # one of a few words
    ROLE = auto()  # the id of a role, or an empty text for none
    ZONE = auto()  # the name of a time zone, or an empty text for the bot's own
    LANGUAGE = auto()  # the code of a language, or an empty text for the bot's own


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting, declared.

    Attributes:
        name: One word.
        help: What it does, in one line, to be translated.
        needs: The capability that a platform must have for it to mean something; none for any.
        choices: The words that it can be, where it takes one of a few.
        default: Its value until it is set.
        takes: The type of its values.
        labels: What a button says that changes it to each of its choices, to be translated.
        aliases: Other names that people type for it; they are listed nowhere.
    """

    name: str
    help: str
    needs: Capability
    choices: tuple[str, ...]
    default: str
    takes: SettingType = SettingType.CHOICE
    labels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def label(self, choice: str) -> str:
        """Returns what the button says that changes it to a choice."""
        return dict(zip(self.choices, self.labels, strict=True))[choice]


PREVIEW = Setting(
    "preview",
    N_("Show a preview of the first link, with its picture and text"),
    Capability.LINK_PREVIEWS,
    (ON, OFF),
    ON,
    labels=(N_("Turn previews on"), N_("Turn previews off")),
)
RICH = Setting(
    "rich",
    N_("Headings, tables and buttons inside messages, and whole stories in one"),
    Capability.RICH_MESSAGES,
    (ON, OFF),
    ON,
    labels=(N_("Use rich messages"), N_("Use plain messages")),
)
MESSAGES = Setting(
    "messages",
    N_("Answer messages that mention me or reply to me, too, and not only commands"),
    Capability.PLAIN_MESSAGES,
    (ON, OFF),
    ON,
    labels=(N_("Answer messages, too"), N_("Answer only commands")),
)
ANSWERS = Setting(
    "answers",
    N_("Who sees answers: everyone here, or only the person who asked"),
    Capability.PRIVATE_ANSWERS,
    ("public", "private"),
    "public",
    labels=(N_("Answer for everyone to see"), N_("Answer in private")),
)
ROLE = Setting(
    "role",
    N_("The role whose members moderate the bot here"),
    Capability.ROLES,
    (),
    "",
    SettingType.ROLE,
)
TIMEZONE = Setting(
    "timezone",
    N_("The time zone of all dates and times here: daily 8:00 means 8:00 in that zone"),
    Capability(0),
    (),
    "",
    SettingType.ZONE,
    aliases=("tz", "zone", "time"),
)
LANGUAGE = Setting(
    "language",
    N_("The language of posts here, and of answers to whoever has none of my languages"),
    Capability(0),
    (),
    "",
    SettingType.LANGUAGE,
    aliases=("lang", "locale"),
)
PUBLISH = Setting(
    "publish",
    N_("Publish posts in announcement channels to the servers that follow them"),
    Capability.ANNOUNCEMENTS,
    (ON, OFF),
    OFF,
    labels=(N_("Publish posts"), N_("Stop publishing posts")),
)
PICTURES = Setting(
    "pictures",
    N_("The colours of pictures: for light or for dark surroundings"),
    Capability.PICTURES,
    ("light", "dark"),
    "light",
    labels=(N_("Light pictures"), N_("Dark pictures")),
)

SETTINGS = {
    one.name: one
    for one in (PREVIEW, RICH, MESSAGES, ANSWERS, PICTURES, ROLE, PUBLISH, LANGUAGE, TIMEZONE)
}


class ChatSettings:
    """The settings of every chat, through a cache."""

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._cache: dict[Chat, Mapping[str, str]] = {}
        self._changes = 0

    async def get(self, chat: Chat, setting: Setting) -> str:
        """Returns the value of a setting in a chat.

        Raises:
            StoreError: The store cannot be read.
        """
        value = (await self._all(chat)).get(setting.name, setting.default)
        return value if value in setting.choices or not setting.choices else setting.default

    async def is_on(self, chat: Chat, setting: Setting) -> bool:
        """Tells whether a setting that is on or off is on in a chat."""
        return await self.get(chat, setting) == ON

    async def set(self, chat: Chat, setting: Setting, value: str) -> None:
        """Changes a setting of a chat.

        Raises:
            StoreError: The store cannot be written; nothing is changed then.
        """
        try:
            await self._store.set_setting(
                chat, setting.name, None if value == setting.default else value
            )
        finally:  # when this is cancelled, something may have been changed
            self._forget(chat)

    async def move(self, old: Chat, new: Chat) -> None:
        """Moves what is stored for a chat to its new id.

        Raises:
            StoreError: The store cannot be written.
        """
        try:
            await self._store.move(old, new)
        finally:  # as in `set`
            self._forget(old, new)

    def drop(self, chat: Chat) -> None:
        """Drops what is in memory of a chat, since it was changed in the store."""
        self._forget(chat)

    def drop_all(self) -> None:
        """Drops what is in memory of all chats, since others may have changed it."""
        self._changes += 1
        self._cache.clear()

    def _forget(self, *chats: Chat) -> None:
        self._changes += 1
        for chat in chats:
            self._cache.pop(chat, None)

    async def _all(self, chat: Chat) -> Mapping[str, str]:
        if chat in self._cache:
            return self._cache[chat]
        changes = self._changes
        found = await self._store.settings(chat)
        if changes == self._changes:  # else it may be what was there before
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            self._cache[chat] = found
        return found
