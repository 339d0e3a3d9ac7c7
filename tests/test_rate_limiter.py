"""The rate limiter of a platform, in time that a test lets pass."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from times import FreeTime, settle

from bot.posting.fair_share import SharedRate
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits
from bot.posting.rates import Flow, TokenBucket, TrafficClass

ALMOST = 1e-6  # seconds


def _rate(chat: str) -> Rate:
    return Rate(5, 10.0) if chat.startswith("group") else Rate(2, 1.0)


def _rate_of_posts(chat: str) -> Rate:
    return Rate(3, 10.0) if chat.startswith("group") else Rate(1, 1.0)


PACE = RateLimits(Rate(6, 1.0), Rate(4, 1.0), _rate, _rate_of_posts)


@dataclass
class Sending:
    """A pacer, and all that was sent at its pace.

    Attributes:
        sent: When, `reply` or `post`, and to which chat.
        waiting: The chats of replies that wait.
        held: For every post the chats of the replies that waited when it was sent.
        pauses: Chat, from when and until when.
    """

    time: FreeTime
    rate_limiter: RateLimiter
    sent: list[tuple[float, str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    held: list[tuple[float, list[str]]] = field(default_factory=list)
    pauses: list[tuple[str, float, float]] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def reply(self, chat: str) -> asyncio.Task[None]:
        return self._begun(self._reply(chat))

    def post(self, chat: str) -> asyncio.Task[None]:
        return self._begun(self._post(chat))

    def pause(self, chat: str, seconds: float) -> None:
        now = self.time.monotonic()
        self.pauses.append((chat, now, now + seconds))
        self.rate_limiter.pause(chat, seconds)

    def times(self, kind: str, chat: str = "") -> list[float]:
        return [at for at, k, c in self.sent if kind in {k, ""} and chat in {c, ""}]

    def free(self, chat: str, now: float) -> bool:
        """Whether nothing but the overall rate kept a reply to this chat from being sent."""
        if any(c == chat and begun <= now < end for c, begun, end in self.pauses):
            return False
        rate = _rate(chat)
        before = [at for at in self.times("", chat) if now - rate.seconds + ALMOST < at <= now]
        return len(before) < rate.count

    def _begun(self, work: object) -> asyncio.Task[None]:
        assert asyncio.iscoroutine(work)
        self.tasks.append(asyncio.create_task(work))
        return self.tasks[-1]

    async def _reply(self, chat: str) -> None:
        self.waiting.append(chat)
        try:
            await self.rate_limiter.acquire_reply(chat)
            self.sent.append((self.time.monotonic(), "reply", chat))
        finally:
            self.waiting.remove(chat)

    async def _post(self, chat: str) -> None:
        await self.rate_limiter.acquire_post(chat)
        now = self.time.monotonic()
        self.held.append((now, [one for one in self.waiting if self.free(one, now)]))
        self.sent.append((now, "post", chat))


@pytest.fixture
def sending() -> Sending:
    return _sending()


def _sending() -> Sending:
    time = FreeTime()
    return Sending(time, RateLimiter(time, PACE, time.sleep))


def _keeps(times: Sequence[float], rate: Rate) -> bool:
    """Whether no window of the rate's length holds more than it allows."""
    pairs = zip(times, times[rate.count :], strict=False)
    return all(later - first >= rate.seconds - ALMOST for first, later in pairs)


async def test_what_fits_is_sent_at_once_and_the_rest_as_soon_as_it_does(sending: Sending) -> None:
    for n in range(14):
        sending.reply(f"chat {n}")
    await sending.time.pass_until(10)
    assert sending.times("reply") == pytest.approx([0.0] * 6 + [1.0] * 6 + [2.0] * 2)


async def test_posts_leave_room_for_replies(sending: Sending) -> None:
    for n in range(9):
        sending.post(f"chat {n}")
    await settle()
    assert len(sending.times("post")) == 4
    for n in range(2):
        sending.reply(f"other {n}")
    await settle()
    assert sending.times("reply") == [0.0, 0.0]
    await sending.time.pass_until(10)
    assert sending.times("post") == pytest.approx([0.0] * 4 + [1.0] * 4 + [2.0])


