"""`dateline ask`: answers as text or as JSON, for scripts."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from typing import Any

import click

from bot.app import App
from bot.model import Story
from bot.reply import Button, Card, Reply, Snippet


def reply_as_json(reply: Reply, ms: float) -> dict[str, Any]:
    """Converts a reply to a JSON object.

    Args:
        reply: The reply.
        ms: The time that the answer took, in milliseconds.
    """
    return {
        "command": reply.command,
        "ok": reply.ok,
        "text": _reply_text(reply),
        "stories": [_card_json(card) for card in reply.cards],
        "more": [_card_json(card) for card in reply.more],
        "page": reply.page,
        "pages": reply.pages,
        "notes": list(reply.notes),
        "buttons": [_button_json(button) for button in _choices(reply)],
        "ms": round(ms, 3),
    }


def published(story: Story) -> str:
    """Formats the date of a story in ISO 8601: a date where only the date is known."""
    if story.date_only:
        return story.published.date().isoformat()
    return story.published.isoformat().replace("+00:00", "Z")


def _reply_text(reply: Reply) -> str:
    """Joins all of a reply but its notes and cards, a blank line between paragraphs.

    A file that it carries comes last, as the text that it holds.
    """
    entries = "\n".join(
        f"{entry.name} — {entry.text}" if entry.text else entry.name for entry in reply.entries
    )
    body = (paragraph.text for paragraph in reply.body)
    file = reply.document.content.decode("utf-8", "replace") if reply.document else ""
    return "\n\n".join(filter(None, (reply.title, *reply.text, *body, entries, file)))


def _card_json(card: Card) -> dict[str, Any]:
    story = card.story
    return {
        "id": story.id,
        "number": card.number,
        "title": story.title,
        "url": story.url,
        "image": story.image,
        "enclosures": [asdict(enclosure) for enclosure in story.enclosures],
        "source": story.source,
        "also": list(story.also),
        "told_by": list(story.told_by),
        "published": published(story),
        "place": story.place,
        "byline": story.byline,
        "summary": story.summary,
        "topics": list(story.topics),
        "categories": list(story.categories),
        "language": story.language,
        "score": card.score,
        "snippet": _snippet_json(card.snippet) if card.snippet else None,
        "heading": card.heading,
    }


def _snippet_json(snippet: Snippet) -> dict[str, Any]:
    return {"text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}


def _choices(reply: Reply) -> list[Button]:
    """Lists what can be chosen: the buttons, and the entries that have an action."""
    chosen = (Button(entry.name, entry.action) for entry in reply.entries if entry.action)
    return [*reply.buttons, *chosen]


def _button_json(button: Button) -> dict[str, str]:
    return {"label": button.label, "role": button.role.value, "command": str(button.action)}


NOT_ANSWERED = 6
"""The exit code when a question could not be answered as it was asked."""


async def answer_lines(app: App, line: str | None, *, as_json: bool) -> int:
    """Answers a line or, when there is none, each line of the standard input.

    Returns:
        The exit code: 0, or that for a single line which could not be answered as asked.
    """
    if line is not None:
        reply = await _answer_one(app, line, as_json=as_json)
        return 0 if reply.ok else NOT_ANSWERED
    is_first = True
    async for asked in app.lines(sys.stdin):
        if not asked.strip():
            continue
        if not (is_first or as_json):
            click.echo()
        await _answer_one(app, asked.strip(), as_json=as_json)
        is_first = False
    return 0


async def _answer_one(app: App, line: str, *, as_json: bool) -> Reply:
    start = time.perf_counter()
    reply = await app.ask(line)
    ms = (time.perf_counter() - start) * 1_000
    told = (
        json.dumps(reply_as_json(reply, ms), ensure_ascii=False) if as_json else app.as_text(reply)
    )
    click.echo(told.rstrip("\n"))
    return reply
