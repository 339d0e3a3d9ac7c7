"""`/status`: the state of the bot: sources, stories, chats, posts, last errors and disk."""

from __future__ import annotations

from collections.abc import Iterable

from babel.dates import format_timedelta
from babel.numbers import format_decimal

from bot.chat.command import Access, Command, Group
from bot.chat.local_time import tell_ago
from bot.chat.request import Request
from bot.i18n import N_
from bot.monitoring.model import GivenUpPosts, Health, PlatformPosts, SourceTrouble, Status
from bot.monitoring.sizes import format_size
from bot.monitoring.status import read_status
from bot.reply import Entry, Reply

_NAMED = 5  # sources that are not well
_HEALTH = {
    Health.WELL: N_("{count} well"),
    Health.NEW: N_("{count} not checked yet"),
    Health.PAUSED: N_("{count} paused"),
    Health.RESTING: N_("{count} resting"),
    Health.FAILING: N_("{count} failing"),
    Health.DEAD: N_("{count} dead"),
}


async def status(request: Request) -> Reply:
    """Answers `/status`."""
    services = request.services
    now = services.clock.now()
    found = await read_status(services.store, services.sources, now, services.paused)
    return Reply(
        request.command.name,
        title=request.gettext("Status"),
        text=(_process(request, found),),
        entries=(
            *_gauges(request),
            *_desk(request, found),
            *_posts(request, found.store.posts),
            *_sent(request),
            *_source_troubles(request, found.troubles),
            *(_given_up(request, one) for one in found.store.given_up),
        ),
    )


def _process(request: Request, found: Status) -> str:
    _ = request.gettext
    if found.process is None or found.uptime is None:
        return _("Dateline serves no chat platform right now.")
    language = request.services.translations.language
    return _("Dateline {version} has been running for {time}.").format(
        version=found.process.version,
        time=format_timedelta(found.uptime, threshold=1.5, locale=language),
    )


def _gauges(request: Request) -> Iterable[Entry]:
    """Tells what the process knows of itself; nothing where it serves nobody."""
    _, gauges = request.gettext, request.services.gauges
    if gauges.lag.is_measured:
        yield Entry(_("Version"), gauges.versions)
        lag = round(gauges.lag.worst * 1_000)
        yield Entry(_("Longest lag of the last minute"), _count(request, "{count} ms", lag))


def _desk(request: Request, found: Status) -> Iterable[Entry]:
    _, ngettext, store = request.gettext, request.ngettext, found.store
    yield Entry(_("Sources"), " · ".join(_sources(request, found)))
    lately = ngettext("{count} in the last day", "{count} in the last day", store.lately)
    told = [_count(request, "{count}", store.stories), _count(request, lately, store.lately)]
    yield Entry(_("Stories"), " · ".join(told))
    follows = ngettext("{count} subscription", "{count} subscriptions", store.subscriptions)
    told = [_count(request, "{count}", store.chats), _count(request, follows, store.subscriptions)]
    if store.paused:
        told.append(_count(request, _("{count} paused"), store.paused))
    yield Entry(_("Chats"), " · ".join(told))
    language = request.services.translations.language
    used = format_size(store.disk.used, language)
    if store.disk.free is None:
        yield Entry(_("Disk"), _("{used} used by the store").format(used=used))
        return
    free = format_size(store.disk.free, language)
    yield Entry(_("Disk"), _("{used} used by the store, {free} free").format(used=used, free=free))


def _sources(request: Request, found: Status) -> Iterable[str]:
    _ = request.gettext
    for health, words in _HEALTH.items():
        if found.sources.get(health):
            yield _count(request, _(words), found.sources[health])
    if found.last_poll:
        yield _("last checked {when}").format(when=tell_ago(request, found.last_poll))


def _posts(request: Request, platforms: Iterable[PlatformPosts]) -> Iterable[Entry]:
    _ = request.gettext
    name = _("Posts on {platform}")
    for one in platforms:
        told = [_count(request, _("{count} to be sent"), one.queue.depth)]
        if one.queue.oldest:
            told.append(
                _("the oldest from {when}").format(when=tell_ago(request, one.queue.oldest))
            )
        if one.waiting:
            told.append(_count(request, _("{count} scheduled for later"), one.waiting))
        if one.paused:
            told.append(_count(request, _("{count} paused"), one.paused))
        if one.queue.reason:
            told.append(_("cannot be sent right now: {reason}").format(reason=_(one.queue.reason)))
        yield Entry(name.format(platform=one.platform.capitalize()), " · ".join(told))


def _sent(request: Request) -> Iterable[Entry]:
    """Tells what became of the posts since the start, in the process that answers."""
    _ = request.gettext
    name = _("{platform}, since the start")
    for platform, one in request.services.gauges.posting().items():
        counts = {
            _("Posts"): one.posts,
            _("Digests"): one.digests,
            _("Edits"): one.edits,
            _("Retries"): one.retries,
            _("Given up"): one.failures,
        }
        told = (_count(request, f"{label}: {{count}}", count) for label, count in counts.items())
        yield Entry(name.format(platform=platform.capitalize()), " · ".join(told))


def _source_troubles(request: Request, found: tuple[SourceTrouble, ...]) -> Iterable[Entry]:
    heading = request.gettext("Sources that cannot be read")
    for one in found[:_NAMED]:
        source = request.services.sources.get(one.source)
        name = source.label if source else one.source
        yield Entry(name, _trouble(request, one), heading=heading)
        heading = ""
    left = len(found) - _NAMED
    if left > 0:
        more = request.ngettext("{count} more", "{count} more", left)
        yield Entry(_count(request, more, left), request.gettext("see /sources"))


def _trouble(request: Request, one: SourceTrouble) -> str:
    _ = request.gettext
    told = [_("dead") if one.health is Health.DEAD else _("failing"), one.reason]
    if one.since:
        told.append(_("last read {when}").format(when=tell_ago(request, one.since)))
    return " · ".join(filter(None, told))


def _given_up(request: Request, one: GivenUpPosts) -> Entry:
    _ = request.gettext
    count = request.ngettext("{count} post given up", "{count} posts given up", one.count)
    name = _("{platform}: {what}").format(
        platform=one.platform.capitalize(), what=_count(request, count, one.count)
    )
    return Entry(name, " · ".join((_(one.reason), tell_ago(request, one.last))))


def _count(request: Request, words: str, count: int) -> str:
    language = request.services.translations.language
    return words.format(count=format_decimal(count, locale=language))


STATUS = Command(
    "status",
    N_("How the bot is doing: sources, posts, recent errors, disk space"),
    status,
    access=Access.MODERATORS,
    examples=("/status",),
    group=Group.DESK,
)