async def test_a_post_that_wakes_first_leaves_the_turn_to_the_reply_that_waits(
    sending: Sending,
) -> None:
    for n in range(6):
        sending.reply(f"chat {n}")
    await settle()
    sending.post("news")  # sleeps until the same moment as the reply, and is woken before it
    await settle()
    for n in range(6):
        sending.reply(f"late {n}")
    await sending.time.pass_until(5)
    assert sending.times("reply") == pytest.approx([0.0] * 6 + [1.0] * 6)
    assert sending.times("post")[0] >= 2.0 - ALMOST


async def test_a_post_that_appears_just_then_leaves_the_turn_to_the_reply_that_waits(
    sending: Sending,
) -> None:
    for n in range(12):
        sending.reply(f"chat {n}")
    await settle()
    sending.time.pass_(1.0)  # there is room, but the replies have not woken yet
    sending.post("news")
    await settle()
    assert sending.times("post") == []
    await sending.time.pass_until(5)
    assert len(sending.times("reply")) == 12
    assert len(sending.times("post")) == 1


async def test_within_a_chat_too_the_reply_goes_before_the_post(sending: Sending) -> None:
    sending.reply("chat")
    sending.reply("chat")
    await settle()
    sending.post("chat")
    await settle()
    sending.reply("chat")
    await sending.time.pass_until(0.999)
    sending.reply("chat")
    await sending.time.pass_until(9)
    assert sending.times("reply", "chat") == pytest.approx([0.0, 0.0, 1.0, 1.0])
    assert sending.times("post", "chat") == pytest.approx([2.0], abs=0.5)


async def test_a_paused_chat_gets_nothing_and_delays_no_other(sending: Sending) -> None:
    sending.pause("angry", 60.0)
    sending.pause("angry", 5.0)  # a shorter pause does not end the longer one
    sending.reply("angry")
    sending.post("angry")
    for n in range(20):
        sending.post(f"chat {n}")
    for n in range(2):
        sending.reply(f"chat {n}")
    await sending.time.pass_until(59.9)
    assert sending.times("reply") == [0.0] * 2
    assert sending.times("post")[-1] <= 5.0
    assert len(sending.times("post")) == 20
    assert sending.times("", "angry") == []
    await sending.time.pass_until(70)
    assert sending.times("reply", "angry") == pytest.approx([60.0])
    assert len(sending.times("post", "angry")) == 1


async def test_a_paused_chat_whose_reply_waits_does_not_slow_the_posts_to_others(
    sending: Sending,
) -> None:
    sending.pause("angry", 60.0)
    sending.reply("angry")
    for n in range(6):
        sending.reply(f"chat {n}")
    await settle()
    sending.post("news")
    await sending.time.pass_until(5)
    assert sending.times("post", "news") == pytest.approx([1.0])


async def test_whoever_is_cancelled_is_not_counted_and_holds_nobody_up(sending: Sending) -> None:
    for n in range(6):
        sending.reply(f"chat {n}")
    await settle()
    given_up = [sending.reply("group"), sending.reply("chat 9"), sending.post("news")]
    await sending.time.pass_until(0.5)
    for task in given_up:
        task.cancel()
    await asyncio.gather(*given_up, return_exceptions=True)
    await sending.time.pass_until(1.0)
    for n in range(4):
        sending.post(f"chat {n}")
    for n in range(2):
        sending.reply(f"other {n}")
    await settle()
    assert sending.times("post") == [1.0] * 4
    assert sending.times("reply")[6:] == [1.0] * 2


async def test_a_chat_is_forgotten_only_when_it_may_be_written_to_freely() -> None:
    time = FreeTime()
    slow = Rate(1, 3_600.0)
    rate_limiter = RateLimiter(
        time, RateLimits(Rate(10_000, 1.0), slow, lambda _: slow, lambda _: slow), time.sleep
    )
    await rate_limiter.acquire_reply("slow")
    time.pass_(600.0)
    for n in range(4_200):
        await rate_limiter.acquire_reply(f"chat {n}")
    again = asyncio.create_task(rate_limiter.acquire_reply("slow"))
    await settle()
    assert not again.done()
    await time.pass_until(3_601.0)
    assert again.done()


