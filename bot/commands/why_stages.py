"""Stages of a story's way into a chat, worded for /why: sources, topics, subscriptions, post."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.local_time import tell_ago, zone_of
from bot.chat.request import Request
from bot.commands.posts import state_of
from bot.commands.story_match import match_signs
from bot.commands.subscriptions.actions import WHY_NAME
from bot.commands.subscriptions.wording import clock_time, subscription_name, thread_text
from bot.commands.verdicts import mismatch_text, quoted_words
from bot.commands.why_facts import Twin
from bot.dates import duration
from bot.ingest.topic_evidence import TopicEvidence, TopicSign, find_topic_evidence
from bot.model import Story
from bot.posting.model import State
from bot.posting.trace import DigestCause, Explanation, Standing, StoryFacts, SubscriptionFit
from bot.posting.trace_ports import TracedPost
from bot.reply import Action, Entry
from bot.text.canonical_urls import canonical_url

_SUBSCRIPTIONS = 12  # that are told
_TOPICS = 8


async def stages(
    request: Request, explanation: Explanation, twins: Sequence[Twin]
) -> Sequence[Entry]:
    """Returns the stages of a story's way, each with its time, under headings.

    Raises:
        StoreError: The store cannot be read.
    """
    _ = request.gettext
    facts, zone = explanation.facts, await zone_of(request)
    topics = find_topic_evidence(facts.story, request.services.topics)
    posted = [*_post(request, explanation, zone), *await _leader(request, facts.post)]
    told = (
        (_("Sources"), [one async for one in _sources(request, explanation, zone)]),
        (_("Topics"), [_topic(request, one) for one in topics[:_TOPICS]]),
        (_("Subscriptions"), [_fit(request, one) for one in explanation.fits[:_SUBSCRIPTIONS]]),
        (_("Its post"), posted),
        (_("Posted here, too"), [_twin(request, facts.story, one, zone) for one in twins]),
    )
    return [entry for heading, entries in told for entry in _under(heading, entries)]


def _under(heading: str, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yields entries, the first of them with the heading above."""
    for at, one in enumerate(entries):
        yield one if at else replace(one, heading=heading)


async def _sources(
    request: Request, explanation: Explanation, zone: ZoneInfo
) -> AsyncIterator[Entry]:
    """Yields when the story was published, when each source gave it, and as what."""
    _ = request.gettext
    facts, story = explanation.facts, explanation.facts.story
    if not story.date_only:
        yield Entry(_("Published"), _at(request, story.published, zone))
    if facts.seen is not None:
        told = (_at(request, facts.seen, zone), _delay(request, explanation), _as(request, facts))
        name = _("Came from {source}").format(source=request.source_name(story.source))
        yield Entry(name, " · ".join(filter(None, told)), url=story.url or "")
    evidence = await request.services.store.stories.evidence(story.id)
    if signs := match_signs(request, evidence):
        yield Entry(_("Came under a new ID"), _same(request, signs))
    for copy in facts.copies:
        seen = _at(request, copy.seen, zone) if copy.seen else ""
        same = _same(request, _copy_sign(request, story, copy.title, copy.url))
        name = _("Also from {source}").format(source=request.source_name(copy.source))
        yield Entry(name, " · ".join(filter(None, (seen, same))))
    state = await request.services.store.sources.state(story.source)
    if state and state.report and state.report.error:
        name = _("{source} can't be read now").format(source=request.source_name(story.source))
        yield Entry(name, state.report.error)


def _same(request: Request, signs: str) -> str:
    return request.gettext("taken for the same story: {signs}").format(signs=signs)


def _copy_sign(request: Request, story: Story, title: str, url: str) -> str:
    """Says what a story has in common with what another source gives of it."""
    _ = request.gettext
    mine, theirs = canonical_url(story.url or ""), canonical_url(url)
    if mine and theirs and mine.extends(theirs):
        return _("same page")
    return _("same title") if title.casefold() == story.title.casefold() else _("same ID")


def _as(request: Request, facts: StoryFacts) -> str:
    """Says what a story was taken for when it came."""
    _ = request.gettext
    if facts.first_load is None or facts.arrived <= facts.first_load:
        return _("with the first check of the source, of which nothing is posted")
    if facts.is_older:
        return _("older than all that the source was showing, so no news")
    return _("as a new story")


def _delay(request: Request, explanation: Explanation) -> str:
    if explanation.delay is None:
        return ""
    span = duration(explanation.delay, request.words.language)
    return request.gettext("{time} after it was published").format(time=span)


def _topic(request: Request, one: TopicEvidence) -> Entry:
    _ = request.gettext
    sources = request.words.join(request.source_name(source) for source in one.words)
    told = {
        TopicSign.SOURCE: _("all stories of {sources} are on it").format(sources=sources),
        TopicSign.WORDS: _("the story contains {words}").format(
            words=quoted_words(request, one.words)
        ),
        TopicSign.SUBJECT: _("by its broad subject"),
        TopicSign.NAME: _("the story is about that name"),
        TopicSign.GIVEN: _("its source puts it there"),
        TopicSign.UNKNOWN: _("since a time when the topics were others"),
    }[one.sign]
    return Entry(one.topic, told)


