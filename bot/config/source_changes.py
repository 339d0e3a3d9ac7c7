"""Differences between two lists of sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from bot.config.schema import SourceConfig

_ABOUT_IT = frozenset({"name", "every", "topics", "colour", "keep", "keep_stories", "secret_files"})
"""Settings that change nothing of how a source is read."""


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """The difference between the sources before and after a change.

    Attributes:
        added: New sources.
        removed: Those that are gone.
        changed: The names of the settings that have changed, by the ids of their sources.
    """

    added: tuple[SourceConfig, ...] = ()
    removed: tuple[SourceConfig, ...] = ()
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def reread(self) -> frozenset[str]:
        """The ids of the changed sources that are read from elsewhere, or in another way."""
        return frozenset(
            source
            for source, settings in self.changed.items()
            if not _ABOUT_IT.issuperset(settings)
        )


def compare_sources(
    before: Mapping[str, SourceConfig], after: Mapping[str, SourceConfig]
) -> SourceChanges:
    """Compares the sources before and after a change, both by their ids."""
    changed = {
        id_: _changed_settings(before[id_], one)
        for id_, one in after.items()
        if id_ in before and before[id_] != one
    }
    return SourceChanges(
        added=tuple(one for id_, one in after.items() if id_ not in before),
        removed=tuple(one for id_, one in before.items() if id_ not in after),
        changed=changed,
    )


def _changed_settings(before: SourceConfig, after: SourceConfig) -> tuple[str, ...]:
    return tuple(
        one.name
        for one in fields(SourceConfig)
        if getattr(before, one.name) != getattr(after, one.name)
    )
