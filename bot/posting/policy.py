"""Whether a post may be sent now: quiet hours, age, and how many a day are wanted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import ChatGoneError, DatelineError, RejectedError, RetryLaterError
from bot.i18n import N_
from bot.model import Story
from bot.posting.model import Deferral, Failure, Outcome, Pause, Post, PostKind, Retry
from bot.posting.router import is_late
from bot.subscriptions.schedule import Rhythm, Timetable

_LONGEST = 600.0  # seconds between two tries
_DOUBLINGS = 10
_JITTER = 0.2  # of the pause: so that the posts of many chats do not all come at once again
_UNEXPECTED = 5  # tries after which an error that nobody foresaw is taken to be the post's own
_RESENT = 1  # how often a message is sent again whose answer was lost
_PATIENCE = timedelta(days=1)  # with one whose answers are lost where that does no harm

LOST = N_("its answer was lost twice: it may have arrived, or not")


def ended(
    post: Post, error: Exception, now: datetime, chance: float, *, knows_repeats: bool
) -> Outcome:
    """What becomes of a post that could not be sent, or of which that is not known.

    Args:
        post: As it was before this try.
        error: What the try ended with.
        now: The time.
        chance: From 0 to 1: where in the spread of pauses the next one falls.
        knows_repeats: Whether sending it again is harmless.
    """
    match error:
        case RetryLaterError():
            return _later(post, error, now, chance, knows_repeats=knows_repeats)
        case ChatGoneError() if post.kind is not PostKind.NOTICE:
            return Pause(post.row, str(error))
        case ChatGoneError() | RejectedError():  # nobody resumes what somebody was to be told
            return Failure(post.row, str(error))
        case DatelineError():
            return Retry(post.row, now, str(error))
    # Nobody knows where it broke: on the way there, or with the answer at hand.
    told = f"unexpected {type(error).__name__}"
    if post.tries + 1 >= _UNEXPECTED:
        return Failure(post.row, told, doubt=True)
    return Retry(post.row, now + _pause(post, chance), told, doubt=True)


def _later(
    post: Post, error: RetryLaterError, now: datetime, chance: float, *, knows_repeats: bool
) -> Outcome:
    """It is tried again for as long as it takes; what is old by then goes with a digest.

    What may have arrived goes with none, so it is not tried for ever: it keeps others waiting.
    """
    # Where it does harm to send it twice, one goes by what is probable.
    lost = error.in_doubt and (knows_repeats or not error.answered)
    is_enough = not knows_repeats or (post.since is not None and now - post.since > _PATIENCE)
    if lost and post.doubts >= _RESENT and is_enough:
        return Failure(post.row, LOST, doubt=True)
    pause = _pause(post, chance)
    if error.wait is not None:
        pause = timedelta(seconds=error.wait * (1 + _JITTER * chance))
    return Retry(post.row, now + pause, str(error), doubt=lost)


def _pause(post: Post, chance: float) -> timedelta:
    seconds = min(_LONGEST, 2.0 ** min(post.tries, _DOUBLINGS))
    return timedelta(seconds=seconds * (1 + _JITTER * (2 * chance - 1)))


EVENING = Timetable(Rhythm.DAILY, time(18))
"""When what was too much for a day goes as one digest."""

QUIET = N_("quiet hours")
OLD = N_("it was old when it could be posted")
ENOUGH = N_("enough was posted that day")


def day_began(now: datetime, zone: ZoneInfo) -> datetime:
    """When the local day began, in UTC."""
    today = now.astimezone(zone).date()
    return datetime.combine(today, time.min, zone).astimezone(UTC)


def is_put_off(post: Post, story: Story, now: datetime, late: timedelta) -> bool:
    """Whether a post is too old to go by itself: it waits with all that are."""
    return not _goes_alone(post) and is_late(story, now, late)


def admit(post: Post, now: datetime, posted_today: int) -> Deferral | Retry | None:
    """What keeps a post from being sent now; None when it may be sent.

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
    if _goes_alone(post):
        return Retry(post.row, quiet, QUIET) if quiet else None
    if quiet:
        return Deferral(post.row, quiet, QUIET)
    if one.most and posted_today >= one.most:
        return Deferral(post.row, EVENING.next(now, zone), ENOUGH)
    return None


def _goes_alone(post: Post) -> bool:
    """Whether it goes as it is, once the night is over.

    That is what has waited for a digest once, and what may have arrived: a digest would show it
    once more.
    """
    return post.gathered or post.since is not None
