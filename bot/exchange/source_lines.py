"""Sources that were added in chats, as lines of JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, with_config
from typing_extensions import TypedDict

from bot.ingest.added_sources import AddedSource, EditStamp

_Id = Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9:_-]*$")]
_Text = Annotated[str, StringConstraints(max_length=2_000)]


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("expected a time with its zone")
    return at.astimezone(UTC)


_Time = Annotated[datetime, AfterValidator(_aware)]


@with_config(ConfigDict(extra="forbid"))
class ExportedSource(TypedDict):
    """A source; its fields are those of `AddedSource`, and whether it is paused."""

    kind: Literal["source"]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
    settings: Annotated[dict[str, bool | int | _Text | tuple[_Text, ...]], Field(max_length=50)]
    at: _Time
    platform: Annotated[str, StringConstraints(pattern=r"^[a-z]{0,20}$")]
    person: _Id
    name: Annotated[str, StringConstraints(max_length=500)]
    paused: bool


_ADAPTER = TypeAdapter(ExportedSource)


def source_line(one: AddedSource, *, paused: bool) -> bytes:
    """Returns an added source as a line, without its end."""
    line = ExportedSource(
        kind="source",
        id=one.id,
        settings=dict(one.settings),
        at=one.added.at,
        platform=one.added.platform,
        person=one.added.person,
        name=one.added.name,
        paused=paused,
    )
    return _ADAPTER.dump_json(line)


def read_source_line(line: bytes) -> tuple[AddedSource, bool]:
    """Reads a line; returns the source, and whether it is paused.

    What its settings may be is for the configuration's rules to say.

    Raises:
        ValueError: It is no source.
    """
    given = _ADAPTER.validate_json(line)
    stamp = EditStamp(given["at"], given["platform"], given["person"], given["name"])
    return AddedSource(given["id"], given["settings"], stamp), given["paused"]
