"""Runs the whole bot on the local Discord, over a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from newsdesk import TestDesk
from pydantic import SecretStr
from servers.discord.server import A_TOKEN, Server

from adapters.discord.messenger import RATE_LIMITS
from adapters.discord.platform import Discord
from bot.chat.attachments import Attachment
from bot.chat.dispatcher import Dispatcher
from bot.chat.request import Services
from bot.commands import REGISTRY
from bot.config.platforms import DiscordConfig
from bot.model import Action, Chat, Person
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Reply
from bot.web.ports import PictureFetcher

Post = Callable[[Messenger], Awaitable[None]]
NEVER = 3_600.0  # seconds before an answer is deferred: none is, however busy the machine is


class HeldDesk(Dispatcher):
    """A desk that answers when it is released, and records the questions."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, REGISTRY)
        self.may_go = asyncio.Event()
        self.asked: list[tuple[str, Person, Chat]] = []

    async def dispatch(
        self,
        name: str,
        given: Mapping[str, str],
        person: Person,
        chat: Chat,
        attachment: Attachment | None = None,
    ) -> Reply:
        self.asked.append((name, person, chat))
        await self.may_go.wait()
        return await super().dispatch(name, given, person, chat, attachment)


class BrokenDesk(Dispatcher):
    """A desk whose every answer fails."""

    async def dispatch(
        self,
        name: str,
        given: Mapping[str, str],
        person: Person,
        chat: Chat,
        attachment: Attachment | None = None,
    ) -> Reply:
        action = Action(name, tuple(given.items()))
        raise LookupError(f"a mistake in {action} {person} {chat} {attachment}")


def platform(  # noqa: PLR0913 - what a test may choose, by name
    server: Server,
    desk: TestDesk | Dispatcher,
    *,
    patience: float = NEVER,
    post: Post | None = None,
    rate_limiter: RateLimiter | None = None,
    report_recovery: Callable[[str], None] = lambda _: None,
    report_connection: Callable[[str, bool], None] = lambda _platform, _is_connected: None,
    icons: PictureFetcher | None = None,
    **config: Any,
) -> Discord:
    """Returns the bot, not yet running."""
    core = desk.dispatcher if isinstance(desk, TestDesk) else desk
    given: dict[str, Any] = {"token": SecretStr(A_TOKEN), "api_url": server.api_url, **config}
    rate_limiter = rate_limiter or RateLimiter(core.services.clock, RATE_LIMITS)
    reports = (report_recovery, report_connection)
    return Discord(core, DiscordConfig(**given), rate_limiter, patience, post, *reports, icons)


@asynccontextmanager
async def serving(
    server: Server,
    desk: TestDesk | Dispatcher,
    *,
    patience: float = NEVER,
    post: Post | None = None,
    rate_limiter: RateLimiter | None = None,
    icons: PictureFetcher | None = None,
    **config: Any,
) -> AsyncIterator[asyncio.Task[None]]:
    """Runs the bot during the block, which begins when its commands have been synced."""
    store = (desk.dispatcher if isinstance(desk, TestDesk) else desk).services.store
    given = {"post": post, "rate_limiter": rate_limiter, "icons": icons, **config}
    bot = platform(server, desk, patience=patience, **given)
    task = asyncio.create_task(bot.serve())
    ready = asyncio.create_task(server.ready())
    await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        ready.cancel()
        await task
    await ready
    while not await store.chats.note(f"discord commands {server.bot.id}"):
        server.assert_no_violations()  # or the commands were refused, and will never be synced
        await asyncio.sleep(0.005)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def until(so: Callable[[], object]) -> None:
    """Waits until a condition holds."""
    while not so():
        await asyncio.sleep(0.005)
