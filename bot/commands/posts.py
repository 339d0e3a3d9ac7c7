"""`/posts`: what became of the stories that a chat was to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.commands.naming import story_named
from bot.commands.poststates import state_of
from bot.commands.registry import PAGE, Access, Command, Kind, Option
from bot.commands.request import Request, page_buttons
from bot.commands.telling import named, where
from bot.commands.whynot import why_not
from bot.i18n import N_
from bot.model import Story
from bot.posts import Post
from bot.reply import Action, Button, Card, Entry, Reply, Role

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
    return {one.id: one.title for one in await request.services.store.stories(ids)}


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
            Kind.STORY,
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
