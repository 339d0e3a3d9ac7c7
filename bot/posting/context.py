"""The context of the workers and senders of posts: the store, a clock, limits, and timing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.model import Chat
from bot.posting.digest import PostComposer
from bot.posting.illustrations import DigestIllustrator
from bot.posting.languages import LanguageOf
from bot.posting.ports import PostingStore
from bot.posting.router import FloodLimits


@dataclass(frozen=True, slots=True)
class PostingTiming:
    """Sleep and chance, which tests replace.

    Attributes:
        sleep: Waits some seconds.
        chance: Spreads tries over time, by numbers from 0 to 1.
    """

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """Everything that posting needs beside a messenger.

    Attributes:
        store: Keeps the outbox.
        clock: Tells the time.
        composer: Composes messages.
        flood_limits: What keeps channels from being flooded.
        migrate_chat: Gives all that was kept for a chat to the id that it goes on under.
        illustrator: Adds pictures to digests; None for none.
        language_of: Returns the language of a chat's posts; None where all speak the bot's own.
    """

    store: PostingStore
    clock: Clock
    composer: PostComposer
    flood_limits: FloodLimits
    migrate_chat: Callable[[Chat, Chat], Awaitable[None]]
    illustrator: DigestIllustrator | None = None
    language_of: LanguageOf | None = None
