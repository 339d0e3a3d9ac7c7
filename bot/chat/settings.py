"""What can be set for a chat, by those who may say how the bot behaves there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bot.chat.ports import ChatStore
from bot.i18n import N_
from bot.model import Chat

_REMEMBERED = 10_000  # chats

ON, OFF = "on", "off"


class SettingType(Enum):
    """What a setting can be."""

    CHOICE = auto()  # one of a few words
    ROLE = auto()  # the id of a role, or an empty text for none
    ZONE = auto()  # the name of a time zone, or an empty text for the bot's own


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set.

    Attributes:
        name: One word.
        help: What it does, in one line, to be translated.
        platforms: Where it means something.
        choices: The words that it can be, where it takes one of a few.
        default: What it is until somebody sets it.
        takes: What it can be.
    """

    name: str
    help: str
    platforms: frozenset[str]
    choices: tuple[str, ...]
    default: str
    takes: SettingType = SettingType.CHOICE


PREVIEW = Setting(
    "preview",
    N_("Show the picture and the text that the first link leads to"),
    frozenset({"telegram"}),
    (ON, OFF),
    ON,
)
QUIET = Setting(
    "quiet",
    N_("Answer commands only, nothing else that is written here"),
    frozenset({"telegram"}),
    (ON, OFF),
    OFF,
)
ANSWERS = Setting(
    "answers",
    N_("Who sees an answer: everybody here, or only who asked"),
    frozenset({"discord"}),
    ("public", "private"),
    "public",
)
ROLE = Setting(
    "role",
    N_("The role whose members are moderators of the bot here"),
    frozenset({"discord"}),
    (),
    "",
    SettingType.ROLE,
)
TIMEZONE = Setting(
    "timezone",
    N_("The time zone of what is posted here: daily 8:00 means 8:00 there"),
    frozenset({"console", "discord", "telegram"}),
    (),
    "",
    SettingType.ZONE,
)
PUBLISH = Setting(
    "publish",
    N_("Publish posts of announcement channels to the servers that follow them"),
    frozenset({"discord"}),
    (ON, OFF),
    OFF,
)

SETTINGS = {one.name: one for one in (PREVIEW, QUIET, ANSWERS, ROLE, PUBLISH, TIMEZONE)}


class ChatSettings:
    """What is set for each chat, held in memory."""

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._known: dict[Chat, Mapping[str, str]] = {}
        self._changes = 0

    async def get(self, chat: Chat, setting: Setting) -> str:
        """What a setting is in a chat.

        Raises:
            StoreError: The store cannot be read.
        """
        value = (await self._all(chat)).get(setting.name, setting.default)
        return value if value in setting.choices or not setting.choices else setting.default

    async def is_on(self, chat: Chat, setting: Setting) -> bool:
        """Whether a setting that is on or off is on in a chat."""
        return await self.get(chat, setting) == ON

    async def set(self, chat: Chat, setting: Setting, value: str) -> None:
        """Sets something in a chat.

        Raises:
            StoreError: The store cannot be written; nothing is changed then.
        """
        try:
            await self._store.set_setting(
                chat, setting.name, None if value == setting.default else value
            )
        finally:  # whoever is cancelled here may have changed something
            self._changed(chat)

    async def move(self, old: Chat, new: Chat) -> None:
        """Keeps for a chat's new id what was set under the old one.

        Raises:
            StoreError: The store cannot be written.
        """
        try:
            await self._store.move(old, new)
        finally:  # as in `set`
            self._changed(old, new)

    def _changed(self, *chats: Chat) -> None:
        self._changes += 1
        for chat in chats:
            self._known.pop(chat, None)

    async def _all(self, chat: Chat) -> Mapping[str, str]:
        if chat in self._known:
            return self._known[chat]
        changes = self._changes
        found = await self._store.settings(chat)
        if changes == self._changes:  # else it may be what was there before
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[chat] = found
        return found
