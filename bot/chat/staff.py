"""Staff: the people of a platform whom the configuration names, by their ids there."""

from __future__ import annotations

from collections.abc import Iterable


class Staff:
    """The people whom the configuration names on a platform; it may change while the bot runs."""

    def __init__(self, moderators: Iterable[int] = (), operators: Iterable[int] = ()) -> None:
        self.appoint(moderators, operators)

    def appoint(self, moderators: Iterable[int], operators: Iterable[int]) -> None:
        """Makes these people the staff, in place of those before."""
        self._moderators, self._operators = frozenset(moderators), frozenset(operators)

    def __len__(self) -> int:
        return len(self._moderators | self._operators)

    def moderates(self, person: int) -> bool:
        """Returns True for who may use moderators' commands everywhere: operators, too."""
        return person in self._moderators or person in self._operators

    def operates(self, person: int) -> bool:
        """Returns True for who may use operators' commands."""
        return person in self._operators
