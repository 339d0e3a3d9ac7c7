"""Standby: a platform is served by one process at a time; another one takes over when it ends."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import override

from bot.chat.ports import Platform
from bot.leadership import Leadership


@dataclass(frozen=True, slots=True)
class LedPlatform(Platform):
    """A platform that is served while this process leads there.

    Attributes:
        platform: The platform.
        leadership: Tells when; the office is the platform's name in small letters, which is also
            that of the right to post there.
    """

    platform: Platform
    leadership: Leadership

    @property
    @override
    def name(self) -> str:
        return self.platform.name

    @override
    async def serve(self) -> None:
        await self.leadership.lead(self.platform.name.lower(), self.platform.serve)
