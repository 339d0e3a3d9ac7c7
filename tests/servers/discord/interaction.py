"""An interaction, and all the responses of the bot to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from servers.discord.world import LOADING, Body, Channel, Message, User

COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5
REPLY, DEFER, DEFER_UPDATE, UPDATE, SUGGEST, MODAL = 4, 5, 6, 7, 8, 9


class NoResponseError(AssertionError):
    """Raised if the bot did not respond, or not in time."""


@dataclass(eq=False)
class Interaction:
    """An interaction and its responses so far.

    Attributes:
        request: The command or the custom_id, for error messages.
        kind: COMMAND, COMPONENT, AUTOCOMPLETE or FORM.
        source: The message whose button was pressed.
        type: The type of the initial response: REPLY, DEFER ...; 0 until there is one.
        message: The reply, or the message that was updated.
        edits: The edits of `message`, an immediate update included.
        modal: The form that was opened.
        failed: The reason why no response can come any more.
    """

    request: str
    id: int
    kind: int
    person: User
    channel: Channel
    created: float
    source: Message | None = None
    token: str = field(default_factory=lambda: uuid4().hex)
    type: int = 0
    message: Message | None = None
    edits: list[Body] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)
    choices: list[Any] = field(default_factory=list)
    modal: Body | None = None
    log: list[str] = field(default_factory=list)
    failed: str = ""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def deferred(self) -> bool:
        """True if the bot deferred its answer."""
        return self.type in {DEFER, DEFER_UPDATE}

    @property
    def has_response(self) -> bool:
        """True once there is something to see."""
        if self.type == DEFER:
            return not self.shown.flags & LOADING
        if self.type == DEFER_UPDATE:
            return bool(self.edits or self.followups)
        return self.type != 0

    @property
    def shown(self) -> Message:
        """The message that the bot responded with."""
        if self.message is None:
            raise AssertionError(f"{self} was not answered with a message")
        return self.message

    @property
    def content(self) -> str:
        return self.shown.content

    @property
    def boxes(self) -> list[str]:
        return self.shown.boxes

    @property
    def headlines(self) -> list[str]:
        return self.shown.headlines

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

    async def until(self, so: Callable[[], object], wait: float = 15) -> Interaction:
        """Waits until a condition holds; raises NoResponseError with what happened instead."""
        try:
            async with asyncio.timeout(wait), self._changed:
                await self._changed.wait_for(lambda: bool(so()) or self.failed)
        except TimeoutError:
            raise NoResponseError(f"{self}: nothing for {wait} s") from None
        if not so():
            raise NoResponseError(f"{self}: {self.failed}")
        return self

    async def note(self, what: str) -> None:
        """Records an event, and wakes those who wait for one."""
        async with self._changed:
            self.log.append(what)
            self._changed.notify_all()

    def __str__(self) -> str:
        return f"{self.person.name}: {self.request} (log: {'; '.join(self.log) or 'nothing'})"
