"""What a button asks for, as a short text that a platform hands back when it is pressed.

Buttons outlive the process: the text either says all by itself or names what the store keeps.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import unquote

from bot.chat.last_list import WriteBehind
from bot.chat.ports import ChatStore
from bot.model import Action

_KEPT_MARK = "#"  # escaped in all other tokens
_KEPT_BYTES = 15  # of a digest: 30 signs; two of a billion actions share one in 10^18 cases
_KEPT = re.compile(rf"{_KEPT_MARK}[0-9a-f]{{{2 * _KEPT_BYTES}}}")
_REMEMBERED = 10_000
_ESCAPES = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "%&=?#"} | {"\0": ""})


class ActionTokens:
    """Turns actions into tokens, and tokens back into actions."""

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._known: dict[str, Action] = {}
        self._later = WriteBehind[str, Action]("what a button asks for", self._save)

    def token(self, action: Action, limit: int) -> str:
        """A token of at most `limit` bytes in UTF-8, the same for the same action.

        NULs and lone surrogates in the action are left out: no platform carries them.

        Args:
            action: What it stands for.
            limit: How long the platform lets it be; at least 32.
        """
        plain = _plain(action)
        if len(plain.encode()) <= limit:
            return plain
        token = _KEPT_MARK + hashlib.blake2b(plain.encode(), digest_size=_KEPT_BYTES).hexdigest()
        if token not in self._known:
            if len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[token] = _parsed(plain) or action
        self._later.put(token, self._known[token])
        return token

    async def action(self, token: str) -> Action | None:
        """What a token stands for; None for one that is unknown, forgotten or forged.

        Raises:
            StoreError: The store cannot be read.
        """
        if not token.startswith(_KEPT_MARK):
            return _parsed(token)
        if not _KEPT.fullmatch(token):
            return None
        return self._known.get(token) or await self._store.action(token)

    async def flush(self) -> None:
        """Waits until the store knows all tokens that were given."""
        await self._later.flush()

    async def _save(self, actions: Mapping[str, Action]) -> None:
        await self._store.remember_actions(actions)


def _plain(action: Action) -> str:
    given = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in action.options)
    command = _escaped(action.command)
    return f"{command}?{given}" if given else command


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES).encode(errors="ignore").decode()


def _parsed(token: str) -> Action | None:
    command, _, given = token.partition("?")
    pairs = [pair.partition("=") for pair in given.split("&")] if given else []
    if not command or not all(sign for _, sign, _ in pairs):
        return None
    return Action(
        unquote(command), tuple((unquote(name), unquote(value)) for name, _, value in pairs)
    )
