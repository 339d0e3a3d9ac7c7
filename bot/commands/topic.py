"""`/topic`: stories on a subject, whose name need not be typed exactly."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.request import Request, story_page, window
from bot.commands.search import search_unknown_topic
from bot.commands.subscriptions.wording import can_post, typed_target
from bot.commands.topic_editing import EDITS, NEW_NAME, edit_button, edit_topic
from bot.commands.topic_facts import tell_facts
from bot.commands.topic_list import topics
from bot.commands.topic_names import ask_topic, find_topics, tell_topic
from bot.i18n import N_
from bot.model import Topic
from bot.reply import Button, Reply
from bot.search.query import Filter
from bot.subscriptions.model import TargetKind


async def topic(request: Request) -> Reply:
    """Answers `/topic`."""
    if any(map(request.text, EDITS)):
        return await edit_topic(request)
    if request.services.topic_upkeep:
        await request.services.topic_upkeep.refresh()
    typed = request.text("name")
    meant = await find_topics(request, typed)
    if meant.only is None:
        if meant.topics:
            return ask_topic(request, typed, meant.topics)
        return await search_unknown_topic(request, typed)
    reply = await _stories(request, meant.only)
    return reply if meant.is_exact else tell_topic(request, reply, typed, meant.only)


async def _stories(request: Request, known: Topic) -> Reply:
    _ = request.gettext
    limit, offset = window(request)
    listing = await request.services.store.stories.latest(
        Filter(topic=known.name), limit, offset, once=True
    )
    reply = replace(story_page(request, listing.stories, listing.total), title=known.name)
    own = (*_follow_button(request, known), *edit_button(request, known))
    if listing.total:
        text = await tell_facts(request, known) if request.page == 1 else ()
        return replace(reply, text=text, buttons=(*reply.buttons, *own))
    buttons = (Button(_("Topics"), request.registry.topics()), *own)
    return replace(reply, text=(_("No stories on this topic yet."),), buttons=buttons)


def _follow_button(request: Request, known: Topic) -> tuple[Button, ...]:
    follow = request.registry.for_purpose(Purpose.FOLLOW)
    if not (follow and follow.allows(request.person) and can_post(request)):
        return ()
    what = typed_target(request.services, TargetKind.TOPIC, known.name)
    return (Button(request.gettext("Follow"), request.registry.follow(what)),)


TOPIC = Command(
    "topic",
    N_("The newest stories on a topic"),
    topic,
    (
        Option("name", OptionKind.TOPIC, N_("The topic to show"), required=True, rest=True),
        Option("hide", OptionKind.SWITCH, N_("For moderators: hide it, or not"), hidden=True),
        Option("rename", OptionKind.TEXT, N_("For moderators: what to call it"), hidden=True),
        Option(
            "merge",
            OptionKind.TOPIC,
            N_("For moderators: the topic that it belongs to"),
            hidden=True,
        ),
        Option("edit", OptionKind.TEXT, N_("What to change"), hidden=True),
        PAGE,
    ),
    details=(
        N_("Shows a topic's stories, newest first. /topics lists all topics."),
        N_(
            "A part of its name will do, and typos are fine. If no topic is meant, it searches "
            "instead."
        ),
        N_(
            "Moderators can edit topics that were found in the stories, by the button below one or "
            'with hide:yes, rename:"New name" or merge:"Another topic". It can be undone.'
        ),
    ),
    examples=("/topic {topic}",),
    tells_hosts=True,
    purpose=Purpose.TOPIC,
    bare=topics,
    questions=(NEW_NAME,),
)
