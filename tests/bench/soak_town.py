"""The chats of the soak on both platforms: what they follow, what they got, and who asks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from bench.soak_bars import ChatKey, PostLedger, Received, received
from bench.soak_sources import SEARCH_WORDS, TOPIC_WORDS, WORDS, SoakSource
from servers.discord.interaction import NoResponseError
from servers.discord.people import Person as Member
from servers.discord.server import Server as DiscordServer
from servers.discord.world import Guild
from servers.telegram.people import Person
from servers.telegram.server import Server as TelegramServer

from bot.app import load_config, open_app
from bot.model import Chat
from bot.subscriptions.model import Subscription, TargetKind

TOKEN = "MTIzNDU2Nzg5.Gabcde.a-token-that-opens-nothing"  # noqa: S105
_READERS = 8  # on each platform
_PATIENCE = 60.0  # seconds that a reader waits for an answer

Target = tuple[TargetKind, str, int | str]
"""The kind of what a chat follows, as the store keeps it, and as `PostLedger` wants it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a reader's question.

    Attributes:
        at: When it was asked, by the monotonic clock.
        wait: Seconds until the answer came; None when none came.
    """

    platform: str
    at: float
    wait: float | None


@dataclass
class Town:
    """Everybody outside of the bot.

    Attributes:
        ledger: What is published, and who is to get it.
        answers: What readers were answered.
    """

    folder: Path
    telegram: TelegramServer
    discord: DiscordServer
    sources: Sequence[SoakSource]
    ledger: PostLedger = field(default_factory=PostLedger)
    answers: list[Answer] = field(default_factory=list)
    moderator: Person = field(init=False)
    guild: Guild = field(init=False)

    def __post_init__(self) -> None:
        self.moderator = self.telegram.person("Max")
        self.guild = self.discord.guild("Readers")

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "news.db"

    def configure(self, every: str, timeout: str) -> None:
        """Writes the configuration."""
        hosts = [f"127.0.0.1:{source.port}" for source in self.sources]
        sources = "".join(
            f'[[sources]]\nid = "{one.id}"\nkind = "feed"\nurl = "{one.url}"\nevery = "{every}"\n'
            for one in self.sources
        )
        topics = "".join(
            f'[[topics]]\nname = "{word.title()}"\nquery = "{word}"\n' for word in TOPIC_WORDS
        )
        self.config.write_text(
            f'[bot]\nreload_cooldown = "1s"\n[store]\npath = "news.db"\n'
            '[posting]\nevents = "all"\n'  # the made-up headlines are alike, and all are counted
            f'[feeds]\ntimeout = "{timeout}"\nallow_hosts = {hosts}\n{sources}{topics}'
            f'[telegram]\napi_url = "{self.telegram.url}"\nmoderators = [{self.moderator.id}]\n'
            f'[discord]\napi_url = "{self.discord.api_url}"\n',
            "utf-8",
        )

    async def subscribe(self, count: int) -> None:
        """Lets so many chats follow something, half of them on each platform."""
        targets = self._targets()
        async with open_app(load_config(self.config, {})) as app:
            for platform, number in self._chats(count):
                kind, what, key = next(targets)
                self.ledger.followed[platform, number] = key
                chat, now = Chat(platform, str(number)), datetime.now(UTC)
                await app.store.subscriptions.put(Subscription(chat, kind, what, made=now))

    def _chats(self, count: int) -> Iterator[ChatKey]:
        on_telegram = count // 2
        for number in range(on_telegram):
            if number % 3 == 0:
                chat = self.telegram.private(self.telegram.person(f"Reader {number}"))
            elif number % 3 == 1:
                chat = self.telegram.supergroup(f"Group {number}")
            else:
                chat = self.telegram.channel(f"Channel {number}")
            yield "telegram", chat.id
        for channel in self.discord.channels(count - on_telegram):
            yield "discord", channel.id

    def _targets(self) -> Iterator[Target]:
        sources = cycle([one for one in self.sources if one.is_followed])
        topics, searches = cycle(TOPIC_WORDS), cycle(SEARCH_WORDS)
        while True:
            source, topic, search = next(sources), next(topics), next(searches)
            yield TargetKind.SOURCE, source.id, source.number
            yield TargetKind.TOPIC, topic.title(), topic
            yield TargetKind.SEARCH, search, search

    async def keep_asking(self, pause: float, chance: random.Random) -> None:
        """Lets readers ask now and then, one at a time on each platform, until cancelled."""
        people = [self.telegram.person(f"Asker {n}") for n in range(_READERS)]
        members = [self.discord.person(f"Asker {n}", self.guild) for n in range(_READERS)]
        for person, member in cycle(zip(people, members, strict=True)):
            word = chance.choice(WORDS)
            asking = (self._ask_on_telegram(person, word), self._ask_on_discord(member, word))
            await asyncio.gather(*asking)
            await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)

    async def _ask_on_telegram(self, person: Person, word: str) -> None:
        chat, start = self.telegram.private(person), time.monotonic()
        asked = await person.says(chat, f"/search {word}")
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.telegram.replies(chat, after=asked)
        except (TimeoutError, AssertionError):
            self.answers.append(Answer("telegram", start, None))
        else:
            self.answers.append(Answer("telegram", start, time.monotonic() - start))

    async def _ask_on_discord(self, member: Member, word: str) -> None:
        start = time.monotonic()
        try:
            asked = await member.command(self.guild, "search", words=word)
            await asked.until(lambda: asked.shown, _PATIENCE)
        except NoResponseError:
            self.answers.append(Answer("discord", start, None))
        else:
            self.answers.append(Answer("discord", start, time.monotonic() - start))

    def messages(self) -> list[Received]:
        """Returns the messages that platforms took, in their order."""
        on_telegram = [
            received(("telegram", one.chat), one.at, one.text) for one in self.telegram.accepted
        ]
        on_discord = [
            received(
                ("discord", one.channel), one.at, self._text_on_discord(one.channel, one.message)
            )
            for one in self.discord.accepted
        ]
        return [*on_telegram, *on_discord]

    def _text_on_discord(self, channel: int, message: int) -> str:
        """Returns all that a message says; a digest names stories in its fields, too."""
        return str(self.discord.world.channels[channel].messages[message].body)

    @property
    def refusals(self) -> list[str]:
        """Calls that break a rule of a platform."""
        telegram = [*self.telegram.refused, *self.telegram.unmodelled]
        return list(map(str, [*telegram, *self.discord.refused, *self.discord.unmodelled]))
