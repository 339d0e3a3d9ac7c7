"""Whether a post may be sent now: quiet hours, age, and how many a day are wanted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.i18n import N_
from bot.model import Story
from bot.posts import Again, Held, Post, PostKind
from bot.routing import is_late
from bot.timetable import Rhythm, Timetable

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


def admit(post: Post, now: datetime, posted_today: int) -> Held | Again | None:
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
        return Again(post.row, quiet, QUIET) if quiet else None
    if quiet:
        return Held(post.row, quiet, QUIET)
    if one.most and posted_today >= one.most:
        return Held(post.row, EVENING.next(now, zone), ENOUGH)
    return None


def _goes_alone(post: Post) -> bool:
    """Whether it goes as it is, once the night is over.

    That is what has waited for a digest once, and what may have arrived: a digest would show it
    once more.
    """
    return post.gathered or post.since is not None
