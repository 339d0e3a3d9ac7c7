"""Files that people attach to a question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.errors import DatelineError


class AttachmentError(DatelineError):
    """An attached file cannot be fetched from its platform now."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a question, or with the message that the question replies to.

    Attributes:
        name: The name of the file, as the person's device gave it; empty for none.
        size: Its length in bytes, as the platform says.
        read: Fetches what it holds, when a handler wants that; may raise AttachmentError.
    """

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]] = field(repr=False)