async def test_a_chat_tells_when_a_post_may_go_there_whatever_goes_on_elsewhere(
    sending: Sending,
) -> None:
    for n in range(6):
        sending.reply(f"chat {n}")
    await settle()
    assert (
        sending.rate_limiter.post_delay("news") == 0.0
    )  # though nothing at all may be sent just now
    assert sending.rate_limiter.post_delay("chat 0") == pytest.approx(1.0)
    await sending.time.pass_until(0.4)
    assert sending.rate_limiter.post_delay("chat 0") == pytest.approx(0.6)
    sending.pause("chat 0", 30.0)
    sending.pause("news", 2.0)
    assert sending.rate_limiter.post_delay("chat 0") == pytest.approx(30.0)
    assert sending.rate_limiter.post_delay("news") == pytest.approx(2.0)
    await sending.time.pass_until(31.0)
    assert (
        sending.rate_limiter.post_delay("chat 0") == sending.rate_limiter.post_delay("news") == 0.0
    )


async def test_posts_go_in_the_order_in_which_they_came(sending: Sending) -> None:
    for n in range(20):
        sending.post(f"chat {n}")
    await sending.time.pass_until(10)
    assert [chat for _, _, chat in sending.sent] == [f"chat {n}" for n in range(20)]


async def test_a_chat_that_is_paused_while_its_post_waits_for_a_turn_delays_no_other(
    sending: Sending,
) -> None:
    for n in range(4):
        sending.post(f"chat {n}")
    await settle()
    sending.post("angry")
    for n in range(4):
        sending.post(f"late {n}")
    await settle()
    sending.pause("angry", 60.0)
    await sending.time.pass_until(59.9)
    assert sending.times("post") == pytest.approx([0.0] * 4 + [1.0] * 4)
    await sending.time.pass_until(70)
    assert sending.times("post", "angry") == pytest.approx([60.0])


async def test_posts_that_are_woken_late_keep_the_pace_all_the_same() -> None:
    time, pace = FreeTime(), Rate(3, 0.1)
    sent: list[float] = []

    async def sleep(seconds: float) -> None:
        await time.sleep(seconds + 0.005)

    async def post(chat: str) -> None:
        await rate_limiter.acquire_post(chat)
        sent.append(time.monotonic())

    rate_limiter = RateLimiter(time, RateLimits(Rate(60, 2.0), pace, _rate, _rate_of_posts), sleep)
    posts = [asyncio.create_task(post(f"chat {n}")) for n in range(300)]
    await time.pass_until(20.0)
    assert all(task.done() for task in posts)
    assert 9.8 <= sent[-1] <= 10.1
    assert _keeps(sent, Rate(2 * pace.count, pace.seconds))
    assert _keeps(sent, Rate(60, 2.0))


async def test_posts_make_up_for_what_a_busy_machine_has_held_up() -> None:
    time, pace = FreeTime(), Rate(4, 0.125)
    sent: list[float] = []

    async def post(chat: str) -> None:
        await rate_limiter.acquire_post(chat)
        sent.append(time.monotonic())
        if len(sent) % 16 == 0:  # nobody naps then, so no nap is too long
            time.pass_(0.1875)

    limits = RateLimits(Rate(40, 1.0), pace, _rate, _rate_of_posts)
    rate_limiter = RateLimiter(time, limits, time.sleep)
    posts = [asyncio.create_task(post(f"chat {n}")) for n in range(320)]
    await time.pass_until(20.0)
    assert all(task.done() and task.exception() is None for task in posts)
    assert sent[-1] <= 10.3
    assert _keeps(sent, Rate(40, 1.0))


