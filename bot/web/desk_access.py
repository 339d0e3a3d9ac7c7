"""Access to the desk on the web: who is there, and what they may do where, at each request.

Rights are never kept: the platform is asked each time, by the checks that `/chats` uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.chat.directories import ChatDirectory
from bot.chat.moderation import managed_chats
from bot.chat.request import Services
from bot.errors import ReaderError, UnreachableError
from bot.i18n import N_
from bot.logins.logins import Logins
from bot.logins.ports import LoginSession
from bot.model import Capability, Chat, Person

_OF_PAGES = Capability.POSTS | Capability.PICTURES
# Pages tell times in words, have no files to give, and say in their address which chat they are of.
_OF_CHATS = Capability.TIMESTAMPS | Capability.CHANNELS | Capability.FILE_OPTIONS
_LISTED_FOR = timedelta(minutes=1)
_MOST_LISTED = 200
_AWAY = N_("The chat platform can't be reached right now. Try again in a moment.")


class LoggedOutError(Exception):
    """Whoever asks has no session, or none any more."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at the desk, for one request.

    Attributes:
        session: Their session.
        own: Who they are in their private chat.
        chat: The chat that the request is about.
        there: Who they are in that chat; None for the private one.
    """

    session: LoginSession
    own: Person
    chat: Chat
    there: Person | None = None

    @property
    def person(self) -> Person:
        """The person as they are in the chat that the request is about."""
        return self.there or self.own

    @property
    def place(self) -> str:
        """The id of the chat that it is about; empty for the private chat."""
        return self.chat.id if self.there else ""


@dataclass(slots=True)
class _Listed:
    chats: Sequence[Chat]
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskAccess:
    """Finds out who somebody is, and lets nobody else in.

    Attributes:
        services: What the bot's handlers use.
        logins: Knows the sessions.
    """

    services: Services
    logins: Logins
    _listed: dict[str, _Listed] = field(default_factory=dict)

    async def visit(self, token: str, place: str = "") -> Visit:
        """Returns who a session's person is in a chat, now.

        Args:
            token: The session's token.
            place: As for `program`.

        Raises:
            As `program` does.
        """
        return await self._visit(await self.logins.session(token), place)

    async def program(self, token: str, place: str = "") -> Visit:
        """Returns who the person of an API token is in a chat, now.

        Args:
            token: The token.
            place: The chat's id; empty for the private chat or, of who is no staff, for the chat
                by which they are a moderator.

        Raises:
            LoggedOutError: There is no session, or the person has no rights any more.
            NotAllowedError: They have none in that chat.
            ReaderError: The bot is not in that chat, or the platform cannot be reached.
            StoreError: The store cannot be used.
        """
        return await self._visit(await self.logins.tokens.session(token), place)

    async def _visit(self, session: LoginSession | None, place: str) -> Visit:
        if session is None:
            raise LoggedOutError
        directory = self._directory(session)
        own = directory.in_private(Person(session.visitor.person, session.visitor.name))
        if own.moderator:
            if place:
                return _visit(session, own, *await directory.find(place, own))
            return _in_private(session, own)
        session, person, chat = await self._ground(session, directory, own)
        if place not in {"", session.place}:
            person, chat = await directory.find(place, own)
        return _visit(session, own, person, chat)

    async def _ground(
        self, session: LoginSession, directory: ChatDirectory, own: Person
    ) -> tuple[LoginSession, Person, Chat]:
        """Returns a session with a chat that its person moderates now: the former one, or another.

        Raises:
            LoggedOutError: There is none: all sessions and tokens of the person have ended.
        """
        if session.place:
            try:
                return (session, *await directory.find(session.place, own))
            except UnreachableError:
                raise
            except ReaderError:
                pass
        visitor = session.visitor
        found = await managed_chats(self.services, directory, visitor.platform, own)
        if not found:
            await self.logins.store.end_all(visitor.platform, visitor.person)
            raise LoggedOutError
        session = replace(session, place=found[0].id)
        await self.logins.store.update_session(session)
        return (session, *await directory.find(session.place, own))

    async def chats(self, visit: Visit) -> Sequence[Chat]:
        """Returns the chats that somebody may choose, as they were within the last minute.

        Raises:
            StoreError: The store cannot be read.
        """
        now, key = self.services.clock.now(), visit.session.key
        known = self._listed.get(key)
        if known and now - known.at < _LISTED_FOR:
            return known.chats
        return await self.moderated(visit)

    async def moderated(self, visit: Visit) -> Sequence[Chat]:
        """Returns the same, as the platform says now.

        Raises:
            StoreError: The store cannot be read.
        """
        platform = visit.session.visitor.platform
        directory = self._directory(visit.session)
        found = await managed_chats(self.services, directory, platform, visit.own)
        if len(self._listed) >= _MOST_LISTED:
            self._listed.clear()
        self._listed[visit.session.key] = _Listed(found, self.services.clock.now())
        return found

    def in_private(self, visit: Visit) -> Visit:
        """Returns a visit of the same person that is about their private chat."""
        return _in_private(visit.session, visit.own)

    def there(self, visit: Visit, chat: Chat) -> Visit:
        """Returns a visit of the same person that is about a chat of those in `moderated`."""
        person = replace(visit.own, moderator=True, host=False)
        return _visit(visit.session, visit.own, person, chat)

    def _directory(self, session: LoginSession) -> ChatDirectory:
        found = self.services.directories.get(session.visitor.platform)
        if found is None:
            raise UnreachableError(self.services.translations.gettext(_AWAY))
        return found


def _in_private(session: LoginSession, own: Person) -> Visit:
    visitor = session.visitor
    return Visit(session, own, Chat(visitor.platform, visitor.own, capabilities=_OF_PAGES))


def _visit(session: LoginSession, own: Person, person: Person, chat: Chat) -> Visit:
    abilities = (chat.capabilities | _OF_PAGES) & ~_OF_CHATS
    return Visit(session, own, replace(chat, capabilities=abilities), person)
