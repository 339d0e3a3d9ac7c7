"""Settings that take effect while the bot runs; all others are read once, at its start."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.config.platforms import PlatformConfig
from bot.config.schema import TABLES, SourceConfig, TopicConfig

_STAFF = frozenset({"moderators", "operators"})

LIVE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "bot": frozenset(
            (
                "language timezone page_size summary_length subjects reload_cooldown "
                "source_editors max_added_sources"
            ).split()
        ),
        "desk": frozenset({"name", "about"}),
        "store": frozenset({"keep", "keep_stories"}),
        "sources": frozenset(SourceConfig.settings()),
        "feeds": frozenset("allow_hosts max_stories_a_day max_text_a_day websub".split()),
        "topics": frozenset(TopicConfig.settings()),
        "meaning": frozenset(),
        "posting": frozenset("late burst edits events trends".split()),
        "monitoring": frozenset(),
        "web": frozenset(),
        "alerts": frozenset({"chats", "min_free"}),
    }
    | {name: _STAFF for name, table in TABLES.items() if issubclass(table, PlatformConfig)}
)
"""The settings of each table that take effect at once when the configuration is read again."""


def needs_restart(table: str, setting: str) -> bool:
    """Returns True for a setting that only a new process heeds."""
    return setting not in LIVE[table]


def restart_settings() -> tuple[str, ...]:
    """Returns all settings that need a restart, as `table.setting`."""
    return tuple(
        f"{name}.{setting}"
        for name, table in TABLES.items()
        for setting in table.settings()
        if needs_restart(name, setting)
    )
