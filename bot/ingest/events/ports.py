"""The store of events, as ingest and the commands need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.ingest.events.placement import (
    Event,
    PlaceableStory,
    Placement,
    Position,
    Splits,
)


class EventStore(Protocol):
    """Keeps which stories are of one event. Every method may raise StoreError."""

    async def revision(self) -> int:
        """Returns a number that is another once more is known than new stories told."""
        ...

    async def splits(self) -> Splits:
        """Returns what moderators have split."""
        ...

    async def rejoin(self) -> None:
        """Puts stories together again that moderators joined, where they are not."""
        ...

    async def reset(self, method: str) -> bool:
        """Forgets where stories belong if another method found it out; decisions are kept.

        Returns:
            True when it was another method.
        """
        ...

    async def count_unplaced(self) -> int:
        """Counts the stories of which nobody has found out where they belong."""
        ...

    async def first_unplaced(self) -> Position | None:
        """Returns where the first of these stands; None for none."""
        ...

    async def stories_from(self, after: Position, limit: int) -> Sequence[PlaceableStory]:
        """Returns stories that stand behind a position, in their order."""
        ...

    async def place(self, places: Mapping[str, Placement]) -> None:
        """Keeps where stories belong, by their ids, as far as nobody knew; a new revision."""
        ...

    async def of_story(self, story: str) -> Event | None:
        """Returns the event of a story; None for a story of which nobody knows it."""
        ...

    async def developments(self, stories: Sequence[str]) -> Mapping[str, str]:
        """Returns the ids of the developments of stories, by their ids, as far as known."""
        ...

    async def split(self, story: str) -> None:
        """Takes a story out of its event, and remembers that it is none of it."""
        ...

    async def join(self, story: str, other: str) -> None:
        """Puts a story into the development of another, and remembers that it is of it."""
        ...
