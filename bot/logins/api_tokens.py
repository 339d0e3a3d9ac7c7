"""Tokens of the API: by one, a program reads the desk as the person who made it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import Clock
from bot.logins.ports import TOKEN_REST, ApiToken, LoginSession, LoginStore, Visitor
from bot.logins.token_hash import TOKEN_BYTES, hash_token

LONGEST_LABEL = 40
"""Characters of what a token is for."""

_PREFIX = "dateline_"  # by which programs that look for leaked secrets know one
_NOTED_AFTER = timedelta(hours=1)  # so that not every request is a write


@dataclass(frozen=True, slots=True)
class ApiTokens:
    """Makes, knows and revokes tokens.

    Attributes:
        store: Keeps them.
        clock: Tells the time.
    """

    store: LoginStore
    clock: Clock

    async def make(self, visitor: Visitor, label: str) -> str:
        """Makes a token for a person; their one of the same label is no good any more.

        Returns:
            The token, which is known nowhere else; empty where there are too many.

        Raises:
            StoreError: The store cannot be written.
        """
        token = f"{_PREFIX}{secrets.token_urlsafe(TOKEN_BYTES)}"
        now = self.clock.now()
        made = ApiToken(label, LoginSession(hash_token(token), visitor, now, now))
        return token if await self.store.add_token(made) else ""

    async def of(self, visitor: Visitor) -> Sequence[ApiToken]:
        """Returns a person's tokens that are still good, the oldest first.

        Raises:
            StoreError: The store cannot be read.
        """
        found = await self.store.tokens(visitor.platform, visitor.person)
        return [one for one in found if not self._has_rested(one.session)]

    async def revoke(self, visitor: Visitor, label: str) -> ApiToken | None:
        """Revokes a person's token by its label, in any case of letters.

        Returns:
            The token; None where there is none of that label.

        Raises:
            StoreError: The store cannot be used.
        """
        typed = label.casefold()
        own = await self.of(visitor)
        named = [one for one in own if one.label.casefold() == typed]
        found = next((one for one in named if one.label == label), next(iter(named), None))
        if found:
            await self.store.end_token(found.session.key)
        return found

    async def session(self, token: str) -> LoginSession | None:
        """Returns whom a token lets in, and notes that it is used; None for one that is no good.

        Raises:
            StoreError: The store cannot be used.
        """
        found = await self.store.token(hash_token(token)) if token.startswith(_PREFIX) else None
        if found is None:
            return None
        session, now = found.session, self.clock.now()
        if self._has_rested(session):
            await self.store.end_token(session.key)
            return None
        if now - session.used >= _NOTED_AFTER:
            session = replace(session, used=now)
            await self.store.update_session(session)
        return session

    def _has_rested(self, session: LoginSession) -> bool:
        return self.clock.now() - session.used >= TOKEN_REST
