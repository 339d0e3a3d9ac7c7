"""Serves Discord: logs in, syncs commands, stays connected, posts, and shuts down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from typing_extensions import override

from adapters.discord.button_presses import DiscordButtonHandler
from adapters.discord.command_sync import (
    CommandTranslator,
    LocalizedCommandTree,
    fetch_command_ids,
    sync_commands,
)
from adapters.discord.commands import ApplicationCommands
from adapters.discord.connection import DiscordClient
from adapters.discord.directory import DiscordDirectory
from adapters.discord.incoming_messages import DiscordMessageHandler
from adapters.discord.invalid_requests import InvalidRequestLimiter
from adapters.discord.languages import DiscordLanguages
from adapters.discord.membership import DiscordMembership
from adapters.discord.messenger import RATE_LIMITS
from adapters.discord.people import PLATFORM, DiscordPeople, private_chat
from adapters.discord.posting import post_through
from adapters.discord.profile_sync import sync_profile
from adapters.discord.rendered_message import RenderContext
from adapters.discord.responder import PATIENCE, DiscordResponder
from adapters.discord.serving import run_beside, serve_forever
from adapters.discord.sessions import login, stay_connected, use_api
from adapters.discord.shards import connect_first, connect_shard
from adapters.discord.site_icons import SiteIconSync
from bot.chat.button_tokens import ActionTokens
from bot.chat.desk import profile_text
from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import AdjustablePlatform
from bot.chat.rate_limit import QuestionLimiter, ReplyGuard
from bot.chat.renewal import Renewal
from bot.chat.shards import Shard, ShardAllocator, ShardedPlatform
from bot.chat.staff import Staff
from bot.config.platforms import DiscordConfig
from bot.errors import PlatformError
from bot.live_mapping import DerivedMapping
from bot.posting.endings import EndingNotifier
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import RateLimiter
from bot.supervision import run_until_done
from bot.web.ports import PictureFetcher

log = logging.getLogger(__name__)

_SHUTDOWN_TIMEOUT = 5.5  # seconds to answer what was asked, and to send what is being sent


@dataclass(frozen=True, slots=True)
class Discord(AdjustablePlatform, ShardedPlatform):
    """Runs the bot on Discord.

    Attributes:
        dispatcher: The core.
        config: The operator's settings.
        rate_limiter: Limits posts and direct messages; responses to interactions do not count.
        patience: Seconds for an answer until the response is deferred.
        post: Posts through a messenger until it is cancelled; None to post nothing.
        report_recovery: Called with the platform when it can be reached again.
        report_connection: Called with the platform, and whether it is connected from now on.
        icons: Fetches the icons of sites, of which emoji are made; None for no icons.
        allocator: Deals the shards out among processes; None where this one connects all.
        renewal: Sets the commands and the profile again.
        staff: The people whom the configuration names.
    """

    dispatcher: Dispatcher
    config: DiscordConfig
    rate_limiter: RateLimiter
    patience: float = field(default=PATIENCE)
    post: Callable[[Messenger], Awaitable[None]] | None = None
    report_recovery: Callable[[str], None] = lambda _: None
    report_connection: Callable[[str, bool], None] = lambda _platform, _is_connected: None
    icons: PictureFetcher | None = None
    allocator: ShardAllocator | None = None
    renewal: Renewal = field(default_factory=Renewal)
    staff: Staff = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "staff", Staff(self.config.moderators, self.config.operators))

    @property
    @override
    def name(self) -> str:
        return "Discord"

    @property
    @override
    def is_exclusive(self) -> bool:
        return True

    @override
    def renew(self) -> None:
        self.renewal.ask()

    @override
    async def serve(self) -> None:
        try:
            await self._serve_with_tokens(self._serve)
        finally:
            if self.icons:
                await self.icons.aclose()

    @override
    async def serve_shard(self, shard: Shard) -> None:
        await self._serve_with_tokens(partial(self._serve, shard=shard))

    async def _serve_with_tokens(
        self, serve: Callable[[DiscordResponder], Awaitable[None]]
    ) -> None:
        use_api(self.config.api_url)
        tokens = ActionTokens(self.dispatcher.services.store.chats)
        try:
            await serve_forever(partial(serve, self._responder(tokens)))
        finally:
            await tokens.flush()

    async def _serve(self, responder: DiscordResponder, shard: Shard | None = None) -> None:
        """Serves by a client until that is lost for good.

        Args:
            responder: Answers.
            shard: The only one to connect; all else is done by who connects the first one.
        """
        revoked = asyncio.Event()
        people = DiscordPeople(self.dispatcher.services.settings, self.staff)
        button_handler = DiscordButtonHandler(responder, people)
        make_client = self._client_factory(responder, button_handler, revoked, shard)
        connect = partial(connect_shard, shard) if shard else partial(connect_first, self.allocator)
        async with login(make_client, self._token(), connect) as client:
            commands = ApplicationCommands(responder, people, self.staff)
            tree = LocalizedCommandTree(client, commands, button_handler)
            await self._fill(tree, commands)  # what comes in before they are synced is answered
            if shard:
                learning = partial(self._learn_commands, tree, commands, responder)
                works = [self.renewal.repeat("learning of Discord's commands", learning)]
            else:
                works = self._first_works(client, tree, commands, responder, people)
            beside = [asyncio.create_task(one) for one in works]
            log.info("Discord: serving as %s", client.user)
            try:
                await self._run(client, responder, revoked, shard)
            finally:
                if not shard:
                    self.report_connection(PLATFORM, False)  # noqa: FBT003 - a callback
                for task in beside:
                    task.cancel()

    def _first_works(
        self,
        client: DiscordClient,
        tree: LocalizedCommandTree,
        commands: ApplicationCommands,
        responder: DiscordResponder,
        people: DiscordPeople,
    ) -> list[Coroutine[Any, Any, None]]:
        """Returns what runs beside the one client that connects the first shard."""
        services = self.dispatcher.services
        directory = DiscordDirectory(client, people, services.translations, services.clock)
        services.directories.register(PLATFORM, directory)
        syncing = partial(self._sync, client, tree, commands, responder)
        return [
            self.renewal.repeat("syncing of Discord's commands", syncing),
            self._sync_icons(client, responder),
        ]

    async def _learn_commands(
        self,
        tree: LocalizedCommandTree,
        commands: ApplicationCommands,
        responder: DiscordResponder,
    ) -> None:
        """Learns the commands, and their ids, which whoever connects the first shard syncs."""
        await self._fill(tree, commands)
        ids = await fetch_command_ids(tree, self.config.guild)
        responder.render_context.command_ids.update(ids)

    async def _sync(
        self,
        client: DiscordClient,
        tree: LocalizedCommandTree,
        commands: ApplicationCommands,
        responder: DiscordResponder,
    ) -> None:
        """Syncs the commands and the profile, and learns the commands' ids."""
        services, guild = self.dispatcher.services, self.config.guild
        await self._fill(tree, commands)
        await sync_commands(tree, services.store, guild)
        responder.render_context.command_ids.update(await fetch_command_ids(tree, guild))
        await sync_profile(client, profile_text(services), allowed=self.config.profile)

    async def _sync_icons(self, client: DiscordClient, responder: DiscordResponder) -> None:
        """Keeps emoji of the sites' icons, where these are wanted."""
        if self.icons is None:
            return
        services, mentions = self.dispatcher.services, responder.render_context.icons
        found = services.poller.icons
        sync = SiteIconSync(client, found, self.icons, services.sources, mentions, services.clock)
        await run_until_done("making of emoji", sync.repeat)

    def _client_factory(
        self,
        responder: DiscordResponder,
        button_handler: DiscordButtonHandler,
        revoked: asyncio.Event,
        shard: Shard | None,
    ) -> Callable[[], DiscordClient]:
        services = self.dispatcher.services
        limiter = InvalidRequestLimiter(services.clock, self.config.api_url, revoked.set)
        message_handler = DiscordMessageHandler(responder, self.staff, self.rate_limiter)
        endings = EndingNotifier(
            services.store,
            services.clock,
            services.names,
            private_chat,
            services.languages.for_chat,
        )
        membership = DiscordMembership(
            services.store.subscriptions, services.clock, endings, responder.track
        )

        def report(is_connected: bool) -> None:
            if shard:
                return
            self.report_connection(PLATFORM, is_connected)
            if is_connected:
                self.report_recovery(PLATFORM)

        return lambda: DiscordClient(
            button_handler,
            message_handler,
            membership,
            limiter.trace(),
            report,
            hears_all=self.allocator is not None,
        )

    async def _fill(self, tree: LocalizedCommandTree, commands: ApplicationCommands) -> None:
        """Puts the commands into the tree, as language and staff are now."""
        await tree.set_translator(
            CommandTranslator(self.dispatcher.services.translations.own.language)
        )
        tree.clear_commands(guild=None)
        for command in commands.all():
            tree.add_command(command)

    async def _run(
        self,
        client: DiscordClient,
        responder: DiscordResponder,
        revoked: asyncio.Event,
        shard: Shard | None,
    ) -> None:
        """Stays connected and posts; on shutdown, finishes the answers and posts under way."""
        post = None if shard else self.post  # in all servers, wherever their shards are
        services, limiter = self.dispatcher.services, self.rate_limiter
        posting = asyncio.create_task(post_through(client, responder, services, limiter, post))
        unfinished: set[asyncio.Task[Any]] = {posting}
        try:
            await run_beside(posting, stay_connected(client, revoked))
        except asyncio.CancelledError:
            unfinished |= responder.busy  # after an error there is no connection to answer over
            raise
        finally:
            posting.cancel()
            await asyncio.wait(unfinished, timeout=_SHUTDOWN_TIMEOUT)

    def _token(self) -> str:
        if self.config.token is None:
            raise PlatformError("Discord: no token")
        return self.config.token.get_secret_value()

    def _responder(self, tokens: ActionTokens) -> DiscordResponder:
        services = self.dispatcher.services
        reply_guard = ReplyGuard(services.translations, QuestionLimiter(services.clock))
        colours = DerivedMapping(services.sources, lambda one: one.colour)
        render_context = RenderContext(services.translations, services.zone, colours=colours)
        languages = DiscordLanguages(services.languages)
        return DiscordResponder(
            self.dispatcher, tokens, reply_guard, render_context, languages, self.patience
        )


def discord(
    dispatcher: Dispatcher,
    config: DiscordConfig,
    post: Callable[[Messenger], Awaitable[None]] | None = None,
    report_recovery: Callable[[str], None] = lambda _: None,
    report_connection: Callable[[str, bool], None] = lambda _platform, _is_connected: None,
    icons: PictureFetcher | None = None,
) -> Discord:
    """Returns the bot on Discord; the last four are as in `Discord`."""
    return Discord(
        dispatcher,
        config,
        RateLimiter(dispatcher.services.clock, RATE_LIMITS),
        post=post,
        report_recovery=report_recovery,
        report_connection=report_connection,
        icons=icons,
    )
