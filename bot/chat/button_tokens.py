"""Tokens of buttons: an action as a short text that a platform hands back at a press.

Buttons outlive the process: a token either says all by itself or is a key of what the store keeps.
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
    """Encodes actions as tokens, and decodes tokens."""

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._known: dict[str, Action] = {}
        self._write_behind = WriteBehind[str, Action]("a button's action", self._save)

    def token(self, action: Action, limit: int) -> str:
        """Encodes an action as a token of at most `limit` bytes of UTF-8, always the same one.

        NULs and lone surrogates in the action are left out: no platform carries them.

        Args:
            action: The action.
            limit: The bytes that the platform allows; at least 32.
        """
        plain = _encode(action)
        if len(plain.encode()) <= limit:
            return plain
        token = _KEPT_MARK + hashlib.blake2b(plain.encode(), digest_size=_KEPT_BYTES).hexdigest()
        if token not in self._known:
            if len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[token] = _decode(plain) or action
        self._write_behind.put(token, self._known[token])
        return token

    async def action(self, token: str) -> Action | None:
        """Decodes a token; None for one that is unknown, forgotten or forged.

        Raises:
            StoreError: The store cannot be read.
        """
        if not token.startswith(_KEPT_MARK):
            return _decode(token)
        if not _KEPT.fullmatch(token):
            return None
        return self._known.get(token) or await self._store.action(token)

    async def flush(self) -> None:
        """Waits until the store knows all tokens that were given."""
        await self._write_behind.flush()

    async def _save(self, actions: Mapping[str, Action]) -> None:
        await self._store.remember_actions(actions)


def _encode(action: Action) -> str:
    given = "&".join(f"{_escape(name)}={_escape(value)}" for name, value in action.options)
    command = _escape(action.command)
    return f"{command}?{given}" if given else command


def _escape(text: str) -> str:
    return text.translate(_ESCAPES).encode(errors="ignore").decode()


def _decode(token: str) -> Action | None:
    command, _, given = token.partition("?")
    pairs = [pair.partition("=") for pair in given.split("&")] if given else []
    if not command or not all(sign for _, sign, _ in pairs):
        return None
    return Action(
        unquote(command), tuple((unquote(name), unquote(value)) for name, _, value in pairs)
    )
