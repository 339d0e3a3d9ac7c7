"""Corrections of events by moderators: a story is taken out of one, or put to another story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.auditing import record_change
from bot.chat.request import Request
from bot.commands.story_lookup import find_stories
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Action, Story
from bot.reply import Button, Reply
from bot.text.display import add_quotes

WHICH, SPLIT, JOIN = "story", "split", "join"
"""The options of `/story` that name a story, take it out of its event, and put another to it."""


def correction_buttons(
    request: Request, one: Story, stories: Sequence[Story]
) -> tuple[Button, ...]:
    """Makes the buttons that moderators have beside an event of several stories."""
    _ = request.gettext
    if not request.person.moderator or len(stories) == 1:
        return ()
    whole = Action(request.command.name, ((WHICH, one.id), ("all", "yes")))
    shown = () if request.text("all") else (Button(_("All its stories"), whole),)
    return (*shown, Button(_("Not of this event"), _split(request, one.id)))


async def correct_event(request: Request, one: Story) -> Reply:
    """Takes a story out of its event, or puts it to another; says so, and offers to undo it.

    Raises:
        ReaderError: The person is no moderator, or there is nothing to correct.
        StoreError: The store cannot be read or written.
    """
    _ = request.gettext
    if not request.person.moderator:
        raise ReaderError(_("Only moderators can correct events."))
    if request.text(JOIN):
        return await _joined(request, one)
    event = await request.services.store.events.of_story(one.id)
    others = [other for other in event.stories if other.id != one.id] if event else []
    if not others:
        raise ReaderError(_("There is no other story in its event."))
    await request.services.store.events.split(one.id)
    change = N_("Took {target} out of its event")
    await record_change(request, change, one.title, everywhere=True)
    undo = Action(request.command.name, ((WHICH, one.id), (JOIN, others[0].id)))
    told = _("{title} is no longer part of this event. I'll remember that.")
    return _done(request, told.format(title=add_quotes(one.title)), others[0], undo)


async def _joined(request: Request, one: Story) -> Reply:
    _ = request.gettext
    found = await find_stories(replace(request, options={}), request.text(JOIN))
    (other, *more) = found.stories
    if more:
        message = _("{words} may be several stories. Please give its number or its ID.")
        raise ReaderError(message.format(words=add_quotes(request.text(JOIN))))
    if other.id == one.id:
        raise ReaderError(_("That is the same story."))
    await request.services.store.events.join(one.id, other.id)
    change = N_("Put {target} to the event of another story")
    await record_change(request, change, one.title, everywhere=True)
    told = _("{title} now tells the same as {other}. I'll remember that.")
    told = told.format(title=add_quotes(one.title), other=add_quotes(other.title))
    return _done(request, told, one, _split(request, one.id))


def _split(request: Request, story: str) -> Action:
    return Action(request.command.name, ((WHICH, story), (SPLIT, "yes")))


def _done(request: Request, told: str, shown: Story, undo: Action) -> Reply:
    _ = request.gettext
    buttons = (
        Button(_("Undo"), undo),
        Button(_("How it went on"), request.registry.timeline(shown.id)),
    )
    return Reply(request.command.name, text=(told,), buttons=buttons)
