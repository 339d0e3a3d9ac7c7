"""What every chat platform says when there is no answer: trouble, or somebody asks too much."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.cooldown import Cooldown
from bot.errors import StoreError
from bot.i18n import Words
from bot.model import Person
from bot.reply import Reply

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Courtesy:
    """Leaves nobody without a word.

    Attributes:
        words: The bot's own words.
        cooldown: Counts each person's questions.
    """

    words: Words
    cooldown: Cooldown

    async def reply_to(self, ask: Callable[[], Awaitable[Reply]], command: str = "") -> Reply:
        """What the core answers; a reply that says so when something is wrong."""
        try:
            return await ask()
        except StoreError as error:
            log.error("cannot answer: %s", error)  # noqa: TRY400 - it says all there is to say
            return self.trouble(command)
        except Exception:
            log.exception("cannot answer")
            return self.trouble(command)

    def trouble(self, command: str = "") -> Reply:
        """Says that something is wrong with the bot itself."""
        told = self.words.gettext(
            "Something went wrong here, and the operator can read what. Please try again later."
        )
        return Reply(command, text=(told,), ok=False)

    def wait(self, person: Person) -> Reply | None:
        """What to say to somebody who asks too much; None when they do not."""
        seconds = math.ceil(self.cooldown.wait(person.id))
        if not seconds:
            return None
        told = self.words.ngettext(
            "That was fast! Ask me again in {seconds} second.",
            "That was fast! Ask me again in {seconds} seconds.",
            seconds,
        )
        return Reply("", text=(told.format(seconds=seconds),), ok=False)
