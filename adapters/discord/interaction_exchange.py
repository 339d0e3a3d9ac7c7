"""Responses to one interaction: immediate, deferred, edited or as a follow-up; with retries.

Discord takes one initial response within three seconds, which may defer the answer. For fifteen
minutes that response can be edited, and followed up by other messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import discord
from discord import ui

from adapters.discord.buttons import Interaction
from adapters.discord.failures import (
    ALREADY_ACKNOWLEDGED,
    REQUEST_ERRORS,
    UNKNOWN_MESSAGE,
    classify,
)
from adapters.discord.rendered_message import RenderedMessage
from bot.errors import RetryLaterError

log = logging.getLogger(__name__)

NO_MENTIONS = discord.AllowedMentions.none()
"""No message of the bot's notifies anybody, whatever it quotes."""

_TRIES = 3
_FIRST_BACKOFF = 0.3  # seconds before the first retry; doubles each time
_MAX_WAIT = 5.0  # seconds; an answer that comes later is of no use


@dataclass(frozen=True, slots=True)
class ReplyMode:
    """Visibility and place of a reply.

    Attributes:
        asker: The id of the person whose page it will be.
        private: True if only the person who asked may see it (ephemeral).
        in_place: True if it replaces the message whose button was pressed.
    """

    asker: int
    private: bool = False
    in_place: bool = False


class _State(Enum):
    NEW = auto()  # without a response
    THINKING = auto()  # deferred: a placeholder is shown
    PRESSED = auto()  # deferred: the message whose button was pressed will be edited
    DONE = auto()


class InteractionExchange:
    """Responds to one interaction, by whatever call its state allows."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._state = _State.NEW

    @property
    def is_new(self) -> bool:
        """True until the initial response."""
        return self._state is _State.NEW

    async def defer(self, manner: ReplyMode, *, is_ours: bool = True) -> bool:
        """Defers the answer; returns False if it is too late for that.

        Where `is_ours` is False, also if another process has responded.
        """
        response, in_place = self._interaction.response, manner.in_place
        error = await self._with_retries(
            lambda: response.defer(ephemeral=manner.private, thinking=not in_place),
            is_ours=is_ours,
        )
        if error is None:
            self._state = _State.PRESSED if in_place else _State.THINKING
        return error is None

    async def show(self, rendered: RenderedMessage, manner: ReplyMode) -> BaseException | None:
        """Sends a reply, or puts it in the place of the message whose button was pressed.

        Returns:
            The error if it could not be sent; None if it was.
        """
        error = await self._with_retries(self._sending(rendered, manner))
        if (
            manner.in_place
            and isinstance(error, discord.NotFound)
            and error.code == UNKNOWN_MESSAGE
        ):
            return await self.whisper(rendered)  # so that the press has some effect
        if error is None:
            self._state = _State.DONE
        return error

    async def ask(self, form: ui.Modal) -> BaseException | None:
        """Opens a form, which must be the initial response; returns the error if that failed."""
        response = self._interaction.response
        error = await self._with_retries(lambda: response.send_modal(form))
        if error is None:
            self._state = _State.DONE
        return error

    async def show_interim(self, rendered: RenderedMessage) -> BaseException | None:
        """Shows an interim reply in the place of the placeholder; the reply is still to come.

        Returns:
            The error if it could not be shown; None if it was, or if there is no placeholder.
        """
        if self._state is not _State.THINKING:
            return None
        edit = self._interaction.edit_original_response
        return await self._with_retries(lambda: edit(**self._edited(rendered)))

    async def whisper(self, rendered: RenderedMessage) -> BaseException | None:
        """Sends a message to the person who asked; public only if a public answer was deferred."""
        if self._state in {_State.NEW, _State.THINKING}:
            mode = ReplyMode(self._interaction.user.id, private=True)
            sending = self._sending(rendered, mode)
        else:
            followup = self._interaction.followup

            def sending() -> Awaitable[object]:
                return followup.send(**_new(rendered), ephemeral=True)

        return await self._with_retries(sending)

    def _sending(
        self, rendered: RenderedMessage, manner: ReplyMode
    ) -> Callable[[], Awaitable[object]]:
        interaction, response = self._interaction, self._interaction.response
        if self._state is not _State.NEW:
            return lambda: interaction.edit_original_response(**self._edited(rendered))
        if manner.in_place:
            return lambda: response.edit_message(**self._edited(rendered))
        return lambda: response.send_message(**_new(rendered), ephemeral=manner.private)

    def _edited(self, rendered: RenderedMessage) -> dict[str, Any]:
        """Returns what takes the place of all that a message has, of a picture or a file, too."""
        shown = self._interaction.message
        has_upload = bool(rendered.upload or (shown and shown.attachments))
        attached = {"attachments": rendered.files} if has_upload else {}
        return {**_body(rendered), **attached}

    async def _with_retries(
        self, attempt: Callable[[], Awaitable[object]], *, is_ours: bool = True
    ) -> BaseException | None:
        """Sends with retries and backoff; returns the last error, None on success.

        Where `is_ours` is False, another one's response is an error, too.
        """
        backoff = _FIRST_BACKOFF
        for tries in range(1, _TRIES + 1):
            try:
                await attempt()
            except discord.InteractionResponded:
                return None
            except REQUEST_ERRORS as error:
                if getattr(error, "code", 0) == ALREADY_ACKNOWLEDGED and is_ours:
                    # An earlier try got there after all; or another process has the same token.
                    log.debug("Discord: already acknowledged")
                    return None
                wait = _retry_wait(error, backoff)
                if wait is None or tries == _TRIES:
                    return error
            else:
                return None
            await asyncio.sleep(wait)
            backoff *= 2
        return None


def _retry_wait(error: BaseException, backoff: float) -> float | None:
    """Returns the seconds to wait before a retry; None if a retry makes no sense."""
    reason = classify(error)
    if not isinstance(reason, RetryLaterError) or (reason.wait or 0.0) > _MAX_WAIT:
        return None
    if isinstance(error, discord.HTTPException):
        return None  # the library has tried five times
    return backoff if reason.wait is None else reason.wait


def _new(rendered: RenderedMessage) -> dict[str, Any]:
    """Returns what a new message has; made anew for each try, since a file is sent once."""
    return {**_body(rendered), "files": rendered.files or discord.utils.MISSING}


def _body(rendered: RenderedMessage) -> dict[str, Any]:
    return {"view": rendered.view(), "allowed_mentions": NO_MENTIONS}
