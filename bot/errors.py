"""Exceptions that Dateline raises on purpose, with messages for people.

Each message is one line that a person understands; a traceback is for bugs only.
"""

from __future__ import annotations

from typing import ClassVar


class DatelineError(Exception):
    """The base class of all exceptions of Dateline.

    Attributes:
        exit_code: The exit code of the command line when this reaches it.
    """

    exit_code: ClassVar[int] = 1


class ReaderError(DatelineError):
    """A question that cannot be answered as asked; its message is shown to the reader."""


class NotAllowedError(ReaderError):
    """A command for moderators was asked for by another person."""


class UnreachableError(ReaderError):
    """A platform does not answer what has to be asked before a question can be answered."""


class ConfigError(DatelineError):
    """The configuration is missing or has mistakes."""

    exit_code = 3


class StoreError(DatelineError):
    """The store cannot be opened, read or written."""

    exit_code = 4


class StoreNewerError(StoreError):
    """The store was written by a newer Dateline and must not be touched by this one."""


class NotAStoreError(StoreError):
    """The file is no Dateline store."""


class StoreBusyError(StoreError):
    """Another process held the store for too long; the same call may succeed later."""


class StoreGoneError(StoreError):
    """The store's file was deleted or replaced while it was open."""


class StoreDamagedError(StoreError):
    """The store's file is damaged; parts of it may still be read."""


class OutdatedError(StoreError):
    """A batch was decided by subscriptions that have changed since.

    Nothing was written; read the subscriptions anew, decide again, and write that.
    """


class OvertakenError(StoreError):
    """A batch was decided by stories beside which another process has written others since.

    Nothing was written: what is new may be theirs, too. Read the stories anew, and decide again.
    """


class StoreFullError(StoreError):
    """There is no room left to write to; what was there before is kept."""


class SourceError(DatelineError):
    """A source as a whole cannot be read; the others can.

    Attributes:
        wait: Seconds that the source asks to wait before the next poll (Retry-After); None when it
            says nothing.
        gone: True when it says that it is gone for good.
        reached: Whether its host answered; None when no host was asked.
        put_off: True when nothing was asked: its host is let be for `wait` seconds.
    """

    exit_code = 5

    def __init__(
        self,
        reason: str,
        *,
        wait: float | None = None,
        gone: bool = False,
        reached: bool | None = None,
        put_off: bool = False,
    ) -> None:
        super().__init__(reason)
        self.wait = wait
        self.gone = gone
        self.reached = reached
        self.put_off = put_off


class NotOpmlError(SourceError):
    """A file that should list feeds cannot be read as such a list."""


class EmbeddingError(DatelineError):
    """Texts cannot be embedded now; the same call may succeed later."""


class RefusedTextError(EmbeddingError):
    """The model takes none of these texts, now or ever; it may take some of them."""


class PictureError(DatelineError):
    """A picture cannot be drawn."""


class HubError(DatelineError):
    """A hub cannot be told of anything now; the same call may succeed later."""


class PlatformError(DatelineError):
    """A chat platform cannot be served until the operator has changed something."""

    exit_code = 7


class DeliveryError(DatelineError):
    """A message did not arrive, or it is not known whether it did."""


class RetryLaterError(DeliveryError):
    """The same message may arrive later.

    Attributes:
        wait: Seconds that the platform asks to wait; None when it says nothing.
        in_doubt: True when the message may have arrived after all.
        answered: True when the platform answered that it has trouble of its own: if the message is
            in doubt, it has probably not arrived.
    """

    def __init__(
        self,
        reason: str,
        wait: float | None = None,
        *,
        in_doubt: bool = False,
        answered: bool = False,
    ) -> None:
        super().__init__(reason)
        self.wait = wait
        self.in_doubt = in_doubt
        self.answered = answered


class ChatGoneError(DeliveryError):
    """Nothing can be sent to the chat any more: the bot was blocked, or the chat is gone.

    Attributes:
        reason: Why, in a few words that can be translated.
        remedy: What somebody can do, in a sentence that can be translated; empty for nothing.
        place: The names of the chat and its server; empty where the platform does not give them.
        thread_only: True if only that thread of the chat is gone.
    """

    def __init__(
        self,
        reason: str,
        detail: str = "",
        *,
        remedy: str = "",
        place: str = "",
        thread_only: bool = False,
    ) -> None:
        """Makes an error that says the reason and, in the platform's own words, a detail."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.remedy = remedy
        self.place = place
        self.thread_only = thread_only


class ChatMovedError(DeliveryError):
    """The chat has another id now.

    Attributes:
        id: The new id.
    """

    def __init__(self, id: str) -> None:  # noqa: A002 - as in Chat
        super().__init__(f"the chat's ID is now {id}")
        self.id = id


class RejectedError(DeliveryError):
    """The platform does not take this message, now or ever."""


class BusyError(DatelineError):
    """Sources are being reloaded already."""


class TooSoonError(DatelineError):
    """The sources were polled a moment ago.

    Attributes:
        wait: Seconds until they may be polled again.
    """

    def __init__(self, wait: float) -> None:
        super().__init__(f"checked a moment ago; wait {wait:.0f} s")
        self.wait = wait
