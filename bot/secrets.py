"""Redaction of tokens and of the credentials of URLs in every log, traceback and message."""

from __future__ import annotations

from bot.text.urls import hide_credentials

_SHORTEST = 8  # signs; a shorter text is nobody's token, and may be a word
HIDDEN = "[token]"


class Secrets:
    """The secrets to redact."""

    def __init__(self) -> None:
        self._known: list[str] = []

    def add(self, secret: str) -> None:
        """Redacts a token from now on, and the part of it that is the secret."""
        parts = {secret, secret.rpartition(":")[2]}
        parts = {part for part in parts if len(part) >= _SHORTEST}
        # The longest first, so that no rest of it stays.
        self._known = sorted({*self._known, *parts}, key=len, reverse=True)

    def hide(self, text: str) -> str:
        """Redacts every secret, and the user and password of any URL, in a text."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        return hide_credentials(text)


SECRETS = Secrets()
"""Those of this process."""
