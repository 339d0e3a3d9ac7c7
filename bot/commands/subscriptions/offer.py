"""Offers of `/subscribe` on its own: topics, sources, everything, or words of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chat.command import Question
from bot.chat.prompts import ask
from bot.chat.request import Request, page_buttons, page_count
from bot.commands.subscriptions.options import apply_options
from bot.commands.subscriptions.place import title_here
from bot.commands.subscriptions.schedule_wording import timetable_text
from bot.commands.subscriptions.wording import (
    can_post,
    no_posts_here,
    option_texts,
    typed_target,
)
from bot.i18n import N_
from bot.reply import Action, Button, Entry, Reply
from bot.subscriptions.model import Subscription, TargetKind

WHAT_TO_FOLLOW = Question(
    "what", N_("Which words would you like to follow?"), N_("some words"), (("ask", "on"),)
)

_A_PAGE = 20


async def offer_targets(request: Request, readings: Sequence[Button] = ()) -> Reply:
    """Answers `/subscribe` without a target: shows what can be followed.

    Args:
        request: The question.
        readings: Buttons for other readings of what was typed.

    Raises:
        ReaderError: An option cannot be read, or means nothing here.
    """
    _ = request.gettext
    if request.text("ask"):
        return ask(request, WHAT_TO_FOLLOW)
    entries = tuple(_entries(request))
    pages = page_count(len(entries), _A_PAGE)
    start = (request.page - 1) * _A_PAGE
    given = tuple(_given(request))
    how = request.words.join(_option_texts(request))
    title = _("What would you like to follow?")
    if how:
        title = _("What would you like to follow, {times}?").format(times=how)
    text = title_here(
        request,
        _("New stories will be posted here. Choose what to follow, or follow words of your own."),
        _(
            "New stories will be posted in {channel}. Choose what to follow, or follow words of "
            "your own."
        ),
    )
    return Reply(
        request.command.name,
        title=title,
        text=(text if can_post(request) else no_posts_here(request),),
        entries=entries[start : start + _A_PAGE],
        page=request.page,
        pages=pages,
        buttons=(
            Button(
                _("Everything"),
                _follow(request, typed_target(request.services, TargetKind.EVERYTHING, "")),
            ),
            Button(_("Words of my own"), Action(request.command.name, (*given, ("ask", "on")))),
            *readings,
            *page_buttons(request, pages),
        ),
    )


def _option_texts(request: Request) -> Iterator[str]:
    """Yields in words what is given already: when to post, and how."""
    one = apply_options(request, Subscription(request.chat, TargetKind.EVERYTHING, ""))
    if request.text("when"):
        yield timetable_text(request, one.when)
    yield from option_texts(request, one)


def _entries(request: Request) -> Iterator[Entry]:
    """Yields the topics, then the sources that are no topic of the same name."""
    _ = request.gettext
    services = request.services
    for topic in services.topics:
        yield Entry(topic.name, _("topic"), _follow(request, topic.name), topic=topic.name)
    for source in services.sources.values():
        typed = typed_target(services, TargetKind.SOURCE, source.id)
        yield Entry(source.name, _("source"), _follow(request, typed))


def _follow(request: Request, what: str) -> Action:
    """Returns what follows something, with the options that are given already."""
    return Action(request.command.name, (("what", what), *_given(request)))


def _given(request: Request) -> Iterator[tuple[str, str]]:
    """Yields the options that are given already, but for what is to be followed."""
    for name, value in request.options.items():
        if name not in {"page", "what", "channel"}:
            yield name, value
