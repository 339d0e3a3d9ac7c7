"""An interaction with the bot, and all that the bot answered to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from servers.discord.world import LOADING, Body, Channel, Message, Person

COMMAND, COMPONENT, AUTOCOMPLETE = 2, 3, 4
REPLY, DEFER, DEFER_UPDATE, UPDATE, SUGGEST, MODAL = 4, 5, 6, 7, 8, 9


class NoAnswerError(AssertionError):
    """The bot did not answer, or too late."""


@dataclass(eq=False)
class Answer:
    """What somebody asked, and what came back; it goes on changing while the bot does more.

    Attributes:
        asked: As they would say it, for error messages.
        kind: COMMAND, COMPONENT or AUTOCOMPLETE.
        source: The message whose button was pressed.
        type: How the bot answered first: REPLY, DEFER ...; 0 while it has not.
        message: The reply, or the message that was updated.
        edits: What changed `message` later, or at once where it was updated.
        modal: A form that was opened.
        failed: Why nothing can come any more.
    """

    asked: str
    id: int
    kind: int
    person: Person
    channel: Channel
    began: float
    source: Message | None = None
    token: str = field(default_factory=lambda: uuid4().hex)
    type: int = 0
    message: Message | None = None
    edits: list[Body] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)
    choices: list[Any] = field(default_factory=list)
    modal: Body | None = None
    seen: list[str] = field(default_factory=list)
    failed: str = ""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def deferred(self) -> bool:
        """Whether the bot asked for time first."""
        return self.type in {DEFER, DEFER_UPDATE}

    @property
    def settled(self) -> bool:
        """Whether there is something to see."""
        if self.type == DEFER:
            return not self.shown.flags & LOADING
        if self.type == DEFER_UPDATE:
            return bool(self.edits or self.followups)
        return self.type != 0

    @property
    def shown(self) -> Message:
        """The message that the bot answered with."""
        if self.message is None:
            raise AssertionError(f"{self} was not answered with a message")
        return self.message

    @property
    def content(self) -> str:
        return self.shown.content

    @property
    def embeds(self) -> list[Any]:
        return self.shown.embeds

    @property
    def components(self) -> list[Any]:
        return self.shown.components

    @property
    def labels(self) -> list[str]:
        return self.shown.labels

    @property
    def ephemeral(self) -> bool:
        return self.shown.ephemeral

    async def until(self, so: Callable[[], object], wait: float = 15) -> Answer:
        """Waits until something is so; raises NoAnswerError with what was seen instead."""
        try:
            async with asyncio.timeout(wait), self._changed:
                await self._changed.wait_for(lambda: bool(so()) or self.failed)
        except TimeoutError:
            raise NoAnswerError(f"{self}: nothing for {wait} s") from None
        if not so():
            raise NoAnswerError(f"{self}: {self.failed}")
        return self

    async def note(self, what: str) -> None:
        """Remembers what happened, and wakes whoever waits for it."""
        async with self._changed:
            self.seen.append(what)
            self._changed.notify_all()

    def __str__(self) -> str:
        return f"{self.person.name}: {self.asked} (seen: {'; '.join(self.seen) or 'nothing'})"
