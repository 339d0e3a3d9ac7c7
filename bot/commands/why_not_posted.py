"""The reasons why a story never came into a chat's outbox, for `/posts`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.chat.local_time import tell_ago
from bot.chat.request import Request
from bot.commands.subscriptions.filter_wording import refusal_text
from bot.commands.subscriptions.wording import subscription_name
from bot.ingest.evidence import Evidence
from bot.model import Story
from bot.search.query import Term, parse
from bot.subscriptions.matcher import filter_refusal, matches
from bot.subscriptions.model import Subscription, TargetKind
from bot.text.display import add_quotes

_REMEMBERED = timedelta(days=7)  # for which the outbox knows what was posted


async def why_not_posted(request: Request, story: Story) -> Sequence[str]:
    """Explains why a story was not posted here, in sentences.

    Raises:
        StoreError: The store cannot be read.
    """
    _ = request.gettext
    here = await request.services.store.subscriptions.of(request.chat)
    if not here:
        return (_("It was not posted here because this chat has no subscriptions."),)
    on_subject = [one for one in here if _fits(one, story)]
    if not on_subject:
        return tuple(_mismatch(request, here, story))
    seen = await request.services.store.stories.first_seen(story.id)
    refused = {one.id: filter_refusal(one, story, seen) for one in on_subject}
    fitting = [one for one in on_subject if not refused[one.id]]
    if not fitting:
        return tuple(
            refusal_text(request, one, refusal)
            for one in on_subject
            if (refusal := refused[one.id])
        )
    names = request.words.join(subscription_name(request, one) for one in fitting)
    fit = _("It matches what this chat follows: {names}.").format(names=names)
    return (fit, await _reason(request, fitting, story, seen or story.published))


async def _reason(
    request: Request, fitting: Sequence[Subscription], story: Story, seen: datetime
) -> str:
    _ = request.gettext
    came = tell_ago(request, seen)
    if await _was_there_at_first(request, story, seen):
        told = _(
            "It was already there when {source} was first checked, and nothing from a first "
            "check is posted."
        )
        return told.format(source=request.source_name(story.source))
    if Evidence.OLDER in await request.services.store.stories.evidence(story.id):
        return _(
            "It is older than all that {source} was showing when it came, so it was no news."
        ).format(source=request.source_name(story.source))
    if all(one.made > seen for one in fitting):
        return _("It arrived {when}, before this chat subscribed.").format(when=came)
    if all(one.paused for one in fitting):
        return _("Posting is paused here.")
    if seen < request.services.clock.now() - _REMEMBERED:
        told = _(
            "It arrived {when}. I remember posts for a week, so I can't tell whether it was posted."
        )
        return told.format(when=came)
    return _("It arrived {when}, during a check of the sources that posts nothing.").format(
        when=came
    )


async def _was_there_at_first(request: Request, story: Story, seen: datetime) -> bool:
    states = await request.services.store.sources.states()
    state = states.get(story.source)
    return state is None or state.loaded_at is None or seen <= state.loaded_at


def _mismatch(request: Request, here: Sequence[Subscription], story: Story) -> Iterator[str]:
    _ = request.gettext
    yield _("It was not posted here because it matches nothing this chat follows.")
    source = request.source_name(story.source)
    if story.topics:
        told = _("It is from {source}, with these topics: {topics}.")
        yield told.format(source=source, topics=request.words.join(story.topics))
    else:
        yield _("It is from {source} and has no topic.").format(source=source)
    for one in here:
        nearly = _missing_words(request, one, story) if one.kind is TargetKind.SEARCH else ""
        if nearly:
            yield nearly


def _missing_words(request: Request, one: Subscription, story: Story) -> str:
    """Says what a story lacks for a search that it nearly fits; empty where it does not."""
    _ = request.gettext
    query = parse(one.what)
    lacks = [_missing_terms(one, group, story) for group in query.alternatives]
    least = min(range(len(lacks)), key=lambda at: len(lacks[at]))
    if not lacks[least]:
        told = _(
            "It contains the words of {what}, but is ruled out by that search's filters or "
            "excluded words."
        )
        return told.format(what=subscription_name(request, one))
    if len(lacks[least]) == len(query.alternatives[least]):
        return ""
    words = request.words.join(add_quotes(str(term)) for term in lacks[least])
    return _("To match {what}, it would also need {words}.").format(
        words=words, what=subscription_name(request, one)
    )


def _missing_terms(one: Subscription, group: Sequence[Term], story: Story) -> list[Term]:
    """Returns the terms of a search that a story does not hold."""
    return [term for term in group if not _fits(replace(one, what=str(term)), story)]


def _fits(one: Subscription, story: Story) -> bool:
    """Tells whether a story fits a subscription, paused or not."""
    return matches(one, story)
