"""Guards of the desk: the headers of its answers, and limits for those who try keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import hdrs

from adapters.web.sending import GUARDS
from bot.chat.rate_limit import QuestionLimiter
from bot.clock import Clock

_TRIES, _TRY_EVERY = 10, 6.0  # wrong links and cookies of one address, and seconds for one more
_ASKED, _ASK_EVERY = 60, 0.5  # pages of one session, and seconds for one more

PRIVATE: Mapping[str, str] = {
    **GUARDS,
    hdrs.CACHE_CONTROL: "no-store",
    # Nobody is told the address of a page, as that of a link has its key; with `no-referrer`,
    # browsers would hide `Origin`, too.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""The headers of every answer. None is packed: what is secret in a page stays as long as it is."""


class TooManyError(Exception):
    """Somebody tries too often, or asks too much.

    Attributes:
        seconds: After how many they may ask again.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(slots=True)
class TryLimiter:
    """Limits how often an address may be wrong, and how much a session may ask.

    Attributes:
        clock: Tells the time.
    """

    clock: Clock
    _tries: QuestionLimiter = field(init=False)
    _asked: QuestionLimiter = field(init=False)
    _closed: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Makes both limiters."""
        self._tries = QuestionLimiter(self.clock, _TRIES, _TRY_EVERY)
        self._asked = QuestionLimiter(self.clock, _ASKED, _ASK_EVERY)

    def check(self, address: str) -> None:
        """Refuses an address that was wrong too often, whether or not it is right now.

        Raises:
            TooManyError: It was.
        """
        wait = self._closed.get(address, 0.0) - self.clock.monotonic()
        if wait > 0:
            raise TooManyError(wait)

    def note_wrong(self, address: str) -> None:
        """Counts a link or a cookie that is none.

        Raises:
            TooManyError: There were too many.
        """
        now = self.clock.monotonic()
        if wait := self._tries.wait(address):
            self._closed = {one: until for one, until in self._closed.items() if until > now}
            self._closed[address] = now + wait
            raise TooManyError(wait)

    def count(self, session: str) -> None:
        """Counts a request of a session.

        Raises:
            TooManyError: There were too many.
        """
        if wait := self._asked.wait(session):
            raise TooManyError(wait)
