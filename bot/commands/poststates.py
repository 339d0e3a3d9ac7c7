"""How a post stands, in words."""

from __future__ import annotations

from bot.commands.request import Request
from bot.commands.telling import moment
from bot.posts import Post, State
from bot.when import ago, until


def state_of(request: Request, post: Post) -> str:
    """How a post of a story stands: `posted 5 minutes ago`."""
    _ = request.gettext
    match post.state:
        case State.SENT | State.GATHERED:
            return _posted(request, post)
        case State.WAITING:
            return _waits(request, post)
        case State.DUE:
            return _due(request, post)
        case State.SENDING:
            return _("is being posted")
        case State.PAUSED:
            return _("waits until posting goes on: {reason}").format(reason=_reason(request, post))
        case State.FAILED:
            return _("given up: {reason}").format(reason=_reason(request, post))


def _posted(request: Request, post: Post) -> str:
    _ = request.gettext
    now, language = request.services.clock.now(), request.services.words.language
    when = ago(post.done or post.due, now, language)
    if post.gathered:
        told = _("posted {when}, in the digest of {time}")
        return told.format(when=when, time=_clock(request, post))
    return _("posted {when}").format(when=when)


def _waits(request: Request, post: Post) -> str:
    _ = request.gettext
    if not post.reason:
        return _("waits for the digest at {time}").format(time=_clock(request, post))
    told = _("waits: {reason}, until {time}")
    return told.format(reason=_reason(request, post), time=_clock(request, post))


def _due(request: Request, post: Post) -> str:
    _ = request.gettext
    if not post.reason:
        return _("is about to be posted")
    now, language = request.services.clock.now(), request.services.words.language
    if post.due <= now:
        return _("will be tried again now: {reason}").format(reason=_reason(request, post))
    told = _("will be tried again {when}: {reason}")
    return told.format(when=until(post.due, now, language), reason=_reason(request, post))


def _clock(request: Request, post: Post) -> str:
    zone = post.subscription.timezone if post.subscription else request.services.zone
    return moment(request, post.due, zone)


def _reason(request: Request, post: Post) -> str:
    return request.gettext(post.reason) if post.reason else request.gettext("nobody says why")
