"""What an error means for a post: a pure decision."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.errors import ChatGone, DatelineError, Rejected, RetryLater
from bot.i18n import N_
from bot.posts import Again, Ended, GivenUp, Paused, Post, PostKind

_LONGEST = 600.0  # seconds between two tries
_DOUBLINGS = 10
_JITTER = 0.2  # of the pause: so that the posts of many chats do not all come at once again
_UNEXPECTED = 5  # tries after which an error that nobody foresaw is taken to be the post's own
_RESENT = 1  # how often a message is sent again whose answer was lost
_PATIENCE = timedelta(days=1)  # with one whose answers are lost where that does no harm

LOST = N_("its answer was lost twice: it may have arrived, or not")


def ended(
    post: Post, error: Exception, now: datetime, chance: float, *, knows_repeats: bool
) -> Ended:
    """What becomes of a post that could not be sent, or of which that is not known.

    Args:
        post: As it was before this try.
        error: What the try ended with.
        now: The time.
        chance: From 0 to 1: where in the spread of pauses the next one falls.
        knows_repeats: Whether sending it again is harmless.
    """
    match error:
        case RetryLater():
            return _later(post, error, now, chance, knows_repeats=knows_repeats)
        case ChatGone() if post.kind is not PostKind.NOTICE:
            return Paused(post.row, str(error))
        case ChatGone() | Rejected():  # nobody resumes what somebody was to be told
            return GivenUp(post.row, str(error))
        case DatelineError():
            return Again(post.row, now, str(error))
    # Nobody knows where it broke: on the way there, or with the answer at hand.
    told = f"unexpected {type(error).__name__}"
    if post.tries + 1 >= _UNEXPECTED:
        return GivenUp(post.row, told, doubt=True)
    return Again(post.row, now + _pause(post, chance), told, doubt=True)


def _later(
    post: Post, error: RetryLater, now: datetime, chance: float, *, knows_repeats: bool
) -> Ended:
    """It is tried again for as long as it takes; what is old by then goes with a digest.

    What may have arrived goes with none, so it is not tried for ever: it keeps others waiting.
    """
    # Where it does harm to send it twice, one goes by what is probable.
    lost = error.in_doubt and (knows_repeats or not error.answered)
    is_enough = not knows_repeats or (post.since is not None and now - post.since > _PATIENCE)
    if lost and post.doubts >= _RESENT and is_enough:
        return GivenUp(post.row, LOST, doubt=True)
    pause = _pause(post, chance)
    if error.wait is not None:
        pause = timedelta(seconds=error.wait * (1 + _JITTER * chance))
    return Again(post.row, now + pause, str(error), doubt=lost)


def _pause(post: Post, chance: float) -> timedelta:
    seconds = min(_LONGEST, 2.0 ** min(post.tries, _DOUBLINGS))
    return timedelta(seconds=seconds * (1 + _JITTER * (2 * chance - 1)))
