"""What the operator is told: each trouble once, its end once, and never again after a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from feed_server import Answer, FeedServer
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import TestDesk, desk_over
from outboxes import at_once, claim_next, comes, follow, mark
from stories import NOW, HandClock

from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from bot.config.load import read_config
from bot.errors import ConfigError
from bot.i18n import load
from bot.ingest.results import LoadReport, SourceState
from bot.model import Chat
from bot.monitoring.alerts.conditions import conditions
from bot.monitoring.alerts.decision import decide
from bot.monitoring.alerts.model import AlertKind, AlertLimits, Condition, Known
from bot.monitoring.alerts.watcher import AlertWatcher
from bot.monitoring.clock_offset import ClockOffsets
from bot.monitoring.model import DiskSpace, StoreStatus
from bot.posting.model import Delivery, Failure, PostKind, Retry
from bot.secrets import SECRETS

TOLD = (Chat("scripted", "operator"), Chat("other", "-5"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Watched:
    """A desk that is watched, and what its operator was told."""

    def __init__(self, desk: TestDesk, free: int = 0) -> None:
        self.desk = desk
        self.offsets = ClockOffsets(desk.clock)
        self.watcher = AlertWatcher(
            store=desk.store,
            clock=desk.clock,
            offsets=self.offsets,
            words=load("en"),
            sources={"wire": "The Wire", "other": "Other News"},
            chats=TOLD,
            limits=AlertLimits(free),
            wake=lambda: None,
        )

    async def told(self) -> list[str]:
        """Looks, and returns what each chat was told: one and the same."""
        await self.watcher.look()
        texts: list[list[str]] = []
        for chat in TOLD:
            lines: list[str] = []
            for post in await self.desk.store.outbox.due(chat.platform, self.desk.clock.now(), 100):
                if post.chat == chat and post.kind is PostKind.NOTICE:
                    await self.desk.store.outbox.claim(
                        chat.platform, [post.id], self.desk.clock.now()
                    )
                    await mark(self.desk.store, Delivery(post.id, "1"), self.desk.clock.now())
                    lines += post.text.splitlines()
            texts.append(lines)
        assert texts[0] == texts[1]
        return texts[0]

    async def polled(self, error: str = "", failures: int = 0) -> None:
        report = LoadReport("wire", self.desk.clock.now(), error=error, failures=failures)
        await self.desk.store.sources.finish_load(report, "")


@pytest.fixture
def watched(desk: TestDesk) -> Watched:
    return Watched(desk)


async def test_a_source_that_dies_is_told_once_and_so_is_its_recovery(watched: Watched) -> None:
    SECRETS.add("pass-of-the-wire")
    await watched.polled()
    assert await watched.told() == []
    watched.desk.clock.pass_(2 * 24 * 3600)
    await watched.polled("no response", failures=2)
    assert await watched.told() == []  # it fails, but it is not dead yet
    await watched.polled("https://a:pass-of-the-wire@b.example/: no response", failures=3)
    (line,) = await watched.told()
    assert line.startswith("The Wire can no longer be read: https://")
    assert "pass-of" not in line
    for _ in range(3):
        watched.desk.clock.pass_(3600)
        await watched.polled("another reason", failures=9)
        assert await watched.told() == []
    await watched.polled()
    assert await watched.told() == ["The Wire can be read again."]
    assert await watched.told() == []


async def test_nothing_is_told_of_a_source_that_is_paused(watched: Watched) -> None:
    await watched.polled()
    watched.desk.clock.pass_(2 * 24 * 3600)
    await watched.polled("gone", failures=5)
    watched.watcher.paused = lambda: {"wire"}
    assert await watched.told() == []
    watched.watcher.paused = frozenset
    assert len(await watched.told()) == 1  # it is dead still when it is resumed
    watched.watcher.paused = lambda: {"wire"}
    await watched.polled()
    assert await watched.told() == []


async def test_a_restart_tells_nothing_again(tmp_path: Path) -> None:
    clock = HandClock()
    async with desk_over(tmp_path / "dateline.db", clock=clock) as desk:
        first = Watched(desk)
        await first.polled("gone", failures=5)
        assert len(await first.told()) == 1
    clock.pass_(60)
    async with desk_over(tmp_path / "dateline.db", clock=clock) as desk:
        second = Watched(desk)
        assert await second.told() == []
        await second.polled()
        assert await second.told() == ["The Wire can be read again."]


async def test_posts_that_fail_are_told_once_they_have_failed_for_long(watched: Watched) -> None:
    store, clock = watched.desk.store, watched.desk.clock
    one = await follow(store)
    await comes(store, "A", at_once(one))
    post = await claim_next(store)
    await mark(store, Retry(post.id, NOW + DAY, "bad gateway"))
    clock.pass_(300)
    assert await watched.told() == []
    clock.pass_(400)
    assert await watched.told() == ["Posts on Scripted fail: bad gateway"]
    assert await watched.told() == []
    await store.outbox.hasten(post.chat.platform, clock.now())
    post = await claim_next(store, NOW + DAY)
    await mark(store, Delivery(post.id, "7"), clock.now())
    assert await watched.told() == ["Posts on Scripted go out again."]


async def test_posts_that_are_given_up_are_told_and_over_after_a_calm_while(
    watched: Watched,
) -> None:
    store = watched.desk.store
    one = await follow(store)
    await comes(store, "A", at_once(one))
    post = await claim_next(store)
    await mark(store, Failure(post.id, "the message is too long"))
    assert await watched.told() == ["Posts on Scripted fail: the message is too long"]
    watched.desk.clock.pass_(60)
    assert await watched.told() == []
    watched.desk.clock.pass_(3600)
    assert await watched.told() == ["Posts on Scripted go out again."]


async def test_a_full_disk_is_told(desk: TestDesk) -> None:
    (line,) = await Watched(desk, free=2**62).told()
    assert line.startswith("The disk is nearly full: ")
    assert await Watched(desk, free=2**62).told() == []
    desk.clock.pass_(60)
    (line,) = await Watched(desk, free=1).told()
    assert line.startswith("The disk has room again: ")


@pytest.mark.parametrize("seconds", [90, 3 * 3600, -90, -400 * 24 * 3600])
async def test_a_clock_that_is_off_is_told(watched: Watched, seconds: int) -> None:
    now = watched.desk.clock.now()
    for host in "abc":
        watched.offsets.note(host, now - timedelta(seconds=seconds))
    (line,) = await watched.told()
    assert line.startswith("The computer's clock is off by ")
    watched.desk.clock.pass_(3 * 3600)  # nobody has told the time for long
    assert await watched.told() == []
    for host in "def":
        watched.offsets.note(host, watched.desk.clock.now())
    assert await watched.told() == ["The computer's clock is right again."]


@given(st.lists(st.integers(-(10**6), 10**6), max_size=4), st.integers(5, 9))
def test_a_few_wrong_hosts_say_nothing(wrong: list[int], right: int) -> None:
    clock = HandClock()
    offsets = ClockOffsets(clock)
    for n, seconds in enumerate([*wrong, *[0] * right]):
        offsets.note(f"host {n}", clock.now() + timedelta(seconds=seconds))
    assert offsets.offset() == timedelta()


def test_two_hosts_are_too_few_to_tell_the_time() -> None:
    offsets = ClockOffsets(HandClock())
    for host in "aabb":
        offsets.note(host, NOW - DAY)
    assert offsets.offset() is None


@pytest.mark.parametrize("age", [0, 7_200])
async def test_the_time_of_a_server_is_heard_with_every_page(age: int) -> None:
    heard: list[tuple[str, datetime]] = []
    date = datetime(2026, 11, 20, 8, tzinfo=UTC)
    sent = {"Date": f"{date:%a, %d %b %Y %H:%M:%S} GMT", "Age": str(age)}
    async with FeedServer().running() as server:
        url = server.answers("/", Answer(b"x", headers=sent))
        politeness = Politeness(allow_hosts=(server.host,), pause=0.0)
        async with Fetcher(politeness, on_time=lambda *told: heard.append(told)) as fetcher:
            await fetcher.fetch(url)
    assert heard == [("127.0.0.1", date + timedelta(seconds=age))]


EMPTY = StoreStatus(0, 0, 0, 0, 0, (), (), DiskSpace(0, 2**40))
LIMITS = AlertLimits(1_000)


def test_what_is_neither_well_nor_trouble_changes_nothing() -> None:
    resting = SourceState("wire", report=LoadReport("wire", NOW, error="resting", put_off=True))
    for status, state in (
        (replace(EMPTY, disk=DiskSpace(0, 1_001)), None),
        (replace(EMPTY, disk=DiskSpace(0, 1_099)), resting),
    ):
        found = list(conditions(status, {"wire": state}, timedelta(seconds=45), LIMITS, NOW))
        assert found == []


KEYS = st.sampled_from([(AlertKind.SOURCE, "a"), (AlertKind.SOURCE, "b"), (AlertKind.DISK, "")])
LOOKS = st.lists(st.dictionaries(KEYS, st.booleans()), max_size=12)


@given(LOOKS)
def test_each_trouble_is_told_by_turns_as_begun_and_as_over(
    looks: list[dict[tuple[AlertKind, str], bool]],
) -> None:
    known: Known = {}
    history: dict[str, list[bool]] = {}
    for look in looks:
        found = [Condition(*key, is_trouble=bad) for key, bad in look.items()]
        known, told = decide(known, found, {"a", "b"}, NOW)
        for one in told:
            history.setdefault(one.key, []).append(one.is_trouble)
        assert {one.key for one in found if one.is_trouble} <= set(known)
    for turns in history.values():
        assert turns == [n % 2 == 0 for n in range(len(turns))]


def test_a_source_that_is_no_longer_configured_is_forgotten_in_silence() -> None:
    known, told = decide({"source:old": NOW, "disk:": NOW}, [], {"wire"}, NOW)
    assert (set(known), list(told)) == ({"disk:"}, [])


@pytest.mark.parametrize(
    "chat", ["telegram:1", "telegram:-1001234567890", "discord:98765432109876543", "discord:user:7"]
)
def test_chats_are_configured_by_platform_and_id(tmp_path: Path, chat: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[alerts]\nchats = ["{chat}"]\n', "utf-8")
    (model,) = read_config(path, {}).alerts.chats_model()
    assert f"{model.platform}:{model.id}" == chat


@pytest.mark.parametrize(
    "chat", ["", "1", "matrix:1", "telegram:", "telegram:@name", "telegram:user:1", "discord:-1"]
)
def test_what_is_no_chat_is_refused(tmp_path: Path, chat: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[alerts]\nchats = ["{chat}"]\n', "utf-8")
    with pytest.raises(ConfigError, match="expected a chat such as"):
        read_config(path, {})
