"""The preview of a template: a post as it will be, by the code that composes posts."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.request import Request
from bot.commands.story_lookup import find_stories
from bot.commands.subscriptions.backtest import backtest_last_week
from bot.errors import ReaderError
from bot.i18n import speak
from bot.model import Story
from bot.posting.digest import PostComposer
from bot.posting.model import Post, PostKind, State
from bot.reply import Reply
from bot.search.query import Filter
from bot.subscriptions.model import Subscription


async def preview_post(request: Request, one: Subscription) -> Reply:
    """Returns a post of a subscription, in the language of the chat's posts, which is spoken then.

    Raises:
        ReaderError: There is no story to show.
        StoreError: The store cannot be read.
    """
    story = await _story(request, one)
    speak(await request.services.languages.for_chat(one.chat))
    now = request.services.clock.now()
    post = Post(0, one.chat, story.id, PostKind.STORY, State.DUE, (story.id,), one, now, now)
    message = PostComposer(request.services.names).message(post, {story.id: story})
    if message is None:
        raise AssertionError("a story that is there can be posted")
    return replace(message.reply, is_preview=True, has_pictures=message.picture)


async def _story(request: Request, one: Subscription) -> Story:
    """Returns the story that is asked for, else the newest that the subscription is for."""
    if request.text("story"):
        return (await find_stories(request, request.text("story"))).stories[0]
    found = (await backtest_last_week(request, [one], 1)).newest
    found = found or (await request.services.store.stories.latest(Filter(), 1)).stories
    if not found:
        raise ReaderError(request.gettext("There is no story yet that could be shown."))
    return found[0]
