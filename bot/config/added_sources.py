"""Sources that people added in a chat, as the configuration has them: by its own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from bot.config import rules
from bot.config.feeds import SourceIds, feed_key
from bot.config.load import validate_document
from bot.config.schema import SourceConfig
from bot.errors import DatelineError
from bot.ingest.added_sources import AddedSource, EditStamp, SettingValue
from bot.text.urls import credentials_in, split_url

MAX_TOPICS = 20
"""Topics that a person may give to a source: each of them is listed to readers."""


class SourceSettingError(DatelineError):
    """A setting of a source cannot be what was given; the message is the configuration's own.

    Attributes:
        setting: Its name, as in the configuration.
    """

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(reason)
        self.setting = setting


def _text(typed: str) -> SettingValue:
    return typed


def _topics(typed: str) -> SettingValue:
    return tuple(filter(None, (" ".join(one.split()) for one in typed.split(","))))


def _number(typed: str) -> SettingValue:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else typed  # noqa: PLR2004 - what fits


def _switch(typed: str) -> SettingValue:
    return {"yes": True, "on": True, "no": False, "off": False}.get(typed.casefold(), typed)


EDITABLE: Mapping[str, Callable[[str], SettingValue]] = MappingProxyType(
    {
        "name": _text,
        "url": _text,
        "every": _text,
        "topics": _topics,
        "timezone": _text,
        "colour": _text,
        "icon": _text,
        "full_text": _switch,
        "full_text_on_web": _switch,
        "keep": _text,
        "keep_stories": _number,
    }
)
"""The settings that people may change in a chat, with what makes values of typed texts.

None of them lets a person read a file, send a header or reach a private host.
"""

_ADDABLE = frozenset((*EDITABLE, "kind"))


def parse_setting(setting: str, typed: str) -> SettingValue:
    """Parses what a person typed for a setting of `EDITABLE`; it is judged by `read_source`."""
    return EDITABLE[setting](typed.strip())


def read_source(source: str, settings: Mapping[str, Any]) -> SourceConfig:
    """Reads a source as if it stood in the configuration's file.

    Raises:
        SourceSettingError: A setting is none, or is not what it has to be.
    """
    for setting in settings:
        if setting not in _ADDABLE:
            raise SourceSettingError(setting, "it can be set in the configuration's file only")
    table = {key: list(one) if isinstance(one, tuple) else one for key, one in settings.items()}
    document = {"sources": [{"id": source, **table}]}
    config, mistakes = validate_document(document, None)
    for mistake in (*mistakes, *rules.mistakes(document, {})):
        named = (*mistake.at, "id")[2]  # behind the table's name and its place
        raise SourceSettingError(str(named), mistake.message)
    if config is None:
        raise AssertionError("what has no mistake is a configuration")
    return _check(config.sources[0])


def _check(source: SourceConfig) -> SourceConfig:
    """Checks what holds for added sources alone."""
    if not source.url:
        raise SourceSettingError("url", "expected an address that begins with http:// or https://")
    if credentials_in(source.url):
        raise SourceSettingError("url", "an address with a password can stand in the file only")
    if len(source.topics) > MAX_TOPICS:
        raise SourceSettingError("topics", f"expected at most {MAX_TOPICS} topics")
    return source


def settings_of(source: SourceConfig) -> Mapping[str, SettingValue]:
    """Returns the settings of a feed that was found or imported, but for its id."""
    given: dict[str, SettingValue] = {"kind": source.kind, "url": source.url}
    if source.name:
        given["name"] = source.name
    if source.topics:
        given["topics"] = source.topics
    return given


@dataclass(frozen=True, slots=True)
class AddedSources:
    """The added sources that can be used, and why others cannot.

    Attributes:
        usable: Those that can, as the configuration has them.
        problems: Why others cannot, by id.
    """

    usable: tuple[SourceConfig, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)


def read_added(added: Iterable[AddedSource], configured: Sequence[SourceConfig]) -> AddedSources:
    """Reads the added sources; what the file has by now, by id or by address, is left to it."""
    ids = {one.id for one in configured}
    keys = {feed_key(one.url) for one in configured if one.url}
    usable: list[SourceConfig] = []
    problems: dict[str, str] = {}
    for one in added:
        try:
            source = read_source(one.id, one.settings)
        except SourceSettingError as error:
            problems[one.id] = f"{error.setting}: {error}"
            continue
        if source.id in ids or feed_key(source.url) in keys:
            problems[one.id] = "the configuration's file has it by now"
            continue
        ids.add(source.id)
        keys.add(feed_key(source.url))
        usable.append(source)
    return AddedSources(tuple(usable), problems)


def find_same(url: str, sources: Iterable[SourceConfig]) -> SourceConfig | None:
    """Returns the source that has an address of the web already, however it is written."""
    key = feed_key(url)
    return next((one for one in sources if one.url and feed_key(one.url) == key), None)


def new_source(
    settings: Mapping[str, SettingValue],
    stamp: EditStamp,
    sources: Iterable[str],
    remembered: Iterable[str] = (),
    removed: Iterable[AddedSource] = (),
) -> AddedSource:
    """Makes an added source of settings, with an id that nobody has.

    One that was removed gets its id back, so that its stories and whoever follows it are its own
    again.

    Args:
        settings: Its settings, with a `url` that `read_source` takes.
        stamp: Who adds it.
        sources: The ids of all sources.
        remembered: Ids of sources that there once were.
        removed: What was added before, and removed.

    Raises:
        ValueError: Its address is none.
    """
    url, name = str(settings["url"]), str(settings.get("name", ""))
    taken, key = set(sources), feed_key(url)
    gone = {feed_key(one.url): one.id for one in removed if one.url and one.id not in taken}
    if key in gone:
        return AddedSource(gone[key], dict(settings), stamp)
    parts = split_url(url)
    ids = SourceIds(taken | set(remembered) | set(gone.values()))
    return AddedSource(ids.make(name, (parts and parts.hostname) or ""), dict(settings), stamp)


def changed(source: AddedSource, changes: Mapping[str, SettingValue | None]) -> AddedSource:
    """Returns a source with other settings; None takes one back to its default."""
    merged = {**source.settings, **changes}
    return replace(source, settings={key: one for key, one in merged.items() if one is not None})
