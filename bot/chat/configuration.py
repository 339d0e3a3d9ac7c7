"""The configuration that is in force, as commands may have it read again."""

from __future__ import annotations

from typing import Protocol

from bot.config.changes import ConfigChanges


class RunningConfiguration(Protocol):
    """The configuration that is in force."""

    async def reload(self) -> ConfigChanges:
        """Reads the file again, and has all follow that can; on an error, nothing changes.

        Returns:
            What has changed, and what waits for a restart.

        Raises:
            ConfigError: The file cannot be read or has mistakes, which are told with their lines.
            StoreError: The store cannot be written.
        """
        ...
