"""`/why`: the way of a story into a chat, stage by stage, or why it never came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.command import Access, Command, Group, Option, OptionKind
from bot.chat.request import Request
from bot.commands.last_list import ask_which_story
from bot.commands.posts import state_line
from bot.commands.story_lookup import StoryMatches, find_by_number_or_id, find_by_title
from bot.commands.subscriptions.actions import POSTS_NAME, WHY_NAME
from bot.commands.subscriptions.place import CHANNEL, check_place, keep_place
from bot.commands.verdicts import verdict_lines
from bot.commands.why_facts import find_twins, gather_facts
from bot.commands.why_stages import stages
from bot.commands.why_unknown import answer_unknown
from bot.i18n import N_
from bot.model import Action, Story
from bot.posting.trace import explain
from bot.reply import Button, Entry, Reply, Role
from bot.text.display import shorten
from bot.text.tokenizer import words
from bot.text.urls import is_web_url

_CHOICES = 10  # stories that a text may mean
_TITLE = 200  # characters


async def why(request: Request) -> Reply:
    """Answers `/why`."""
    check_place(request)
    return keep_place(request, await _answer(request, request.text("story")))


async def why_which(request: Request) -> Reply:
    """Answers `/why` without a story: shows the last list."""
    check_place(request)
    title = request.gettext("Which story do you want to know about?")
    return keep_place(request, await ask_which_story(request, title, _why))


async def _answer(request: Request, typed: str) -> Reply:
    found = await _find(request, typed)
    if not found.stories:
        return await answer_unknown(request, typed, _why)
    if len(found.stories) == 1:
        return replace(await _explain(request, found.stories[0]), notes=found.notes)
    entries = tuple(
        Entry(one.title, request.source_name(one.source), _why(one.id))
        for one in found.stories[:_CHOICES]
    )
    title = request.gettext("Which of these stories?")
    return Reply(request.command.name, title=title, entries=entries)


async def _find(request: Request, typed: str) -> StoryMatches:
    """Finds the stories that a number, an ID, a link or words name; none where none fits whole.

    Raises:
        ReaderError: It is a number that no story has.
        StoreError: The store cannot be read.
    """
    store = request.services.store
    if is_web_url(typed):
        return StoryMatches(await store.stories.by_ids(await store.trace.at_page(typed)))
    named = await find_by_number_or_id(request, typed)
    return named or StoryMatches(await _by_title(request, typed))


async def _by_title(request: Request, typed: str) -> Sequence[Story]:
    """Finds stories by words of a title, or by a message that shows their whole titles."""
    hits = await request.services.search.find_by_title(typed)
    if hits and not hits[0].partial:
        return await find_by_title(request, typed)
    shown = f" {' '.join(words(typed))} "
    ids = [hit.id for hit in hits if f" {' '.join(words(hit.title))} " in shown]
    return await request.services.store.stories.by_ids(ids)


async def _explain(request: Request, story: Story) -> Reply:
    explanation = explain(await gather_facts(request, story))
    traced = explanation.facts.post
    text = (state_line(request, traced.post),) if traced else verdict_lines(request, explanation)
    twins = await find_twins(request, story)
    _ = request.gettext
    read = Button(_("Read"), request.registry.read(story.id), Role.READ)
    return Reply(
        request.command.name,
        title=shorten(story.title, _TITLE),
        text=tuple(text),
        entries=tuple(await stages(request, explanation, twins)),
        buttons=(read, Button(_("All posts"), Action(POSTS_NAME))),
    )


def _why(story: str) -> Action:
    return Action(WHY_NAME, (("story", story),))


WHY = Command(
    WHY_NAME,
    N_("Why a story was posted here, late, twice or not at all"),
    why,
    (
        Option(
            "story",
            OptionKind.STORY,
            N_("A story: its number in the last list, its link, or words from its title"),
            required=True,
            rest=True,
        ),
        CHANNEL,
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "Tells a story's way stage by stage: when each source gave it, which topics and "
            "subscriptions it matches and why, and what became of its post."
        ),
        N_(
            "Reply to a post with it, or give a number, a link or some words. If no source has "
            "brought the story, it tells you that, too, and what comes nearest."
        ),
    ),
    examples=("/why 3", "/why {words}"),
    discreet=True,
    confidential=True,
    group=Group.FOLLOWING,
    bare=why_which,
    quoted_option="story",
)
