"""Managed chats: what a person does in their private chat may be about another chat of theirs.

It is about the one that a command's option names, or else about the one that they chose last. Who
they are there is looked up each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat.command import Command, OptionKind
from bot.chat.directories import ChatDirectories
from bot.chat.ports import ChatStore
from bot.clock import Clock
from bot.errors import NotAllowedError, ReaderError, UnreachableError
from bot.i18n import Translations
from bot.model import Capability, Chat, Person

CHOSEN_FOR = timedelta(hours=1)
"""The time since its last use for which a choice holds."""

_SETTING = "managed chat"  # of the private chat, so that it is told and forgotten with its settings
_RENEWED_AFTER = timedelta(minutes=1)
_AT_HAND = timedelta(minutes=1)  # for which completions need not ask again
_MOST_AT_HAND = 1_000


@dataclass(frozen=True, slots=True)
class ManagedPlace:
    """The chat that something is about, as it was found for who asks.

    Attributes:
        person: Who they are there; None where it is about the chat that they ask in after all.
        chat: The chat.
        option: The name of the option that names it.
        note: What the person is to know of that; empty for nothing.
    """

    person: Person | None = None
    chat: Chat | None = None
    option: str = ""
    note: str = ""


_HERE = ManagedPlace()


@dataclass(frozen=True, slots=True)
class _Choice:
    """The chat that was chosen in a private chat, and when it was last used."""

    chat: str
    used: datetime


class ManagedChats:
    """Finds the chat that a person's command is about, and keeps what they have chosen."""

    def __init__(
        self, store: ChatStore, directories: ChatDirectories, clock: Clock, words: Translations
    ) -> None:
        """Keeps choices in a store.

        Args:
            store: Keeps the choices.
            directories: Know the chats.
            clock: Tells the time.
            words: The bot's own words.
        """
        self._store = store
        self._directories = directories
        self._clock = clock
        self._words = words
        self._at_hand: dict[Chat, tuple[datetime, ManagedPlace]] = {}

    async def chosen(self, own: Chat) -> str:
        """Returns the id of the chat that was chosen in a private chat; empty for none.

        Raises:
            StoreError: The store cannot be read.
        """
        choice = await self._choice(own)
        return choice.chat if choice and not self._is_over(choice) else ""

    async def choose(self, own: Chat, chat: Chat | None) -> None:
        """Makes a chat the one that commands in a private chat are about; None for that itself.

        Raises:
            StoreError: The store cannot be written.
        """
        self._at_hand.pop(own, None)
        value = f"{self._clock.now().isoformat()} {chat.id}" if chat else None
        await self._store.set_setting(own, _SETTING, value)

    async def place(
        self, command: Command, given: Mapping[str, str], person: Person, own: Chat
    ) -> ManagedPlace:
        """Finds the chat that a command is about, where that is another one.

        Args:
            command: The command.
            given: Its options.
            person: Who asks.
            own: The chat that they ask in.

        Raises:
            NotAllowedError: They may not set the bot up there (any more).
            ReaderError: The bot is not there.
            StoreError: The store cannot be used.
        """
        option = next((one.name for one in command.options if one.kind is OptionKind.CHANNEL), "")
        directory = self._directories.get(own.platform)
        if not (option and person.host and directory):
            return _HERE
        named = given.get(option, "")
        choice = None if named else await self._choice(own)
        if choice is not None and self._is_over(choice):
            await self.choose(own, None)
            return ManagedPlace(note=self._over_note())
        if not named and choice is None:
            return _HERE
        try:
            found = await directory.find(named or (choice.chat if choice else ""), person)
        except ReaderError as error:
            if choice is None or isinstance(error, UnreachableError):
                raise
            await self.choose(own, None)
            raise self._dropped(error) from error
        if choice is not None and self._clock.now() - choice.used > _RENEWED_AFTER:
            await self.choose(own, found[1])
        return self._keep(own, command, option, *found)

    def place_at_hand(self, command: Command, person: Person, own: Chat) -> ManagedPlace:
        """Returns the place that was found a moment ago, for what is only being typed."""
        known = self._at_hand.get(own)
        is_about_chat = any(one.kind is OptionKind.CHANNEL for one in command.options)
        if not (known and person.host and is_about_chat):
            return _HERE
        at, place = known
        return place if self._clock.now() - at < _AT_HAND else _HERE

    def _keep(
        self, own: Chat, command: Command, option: str, person: Person, chat: Chat
    ) -> ManagedPlace:
        note = self._words.gettext("For {channel}:").format(channel=chat.name)
        chat = replace(chat, capabilities=chat.capabilities | Capability.CHANNELS)
        place = ManagedPlace(person, chat, option, note)
        if len(self._at_hand) >= _MOST_AT_HAND:
            self._at_hand.clear()
        self._at_hand[own] = (self._clock.now(), place)
        if command.server_wide:
            place = replace(place, chat=replace(chat.settings, name=chat.name))
        return place

    async def _choice(self, own: Chat) -> _Choice | None:
        kept = (await self._store.settings(own)).get(_SETTING)
        if not kept:
            return None
        used, _, chat = kept.partition(" ")
        return _Choice(chat, datetime.fromisoformat(used))

    def _is_over(self, choice: _Choice) -> bool:
        return self._clock.now() - choice.used >= CHOSEN_FOR

    def _over_note(self) -> str:
        return self._words.gettext(
            "You had not used the chat that you chose for an hour, so this is about our private "
            "chat again. /chats lists yours."
        )

    def _dropped(self, error: ReaderError) -> ReaderError:
        told = self._words.gettext("From now on, commands are about our private chat again.")
        kind = NotAllowedError if isinstance(error, NotAllowedError) else ReaderError
        return kind(self._words.join_sentences(str(error), told))
