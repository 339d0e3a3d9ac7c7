"""Converts between values of the database and the core's own types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.ingest.results import LoadReport, Refusal, RefusalReason, StoryRecord, UnreadablePart
from bot.model import Action, Chat, Enclosure, Paragraph, Shown, Story
from bot.text.initials import initials
from bot.text.tokenizer import grams
from store.ports import Row

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(time: datetime) -> int:
    """A time as it is stored: whole microseconds since 1970, UTC."""
    return (time - _EPOCH) // _MICROSECOND


def to_time(micros: int) -> datetime:
    """The time that was stored."""
    return _EPOCH + timedelta(microseconds=micros)


def index_terms(text: str) -> str:
    """Returns what is indexed of a text beside its words: pairs of letters, and initials."""
    return " ".join(filter(None, (grams(text), *initials(text))))


def story_values(filed: StoryRecord, seen: int) -> dict[str, Any]:
    """A story as the values of its row; `seen` is when it was first written, if it is new."""
    story = filed.story
    return {
        "id": story.id,
        "source": story.source,
        "key": filed.fingerprint.key,
        "title": story.title,
        "published": to_micros(story.published),
        "seen": seen,
        "date_only": int(story.date_only),
        "place": story.place,
        "byline": story.byline,
        "url": story.url,
        "image": story.image,
        "image_alt": story.image_alt,
        "enclosures": json.dumps(
            [
                [each.url, each.type, each.length, each.duration, *filter(None, (each.alt,))]
                for each in story.enclosures
            ]
        ),
        "categories": json.dumps(story.categories),
        "language": story.language,
        "summary": story.summary,
        "given_summary": filed.given_summary,
        "summary_method": filed.summary_method,
        "subject": filed.subject,
        "subject_method": filed.subject_method,
        "names_method": filed.names_method,
        "body": story.text,
        "headings": json.dumps([i for i, p in enumerate(story.paragraphs) if p.heading]),
        "title_grams": grams(story.title),
        "grams": index_terms(f"{story.place}\n{story.text}"),
        "content": filed.fingerprint.content,
        "text_only": filed.fingerprint.body,
    }


def to_story(row: Row | Mapping[str, Any]) -> Story:
    """The story of a row that also has its topics' names, as JSON."""
    return Story(
        id=row["id"],
        source=row["source"],
        key=row["key"],
        title=row["title"],
        published=to_time(row["published"]),
        date_only=bool(row["date_only"]),
        paragraphs=_paragraphs(row["body"], _list(row["headings"])),
        url=row["url"],
        place=row["place"],
        byline=row["byline"],
        summary=row["summary"],
        topics=tuple(_list(row["topics"])),
        image=row["image"],
        image_alt=row["image_alt"],
        enclosures=tuple(Enclosure(*each) for each in _list(row["enclosures"])),
        categories=tuple(_list(row["categories"])),
        language=row["language"],
        also=tuple(_list(row["also"])),
        development=row["development"] or "",
        told_by=tuple(_list(row["told_by"])),
    )


def _list(text: str) -> list[Any]:
    """Returns a list that is JSON: an empty one at once, as most of a story's are."""
    return [] if text == "[]" else json.loads(text)


def _paragraphs(body: str, headings: Iterable[int]) -> tuple[Paragraph, ...]:
    if not body:
        return ()
    marked = set(headings)
    return tuple(Paragraph(text, i in marked) for i, text in enumerate(body.split("\n\n")))


def report_text(report: LoadReport) -> str:
    """A report as JSON; its unreadable places are cut after the first hundred."""
    return json.dumps(
        {
            "at": to_micros(report.at),
            "new": report.new,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "unreadable": [[u.where, u.line, u.reason] for u in report.unreadable[:100]],
            "error": report.error,
            "failures": report.failures,
            "next_check": to_micros(report.next_check) if report.next_check else None,
            "gone": report.gone,
            "asked": report.asked,
            "reached": report.reached,
            "left_out": report.left_out,
            "warnings": [[w.where, w.line, w.reason] for w in report.warnings[:100]],
            "set_aside": report.set_aside,
            "refused": [[r.title, r.url, r.reason] for r in report.refused],
        }
    )


def to_report(source: str, text: str) -> LoadReport:
    """The report that was stored."""
    kept = json.loads(text)
    return LoadReport(
        source,
        to_time(kept["at"]),
        kept["new"],
        kept["changed"],
        kept["unchanged"],
        tuple(UnreadablePart(*unreadable) for unreadable in kept["unreadable"]),
        kept["error"],
        kept["failures"],
        to_time(kept["next_check"]) if kept["next_check"] else None,
        kept["gone"],
        kept["asked"] if "asked" in kept else _asked_at_most(kept),
        kept.get("reached"),
        kept.get("left_out", 0),
        tuple(UnreadablePart(*warning) for warning in kept.get("warnings", ())),
        set_aside=tuple((kind, count) for kind, count in kept.get("set_aside", ())),
        refused=tuple(
            Refusal(title, url, RefusalReason(why)) for title, url, why in kept.get("refused", ())
        ),
    )


def _asked_at_most(kept: Mapping[str, Any]) -> float:
    """The seconds that a source may have asked to wait, of a report that does not say it."""
    last: int = kept["next_check"] or 0
    first: int = kept["at"]
    return max(0.0, (last - first) / 1_000_000)


def chat_text(chat: Chat) -> str:
    """A chat's name in the store."""
    return f"{chat.platform}:{chat.id}"


def to_chat(text: str, thread: str = "", house: str = "") -> Chat:
    """The chat of a name in the store."""
    platform, _, name = text.partition(":")
    return Chat(platform, name, thread, house)


def action_text(action: Action) -> str:
    """The action of a button, as JSON."""
    return json.dumps([action.command, action.options])


def to_action(text: str) -> Action:
    """The action that was stored."""
    command, options = json.loads(text)
    return Action(command, tuple((name, value) for name, value in options))


def shown_text(shown: Shown) -> str:
    """A list that was shown, as JSON."""
    return json.dumps(
        {
            "command": shown.listing.command,
            "options": shown.listing.options,
            "page": shown.page,
            "numbers": list(shown.numbers.items()),
            "earlier": list(shown.earlier.items()),
        }
    )


def to_shown(text: str) -> Shown:
    """The list that was stored."""
    kept = json.loads(text)
    options = tuple((name, value) for name, value in kept["options"])
    listing = Action(kept["command"], options)
    return Shown(listing, kept["page"], dict(kept["numbers"]), dict(kept["earlier"]))
