"""Replies as JSON objects of a stable form, for `dateline ask --json` and the website's API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

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
        "stories": [card_as_json(card) for card in reply.cards],
        "more": [card_as_json(card) for card in reply.more],
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


def card_as_json(card: Card) -> dict[str, Any]:
    """Converts a card to a JSON object."""
    story = card.story
    return {
        "id": story.id,
        "number": card.number,
        "title": story.title,
        "url": story.url,
        "image": story.image,
        "image_alt": story.image_alt,
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
