"""`/posts`: what became of the stories that a chat was to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.command import PAGE, Access, Command, Option, OptionKind
from bot.chat.request import Request, page_buttons
from bot.commands.story_lookup import story_named
from bot.commands.subscriptions.wording import moment, named, where
from bot.commands.why_not_posted import why_not
from bot.dates import ago, until
from bot.i18n import N_
from bot.model import Story
from bot.posting.model import Post, State
from bot.reply import Action, Button, Card, Entry, Reply, Role


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


_A_PAGE = 10
_WHICH = 10


async def posts(request: Request) -> Reply:
    """Answers `/posts`."""
    if not request.text("story"):
        return await _listed(request)
    found = await story_named(request, request.text("story"))
    if len(found.stories) == 1:
        return replace(await _one(request, found.stories[0]), notes=found.notes)
    return _which(request, found.stories)


async def _listed(request: Request) -> Reply:
    _ = request.gettext
    outbox = request.services.store.outbox
    start = (request.page - 1) * _A_PAGE
    found = await outbox.of_chat(request.chat, _A_PAGE + 1, start)
    more, shown = found[_A_PAGE:], found[:_A_PAGE]
    pages = request.page + bool(more) if shown else 1
    titles = await _titles(request, shown)
    none = (_("Nothing was posted here in the last week, and nothing waits to be."),)
    return Reply(
        request.command.name,
        title=_("Posts in this chat"),
        text=() if shown else none,
        entries=tuple(_entry(request, post, titles) for post in shown),
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), *_ways(request)),
    )


async def _titles(request: Request, shown: Sequence[Post]) -> Mapping[str, str]:
    ids = [story for post in shown for story in post.stories]
    return {one.id: one.title for one in await request.services.store.stories.by_ids(ids)}


def _entry(request: Request, post: Post, titles: Mapping[str, str]) -> Entry:
    story = post.stories[0] if post.stories else post.key
    title = titles.get(story)
    told = [state_of(request, post), _by(request, post)]
    action = Action("posts", (("story", story),)) if title else None
    name = title or request.gettext("A story that is no more")
    return Entry(name, " · ".join(filter(None, told)), action)


def _by(request: Request, post: Post) -> str:
    """What it came by, and where it goes."""
    by = named(request, post.subscription) if post.subscription else ""
    return " · ".join(filter(None, (by, where(request, post.chat))))


async def _one(request: Request, story: Story) -> Reply:
    post = await request.services.store.outbox.of_story(request.chat, story.id)
    text = [_told(request, post)] if post else await why_not(request, story)
    back = Button(request.gettext("All posts"), Action("posts"))
    read = Button(request.gettext("Read"), Action("read", (("story", story.id),)), Role.READ)
    return Reply(
        request.command.name,
        text=tuple(text),
        cards=(Card(story, request.source_name(story.source)),),
        buttons=(read, back),
    )


def _told(request: Request, post: Post) -> str:
    _ = request.gettext
    by = _by(request, post)
    state = state_of(request, post)
    return f"{state} ({by})" if by else state


def _which(request: Request, found: Sequence[Story]) -> Reply:
    entries = tuple(
        Entry(one.title, request.source_name(one.source), Action("posts", (("story", one.id),)))
        for one in found[:_WHICH]
    )
    title = request.gettext("Which of these stories?")
    return Reply(request.command.name, title=title, entries=entries)


def _ways(request: Request) -> Sequence[Button]:
    return (Button(request.gettext("All that is followed here"), Action("subscriptions")),)


POSTS = Command(
    "posts",
    N_("What was posted here, what waits, and why"),
    posts,
    (
        Option(
            "story",
            OptionKind.STORY,
            N_("A story, named as to /read: why it was posted, or not"),
            rest=True,
        ),
        PAGE,
    ),
    access=Access.HOSTS,
    details=(
        N_("Without anything it lists the chat's posts of the last week, and those that wait."),
        N_("With a story it tells what became of that here, or why it was never posted."),
    ),
    examples=("/posts", "/posts 3", "/posts crematorium company"),
)