def _fit(request: Request, one: SubscriptionFit) -> Entry:
    """Says whether the story is for a subscription, and what there is to say of that."""
    _ = request.gettext
    subscription = one.past.subscription
    told = [mismatch_text(request, one) or _("matches")]
    if one.past.ended_at is not None:
        told.append(_("ended {when}").format(when=tell_ago(request, one.past.ended_at)))
    elif one.standing is Standing.LATER:
        when = tell_ago(request, subscription.made)
        told.append(_("only since {when}, after the story came").format(when=when))
    if subscription.paused and one.past.ended_at is None:
        told.append(_("paused: {reason}").format(reason=_(subscription.paused)))
    told.append(thread_text(request, subscription.chat))
    name = subscription_name(request, subscription)
    return Entry(name, " · ".join(filter(None, told)))


def _post(request: Request, explanation: Explanation, zone: ZoneInfo) -> Iterator[Entry]:
    """Yields what became of the story's post: queued, held up, tried, sent."""
    _ = request.gettext
    traced = explanation.facts.post
    if traced is None:
        return
    post = traced.post
    by = subscription_name(request, post.subscription) if post.subscription else ""
    told = (_at(request, post.made, zone), by, thread_text(request, post.chat))
    yield Entry(_("Queued"), " · ".join(filter(None, told)))
    if explanation.digest:
        yield Entry(_("Put into a digest"), _digest_cause(request, explanation.digest))
    # Why it waits now is told below, why it was given up likewise.
    last = (post.reason,) if post.state is State.SENT and post.reason else ()
    if held := dict.fromkeys((*traced.holdups, *last)):
        yield Entry(_("Held up"), " · ".join(map(_, held)))
    yield from _tries(request, traced)
    if post.state in {State.SENT, State.GATHERED} and post.done:
        link = request.services.directories.message_link(post.chat, post.message)
        yield Entry(_("Posted"), _at(request, post.done, zone), url=link)
    elif post.state is not State.JOINED:
        yield Entry(_("Now"), state_of(request, post))
    if traced.edited_at:
        yield Entry(_("Edited"), _at(request, traced.edited_at, zone))


def _tries(request: Request, traced: TracedPost) -> Iterator[Entry]:
    _ = request.gettext
    post = traced.post
    if post.tries > 1:
        told = request.ngettext("{count} time", "{count} times", post.tries)
        yield Entry(_("Tried"), told.format(count=post.tries))
    if post.doubts + post.deaths:
        yield Entry(
            _("In doubt"),
            _("an answer was lost or I was stopped meanwhile, so it may have arrived twice"),
        )


def _digest_cause(request: Request, cause: DigestCause) -> str:
    _ = request.gettext
    return {
        DigestCause.TIMETABLE: _("as its subscription's times say"),
        DigestCause.OLD: _("it was already old when it came"),
        DigestCause.CROWDED: _("too much came at once"),
        DigestCause.HELD: _("after it had been held up"),
    }[cause]


async def _leader(request: Request, traced: TracedPost | None) -> Sequence[Entry]:
    """Tells the story whose post names this one's source."""
    if traced is None or not traced.leader:
        return ()
    found = await request.services.store.stories.by_ids([traced.leader])
    name = request.gettext("Told in the post of another story, which says the same")
    return [Entry(name, one.title, _why(one.id)) for one in found]


def _twin(request: Request, story: Story, twin: Twin, zone: ZoneInfo) -> Entry:
    """Tells a story that was posted here, too, and why it counts as another one."""
    _ = request.gettext
    other, post = twin.story, twin.post.post
    apart = request.words.join(_differences(request, story, other))
    told = (
        request.source_name(other.source),
        _at(request, post.done, zone) if post.done else state_of(request, post),
        _("another story: {signs}").format(signs=apart) if apart else "",
    )
    return Entry(other.title, " · ".join(filter(None, told)), _why(other.id))


def _differences(request: Request, one: Story, other: Story) -> Iterator[str]:
    _ = request.gettext
    if one.source != other.source:
        yield _("another source")
    mine, theirs = canonical_url(one.url or ""), canonical_url(other.url or "")
    if mine and theirs and not mine.extends(theirs):
        yield _("another page")
    if one.title.casefold() != other.title.casefold():
        yield _("another title")
    if one.text != other.text:
        yield _("another text")
    if one.published != other.published:
        yield _("another date")


def _at(request: Request, at: datetime, zone: ZoneInfo) -> str:
    return clock_time(request, at, zone)


def _why(story: str) -> Action:
    return Action(WHY_NAME, (("story", story),))
