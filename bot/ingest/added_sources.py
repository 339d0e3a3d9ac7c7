"""Sources that people added in a chat, beside the file's, and which sources are paused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

KEPT_REMOVED = 200
"""Removed sources of which is remembered what they were, the newest."""

SettingValue = str | bool | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditStamp:
    """The author and the time of a change.

    Attributes:
        at: When.
        platform: The platform of the person; empty for nobody, as of an import.
        person: The platform's id of the person; empty for one who has asked to be forgotten.
        name: As the platform showed it then; empty for none.
    """

    at: datetime
    platform: str = ""
    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class AddedSource:
    """A source that a person added.

    Attributes:
        id: Short and unique, among the file's sources, too.
        settings: Its settings but for the id, as the configuration's file would have them.
        added: Who added it, and when.
        removed: When it was removed; None while it is a source. What it was is remembered, so that
            it can come back as what it was.
    """

    id: str
    settings: Mapping[str, SettingValue]
    added: EditStamp
    removed: datetime | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return str(self.settings.get("url", ""))

    @property
    def name(self) -> str:
        """The name that readers see."""
        return str(self.settings.get("name") or self.id)


@dataclass(frozen=True, slots=True)
class SourceEdits:
    """The changes that people have made to the sources.

    Attributes:
        added: What they added, the oldest first.
        removed: What they added and removed, the last removed first.
        paused: Ids of paused sources, the file's too, with who paused them.
    """

    added: tuple[AddedSource, ...] = ()
    removed: tuple[AddedSource, ...] = ()
    paused: Mapping[str, EditStamp] = field(default_factory=dict)


class SourceEditStore(Protocol):
    """Keeps what people change of the sources. Every method may raise StoreError."""

    async def edits(self) -> SourceEdits:
        """Returns all that is kept."""
        ...

    async def put(self, sources: Sequence[AddedSource]) -> None:
        """Adds sources, or replaces those that have their ids, in one transaction.

        A new one, and one that has another address now, is polled like a source that never was:
        what is there at first is news to nobody.
        """
        ...

    async def remove(self, source: str, now: datetime) -> None:
        """Removes a source, and forgets how its polls went and that it was paused.

        Its stories stay. Should it come back, its first poll is news to nobody, as that of a new
        source. Of what was removed before, the oldest is forgotten beyond `KEPT_REMOVED`.
        """
        ...

    async def pause(self, source: str, stamp: EditStamp) -> None:
        """Notes that a source is paused; by whom it was first stays, if it was already."""
        ...

    async def resume(self, source: str) -> None:
        """Notes that a source is not paused any more."""
        ...