async def test_what_comes_after_a_rest_makes_up_for_none(sending: Sending) -> None:
    for n in range(8):
        sending.post(f"chat {n}")
    await sending.time.pass_until(60.0)
    for n in range(12):
        sending.post(f"late {n}")
    await sending.time.pass_until(70.0)
    late = [at for at in sending.times("post") if at >= 60.0]
    assert late == pytest.approx([60.0] * 4 + [61.0] * 4 + [62.0] * 4)


async def test_however_many_posts_wait_few_are_woken() -> None:
    time, naps = FreeTime(), 0

    async def sleep(seconds: float) -> None:
        nonlocal naps
        naps += 1
        await time.sleep(seconds)

    rate_limiter = RateLimiter(time, PACE, sleep)
    posts = [asyncio.create_task(rate_limiter.acquire_post(f"chat {n}")) for n in range(400)]
    await time.pass_until(200.0)
    assert all(post.done() for post in posts)
    assert naps <= len(posts)


# Turns in a chat


def _limiter(rate: TokenBucket | SharedRate) -> tuple[FreeTime, RateLimiter]:
    time, fast = FreeTime(), Rate(1_000, 1.0)
    limits = RateLimits(fast, fast, lambda _: rate, lambda _: fast)
    return time, RateLimiter(time, limits, time.sleep)


async def test_a_burst_goes_at_once_and_then_one_a_second() -> None:
    time, rate_limiter = _limiter(TokenBucket(10, 1.0))
    sent: list[float] = []

    async def page() -> None:
        await rate_limiter.acquire_reply("ada")
        sent.append(time.monotonic())

    pages = [asyncio.create_task(page()) for _ in range(14)]
    await time.pass_until(30.0)
    assert sent == pytest.approx([0.0] * 10 + [1.0, 2.0, 3.0, 4.0])
    pages += [asyncio.create_task(page()) for _ in range(11)]
    await time.pass_until(40.0)
    assert sent[14:] == pytest.approx([30.0] * 10 + [31.0])
    assert all(one.done() for one in pages)


@pytest.mark.parametrize("pause", [0.2, 0.5, 1.0])
async def test_turning_pages_fast_never_stalls_for_three_seconds(pause: float) -> None:
    time, rate_limiter = _limiter(TokenBucket(10, 1.0))
    for _ in range(100):
        asked = time.monotonic()
        turning = asyncio.create_task(rate_limiter.acquire_reply("ada"))
        while not turning.done():
            await time.pass_until(time.monotonic() + 0.1)
        assert time.monotonic() - asked <= 1.0 + ALMOST + 0.1
        await time.pass_until(time.monotonic() + pause)


async def test_who_waits_in_a_chat_goes_in_the_order_in_which_they_came() -> None:
    time, rate_limiter = _limiter(SharedRate(5, 60.0))
    order: list[str] = []

    async def ask(person: str) -> None:
        await rate_limiter.acquire_reply("-1", Flow(TrafficClass.READERS, person))
        order.append(person)

    asking = []
    for n in range(12):
        asking.append(asyncio.create_task(ask(f"{n}")))
        await time.pass_until(time.monotonic() + 0.7)
    await time.pass_until(300.0)
    assert order == [f"{n}" for n in range(12)]
    assert all(one.done() for one in asking)


async def test_a_turn_is_there_at_once_or_not_and_never_before_those_who_wait() -> None:
    time, rate_limiter = _limiter(SharedRate(2, 60.0))
    ada, bob, eve = (Flow(TrafficClass.READERS, name) for name in ("ada", "bob", "eve"))
    first = rate_limiter.try_reply("-1", ada)
    assert first is not None
    assert rate_limiter.try_reply("-1", bob) is not None
    assert rate_limiter.try_reply("-1", eve) is None
    assert rate_limiter.reply_wait("-1", eve) == pytest.approx(60.0)
    waiting = asyncio.create_task(rate_limiter.acquire_reply("-1", eve))
    await settle()
    rate_limiter.give_back(first)
    assert rate_limiter.try_reply("-1", bob) is None  # eve came before
    await time.pass_until(2.0)
    assert waiting.done()


