"""Redaction of tokens and of the credentials of URLs in every log, traceback and message."""

from __future__ import annotations

import re

from bot.text.urls import hide_credentials

_SHORTEST = 8  # signs; a shorter text is nobody's token, and may be a word
HIDDEN = "[token]"


class Secrets:
    """The secrets to redact."""

    def __init__(self) -> None:
        self._known: list[str] = []
        self._paths: dict[str, re.Pattern[str]] = {}

    def add(self, secret: str) -> None:
        """Redacts a token from now on, and the part of it that is the secret."""
        parts = {secret, secret.rpartition(":")[2]}
        parts = {part for part in parts if len(part) >= _SHORTEST}
        # The longest first, so that no rest of it stays.
        self._known = sorted({*self._known, *parts}, key=len, reverse=True)

    def add_path(self, path: str) -> None:
        """Redacts from now on what stands below a path of URLs, where that opens a door."""
        self._paths[path] = re.compile(rf"{re.escape(path)}/[\w-]+")

    def hide(self, text: str) -> str:
        """Redacts every secret, and the user and password of any URL, in a text."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        for path, pattern in self._paths.items():
            text = pattern.sub(f"{path}/{HIDDEN}", text)
        return hide_credentials(text)


SECRETS = Secrets()
"""Those of this process."""
