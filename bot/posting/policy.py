"""Policies of posting, as pure functions.

- Retry policy (`outcome_after`): what an error means for a post. A 429, a 502 or any other answer
  for now is retried with exponential backoff (`_backoff`), a lost answer once, or for a day where
  the platform dedups; a chat that is gone is paused, and what the platform rejects is given up.
- Admission policy (`admit`, `is_put_off`): whether a due post may be sent now, by quiet hours, the
  posts of the day and the age of the story.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import ChatGoneError, DatelineError, RejectedError, RetryLaterError
from bot.i18n import N_
from bot.model import Story
from bot.posting.model import Deferral, Failure, Outcome, Pause, Post, PostKind, Retry
from bot.posting.router import is_late
from bot.subscriptions.schedule import daily

_MAX_BACKOFF = 600.0  # seconds
_MAX_DOUBLINGS = 10
_JITTER = 0.2  # of the backoff: so that the posts of many chats do not all come at once again
LONGEST_BACKOFF = timedelta(seconds=_MAX_BACKOFF * (1 + _JITTER))
"""The time after which what failed is tried again at the latest, unless a server says otherwise."""

_MAX_UNEXPECTED = 5  # tries, after which an unexpected error is taken to be the post's own
_MAX_RESENDS = 1  # how often a message is sent again whose answer was lost
_MAX_DOUBT = timedelta(days=1)  # with one whose answers are lost where that does no harm

LOST = N_("the confirmation was lost twice, so it may or may not have arrived")


def outcome_after(
    post: Post, error: Exception, now: datetime, chance: float, *, deduplicates: bool
) -> Outcome:
    """Decides what becomes of a post that could not be sent, or of which that is not known.

    Args:
        post: As it was before this try.
        error: What the try ended with.
        now: The time.
        chance: From 0 to 1: where in the jitter the backoff falls.
        deduplicates: Whether sending it again is harmless.
    """
    match error:
        case RetryLaterError():
            return _retry_or_give_up(post, error, now, chance, deduplicates=deduplicates)
        case ChatGoneError() if post.kind is not PostKind.NOTICE:
            return Pause(post.id, str(error))
        case ChatGoneError() | RejectedError():  # nobody resumes what somebody was to be told
            return Failure(post.id, str(error))
        case DatelineError():
            return Retry(post.id, now, str(error))
    # Nobody knows where it broke: on the way there, or with the answer at hand.
    reason = f"unexpected {type(error).__name__}"
    if post.tries + 1 >= _MAX_UNEXPECTED:
        return Failure(post.id, reason, doubt=True)
    return Retry(post.id, now + _backoff(post, chance), reason, doubt=True)


def _retry_or_give_up(
    post: Post, error: RetryLaterError, now: datetime, chance: float, *, deduplicates: bool
) -> Outcome:
    """Retries for as long as it takes; what is old by then goes with a digest.

    What may have arrived goes with none, so it is not tried for ever: it keeps others waiting.
    """
    # Where sending it twice does harm, one goes by what is probable: after an answer such as a 502
    # it has not arrived, so there is no doubt, and it is retried for as long as that goes on.
    lost = error.in_doubt and (deduplicates or not error.answered)
    is_enough = not deduplicates or (post.since is not None and now - post.since > _MAX_DOUBT)
    if lost and post.doubts >= _MAX_RESENDS and is_enough:
        return Failure(post.id, LOST, doubt=True)
    delay = _backoff(post, chance)
    if error.wait is not None:
        delay = timedelta(seconds=error.wait * (1 + _JITTER * chance))
    return Retry(post.id, now + delay, str(error), doubt=lost, outage=error.wait is None)


def _backoff(post: Post, chance: float) -> timedelta:
    """Exponential backoff: from a second, doubled by each try, up to ten minutes, with jitter."""
    seconds = min(_MAX_BACKOFF, 2.0 ** min(post.tries, _MAX_DOUBLINGS))
    return timedelta(seconds=seconds * (1 + _JITTER * (2 * chance - 1)))


EVENING = daily(time(18))
"""The time of day at which the rest of a full day goes as one digest."""

QUIET = N_("quiet hours")
OLD = N_("it was already old when it could be posted")
ENOUGH = N_("the daily limit was reached")


def start_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Returns when the local day began, in UTC."""
    today = now.astimezone(zone).date()
    return datetime.combine(today, time.min, zone).astimezone(UTC)


def is_put_off(post: Post, story: Story, now: datetime, late: timedelta) -> bool:
    """Returns whether a post is too old to go by itself: it waits with all that are."""
    return not must_go_alone(post) and is_late(story, now, late)


def admit(post: Post, now: datetime, posted_today: int) -> Deferral | Retry | None:
    """Decides what a due post has to wait for; returns None when it may be sent now.

    Args:
        post: The post, which is due.
        now: The time.
        posted_today: How many stories its subscription has posted in its day, each by itself.
    """
    one = post.subscription
    if one is None or post.kind in {PostKind.EDIT, PostKind.NOTICE}:
        return None
    zone = one.timezone
    quiet = one.quiet.until(now, zone) if one.quiet else None
    if must_go_alone(post):
        return Retry(post.id, quiet, QUIET) if quiet else None
    if quiet:
        return Deferral(post.id, quiet, QUIET)
    if one.most and posted_today >= one.most:
        return Deferral(post.id, EVENING.next(now, zone), ENOUGH)
    return None


def must_go_alone(post: Post) -> bool:
    """Returns whether a post goes as it is, once the night is over.

    That is what has waited for a digest once, and what may have arrived: a digest would show it
    once more.
    """
    return post.gathered or post.since is not None