async def test_a_turn_that_was_given_to_nobody_any_more_is_given_back() -> None:
    _, rate_limiter = _limiter(SharedRate(1, 60.0))
    held = rate_limiter.try_reply("-1")
    assert held is not None
    with rate_limiter.queue_reply("-1") as place:
        assert await rate_limiter.turn(place, 0.0) is None
        rate_limiter.give_back(held)
        assert rate_limiter.try_reply("-1") is None  # it is the place's
    assert rate_limiter.try_reply("-1") is not None


async def test_patience_has_an_end() -> None:
    time, rate_limiter = _limiter(SharedRate(1, 60.0))
    await rate_limiter.acquire_reply("-1")
    with rate_limiter.queue_reply("-1") as place:
        waiting = asyncio.create_task(rate_limiter.turn(place, 5.0))
        await time.pass_until(4.9)
        assert not waiting.done()
        await time.pass_until(5.1)
        assert await waiting is None
        again = asyncio.create_task(rate_limiter.turn(place))
        await time.pass_until(61.0)
        assert await again is not None


async def test_a_message_counts_from_its_arrival_on() -> None:
    time, rate_limiter = _limiter(SharedRate(1, 60.0))
    turn = rate_limiter.try_reply("-1")
    with rate_limiter.sending(turn):
        time.pass_(70.0)
        assert rate_limiter.try_reply("-1") is None
    assert rate_limiter.reply_wait("-1") == pytest.approx(60.0)
    time.pass_(60.0)
    await rate_limiter.acquire_post("-1")
    with rate_limiter.sending(rate_limiter.last_post("-1")):
        time.pass_(10.0)
    assert rate_limiter.reply_wait("-1") == pytest.approx(60.0)
    assert rate_limiter.last_post("elsewhere") is None


CHATS = st.sampled_from(["a", "b", "c", "group 1", "group 2"])
STEPS = st.one_of(
    st.tuples(st.just("reply"), CHATS, st.just(0.0)),
    st.tuples(st.just("post"), CHATS, st.just(0.0)),
    st.tuples(st.just("pause"), CHATS, st.sampled_from([0.5, 3.0, 20.0])),
    st.tuples(st.just("cancel"), CHATS, st.just(0.0)),
    st.tuples(st.just("time"), CHATS, st.sampled_from([0.0, 0.1, 0.3, 1.0, 2.5])),
)


async def _run(steps: Sequence[tuple[str, str, float]]) -> Sending:
    sending = _sending()
    for step, chat, seconds in steps:
        match step:
            case "reply":
                sending.reply(chat)
            case "post":
                sending.post(chat)
            case "pause":
                sending.pause(chat, seconds)
            case "cancel" if sending.tasks:
                sending.tasks[len(sending.tasks) // 2].cancel()
            case _:
                await sending.time.pass_until(sending.time.monotonic() + seconds)
    await sending.time.pass_until(sending.time.monotonic() + 1_000.0)
    assert all(task.done() for task in sending.tasks)
    return sending


@given(st.lists(STEPS, max_size=80))
@example([("reply", "a", 0.0), ("post", "a", 0.0), ("reply", "a", 0.0), ("pause", "a", 0.5)])
def test_every_promise_is_kept_whatever_comes(steps: list[tuple[str, str, float]]) -> None:
    sending = asyncio.run(_run(steps))
    assert len(sending.sent) == sum(not task.cancelled() for task in sending.tasks)
    assert _keeps(sending.times(""), PACE.overall)
    assert _keeps(sending.times("post"), PACE.posts)
    for chat in {chat for _, _, chat in sending.sent}:
        assert _keeps(sending.times("", chat), _rate(chat))
        assert _keeps(sending.times("post", chat), _rate_of_posts(chat))
    for chat, begun, end in sending.pauses:
        assert not [at for at in sending.times("", chat) if begun < at < end - ALMOST]
    # One that was sent at the same moment had its turn already, and was only not awake yet.
    held = [(at, chat) for at, chats in sending.held for chat in chats]
    assert [one for one in held if one[0] not in sending.times("reply", one[1])] == []
