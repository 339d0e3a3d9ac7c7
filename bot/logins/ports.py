"""Port of logins: links, sessions and tokens; a part of the store keeps them, by hashes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

LINK_FOR = timedelta(minutes=10)
"""The time for which a link is good."""

REST = timedelta(days=1)
"""The time without use after which a session ends."""

LONGEST = timedelta(days=7)
"""The time after which a session ends, however much it is used."""

KEPT_LINKS = 1_000
"""Links that are kept of all people together; a new one of a person replaces the one before."""

KEPT_SESSIONS = 2_000
"""Sessions that are kept of all people together."""

KEPT_OF_PERSON = 10
"""Sessions that are kept of one person: a few browsers. Those longest unused go first."""

TOKEN_REST = timedelta(days=90)
"""The time without use after which a token of the API ends."""

TOKENS_OF_PERSON = 5
"""Tokens that one person may have; for another one, one of them has to go."""

KEPT_TOKENS = 1_000
"""Tokens that all people together may have."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who logs in, as their platform knows them.

    Attributes:
        platform: The platform's short name.
        person: The platform's id of the person.
        name: As the platform showed it at the login.
        own: The id of their private chat with the bot.
    """

    platform: str
    person: str
    name: str
    own: str


@dataclass(frozen=True, slots=True)
class LoginSession:
    """A session.

    Attributes:
        key: The hash of its token.
        visitor: Whose it is.
        began: When it began.
        used: When it was last used, within a few minutes.
        place: The id of the chat that it is about; empty for the private chat.
    """

    key: str
    visitor: Visitor
    began: datetime
    used: datetime
    place: str = ""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token by which a program asks the API as a person.

    Attributes:
        label: What it is for, in the person's words; no two of a person have the same.
        session: What it lets in: `key` is its hash, and `began` when it was made.
    """

    label: str
    session: LoginSession


class ApiTokenStore(Protocol):
    """Keeps tokens of the API, bounded in number. Every method may raise StoreError."""

    async def add_token(self, token: ApiToken) -> bool:
        """Adds a token in place of the person's one of the same label; those that rested go.

        Returns:
            False where the person, or all together, have as many as they may.
        """
        ...

    async def token(self, key: str) -> ApiToken | None:
        """Returns a token by its hash; None for none."""
        ...

    async def tokens(self, platform: str, person: str) -> Sequence[ApiToken]:
        """Returns a person's tokens, the oldest first."""
        ...

    async def end_token(self, key: str) -> None:
        """Deletes a token by its hash."""
        ...


class LoginStore(ApiTokenStore, Protocol):
    """Keeps links, sessions and tokens, bounded in number. Every method may raise StoreError."""

    async def add_link(self, key: str, visitor: Visitor, until: datetime) -> None:
        """Adds a link in place of the person's former one; those of others that are over go.

        Args:
            key: The hash of its token.
            visitor: Whose it is.
            until: The time from which it is no good.
        """
        ...

    async def take_link(self, key: str, now: datetime) -> Visitor | None:
        """Returns whose a link is, and deletes it: of any number of callers one gets it.

        Returns:
            None for one that is not known, too old, or used.
        """
        ...

    async def add_session(self, session: LoginSession) -> None:
        """Adds a session; those that are over go, and of too many the longest unused."""
        ...

    async def session(self, key: str) -> LoginSession | None:
        """Returns a session by the hash of its token; None for none."""
        ...

    async def update_session(self, session: LoginSession) -> None:
        """Stores when a session was used, and what it is about; one that has ended stays so.

        That of a token is kept with the token.
        """
        ...

    async def end_session(self, key: str) -> None:
        """Deletes a session."""
        ...

    async def end_all(self, platform: str, person: str) -> None:
        """Deletes all links, sessions and tokens of a person."""
        ...
