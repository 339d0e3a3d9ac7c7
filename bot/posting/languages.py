"""Languages of posts: those of the chats that they go to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.i18n import Translations
from bot.model import Chat

LanguageOf: TypeAlias = Callable[[Chat], Awaitable[Translations]]
"""Returns the language of what is posted in a chat; raises nothing."""
