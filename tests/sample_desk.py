"""The bot over the sample stories, in the place of a test's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from newsdesk import TestDesk

from bot.app import App

SAMPLES_NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # soon after the newest sample


@dataclass
class SampleDesk(TestDesk):
    """The bot in the place of a test's desk."""

    def __init__(self, app: App) -> None:
        self.dispatcher, self.store = app.dispatcher, app.store
