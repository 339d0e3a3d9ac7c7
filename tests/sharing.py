"""Several processes over one PostgreSQL, each with a line to it of its own, all in trouble."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from killing import Bureau
from postgres_server import PostgresServer
from relay import Relay
from stories import filed, story
from typing_extensions import override

from bot.ingest.batch import StoryBatch
from bot.posting.model import RoutedPost
from store.postgres.platform_lock import lock_key
from store.postgres.store import PostgresStore

DURABLE = ("fsync=off", "synchronous_commit=on", "full_page_writes=off")
"""Settings of a server that is killed, on a machine that is not."""

_HOLDERS = """
    SELECT DISTINCT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted
"""
_LOOK = 0.1  # seconds
_SKEW = 0.5  # seconds in which a request that was on its way may arrive


@dataclass(frozen=True)
class Break:
    """Something that ends sending: a crash, or what looks like one.

    Attributes:
        number: The same for all moments of one crash.
        at: When, by the monotonic clock.
    """

    number: int
    at: float


@dataclass
class Member:
    """One of the processes.

    Attributes:
        name: As the database sees it.
        line: Its line to the database.
        log: Where it logs.
        process: The process; None when there is none.
    """

    name: str
    line: Relay
    log: Path
    process: asyncio.subprocess.Process | None = None

    def send(self, number: int) -> None:
        """Sends it a signal, unless it has ended."""
        if self.process and self.process.returncode is None:
            self.process.send_signal(number)


@dataclass
class SharedBureau(Bureau):
    """A bureau of several processes.

    Attributes:
        server: The database.
        members: The processes.
        breaks: Everything that ended sending, in order.
    """

    server: PostgresServer = field(kw_only=True)
    members: list[Member] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    _crashes: int = 0

    @property
    @override
    def _store(self) -> str:
        return 'url = "env:DATELINE_STORE_URL"'

    @property
    @override
    def _environment(self) -> dict[str, str]:
        return {"DATELINE_STORE_URL": self.server.url()}

    async def add(self) -> None:
        """Adds a process, which is not begun yet."""
        line = Relay(self.server.url())
        await line.return_()
        name = f"desk-{len(self.members) + 1}"
        self.members.append(Member(name, line, self.folder / f"{name}.log"))

    async def write(self, store: PostgresStore) -> None:
        """Writes one more story, with a post for each chat, as a poll does.

        Raises:
            StoreError: The database is away; it may be written again.
        """
        now = datetime.now(UTC)
        one = story(f"Story {self.stories} breaks", "This is what it says.", published=now)
        _, followed = await store.subscriptions.since(0)
        posts = [RoutedPost(one.id, each, (), now, waiting=False) for each in followed]
        await store.ingest.write(StoryBatch(filed([one]), now, posts))
        self.stories += 1

    async def run(self, member: Member) -> None:
        """Begins a process."""
        url = f"{member.line.url}?application_name={member.name}"
        environment = {**os.environ, **self._tokens, "DATELINE_STORE_URL": url}
        with member.log.open("ab") as log:
            member.process = await asyncio.create_subprocess_exec(
                *self._command("run"), env=environment, stdout=log, stderr=log
            )

    async def kill_member(self, member: Member) -> None:
        """Kills a process."""
        assert member.process
        member.send(signal.SIGKILL)
        await member.process.wait()
        self.kills += 1
        self.note_crash()

    @override
    async def end(self) -> None:
        for member in self.members:
            member.send(signal.SIGCONT)
            member.send(signal.SIGTERM)
        for member in self.members:
            if member.process:
                await member.process.wait()
            await member.line.go_away(0)

    def note_crash(self, *, same: bool = False) -> None:
        """Notes that sending ended just now; `same` for another moment of the last crash."""
        self._crashes += not same
        self.breaks.append(Break(self._crashes, time.monotonic()))

    def holders(self) -> set[str]:
        """The names of the processes that may post somewhere."""
        return {name for (name,) in self._rows(_HOLDERS)}

    def keeps_session(self) -> bool:
        """Tells if what Discord's session began with is in the database."""
        return bool(self._rows("SELECT 1 FROM shard_sessions"))

    async def holder(self, platform: str) -> Member:
        """Waits until somebody has the right to post on a platform, and returns who that is."""
        query = f"{_HOLDERS} AND CAST(objid AS BIGINT) = {lock_key(platform) & 0xFFFFFFFF}"
        while not (names := self._rows(query)):
            await asyncio.sleep(_LOOK)
        return next(one for one in self.members if one.name == names[0][0])

    @property
    @override
    def log(self) -> str:
        return "\n".join(one.log.read_text("utf-8") for one in self.members if one.log.exists())

    @override
    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Reads from the database; an empty answer while it is away."""
        try:
            with psycopg.connect(self.server.url(), autocommit=True) as connection:
                return connection.execute(sql.encode()).fetchall()
        except psycopg.OperationalError:
            return []

    @override
    def known(self) -> int:
        return int((self._rows("SELECT count(*) FROM stories") or [(0,)])[0][0])

    def repeats(self, platform: str) -> Iterator[tuple[int, str, float, float]]:
        """Yields what came again: the chat, the headline, when it came, and when again."""
        last = dict[tuple[int, str], float]()
        for chat, at, titles in sorted(self.messages(platform), key=lambda message: message[1]):
            for title in titles:
                if (chat, title) in last:
                    yield chat, title, last[chat, title], at
                last[chat, title] = at

    def repeats_by_crash(self, platform: str) -> Counter[tuple[int, int]]:
        """Counts, by chat and crash, what came again; that is of the last crash before.

        Something that came again without one was sent twice for no reason.
        """
        counts = Counter[tuple[int, int]]()
        for chat, title, first, again in self.repeats(platform):
            causes = [one for one in self.breaks if first - _SKEW <= one.at <= again]
            assert causes, (chat, title, first, again)
            counts[chat, causes[-1].number] += 1
        return counts

    def out_of_order(self) -> list[tuple[str, int, Sequence[str]]]:
        """The chats whose posts came in another order than they stand in the outbox."""
        wanted = defaultdict[tuple[str, int], list[str]](list)
        for platform, chat, title in self._rows(
            "SELECT platform, chat, title FROM outbox JOIN stories ON stories.id = story"
            " WHERE digest IS NULL AND kind = 'story' ORDER BY outbox.row"
        ):
            wanted[platform, int(chat.partition(":")[2])].append(title)
        came = defaultdict[tuple[str, int], dict[str, float]](dict)
        for platform in self.chats:
            for chat, at, titles in self.messages(platform):
                for title in titles:
                    came[platform, chat].setdefault(title, at)
        return [
            (*place, titles)
            for place, titles in wanted.items()
            if sorted(titles, key=lambda title: came[place].get(title, 0.0)) != titles
        ]

    async def until_held(self) -> None:
        """Waits until somebody may post."""
        while not self.holders():
            await asyncio.sleep(_LOOK)
