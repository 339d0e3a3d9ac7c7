"""Staff: the people of a platform whom the configuration names, by their ids there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.model import Person


class Staff:
    """The people whom the configuration names on a platform; it may change while the bot runs.

    All of them are moderators everywhere. Operators are those that are named as such or, where
    nobody is, all of them: who runs a small bot alone names themselves once.
    """

    def __init__(self, moderators: Iterable[int] = (), operators: Iterable[int] = ()) -> None:
        self.appoint(moderators, operators)

    def appoint(self, moderators: Iterable[int], operators: Iterable[int]) -> None:
        """Makes these people the staff, in place of those before."""
        named = frozenset(operators)
        self._members = named.union(moderators)
        self._operators = named or self._members

    def __len__(self) -> int:
        return len(self._members)

    def moderates(self, person: int) -> bool:
        """Returns True for who may use moderators' commands everywhere."""
        return person in self._members

    def in_private(self, person: Person) -> Person:
        """Returns a person as who they are in their private chat."""
        user = int(person.id)
        moderates, operates = self.moderates(user), self.operates(user)
        return replace(person, moderator=moderates, host=True, operator=operates)

    def operates(self, person: int) -> bool:
        """Returns True for who may use operators' commands."""
        return person in self._operators
