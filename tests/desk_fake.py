"""A scripted desk for the terminal's tests: it answers what it was told to, and fails on the rest.

Run as a program, it holds a chat in the terminal it is started in.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.console.chat import run_chat
from bot.chat.command import Access, Command, Option, OptionKind, Purpose
from bot.chat.progress import show_progress
from bot.chat.registry import Completion, Registry
from bot.chat.request import Request
from bot.errors import DatelineError
from bot.i18n import load
from bot.model import Chat, Paragraph, Person, Story
from bot.reply import Action, Button, Card, Entry, Reply, Role

UTC_ZONE = ZoneInfo("UTC")
WORDS = load("en")

Answer = Reply | DatelineError | None
"""A reply, an error to raise, or None for an answer that never comes."""


async def _never(request: Request) -> Reply:
    raise AssertionError(f"the fake desk runs no handler: {request}")


REGISTRY = Registry(
    (
        Command(
            "latest",
            "The newest stories",
            _never,
            (
                Option("topic", OptionKind.TOPIC, "Only stories on this topic", rest=True),
                Option("source", OptionKind.SOURCE, "Only stories from this source"),
                Option("since", OptionKind.WHEN, "Only stories since a date"),
                Option("page", OptionKind.PAGE, "Which page to show", hidden=True),
            ),
        ),
        Command(
            "topic",
            "The newest stories on a topic",
            _never,
            (Option("name", OptionKind.TOPIC, "The topic to show", required=True, rest=True),),
        ),
        Command("topics", "All topics", _never),
        Command(
            "read",
            "Read a whole story here",
            _never,
            (Option("story", OptionKind.STORY, "Its number or title", required=True, rest=True),),
            purpose=Purpose.READ,
        ),
        Command(
            "reload", "Check the sources for new stories now", _never, access=Access.MODERATORS
        ),
    )
)


@dataclass
class FakeDesk:
    """Answers by script, and remembers what it was asked.

    Attributes:
        answers: Answers to typed lines.
        presses: Answers to actions.
        completions: What `command option:partial` may become.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    presses: Mapping[Action, Answer] = field(default_factory=dict)
    completions: Mapping[str, tuple[Completion, ...] | DatelineError] = field(default_factory=dict)
    registry: Registry = REGISTRY
    asked: list[str] = field(default_factory=list)

    async def answer(self, line: str, person: Person, chat: Chat) -> Reply:
        self._known(person, chat)
        self.asked.append(line)
        assert line in self.answers, f"nobody told me what to answer to {line!r}"
        return await _given(self.answers[line])

    async def press(self, action: Action, person: Person, chat: Chat) -> Reply:
        self._known(person, chat)
        self.asked.append(str(action))
        assert action in self.presses, f"nobody told me what to answer to {action}"
        return await _given(self.presses[action])

    async def complete(
        self, command: str, option: str, partial: str, person: Person
    ) -> tuple[Completion, ...]:
        assert person.moderator
        found = self.completions.get(f"{command} {option}:{partial}", ())
        if isinstance(found, DatelineError):
            raise found
        return found

    def _known(self, person: Person, chat: Chat) -> None:
        assert (person.id, person.moderator) == ("console", True)
        assert chat == Chat("console", "terminal")


async def _given(answer: Answer) -> Reply:
    if answer is None:
        await asyncio.sleep(1)
        show_progress(Reply("", title="Checking 2 sources …", text=("1 of 2 checked",)))
        await asyncio.Event().wait()
    if isinstance(answer, DatelineError):
        raise answer
    assert isinstance(answer, Reply)
    return answer


def story(title: str = "Should Japan penalize bike riders?", **other: object) -> Story:
    fields: dict[str, object] = {
        "id": "bcdfghjkmnpq",
        "source": "prospect",
        "key": title,
        "published": datetime(2023, 11, 28, tzinfo=UTC),
        "date_only": True,
        "place": "TOKYO",
        "summary": "Any sport needs regulations and penalties that are written by their sponsors.",
    }
    return Story(title=title, **{**fields, **other})  # type: ignore[arg-type] # given by the test


def card(number: int | None = None, title: str = "A story", **other: object) -> Card:
    return Card(story(title, **other), "The Prospect", number)


def read(number: int) -> Button:
    action = Action("read", (("story", f"story{number}"),))
    return Button("A story", action, Role.READ, number)


