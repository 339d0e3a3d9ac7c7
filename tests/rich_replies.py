"""Replies of every kind, to be rendered as rich messages: by the tests, and for pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from stories import NOW, story

from adapters.telegram.rendered_message import RenderContext
from bot.i18n import load
from bot.model import Enclosure, Paragraph, Story
from bot.reply import Action, Button, Card, Reply, Role

CONTEXT = RenderContext(load("en"), ZoneInfo("UTC"), "DatelineBot", frozenset({"read", "search"}))

SENTENCE = "The tram runs every ten minutes from the harbour to the old town. "


def report(sections: int = 6, paragraphs: int = 6, **given: object) -> Story:
    """A long report, with a subheading above each section."""
    text = "\n".join(
        f"# Section {section}\n" + "\n".join([SENTENCE * 5] * paragraphs)
        for section in range(1, sections + 1)
    )
    opening = f"{SENTENCE * 4}\n{SENTENCE * 3}\n"
    return story("A year of trams", opening + text, url="https://example.org/trams", **given)


def reading(one: Story, page: int = 1, pages: int = 12) -> Reply:
    """The reply that shows a page of a story, as the core gives it for short messages."""
    turn = Action("read", (("story", one.id), ("page", str(page + 1))))
    related = Action("related", (("story", one.id),))
    return Reply(
        "read",
        cards=(Card(one, "The Wire"),),
        body=one.paragraphs[:3] or (Paragraph("Nothing."),),
        page=page,
        pages=pages,
        buttons=(
            *((Button("Next", turn, Role.NEXT),) if pages > 1 else ()),
            Button("Back to the list", Action("latest"), Role.BACK),
            Button("Related stories", related, Role.RELATED),
        ),
    )


def listing(*stories: Story, page: int = 1, pages: int = 3) -> Reply:
    """A page of a list of stories."""
    cards = tuple(Card(one, "The Wire", at) for at, one in enumerate(stories, 1))
    read = (
        Button(
            one.story.title,
            Action("read", (("story", one.story.id),)),
            Role.READ,
            one.number,
            f"Read {one.number}",
        )
        for one in cards
    )
    after = Button("Next", Action("latest", (("page", str(page + 1)),)), Role.NEXT)
    return Reply(
        "latest",
        title="Latest stories",
        cards=cards,
        page=page,
        pages=pages,
        buttons=(after, *read, Button("Topics", Action("topics"))),
    )


def five() -> list[Story]:
    """Five stories, of which one has no page of its own."""
    made = [
        story(
            f"Tram line {number} opens to crowds",
            SENTENCE * 3,
            summary=SENTENCE * 2,
            url=f"https://www.example.org/{number}",
            published=NOW - timedelta(hours=7 * number),
            topics=("Transport", "City"),
        )
        for number in range(1, 6)
    ]
    return [*made[:-1], replace(made[-1], url=None, topics=tuple(f"Topic {n}" for n in range(8)))]


def episode(length: int = 9_000_000) -> Story:
    """An episode of a podcast, with its recording and a picture."""
    sound = Enclosure("https://example.org/e.mp3", "audio/mpeg", length, duration=2_520)
    return report(2, 2, enclosures=(sound,), image="https://example.org/cover.jpg")
