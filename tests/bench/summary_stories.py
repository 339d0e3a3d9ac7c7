"""Stories with summaries that people wrote, to learn and to measure summaries with."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.model import Paragraph, Story, story_id

_THEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A story, with the summary that a person wrote of it."""

    story: Story
    summary: str


def read_labelled(path: Path) -> list[Labelled]:
    """Reads a file: JSON, one story a line, packed with gzip or not."""
    packed = path.suffix == ".gz"
    with (
        gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8") as lines
    ):
        return [_labelled(json.loads(line)) for line in lines if line.strip()]


def _labelled(fields: dict[str, str]) -> Labelled:
    title = fields["title"].strip() or "Untitled"
    story = Story(
        story_id("bench", title),
        "bench",
        title,
        title,
        _THEN,
        paragraphs=_paragraphs(fields["body"]),
    )
    return Labelled(story, fields["summary"])


def _paragraphs(body: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(line) for line in _lines(body))


def _lines(body: str) -> Iterator[str]:
    for line in body.splitlines():
        if text := " ".join(line.split()):
            yield text
