"""The settings that a person types, read by the configuration's own rules."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.request import Request
from bot.config.added_sources import EDITABLE, SourceSettingError, parse_setting, read_source
from bot.config.schema import SourceConfig
from bot.errors import ReaderError
from bot.ingest.added_sources import SettingValue

_DEFAULTS = frozenset({"default", "none"})


def given_settings(request: Request) -> dict[str, SettingValue]:
    """Returns the settings that were given to a command, but for those that go to the default."""
    typed = {key: request.text(key) for key in EDITABLE if request.text(key)}
    return {
        key: parse_setting(key, value)
        for key, value in typed.items()
        if value.casefold() not in _DEFAULTS
    }


def cleared_settings(request: Request) -> list[str]:
    """Returns the settings that are to go back to their defaults."""
    return [key for key in EDITABLE if request.text(key).casefold() in _DEFAULTS]


def read_or_refuse(source: str, settings: Mapping[str, SettingValue]) -> SourceConfig:
    """Reads a source as the configuration's file would be read.

    Raises:
        ReaderError: A setting is not what it has to be; the message says which, and why.
    """
    try:
        return read_source(source, settings)
    except SourceSettingError as error:
        raise ReaderError(f"{error.setting}: {error}") from None
