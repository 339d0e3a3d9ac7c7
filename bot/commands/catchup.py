"""`/catchup`: the stories that are new since a person's last catchup, by topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.local_time import tell_ago
from bot.chat.request import Request, cards, list_buttons, page_count, window
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Story, TopicOrigin
from bot.posting.digest import without_repeats
from bot.reply import Action, Button, Card, Reply
from bot.search.ports import Listing
from bot.text.display import add_quotes

_FIRST = timedelta(days=1)  # shown at the first catchup
_OLD = timedelta(hours=12)  # published so long before the last catchup, a story is no news
_LONGEST = timedelta(days=366)
_MOST = 200  # stories; nobody reads more at once


@dataclass(frozen=True, slots=True)
class _Since:
    """The moment from which on stories are shown.

    Attributes:
        at: The moment.
        is_first: True when it is the person's first catchup.
    """

    at: datetime
    is_first: bool = False


async def catchup(request: Request) -> Reply:
    """Answers `/catchup`."""
    services, person = request.services, request.person
    since = await _since(request)
    listing = _once(await services.store.stories.new_since(since.at, since.at - _OLD, _MOST))
    pages = page_count(len(listing.stories), services.page_size)
    if request.page == 1 or not listing.stories:
        await services.store.chats.remember_catchup(
            request.chat.platform, person, services.clock.now()
        )
    if not listing.stories:
        return _no_news(request, since)
    kept = replace(request, options={**request.options, "since": since.at.isoformat()})
    shown = _cards(request, _by_topic(request, listing.stories))
    return Reply(
        request.command.name,
        title=request.gettext("What's new"),
        text=(_intro(request, since, listing.total),),
        cards=shown,
        page=request.page,
        pages=pages,
        buttons=list_buttons(kept, shown, pages),
        listing=kept.action,
    )


def _once(listing: Listing) -> Listing:
    """Returns a listing with one alone of those stories that tell the same."""
    told = without_repeats(listing.stories)
    return Listing(tuple(told), listing.total - len(listing.stories) + len(told))


async def _since(request: Request) -> _Since:
    """Returns the moment that was given or, without one, that of the person's last catchup."""
    now = request.services.clock.now()
    typed = request.text("since")
    if typed:
        return _Since(_parse_moment(request, typed, now))
    looked = await request.services.store.chats.last_catchup(request.chat.platform, request.person)
    if looked is None:
        return _Since(now - _FIRST, is_first=True)
    return _Since(max(min(looked, now), now - _LONGEST))


def _parse_moment(request: Request, typed: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not now - _LONGEST <= at <= now:
        _ = request.gettext
        message = _(
            "I can't start from {text}. On its own, /catchup starts from when you last asked."
        )
        raise ReaderError(message.format(text=add_quotes(typed)))
    return at


def _by_topic(request: Request, stories: Sequence[Story]) -> list[tuple[str, Story]]:
    """Groups stories by topic, in the order of the configuration, then the others.

    A story of several topics stands under the first; one that was found needs several stories.
    """
    counts = Counter(name for story in stories for name in story.topics)
    listed = (
        topic.name
        for topic in request.services.topics
        if topic.origin is not TopicOrigin.FOUND or counts[topic.name] > 1
    )
    order = {name: at for at, name in enumerate(listed)}
    other = request.gettext("Other") if any(order.keys() & one.topics for one in stories) else ""
    last = len(order)
    placed = [
        (min((order.get(name, last) for name in one.topics), default=last), one) for one in stories
    ]
    names = [*order, other]
    return [(names[at], one) for at, one in sorted(placed, key=lambda each: each[0])]


def _cards(request: Request, named: Sequence[tuple[str, Story]]) -> tuple[Card, ...]:
    """Makes the page's cards, each topic's first one with its name."""
    size, start = window(request)
    page = named[start : start + size]
    shown = cards(request, [story for _name, story in page], start + 1)
    before = ["", *(name for name, _story in page)]
    return tuple(
        replace(card, heading=name if name != last else "")
        for card, (name, _story), last in zip(shown, page, before, strict=False)
    )


def _intro(request: Request, since: _Since, total: int) -> str:
    _ = request.gettext
    if since.is_first:
        told = request.ngettext(
            "This is your first catch-up: {count} story from the last day.",
            "This is your first catch-up: {count} stories from the last day.",
            total,
        )
        return told.format(count=total)
    told = request.ngettext(
        "{count} new story since you last asked, {when}.",
        "{count} new stories since you last asked, {when}.",
        total,
    )
    told = told.format(count=total, when=tell_ago(request, since.at))
    if total > _MOST:
        newest = _("Here are the newest {count}.").format(count=_MOST)
        told = request.words.join_sentences(told, newest)
    return told


def _no_news(request: Request, since: _Since) -> Reply:
    _ = request.gettext
    if since.is_first:
        told = _("This is your first catch-up, and nothing has come in during the last day.")
    else:
        told = _("Nothing new since you last asked, {when}.").format(
            when=tell_ago(request, since.at)
        )
    day = (request.services.clock.now() - _FIRST).isoformat()
    buttons = [Button(_("Latest stories"), request.registry.latest())]
    if since.at > request.services.clock.now() - _FIRST:
        buttons.insert(
            0, Button(_("The last day"), Action(request.command.name, (("since", day),)))
        )
    return Reply(request.command.name, text=(told,), buttons=tuple(buttons))


CATCHUP = Command(
    "catchup",
    N_("What's new since you last asked, by topic"),
    catchup,
    (
        Option("since", OptionKind.MOMENT, N_("When to start from"), hidden=True),
        PAGE,
    ),
    details=(
        N_(
            "Shows what has come in since you last used this command, anywhere on this "
            "platform: topic by topic, newest first."
        ),
    ),
    examples=("/catchup",),
    purpose=Purpose.CATCHUP,
    aliases=("new",),
)
