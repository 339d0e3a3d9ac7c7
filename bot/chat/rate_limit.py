"""Keeps one person from keeping the bot from all others."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import StoreError
from bot.i18n import Translations
from bot.model import Person
from bot.reply import Reply

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplyGuard:
    """Leaves nobody without a word.

    Attributes:
        words: The bot's own words.
        question_limiter: Counts each person's questions.
    """

    words: Translations
    question_limiter: QuestionLimiter

    async def reply_to(self, ask: Callable[[], Awaitable[Reply]], command: str = "") -> Reply:
        """What the core answers; a reply that says so when something is wrong."""
        try:
            return await ask()
        except StoreError as error:
            log.error("cannot answer: %s", error)  # noqa: TRY400 - it says all there is to say
            return self.trouble(command)
        except Exception:
            log.exception("cannot answer")
            return self.trouble(command)

    def trouble(self, command: str = "") -> Reply:
        """Says that something is wrong with the bot itself."""
        told = self.words.gettext(
            "Something went wrong here, and the operator can read what. Please try again later."
        )
        return Reply(command, text=(told,), ok=False)

    def wait(self, person: Person) -> Reply | None:
        """What to say to somebody who asks too much; None when they do not."""
        seconds = math.ceil(self.question_limiter.wait(person.id))
        if not seconds:
            return None
        told = self.words.ngettext(
            "That was fast! Ask me again in {seconds} second.",
            "That was fast! Ask me again in {seconds} seconds.",
            seconds,
        )
        return Reply("", text=(told.format(seconds=seconds),), ok=False)


_BURST = 10  # questions that may follow one another at any speed
_EVERY = 2.0  # seconds after which one more may be asked
_REMEMBERED = 10_000  # people
_SLACK = 1e-6  # of a question, so that whoever waited as long as told is not refused by rounding


@dataclass(slots=True)
class _Asked:
    tokens: float
    at: float
    told: bool = False


class QuestionLimiter:
    """Counts questions by person.

    Whoever reads can ask ten questions at once and then one every two seconds, for ever: nobody
    reads faster.
    """

    def __init__(self, clock: Clock, burst: int = _BURST, every: float = _EVERY) -> None:
        self._clock = clock
        self._burst = burst
        self._every = every
        self._people: dict[str, _Asked] = {}

    def wait(self, person: str) -> float:
        """Counts a question; seconds until the next may be asked, 0 when this one is fine."""
        now = self._clock.monotonic()
        asked = self._people.pop(person, None) or _Asked(self._burst, now)
        asked.tokens = min(self._burst, asked.tokens + (now - asked.at) / self._every)
        asked.at = now
        if len(self._people) >= _REMEMBERED:
            del self._people[next(iter(self._people))]
        self._people[person] = asked
        if asked.tokens < 1 - _SLACK:
            return (1 - asked.tokens) * self._every
        asked.tokens -= 1
        asked.told = False
        return 0.0

    def tell(self, person: str) -> bool:
        """Whether to say that there is a wait: once until the next question that is fine."""
        asked = self._people.get(person)
        if asked is None or asked.told:
            return False
        asked.told = True
        return True
