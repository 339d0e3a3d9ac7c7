"""Settings that a running process takes over, beside the sources and topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.ports import AdjustablePlatform
from bot.chat.request import Services
from bot.chat.source_edits import SourcePolicy
from bot.config.platforms import PlatformConfig
from bot.config.schema import Config, PostingConfig
from bot.i18n import SpokenTranslations
from bot.i18n import load as load_translations
from bot.ingest.daily_limits import DailyLimits
from bot.monitoring.alerts.model import AlertLimits
from bot.monitoring.alerts.watcher import AlertWatcher
from bot.posting.illustrations import DigestIllustrator
from bot.posting.router import FloodLimits
from bot.subscriptions.model import EventPosts


def flood_limits(config: PostingConfig) -> FloodLimits:
    """Returns the limits that keep channels from being flooded."""
    return FloodLimits(config.late, config.burst, config.edits, EventPosts(config.events))


def daily_limits(config: Config) -> DailyLimits:
    """Returns the limits of what one feed may bring in a day."""
    return DailyLimits(config.feeds.max_stories_a_day, config.feeds.max_text_a_day)


def source_policy(config: Config) -> SourcePolicy:
    """Returns the rules of who may change the sources in a chat."""
    may_moderate = config.bot.source_editors == "moderators"
    return SourcePolicy(may_moderate, config.bot.max_added_sources, config.feeds.allow_hosts)


@dataclass(slots=True)
class SettingUsers:
    """Everything that a setting changes while the process runs.

    Attributes:
        services: What handlers use.
        translations: The bot's own words.
        flood_limits: What keeps channels from being flooded.
        illustrator: Adds pictures to digests.
        watcher: Tells the operator of trouble; None while there is none.
        platforms: The platforms that are served.
    """

    services: Services
    translations: SpokenTranslations
    flood_limits: FloodLimits
    illustrator: DigestIllustrator
    watcher: AlertWatcher | None = None
    platforms: Sequence[AdjustablePlatform] = ()

    def take_over(self, config: Config) -> None:
        """Takes over what a configuration says; nothing here waits, or can go wrong by half."""
        services = self.services
        self.translations.change_own(load_translations(config.bot.language))
        services.zone = config.bot.timezone
        services.page_size = config.bot.page_size
        services.reload_cooldown = config.bot.reload_cooldown.total_seconds()
        services.desk = config.desk.desk()
        if services.source_editor:
            services.source_editor.policy = source_policy(config)
        services.poller.limit(daily_limits(config))
        self._post_by(config.posting)
        if self.watcher:
            self.watcher.chats = config.alerts.chats_model()
            self.watcher.limits = AlertLimits(config.alerts.min_free)
        for platform in self.platforms:
            self._serve_by(config, platform)

    def _post_by(self, config: PostingConfig) -> None:
        limits, wanted = self.flood_limits, flood_limits(config)
        limits.late, limits.burst = wanted.late, wanted.burst
        limits.edits, limits.events = wanted.edits, wanted.events
        self.illustrator.renderer = self.services.pictures if config.trends else None

    def _serve_by(self, config: Config, platform: AdjustablePlatform) -> None:
        own: PlatformConfig = getattr(config, platform.name.lower())
        platform.staff.appoint(own.moderators, own.operators)
        platform.renew()
