"""Differences between two configurations, as their operator may be told them: without a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.config.live_settings import needs_restart
from bot.config.schema import Config
from bot.config.source_changes import SourceChanges, compare_sources
from bot.config.table import Table
from bot.text.display import shorten

_LISTS = frozenset({"sources", "topics"})
_IN_BYTES = frozenset({"min_free", "max_text_a_day"})
_SIZES = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
_TIMES = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
_SHOWN = 40  # characters of a text


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that has another value now.

    Attributes:
        name: As in `bot.page_size`.
        text: The change as the file would write it: `5 → 8`, or how many were put into a list and
            taken out: `+2 −1`.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class TopicChanges:
    """The difference between two lists of topics, by their names.

    Attributes:
        added: New ones.
        removed: Those that are gone.
        changed: Those with another query.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class ConfigChanges:
    """The difference between two configurations.

    Attributes:
        sources: Of the file's sources.
        topics: Of the saved searches.
        settings: Other settings that have taken effect.
        restart: The names of settings that differ from those the process was begun with, and wait
            for the next one.
        warnings: What is wrong with the new one all the same.
    """

    sources: SourceChanges = field(default_factory=SourceChanges)
    topics: TopicChanges = field(default_factory=TopicChanges)
    settings: tuple[SettingChange, ...] = ()
    restart: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing differs, and nothing waits for a restart."""
        return not (self.sources or self.topics or self.settings or self.restart)


def compare_configs(started: Config, before: Config, after: Config) -> ConfigChanges:
    """Compares configurations.

    Args:
        started: The one that the process was begun with.
        before: The one that is in force.
        after: The new one.
    """
    live = (
        SettingChange(f"{table}.{name}", _change_text(name, old, new))
        for table, name, old, new in _differences(before, after)
        if not needs_restart(table, name)
    )
    waiting = (
        f"{table}.{name}"
        for table, name, _old, _new in _differences(started, after)
        if needs_restart(table, name)
    )
    return ConfigChanges(
        sources=compare_sources(
            {one.id: one for one in before.sources}, {one.id: one for one in after.sources}
        ),
        topics=_compare_topics(
            {one.name: one.query for one in before.topics},
            {one.name: one.query for one in after.topics},
        ),
        settings=tuple(live),
        restart=tuple(waiting),
    )


def _compare_topics(before: Mapping[str, str], after: Mapping[str, str]) -> TopicChanges:
    return TopicChanges(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(name for name, query in after.items() if before.get(name, query) != query),
    )


def _differences(before: Config, after: Config) -> Iterator[tuple[str, str, object, object]]:
    """Yields table, setting, old and new value of all that differ, but for the lists of tables."""
    for one in fields(Config):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.name in _LISTS or not isinstance(old, Table):
            continue
        for setting in fields(old):
            pair = getattr(old, setting.name), getattr(new, setting.name)
            if pair[0] != pair[1] and setting.name != "secret_files":
                yield one.name, setting.name, *pair


def _change_text(name: str, old: object, new: object) -> str:
    if isinstance(old, AbstractSet | tuple) and isinstance(new, AbstractSet | tuple):
        more, fewer = len({*new} - {*old}), len({*old} - {*new})
        return " ".join([*([f"+{more}"] if more else []), *([f"−{fewer}"] if fewer else [])])
    return f"{_value_text(name, old)} → {_value_text(name, new)}"


def _value_text(name: str, value: object) -> str:
    """Returns a value as the file would write it; a long text is shortened."""
    match value:
        case None | "":
            text = '""'
        case bool():
            text = str(value).lower()
        case int() if name in _IN_BYTES:
            text = _with_unit(value, _SIZES)
        case timedelta():
            text = _with_unit(int(value.total_seconds()), _TIMES)
        case ZoneInfo():
            text = value.key
        case _:
            text = shorten(str(value), _SHOWN)
    return text


def _with_unit(amount: int, units: Mapping[str, int]) -> str:
    """Writes an amount in the largest unit of which it is a whole number."""
    fitting = ((size, unit) for unit, size in units.items() if amount % size == 0)
    size, unit = max(fitting)
    return f"{amount // size}{unit}"
