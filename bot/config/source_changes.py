"""Differences between two lists of sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from bot.config.schema import SourceConfig

_ABOUT_IT = frozenset(
    {"name", "every", "topics", "colour", "icon", "keep", "keep_stories", "full_text_on_web"}
)
"""Settings that change nothing of how a source is read."""


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """The difference between the sources before and after a change.

    Attributes:
        added: New sources.
        removed: Those that are gone.
        changed: The settings that have changed, as the file names them, by the ids of the sources.
    """

    added: tuple[SourceConfig, ...] = ()
    removed: tuple[SourceConfig, ...] = ()
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def reread(self) -> frozenset[str]:
        """The ids of the changed sources that are read from elsewhere, or in another way."""
        return frozenset(
            source for source, names in self.changed.items() if not _ABOUT_IT.issuperset(names)
        )


def compare_sources(
    before: Mapping[str, SourceConfig], after: Mapping[str, SourceConfig]
) -> SourceChanges:
    """Compares the sources before and after a change, both by their ids."""
    kept = [(id_, before[id_], one) for id_, one in after.items() if id_ in before]
    changed = {id_: tuple(_changed_settings(old, new)) for id_, old, new in kept}
    return SourceChanges(
        added=tuple(one for id_, one in after.items() if id_ not in before),
        removed=tuple(one for id_, one in before.items() if id_ not in after),
        changed={id_: names for id_, names in changed.items() if names},
    )


def _changed_settings(before: SourceConfig, after: SourceConfig) -> Iterator[str]:
    for one in fields(SourceConfig):
        name = one.metadata.get("key", one.name)
        if name is not None and getattr(before, one.name) != getattr(after, one.name):
            yield name