READ_7 = Action("read", (("story", "7"),))
NEXT = Button("Next", Action("latest", (("page", "2"),)), Role.NEXT)
PREVIOUS = Button("Previous", Action("latest", (("page", "1"),)), Role.PREVIOUS)
BACK = Button("Back to the list", Action("latest"), Role.BACK)
TOPICS = Button("Topics", Action("topics"))

_TITLES = (
    "Japan picks a domestic firm for government cloud service: Will it work?",
    "Japan approves home-made COVID-19 vaccine for first time",
    "Osaka Expo 2025 cost estimate rises further as more countries call off joining",
)
_TEXT = (
    Paragraph(
        "Baseball, football, soccer, tennis, golf.. Any sport needs regulations and penalties that "
        "are written by their sponsors. Without commonly accepted self-governing rules – in a ball "
        "game, for example, you’re struck out on the third strike ball – games cannot be played."
    ),
    Paragraph("What the police want", heading=True),
    Paragraph("Now the National Police Agency is gearing to toughen the bicycle rules."),
)
_LATEST = Reply(
    "latest",
    title="Latest stories",
    notes=("Showing results for osaka expo.",),
    cards=tuple(
        card(
            number,
            title,
            topics=("Japan", "Osaka Expo"),
            url=f"https://example.org/story/{number}" if number != 2 else None,
        )
        for number, title in enumerate(_TITLES, 1)
    ),
    pages=2,
    buttons=(NEXT, read(1), read(2), read(3), TOPICS),
)
_STORY = Reply(
    "read",
    cards=(card(None, _TITLES[2], url="https://example.org/story/3", byline="MU."),),
    body=_TEXT,
    pages=2,
    buttons=(Button("Next", Action("read", (("page", "2"),)), Role.NEXT), BACK),
)
_TOPIC_LIST = Reply(
    "topics",
    title="Topics",
    entries=tuple(
        Entry(name, told, Action("topic", (("name", name),)))
        for name, told in (("Japan", "10 stories"), ("Osaka Expo", "1 story"), ("東京", "Two"))
    ),
)
_HELP = Reply(
    "help",
    title="What I can do",
    text=("Ask for news with a command, or just type what you're looking for.",),
    entries=tuple(
        Entry(command.usage, command.help, Action("help", (("command", command.name),)))
        for command in REGISTRY
    ),
)


def demo() -> FakeDesk:
    """A desk with a few stories, for a chat to try."""
    refusal = Reply(
        "lates",
        text=("There is no command /lates.", "Did you mean one of these?"),
        buttons=(Button("/latest", Action("latest")), Button("/help", Action("help"))),
        ok=False,
    )
    return FakeDesk(
        answers={
            "/latest": _LATEST,
            "/latest ": _LATEST,
            "/lates": refusal,
            "/topics": _TOPIC_LIST,
            "/topic Osaka Expo": _LATEST,
            "/help": _HELP,
            "broken": DatelineError("the store could not be read: disk I/O error"),
            "slow": None,
        },
        presses={
            Action("latest"): _LATEST,
            Action("topics"): _TOPIC_LIST,
            Action("help"): _HELP,
            READ_7: Reply("read", text=("There is no story number 7.",), ok=False),
            NEXT.action: Reply("latest", title="Page two", page=2, pages=2, buttons=(PREVIOUS,)),
            PREVIOUS.action: _LATEST,
            **{read(number).action: _STORY for number in (1, 2, 3)},
            _STORY.buttons[0].action: Reply(
                "read", cards=_STORY.cards, body=_TEXT[2:], page=2, pages=2, buttons=(BACK,)
            ),
        },
        completions={
            "topic name:osa": (Completion("Osaka Expo", "Osaka Expo"),),
            "topic name:": (Completion("Japan", "Japan"), Completion("Osaka Expo", "Osaka Expo")),
            "latest topic:": (Completion("Japan", "Japan"), Completion("Osaka Expo", "Osaka Expo")),
            "latest source:pro": (Completion("prospect", "The Prospect"),),
        },
    )


if __name__ == "__main__":
    HISTORY = Path(sys.argv[1]) if sys.argv[1:] else None
    asyncio.run(run_chat(demo(), translations=WORDS, zone=UTC_ZONE, history=HISTORY))
