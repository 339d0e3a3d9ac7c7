"""What is sent in answer to one interaction, whatever state that is in.

Discord takes one first answer within three seconds, which may ask for time; all else changes that
answer or follows it, for fifteen minutes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import discord
from discord import ui

from adapters.discord.buttons import Interaction
from adapters.discord.failures import ANSWERED, NO_MESSAGE, TROUBLE, failure
from adapters.discord.render import RenderedMessage
from bot.errors import RetryLaterError

log = logging.getLogger(__name__)

NOBODY = discord.AllowedMentions.none()
"""Nothing that the bot says calls anybody."""

_TRIES = 3
_PAUSE = 0.3  # seconds before what failed is tried anew, twice as long each time
_LONGEST_WAIT = 5.0  # seconds after which nobody waits for an answer any more


@dataclass(frozen=True, slots=True)
class ReplyMode:
    """How an answer is given.

    Attributes:
        asker: Whose page it will be.
        private: True when nobody but who asked is to see it.
        in_place: True when it takes the place of the message whose button was pressed.
    """

    asker: int
    private: bool = False
    in_place: bool = False


class _State(Enum):
    NEW = auto()  # nothing was answered
    THINKING = auto()  # a message is shown that says that there will be an answer
    PRESSED = auto()  # the message whose button was pressed may be changed
    DONE = auto()


class Exchange:
    """Answers one interaction."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._state = _State.NEW

    @property
    def is_new(self) -> bool:
        """Whether nothing was answered yet."""
        return self._state is _State.NEW

    async def defer(self, manner: ReplyMode) -> bool:
        """Asks for time; False when it is too late for that."""
        response, in_place = self._interaction.response, manner.in_place
        error = await self._tried(
            lambda: response.defer(ephemeral=manner.private, thinking=not in_place)
        )
        if error is None:
            self._state = _State.PRESSED if in_place else _State.THINKING
        return error is None

    async def show(
        self, shown: RenderedMessage, view: ui.View | None, manner: ReplyMode
    ) -> BaseException | None:
        """Shows an answer, or puts it where a button was pressed.

        Returns:
            Why it could not be shown; None when it is.
        """
        error = await self._tried(self._showing(shown, view, manner))
        if manner.in_place and isinstance(error, discord.NotFound) and error.code == NO_MESSAGE:
            return await self.whisper(shown, view)  # whoever pressed is left with something
        if error is None:
            self._state = _State.DONE
        return error

    async def whisper(
        self, shown: RenderedMessage, view: ui.View | None = None
    ) -> BaseException | None:
        """Tells who asked, and nobody else unless a public answer was promised."""
        if self._state in {_State.NEW, _State.THINKING}:
            showing = self._showing(shown, view, ReplyMode(self._interaction.user.id, private=True))
        else:
            followup = self._interaction.followup
            message = _message(shown, view)

            def showing() -> Awaitable[object]:
                return followup.send(**message, ephemeral=True)

        return await self._tried(showing)

    def _showing(
        self, shown: RenderedMessage, view: ui.View | None, manner: ReplyMode
    ) -> Callable[[], Awaitable[object]]:
        interaction = self._interaction
        message = _message(shown, view)
        if self._state is not _State.NEW:
            changed = {"view": None, **message}
            return lambda: interaction.edit_original_response(**changed)
        if manner.in_place:
            changed = {"view": None, **message}
            return lambda: interaction.response.edit_message(**changed)
        return lambda: interaction.response.send_message(**message, ephemeral=manner.private)

    async def _tried(self, attempt: Callable[[], Awaitable[object]]) -> BaseException | None:
        """Tries to send something, again where that makes sense; why it was not sent."""
        pause = _PAUSE
        for turn in range(1, _TRIES + 1):
            try:
                await attempt()
            except discord.InteractionResponded:
                return None
            except TROUBLE as error:
                if getattr(error, "code", 0) == ANSWERED:
                    # The first try got there after all; or another process has the same token.
                    log.debug("Discord: already answered")
                    return None
                wait = _again(error, pause)
                if wait is None or turn == _TRIES:
                    return error
            else:
                return None
            await asyncio.sleep(wait)
            pause *= 2
        return None


def _again(error: BaseException, pause: float) -> float | None:
    """Seconds until another try makes sense; None when it does not."""
    reason = failure(error)
    if not isinstance(reason, RetryLaterError) or (reason.wait or 0.0) > _LONGEST_WAIT:
        return None
    if isinstance(error, discord.HTTPException):
        return None  # the library has tried five times
    return pause if reason.wait is None else reason.wait


def _message(shown: RenderedMessage, view: ui.View | None) -> dict[str, Any]:
    embeds: Sequence[discord.Embed] = shown.embeds
    message = {"content": shown.content, "embeds": embeds, "allowed_mentions": NOBODY}
    return message if view is None else {**message, "view": view}
