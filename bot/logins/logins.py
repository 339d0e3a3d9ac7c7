"""Logins by one-time links: from a link that the bot sends to a session of a browser."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import Clock
from bot.logins.api_tokens import ApiTokens
from bot.logins.ports import LINK_FOR, LONGEST, REST, LoginSession, LoginStore, Visitor
from bot.logins.token_hash import TOKEN_BYTES, hash_token
from bot.secrets import SECRETS

LINK_PATH = "/desk/enter"
"""The path below which links are."""

_NOTED_AFTER = timedelta(minutes=5)  # so that not every page is a write


def form_token(token: str) -> str:
    """Returns the token of a session's forms, which no page of another site knows.

    Args:
        token: The session's own token, which stays in the cookie.
    """
    return hmac.new(token.encode("utf-8", "replace"), b"forms of the desk", "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Logins:
    """Makes links, and sessions of them.

    Attributes:
        store: Keeps both.
        clock: Tells the time.
        base: The website's address, without a slash at its end.
    """

    store: LoginStore
    clock: Clock
    base: str

    def __post_init__(self) -> None:
        # Libraries log messages as they send them, and these hold links.
        SECRETS.add_path(LINK_PATH)

    @property
    def tokens(self) -> ApiTokens:
        """The tokens by which programs get in."""
        return ApiTokens(self.store, self.clock)

    async def make_link(self, visitor: Visitor) -> str:
        """Returns the address of a new link for a person; the one before is no good any more.

        Raises:
            StoreError: The store cannot be written.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await self.store.add_link(hash_token(token), visitor, self.clock.now() + LINK_FOR)
        return f"{self.base}{LINK_PATH}/{token}"

    async def enter(self, token: str) -> str:
        """Begins a session with the token of a link, which is used up by that.

        Returns:
            The session's token; empty where the link is no good.

        Raises:
            StoreError: The store cannot be used.
        """
        now = self.clock.now()
        visitor = await self.store.take_link(hash_token(token), now)
        if visitor is None:
            return ""
        made = secrets.token_urlsafe(TOKEN_BYTES)
        await self.store.add_session(LoginSession(hash_token(made), visitor, now, now))
        return made

    async def session(self, token: str) -> LoginSession | None:
        """Returns the session of a token, and notes that it is used; None for none, or an old one.

        Raises:
            StoreError: The store cannot be used.
        """
        found = await self.store.session(hash_token(token)) if token else None
        if found is None:
            return None
        now = self.clock.now()
        if now - found.used >= REST or now - found.began >= LONGEST:
            await self.store.end_session(found.key)
            return None
        if now - found.used >= _NOTED_AFTER:
            found = replace(found, used=now)
            await self.store.update_session(found)
        return found
