"""`/posts`: the state of a chat's posts: posted, waiting, retried, paused or given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.command import PAGE, Access, Command, Group, Option, OptionKind
from bot.chat.local_time import tell_ago, tell_until
from bot.chat.request import Request, page_buttons
from bot.commands.story_lookup import find_stories
from bot.commands.story_match import tell_match
from bot.commands.subscriptions.actions import POSTS_NAME, WHY_NAME
from bot.commands.subscriptions.place import (
    CHANNEL,
    check_place,
    keep_place,
    list_button,
    title_here,
)
from bot.commands.subscriptions.wording import clock_time, subscription_name, thread_text
from bot.commands.verdicts import verdict_lines
from bot.commands.why_facts import gather_facts
from bot.i18n import N_
from bot.model import Story
from bot.posting.model import Post, State
from bot.posting.trace import explain
from bot.reply import Action, Button, Entry, Reply, Role


def state_of(request: Request, post: Post) -> str:
    """Returns the state of a post, in words: `posted 5 minutes ago`."""
    _ = request.gettext
    match post.state:
        case State.SENT | State.GATHERED:
            return _posted_state(request, post)
        case State.WAITING:
            return _waiting_state(request, post)
        case State.DUE:
            return _due_state(request, post)
        case State.SENDING | State.JOINED:
            joined = _("told in another post, which says the same")
            return joined if post.state is State.JOINED else _("being posted")
        case State.PAUSED:
            return _("waiting until posting resumes: {reason}").format(
                reason=_reason(request, post)
            )
        case State.FAILED:
            return _("gave up: {reason}").format(reason=_reason(request, post))


def _posted_state(request: Request, post: Post) -> str:
    _ = request.gettext
    when = tell_ago(request, post.done or post.due)
    told = _("posted {when}").format(when=when)
    if post.gathered:
        told = _("posted {when}, in the digest for {time}")
        told = told.format(when=when, time=_due_time(request, post))
    if not post.reason:
        return told
    return _("{posted}, after waiting: {reason}").format(posted=told, reason=_reason(request, post))


def _waiting_state(request: Request, post: Post) -> str:
    _ = request.gettext
    if not post.reason:
        return _("waiting for the digest at {time}").format(time=_due_time(request, post))
    told = _("waiting until {time}: {reason}")
    return told.format(reason=_reason(request, post), time=_due_time(request, post))


def _due_state(request: Request, post: Post) -> str:
    _ = request.gettext
    if not post.reason:
        return _("about to be posted")
    if post.due <= request.services.clock.now():
        return _("retrying now: {reason}").format(reason=_reason(request, post))
    told = _("retrying {when}: {reason}")
    return told.format(when=tell_until(request, post.due), reason=_reason(request, post))


def _due_time(request: Request, post: Post) -> str:
    zone = post.subscription.timezone if post.subscription else request.services.zone
    return clock_time(request, post.due, zone)


def _reason(request: Request, post: Post) -> str:
    return request.gettext(post.reason) if post.reason else request.gettext("no reason given")


_A_PAGE = 10
_CHOICES = 10  # stories that a text may mean


async def posts(request: Request) -> Reply:
    """Answers `/posts`."""
    check_place(request)
    return keep_place(request, await _answer(request))


async def _answer(request: Request) -> Reply:
    if not request.text("story"):
        return await _list(request)
    found = await find_stories(request, request.text("story"))
    if len(found.stories) == 1:
        return replace(await _one_post(request, found.stories[0]), notes=found.notes)
    return _story_choice(request, found.stories)


async def _list(request: Request) -> Reply:
    _ = request.gettext
    outbox = request.services.store.outbox
    start = (request.page - 1) * _A_PAGE
    found = await outbox.of_chat(request.chat, _A_PAGE + 1, start)
    more, shown = found[_A_PAGE:], found[:_A_PAGE]
    pages = request.page + bool(more) if shown else 1
    titles = await _titles(request, shown)
    none = title_here(
        request,
        _("Nothing was posted here in the last week, and nothing is waiting to be posted."),
        _("Nothing was posted there in the last week, and nothing is waiting to be posted."),
    )
    return Reply(
        request.command.name,
        title=title_here(request, _("Posts in this chat"), _("Posts in {channel}")),
        text=await _failing_now(request) if shown else (none,),
        entries=tuple(_entry(request, post, titles) for post in shown),
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), *_buttons(request)),
    )


async def _failing_now(request: Request) -> tuple[str, ...]:
    """Says how much cannot be posted right now, and why; nothing when all goes well."""
    queue = await request.services.store.outbox.queue_depth_of(request.chat)
    if not queue.reason or queue.oldest is None:
        return ()
    told = request.services.translations.ngettext(
        "{count} post cannot be sent right now: {reason}. It came in {when}.",
        "{count} posts cannot be sent right now: {reason}. The oldest came in {when}.",
        queue.depth,
    )
    reason = request.gettext(queue.reason).rstrip(".")
    when = tell_ago(request, queue.oldest)
    return (told.format(count=queue.depth, reason=reason, when=when),)


async def _titles(request: Request, shown: Sequence[Post]) -> Mapping[str, str]:
    ids = [story for post in shown for story in post.stories]
    return {one.id: one.title for one in await request.services.store.stories.by_ids(ids)}


def _entry(request: Request, post: Post, titles: Mapping[str, str]) -> Entry:
    story = post.stories[0] if post.stories else post.key
    title = titles.get(story)
    told = [state_of(request, post), _by(request, post)]
    action = _posts_of(request, story) if title else None
    name = title or request.gettext("A story that no longer exists")
    return Entry(name, " · ".join(filter(None, told)), action)


def _by(request: Request, post: Post) -> str:
    """Returns the subscription that it came by, and the thread where it goes."""
    by = subscription_name(request, post.subscription) if post.subscription else ""
    return " · ".join(filter(None, (by, thread_text(request, post.chat))))


async def _one_post(request: Request, story: Story) -> Reply:
    explanation = explain(await gather_facts(request, story))
    traced = explanation.facts.post
    text = [state_line(request, traced.post)] if traced else []
    text += verdict_lines(request, explanation)
    evidence = await request.services.store.stories.evidence(story.id)
    text += filter(None, (tell_match(request, evidence),))
    _ = request.gettext
    back = Button(_("All posts"), Action(request.command.name))
    read = Button(_("Read"), request.registry.read(story.id), Role.READ)
    why = Button(_("Why?"), Action(WHY_NAME, (("story", story.id),)))
    return Reply(
        request.command.name,
        text=tuple(text),
        cards=(request.services.names.card(story),),
        buttons=(read, why, back),
    )


def state_line(request: Request, post: Post) -> str:
    """Returns the state of a post as a sentence, with what it came by."""
    _ = request.gettext
    by = _by(request, post)
    state = state_of(request, post)
    state = state[:1].upper() + state[1:]
    return f"{state} ({by})" if by else state


def _story_choice(request: Request, found: Sequence[Story]) -> Reply:
    entries = tuple(
        Entry(one.title, request.source_name(one.source), _posts_of(request, one.id))
        for one in found[:_CHOICES]
    )
    title = request.gettext("Which of these stories?")
    return Reply(request.command.name, title=title, entries=entries)


def _posts_of(request: Request, story: str) -> Action:
    return Action(request.command.name, (("story", story),))


def _buttons(request: Request) -> Sequence[Button]:
    return (list_button(request),)


POSTS = Command(
    POSTS_NAME,
    N_("What was posted here, what is waiting, and why"),
    posts,
    (
        Option(
            "story",
            OptionKind.STORY,
            N_("A story, given as for /read: see why it was or was not posted"),
            rest=True,
        ),
        CHANNEL,
        PAGE,
    ),
    access=Access.HOSTS,
    details=(
        N_("On its own, it lists this chat's posts from the last week, and those still waiting."),
        N_("With a story, it tells you what became of it here, or why it was never posted."),
    ),
    examples=("/posts", "/posts 3", "/posts {words}"),
    group=Group.FOLLOWING,
)
