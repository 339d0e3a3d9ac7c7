"""The bot as a process that is killed, between two platforms that remember what they took."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from relay import Relay
from servers.discord.server import Server
from servers.discord.world import FORUM
from servers.telegram.people import Person
from servers.telegram.server import Server as TelegramServer
from small_disk import empty_disk, fill_disk

from bot.app import load_config, open_app
from bot.model import Chat
from bot.subscriptions.model import Subscription, TargetKind

TOKEN = "MTIzNDU2Nzg5.Gabcde.a-token-that-opens-nothing"  # noqa: S105
KILLED = Path(__file__).with_name("killed.py")
CLOCKED = Path(__file__).with_name("clocked.py")
_HEADLINE = re.compile(r"Story \d+ breaks")
_PATIENCE = 240.0  # seconds
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?: .*\n|\n)*(.+)", re.MULTILINE)
_STORE_TROUBLE = 4  # the exit code of a process whose store cannot be used
_LOOK, _ASKED = 0.05, 40  # seconds between two looks, and looks between two questions

Post = tuple[str, int, str]
"""A platform, a chat's id there, and a headline."""


@dataclass
class Fate:
    """What the store knows of posts.

    Attributes:
        doubts: For each post that was ever in doubt, how often.
        states: How many posts there are in each state.
    """

    doubts: dict[Post, int]
    states: Counter[str]


