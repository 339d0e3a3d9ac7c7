"""Keeps one person from keeping the bot from all others."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports import Clock

_BURST = 10  # questions that may follow one another at any speed
_EVERY = 2.0  # seconds after which one more may be asked
_REMEMBERED = 10_000  # people
_SLACK = 1e-6  # of a question, so that whoever waited as long as told is not refused by rounding


@dataclass(slots=True)
class _Asked:
    tokens: float
    at: float
    told: bool = False


class Cooldown:
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
