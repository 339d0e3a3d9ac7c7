"""Workers, one a platform: they take due posts from the outbox, and start sending them.

How one is sent (claim, commit, send, mark) stands in `bot.posting.sender`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime

from bot.clock import JumpDetector
from bot.errors import PlatformError, PlatformLostError, StoreError
from bot.model import Chat
from bot.posting.admission import PostAdmission
from bot.posting.bursts import BurstLimiter
from bot.posting.context import DeliveryContext, PostingTiming
from bot.posting.counters import PostingCounters
from bot.posting.messenger import Messenger
from bot.posting.model import Post
from bot.posting.monitor import PostingMonitor
from bot.posting.router import FloodLimits
from bot.posting.sender import PostSender
from bot.posting.steady_clock import SteadyClock
from bot.supervision import RestartTiming, keep_running

log = logging.getLogger(__name__)

_MAX_BUSY = 500  # posts that wait for the rate limiter at the same time
_MAX_DUE = 2_000  # due posts that are read: some are of chats that have had their share
_NEAR = 1.0  # seconds until a chat may be written to after which others go first
_MIN_ROUND = 0.2  # seconds between two rounds: each asks the store for much
_POLL = 5.0  # seconds between two polls of the store for what other processes put into it
_STORE_RETRY = 5.0  # seconds after the store failed, until it is asked again
_UNEXPECTED_RETRY = 60.0  # seconds until what failed unexpectedly before it was sent is tried again
_STANDBY_POLL = 1.0  # seconds between two tries to take the place of another process
_SHUTDOWN_GRACE = 2.0  # seconds for what is being sent to be finished
_LOSS_GRACE = 10.0  # seconds for the same where nobody waits for the end, and the store may be away
_PRUNE_EVERY = 3_600.0  # seconds
_OBSERVE_EVERY = 30.0  # seconds

_TAKEN = "another process is posting there from the same store"

_REAL_TIME = PostingTiming()


class PostingWorkers:
    """Posts on any number of platforms, on each by a worker of its own."""

    def __init__(self, context: DeliveryContext, timing: PostingTiming = _REAL_TIME) -> None:
        self._context = context
        self._timing = timing
        self._workers: set[_PlatformWorker] = set()

    @property
    def flood_limits(self) -> FloodLimits:
        """The limits that keep channels from being flooded."""
        return self._context.flood_limits

    def wake(self) -> None:
        """Wakes the workers, since something has been put into the outbox."""
        for worker in self._workers:
            worker.woken.set()

    def report_recovery(self, platform: str) -> None:
        """Wakes what waits only because a platform had trouble, since that is known to be back.

        Whoever has a connection to the platform calls this when it is there again.
        """
        for worker in self._workers:
            if worker.platform == platform:
                worker.report_recovery()

    @property
    def counters(self) -> Mapping[str, PostingCounters]:
        """The counters of each platform that is posted on, by its name."""
        return {worker.platform: worker.monitor.counters for worker in self._workers}

    async def run(self, messenger: Messenger) -> None:
        """Posts by a messenger, until it is cancelled.

        What fails is begun anew, while readers go on being answered.

        Raises:
            PlatformError: The platform no longer lets the bot in.
        """
        await keep_running(
            f"posting on {messenger.platform}",
            lambda: self._run(messenger),
            RestartTiming(self._context.clock.monotonic, self._timing.sleep),
            fatal=(PlatformError,),
        )

    async def _run(self, messenger: Messenger) -> None:
        while True:
            # A new one each time: what another process has sent meanwhile, only the store knows.
            worker = _PlatformWorker(self._context, messenger, self._timing)
            self._workers.add(worker)
            try:
                await worker.run()
            except PlatformLostError as error:
                log.warning("no longer posting on %s: %s", messenger.platform, error)
            finally:
                self._workers.discard(worker)


class _PlatformWorker:
    """Posts on one platform.

    Attributes:
        woken: Set when there may be something to do.
        monitor: Counts, logs and detects trouble.
    """

    def __init__(
        self, context: DeliveryContext, messenger: Messenger, timing: PostingTiming
    ) -> None:
        self.woken = asyncio.Event()
        self._context = context
        self._platform = messenger.platform
        self._rate_limiter = messenger.rate_limiter
        self._timing = timing
        self.monitor = PostingMonitor(messenger.platform, context.clock)
        self._steady = SteadyClock(context.clock)
        self._bursts = BurstLimiter(context.clock, self._steady, context.flood_limits.burst)
        self._admission = PostAdmission(context, self._bursts)
        self._sender = PostSender(
            context, messenger, timing.sleep, timing.chance, self._bursts, self.monitor
        )
        self._busy: dict[Chat, asyncio.Task[None]] = {}
        self._lost: PlatformLostError | None = None
        self._jumps = JumpDetector(context.clock)
        self._is_back = False
        self._last_round = self._last_pruned = self._last_observed = float("-inf")

    async def run(self) -> None:
        """Posts until it is cancelled; raises as `PostingWorkers.run`.

        Raises:
            PlatformLostError: Another process may post there by now.
        """
        await self._acquire_platform()
        grace = _SHUTDOWN_GRACE
        try:
            while True:
                await self._sleep_until_woken(await self._try_round())
        except PlatformLostError:
            grace = _LOSS_GRACE
            raise
        finally:
            await self._drain(grace)

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self._platform

    def report_recovery(self) -> None:
        """Is told that the platform can be reached again."""
        self._is_back = True
        self.woken.set()

    async def _acquire_platform(self) -> None:
        """Locks the platform, and makes due again what a process died over."""
        logged = ""
        while obstacle := await self._try_to_acquire():
            if obstacle != logged:
                log.warning("not posting on %s: %s", self._platform, obstacle)
                logged = obstacle
            await self._timing.sleep(_STANDBY_POLL if obstacle == _TAKEN else _STORE_RETRY)

    async def _try_to_acquire(self) -> str:
        """Returns what keeps it from posting; an empty text once all is ready."""
        outbox = self._context.store.outbox
        try:
            if not await outbox.lock_platform(self._platform):
                return _TAKEN
            await self._steady.anchor(outbox, self._platform)
            lost = await outbox.recover(self._platform, self._context.clock.now(), dead=True)
        except StoreError as error:
            return str(error)
        if lost:
            log.warning(
                "%s: %d posts were being sent when the last process ended; sending them again",
                self._platform,
                lost,
            )
        return ""

    async def _try_round(self) -> float:
        """Does a round, whatever happens to the store; returns the seconds until the next one."""
        if self._sender.fatal:
            raise self._sender.fatal
        self._check_platform()
        try:
            return await self._round()
        except PlatformLostError:
            raise
        except StoreError as error:
            self.monitor.record_store_trouble(error)
            return _STORE_RETRY

    def _check_platform(self) -> None:
        """Makes sure that nobody else posts there.

        Raises:
            PlatformLostError: Another process may do so by now.
        """
        if self._lost:
            raise self._lost
        if not self._context.store.outbox.holds_platform(self._platform):
            raise PlatformLostError("the store was not reached for some seconds")

    async def _round(self) -> float:
        """Starts sending what is due; returns the seconds until there may be more."""
        await self._timing.sleep(
            max(0.0, self._last_round + _MIN_ROUND - self._context.clock.monotonic())
        )
        self._last_round = self._context.clock.monotonic()
        self.woken.clear()
        self._bursts.burst = self._context.flood_limits.burst  # which may have changed
        outbox, now = self._context.store.outbox, self._context.clock.now()
        await self._prune_and_recover(now)
        await self._observe_queue()
        await self._hasten(now)
        await outbox.gather(self._platform, now)
        started = 0
        for post in await outbox.due(self._platform, now, _MAX_DUE):
            if len(self._busy) >= _MAX_BUSY:
                break
            if post.chat not in self._busy and self._rate_limiter.post_delay(post.chat.id) < _NEAR:
                self._busy[post.chat] = asyncio.create_task(self._deliver(post))
                started += 1
        if started:
            return _POLL
        return await self._until_next(now)

    async def _until_next(self, now: datetime) -> float:
        """Returns the seconds until the next post is due, or until the next poll."""
        due = await self._context.store.outbox.next_due(self._platform, now)
        if due is None:
            return _POLL
        # What is due and was not started waits for its chat's turn.
        return min(_POLL, max((due - now).total_seconds(), _NEAR / 2))

    async def _observe_queue(self) -> None:
        """Measures the queue, and logs lasting trouble, once a minute."""
        passed = self._context.clock.monotonic()
        if passed - self._last_observed > _OBSERVE_EVERY:
            self._last_observed = passed
            queue = await self._context.store.outbox.queue_depth(self._platform)
            self.monitor.observe_queue(queue)

    async def _hasten(self, now: datetime) -> None:
        """Makes due what waits for the platform once that is back; probes for it till then."""
        if self._is_back:
            await self._sender.end_outage()
            self._is_back = False
        elif self.monitor.outage.should_probe():
            await self._context.store.outbox.hasten(self._platform, now, probe=True)

    async def _prune_and_recover(self, now: datetime) -> None:
        """Forgets old posts and recovers those whose leases have run out, once an hour.

        Times that a wrong clock has set are repaired before, and whenever the clock was set; leases
        say nothing then.
        """
        passed = self._context.clock.monotonic()
        is_due = passed - self._last_pruned > _PRUNE_EVERY
        if self._jumps.jump() or is_due:
            await self._context.store.outbox.repair_times(self._platform, now)
        if is_due:
            self._last_pruned = passed
            await self._context.store.outbox.prune(now)
            await self._context.store.outbox.recover(self._platform, now, dead=False)

    async def _sleep_until_woken(self, seconds: float) -> None:
        """Sleeps, unless there is something to do before."""
        waiting = asyncio.ensure_future(self._timing.sleep(seconds))
        waking = asyncio.create_task(self.woken.wait())
        try:
            await asyncio.wait({waiting, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            waking.cancel()

    async def _deliver(self, post: Post) -> None:
        try:
            if await self._admission.admit(post):
                await self._sender.send(post)
        except PlatformLostError as error:
            self._lost = error
        except StoreError as error:
            self.monitor.record_store_trouble(error)
            await self._timing.sleep(_STORE_RETRY)
        except Exception:  # a bug over one post keeps no other from going
            log.exception("a post to %s has to wait", post.chat.id)
            await self._timing.sleep(_UNEXPECTED_RETRY)
        finally:
            del self._busy[post.chat]
            if len(self._busy) <= _MAX_BUSY // 2 or self._sender.fatal or self._lost:
                self.woken.set()

    async def _drain(self, grace: float) -> None:
        """Finishes what is being sent; what waits for its turn is left for the next start."""
        for task in self._sender.waiting:
            task.cancel()
        tasks = list(self._busy.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