@dataclass
class Bureau:
    """A configuration, its archive, and the process that serves it.

    Attributes:
        folder: Where the files are.
        telegram: One platform.
        discord: The other.
        chats: Who follows, by platform.
        stories: How many stories the archive holds.
        kills: How often the process was killed.
        burst: How many single posts a chat is sent in a minute.
        has_wrong_clock: True if the process has a clock that can be set; see `set_clock`.
        has_small_disk: True if the store lies on a disk of its own, in the folder `store`.
        networks: What lies between the process and each platform; none for nothing.
        begun: When each process began, by the monotonic clock: those before were dead by then.
        process: The process; None when there is none.
    """

    folder: Path
    telegram: TelegramServer
    discord: Server
    chats: dict[str, list[int]] = field(default_factory=dict)
    stories: int = 0
    kills: int = 0
    burst: int = 50
    has_wrong_clock: bool = False
    has_small_disk: bool = False
    networks: Mapping[str, Relay] = field(default_factory=dict)
    begun: list[float] = field(default_factory=list)
    process: asyncio.subprocess.Process | None = None
    moderator: Person = field(init=False)
    _asked_before: int = 0

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "store" / "news.db"

    async def found(self, telegram: int, discord: int, *, forums: int = 0) -> None:
        """So many chats follow the archive, which has been loaded and is still empty of news.

        Args:
            telegram: Private chats there.
            discord: Text channels there.
            forums: Forums beside these.
        """
        self.chats = {
            "telegram": [
                self.telegram.private(self.telegram.person(f"Reader {n}")).id
                for n in range(telegram)
            ],
            "discord": [
                *(channel.id for channel in self.discord.channels(discord)),
                *(forum.id for forum in self.discord.channels(forums, kind=FORUM)),
            ],
        }
        self.moderator = self.telegram.person("Max")
        self._configure()
        self.publish(1)
        async with open_app(load_config(self.config, self._environment)) as app:
            (report,) = await app.poller.load()
            assert (report.new, report.error) == (1, "")
            for platform, ids in self.chats.items():
                for one in ids:
                    chat, now = Chat(platform, str(one)), datetime.now(UTC)
                    one_more = Subscription(chat, TargetKind.SOURCE, "wire", made=now)
                    await app.store.subscriptions.put(one_more)

    def _configure(self) -> None:
        self.config.write_text(
            f"""
            [bot]
            reload_cooldown = "1s"
            [store]
            {self._store}
            [posting]
            burst = {self.burst}
            [[sources]]
            id = "wire"
            kind = "archive"
            path = "wire.txt"
            every = "1m"
            [telegram]
            rich = false
            api_url = "{self._url("telegram", self.telegram.url)}"
            moderators = [{self.moderator.id}]
            [discord]
            api_url = "{self._url("discord", self.discord.api_url)}"
            """,
            "utf-8",
        )

    @property
    def _store(self) -> str:
        """What the configuration says of the store."""
        return 'path = "store/news.db"'

    @property
    def _environment(self) -> dict[str, str]:
        """What the configuration asks of the environment, beside the tokens."""
        return {}

    def _url(self, platform: str, own: str) -> str:
        return self.networks[platform].url if platform in self.networks else own

    def publish(self, count: int) -> None:
        """The archive gets more stories, all at once."""
        self.stories += count
        today = datetime.now(UTC)
        text = "".join(
            f"Story {n} breaks\n\nOSAKA, {today:%b. %d, %Y}—This is what story {n} says.\n\n###\n"
            for n in range(self.stories)
        )
        fresh = self.folder / "wire.new"
        fresh.write_text(text, "utf-8")
        fresh.replace(self.folder / "wire.txt")

    async def loads(self) -> None:
        """A moderator has the sources looked at, until the store knows all stories."""
        chat = self.telegram.private(self.moderator)
        for turn in range(int(_PATIENCE / _LOOK)):
            if self.known() >= self.stories:
                return
            if turn % _ASKED == 0:  # whoever was asked may have been killed since
                await self.moderator.says(chat, "/reload")
            await asyncio.sleep(_LOOK)
        raise AssertionError(self.log[-4000:])

    def _command(self, *what: str) -> Sequence[str]:
        return (sys.executable, "-m", "bot.cli", "--config", str(self.config), *what)

    async def begin(self, *point: str) -> None:
        """Runs the bot; with a point, one that dies there."""
        command = self._command("run")
        if self.has_wrong_clock:
            command = (
                sys.executable,
                str(CLOCKED),
                *map(str, (self.config, self._offset, self._fault)),
            )
        if point:
            command = (sys.executable, str(KILLED), str(self.config), *point)
        self.begun.append(time.monotonic())
        self._asked_before = len(self._asked_for_updates())
        with (self.folder / "log.txt").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command, env={**os.environ, **self._tokens}, stdout=log, stderr=log
            )

    @property
    def _tokens(self) -> dict[str, str]:
        tokens = {"DATELINE_TELEGRAM_TOKEN": self.telegram.token}
        return tokens | ({"DATELINE_DISCORD_TOKEN": TOKEN} if self.chats["discord"] else {})

    @property
    def _offset(self) -> Path:
        return self.folder / "offset.txt"

    @property
    def _fault(self) -> Path:
        return self.folder / "fault.txt"

    def break_loops(self, reason: str) -> None:
        """Lets every loop that looks for what is due fail, with a clock that can be set."""
        self._fault.write_text(reason, "ascii")

    def mend_loops(self) -> None:
        """Lets the loops go on, once they have been begun anew."""
        self._fault.unlink(missing_ok=True)

    async def serves(self) -> None:
        """Waits until the process that was begun last asks Telegram for updates, or is dead."""
        assert self.process
        before = self._asked_before
        while self.process.returncode is None and len(self._asked_for_updates()) <= before:
            await asyncio.sleep(_LOOK)

    def _asked_for_updates(self) -> Sequence[object]:
        return self.telegram.made("getUpdates")

    def set_clock(self, seconds: float) -> None:
        """Makes the process's wall clock wrong by so much."""
        fresh = self.folder / "offset.new"
        fresh.write_text(str(seconds), "ascii")
        fresh.replace(self._offset)

    def fill_disk(self) -> None:
        """Fills the store's disk or, where it has none of its own, lets none of its files grow."""
        if self.has_small_disk:
            fill_disk(self.database.parent)
            return
        self._limit_files(max(path.stat().st_size for path in self.database.parent.iterdir()))

    async def free_disk(self) -> None:
        """Lets it write again; begins a process anew that a full disk has ended."""
        if self.has_small_disk:
            empty_disk(self.database.parent)
        self._limit_files(resource.RLIM_INFINITY)
        if self.process and self.process.returncode == _STORE_TROUBLE:
            await self.begin()

    def _limit_files(self, size: int) -> None:
        if self.process and self.process.returncode is None:
            limits = (size, resource.RLIM_INFINITY)
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, limits)

    async def kill(self) -> None:
        """Kills the process, unless it is dead."""
        assert self.process
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.died()

    async def died(self) -> None:
        """Waits until the process is dead."""
        assert self.process
        code = await asyncio.wait_for(self.process.wait(), _PATIENCE)
        is_full = code == _STORE_TROUBLE and "full" in self.log.splitlines()[-1]
        assert code == -signal.SIGKILL or is_full, f"{code}\n{self.log[-4000:]}"
        self.kills += not is_full

    async def end(self) -> None:
        """Lets the process end as an operator would."""
        if self.process and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()

    @property
    def log(self) -> str:
        """What the processes have logged."""
        return (self.folder / "log.txt").read_text("utf-8")

    def tracebacks(self) -> list[str]:
        """The last lines of the tracebacks in the log: what was raised."""
        return _TRACEBACK.findall(self.log)

    def known(self) -> int:
        """How many stories the store has."""
        return int(self._rows("SELECT count(*) FROM stories")[0][0])

    def fate(self) -> Fate:
        """What the store knows of the posts."""
        rows = self._rows(
            "SELECT platform, chat, title, outbox.doubts + deaths, state FROM outbox"
            " JOIN stories ON stories.id = story"
        )
        doubts = {
            (platform, int(chat.partition(":")[2]), title): count
            for platform, chat, title, count, _ in rows
        }
        return Fate(doubts, Counter(state for *_, state in rows))

    def _rows(self, sql: str) -> list[tuple[str, str, str, int, str]]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as store:
            return store.execute(sql).fetchall()

    def accepted(self) -> Counter[Post]:
        """What the platforms took, and how often."""
        posts = Counter[Post]()
        for chat, text in self._took("telegram"):
            posts.update(("telegram", chat, title) for title in _HEADLINE.findall(text)[:1])
        for chat, text in self._took("discord"):
            posts.update(("discord", chat, title) for title in _HEADLINE.findall(text)[:1])
        return posts

    def _took(self, platform: str) -> Iterable[tuple[int, str]]:
        if platform == "telegram":
            return [(one.chat, one.text) for one in self.telegram.accepted]
        return [(self._chat_of(one.channel), " ".join(one.says)) for one in self.discord.accepted]

    def _chat_of(self, channel: int) -> int:
        """The channel itself or, of a thread, the forum that it is a post of."""
        parent = self.discord.world.channels[channel].parent
        return parent.id if parent and parent.kind == FORUM else channel

    def messages(self, platform: str) -> Iterable[tuple[int, float, Sequence[str]]]:
        """The messages that a platform took: the chat, when, and the headlines in it."""
        if platform == "telegram":
            took = [(one.chat, one.at, one.text) for one in self.telegram.accepted]
        else:
            world = self.discord.world.channels
            took = [
                (one.channel, one.at, str(world[one.channel].messages[one.message].body))
                for one in self.discord.accepted
            ]
        return [(chat, at, sorted({*_HEADLINE.findall(text)})) for chat, at, text in took]

    def unsent(self) -> list[tuple[str, str, str, int, str]]:
        """The rows of stories that have not been sent, by themselves or with a digest."""
        return self._rows(
            "SELECT part.platform, part.chat, part.key, part.row, coalesce(whole.state, part.state)"
            " FROM outbox AS part LEFT JOIN outbox AS whole ON whole.row = part.digest"
            " WHERE part.kind = 'story' AND coalesce(whole.state, part.state) <> 'sent'"
        )

    def in_large_digests(self, least: int) -> set[Post]:
        """Posts in digests of at least so many stories, which name not all of them."""
        rows = self._rows(
            "SELECT platform, chat, title, digest, '' FROM outbox JOIN stories"
            " ON stories.id = story WHERE digest IS NOT NULL"
        )
        sizes = Counter(digest for *_, digest, _ in rows)
        return {
            (platform, int(chat.partition(":")[2]), title)
            for platform, chat, title, digest, _ in rows
            if sizes[digest] >= least
        }

    def wanted(self) -> set[Post]:
        """What is to be taken in the end; the first story was there at the first load."""
        return {
            (platform, chat, f"Story {n} breaks")
            for platform, ids in self.chats.items()
            for chat in ids
            for n in range(1, self.stories)
        }

    async def until(self, true: Callable[[], bool]) -> None:
        """Waits until something is true."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while not true():
            assert asyncio.get_running_loop().time() < deadline, self.log[-4000:]
            # A process that is killed tells nobody when it has done something.
            await asyncio.sleep(_LOOK)

    async def settled(self) -> None:
        """Waits until all that is wanted has been taken, and the store knows it."""
        wanted = self.wanted()
        await self.until(lambda: wanted <= self.accepted().keys())
        await self.until(lambda: self.fate().states.keys() <= {"sent"})

    def check(self) -> tuple[int, int]:
        """Nothing was lost, and nothing came twice but where that could not be helped.

        Returns:
            How many posts came more than once on Telegram, and how many were ever in doubt there.
        """
        accepted, fate = self.accepted(), self.fate()
        assert self.wanted() - accepted.keys() == set(), "lost"
        twice = {post: count for post, count in accepted.items() if count > 1}
        assert [post for post in twice if post[0] == "discord"] == []
        a_chat = Counter(post[1] for post in twice for _ in range(twice[post] - 1))
        assert max(a_chat.values(), default=0) <= self.kills
        for post, count in twice.items():
            assert count <= 1 + fate.doubts[post], post  # none that was not on its way
        in_doubt = sum(count > 0 for post, count in fate.doubts.items() if post[0] == "telegram")
        return sum(count - 1 for count in twice.values()), in_doubt
