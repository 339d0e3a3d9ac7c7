"""Stories as lines of JSON: what their sources gave, from which all else is made anew."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Annotated, Literal, NotRequired

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, with_config
from typing_extensions import TypedDict

from bot.ingest.results import Fingerprint, StoryRecord
from bot.model import Enclosure, Paragraph, Story
from bot.text.display import strip_hidden
from bot.text.urls import is_web_url

_ID = r"^[bcdfghjkmnpqrstvwxyz][23456789bcdfghjkmnpqrstvwxyz]{11}$"
_TITLE, _TEXT = 2_000, 1_000_000  # characters


def _line(text: str) -> str:
    """A single line of clean text, as everything is that readers see."""
    return " ".join(strip_hidden(text).split())


def _web_url(text: str) -> str:
    if not is_web_url(text):
        raise ValueError("expected a web address")
    return text


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("expected a time with its zone")
    return at.astimezone(UTC)


_Line = Annotated[str, StringConstraints(max_length=_TEXT), AfterValidator(_line)]
_Title = Annotated[
    str, StringConstraints(max_length=_TITLE), AfterValidator(_line), Field(min_length=1)
]
_Url = Annotated[str, AfterValidator(_web_url)]
_Time = Annotated[datetime, AfterValidator(_aware)]
_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
class ParagraphLine(TypedDict):
    """A paragraph of a story."""

    text: _Line
    heading: bool


@with_config(_STRICT)
class EnclosureLine(TypedDict):
    """An enclosure: what comes with a story."""

    url: _Url
    type: str
    length: int
    duration: int
    alt: NotRequired[_Line]


@with_config(_STRICT)
class StoryLine(TypedDict):
    """A story; `content` and `text` are digests of what its source gave, to know it again by."""

    kind: Literal["story"]
    id: Annotated[str, StringConstraints(pattern=_ID)]
    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]
    key: str
    title: _Title
    published: _Time
    date_only: bool
    place: _Line
    byline: _Line
    url: _Url | None
    image: _Url | None
    image_alt: NotRequired[_Line]
    summary: _Line
    language: str
    categories: list[_Line]
    enclosures: list[EnclosureLine]
    paragraphs: list[ParagraphLine]
    content: str
    text: str
    sketch: str


_ADAPTER = TypeAdapter(StoryLine)


def story_line(record: StoryRecord) -> bytes:
    """Returns a story as a line, without its end."""
    story, known = record.story, record.fingerprint
    line = StoryLine(
        kind="story",
        id=story.id,
        source=story.source,
        key=known.key,
        title=story.title,
        published=story.published,
        date_only=story.date_only,
        place=story.place,
        byline=story.byline,
        url=story.url,
        image=story.image,
        image_alt=story.image_alt,
        summary=record.given_summary,
        language=story.language,
        categories=list(story.categories),
        enclosures=[_enclosure_line(one) for one in story.enclosures],
        paragraphs=[ParagraphLine(text=one.text, heading=one.heading) for one in story.paragraphs],
        content=known.content,
        text=known.body,
        sketch=base64.b64encode(known.sketch).decode(),
    )
    return _ADAPTER.dump_json(line)


def _enclosure_line(one: Enclosure) -> EnclosureLine:
    return EnclosureLine(
        url=one.url, type=one.type, length=one.length, duration=one.duration, alt=one.alt
    )


def read_story(line: bytes) -> StoryRecord:
    """Reads a line; the story has the summary that its source gave, and no topics.

    Raises:
        ValueError: It is no story.
    """
    given = _ADAPTER.validate_json(line)
    story = Story(
        id=given["id"],
        source=given["source"],
        key=given["key"],
        title=given["title"],
        published=given["published"],
        date_only=given["date_only"],
        paragraphs=tuple(Paragraph(one["text"], one["heading"]) for one in given["paragraphs"]),
        url=given["url"],
        place=given["place"],
        byline=given["byline"],
        summary=given["summary"],
        image=given["image"],
        image_alt=given.get("image_alt", ""),
        categories=tuple(given["categories"]),
        language=given["language"],
        enclosures=tuple(Enclosure(**one) for one in given["enclosures"]),
    )
    known = Fingerprint(
        *(story.id, story.key, given["content"], given["text"], story.url or "", story.title),
        story.published,
        base64.b64decode(given["sketch"], validate=True),
    )
    return StoryRecord(story, known)
