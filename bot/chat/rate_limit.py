"""Rate limit for questions, a token bucket a person, and the replies to whoever exceeds it."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import StoreBusyError, StoreError, StoreGoneError
from bot.i18n import Translations
from bot.model import Person
from bot.reply import Reply

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplyGuard:
    """Makes sure that everyone gets a reply, whatever fails.

    Attributes:
        translations: The bot's own messages, in the reader's language.
        question_limiter: The rate limiter.
    """

    translations: Translations
    question_limiter: QuestionLimiter

    async def reply_to(self, ask: Callable[[], Awaitable[Reply]], command: str = "") -> Reply:
        """Returns what the core answers; a reply that says so when something fails."""
        try:
            return await ask()
        except StoreBusyError as error:
            log.warning("cannot answer in time: %s", error)
            return self._busy(command)
        except StoreGoneError:  # which was logged once
            return self._gone(command)
        except StoreError as error:
            log.error("could not answer: %s", error)  # noqa: TRY400 - it says all there is to say
            return self.trouble(command)
        except Exception:
            log.exception("could not answer")
            return self.trouble(command)

    def trouble(self, command: str = "") -> Reply:
        """Returns a reply that says that something is wrong with the bot itself."""
        told = self.translations.gettext(
            "Something went wrong. The operator can find the details in the log. Please try "
            "again later."
        )
        return Reply(command, text=(told,), ok=False)

    def _busy(self, command: str) -> Reply:
        told = self.translations.gettext("I'm busy right now. Please ask again in a moment.")
        return Reply(command, text=(told,), ok=False)

    def _gone(self, command: str) -> Reply:
        told = self.translations.gettext(
            "My database is gone, so I can't answer. The operator can find the details in the log."
        )
        return Reply(command, text=(told,), ok=False)

    def wait(self, person: Person) -> Reply | None:
        """Counts a question; returns what to say above the rate limit, and None below it."""
        seconds = math.ceil(self.question_limiter.wait(person.id))
        if not seconds:
            return None
        told = self.translations.ngettext(
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
class _Bucket:
    tokens: float
    at: float
    is_notified: bool = False


class QuestionLimiter:
    """Rate limiter of questions: a token bucket for each person.

    Ten questions can be asked at once and then one every two seconds, for ever: nobody reads
    faster.
    """

    def __init__(self, clock: Clock, burst: int = _BURST, every: float = _EVERY) -> None:
        self._clock = clock
        self._burst = burst
        self._every = every
        self._people: dict[str, _Bucket] = {}

    def wait(self, person: str) -> float:
        """Takes a token; returns the seconds until there is one, 0 when there was."""
        now = self._clock.monotonic()
        bucket = self._people.pop(person, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) / self._every)
        bucket.at = now
        if len(self._people) >= _REMEMBERED:
            del self._people[next(iter(self._people))]
        self._people[person] = bucket
        if bucket.tokens < 1 - _SLACK:
            return (1 - bucket.tokens) * self._every
        bucket.tokens -= 1
        bucket.is_notified = False
        return 0.0

    def should_notify(self, person: str) -> bool:
        """Tells whether to say that there is a wait: once until the next question that is fine."""
        bucket = self._people.get(person)
        if bucket is None or bucket.is_notified:
            return False
        bucket.is_notified = True
        return True
