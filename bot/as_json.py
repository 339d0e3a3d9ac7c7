"""Replies as JSON: a stable interface, documented in the README.

Fields may be added; those that there are never change.
"""

from __future__ import annotations

from typing import Any

from bot.model import Story
from bot.reply import Button, Card, Reply
from bot.snippets import Snippet


def as_json(reply: Reply, ms: float) -> dict[str, Any]:
    """The reply as a JSON object.

    Args:
        reply: The reply.
        ms: How long the answer took, in milliseconds.
    """
    return {
        "command": reply.command,
        "ok": reply.ok,
        "text": _text(reply),
        "stories": [_story(card) for card in reply.cards],
        "more": [_story(card) for card in reply.more],
        "page": reply.page,
        "pages": reply.pages,
        "notes": list(reply.notes),
        "buttons": [_button(button) for button in _buttons(reply)],
        "ms": round(ms, 3),
    }


def published(story: Story) -> str:
    """When a story was published, in ISO 8601: a date where only the date is known."""
    if story.date_only:
        return story.published.date().isoformat()
    return story.published.isoformat().replace("+00:00", "Z")


def _text(reply: Reply) -> str:
    """All that the reply says but for its notes and its cards, a blank line between paragraphs."""
    entries = "\n".join(
        f"{entry.name} — {entry.text}" if entry.text else entry.name for entry in reply.entries
    )
    body = (paragraph.text for paragraph in reply.body)
    return "\n\n".join(filter(None, (reply.title, *reply.text, *body, entries)))


def _story(card: Card) -> dict[str, Any]:
    story = card.story
    return {
        "id": story.id,
        "number": card.number,
        "title": story.title,
        "url": story.url,
        "image": story.image,
        "source": story.source,
        "published": published(story),
        "place": story.place,
        "byline": story.byline,
        "summary": story.summary,
        "topics": list(story.topics),
        "categories": list(story.categories),
        "language": story.language,
        "score": card.score,
        "snippet": _snippet(card.snippet) if card.snippet else None,
        "heading": card.heading,
    }


def _snippet(snippet: Snippet) -> dict[str, Any]:
    return {"text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}


def _buttons(reply: Reply) -> list[Button]:
    """What can be chosen: the buttons, and the entries of a list that ask for something."""
    chosen = (Button(entry.name, entry.action) for entry in reply.entries if entry.action)
    return [*reply.buttons, *chosen]


def _button(button: Button) -> dict[str, str]:
    return {"label": button.label, "role": button.role.value, "command": str(button.action)}
