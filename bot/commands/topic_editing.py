"""The menu of `/topic` with which moderators edit topics that were found in the stories."""

from __future__ import annotations

from bot.chat.command import Question
from bot.chat.prompts import ask
from bot.chat.request import Request, page_buttons, page_count
from bot.commands.topic_edits import (
    edit_action,
    hide_topic,
    merge_topic,
    no_topic,
    rename_topic,
    restore_topic,
)
from bot.errors import NotAllowedError, ReaderError
from bot.i18n import N_
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.model import Topic, TopicOrigin
from bot.reply import Button, Entry, Reply
from bot.text.display import add_quotes
from bot.text.name_keys import name_key

NEW_NAME = Question(
    "rename",
    N_("What is the topic “{name}” to be called?"),
    N_("a new name"),
    (("edit", "rename"),),
)

EDITS = ("edit", "hide", "rename", "merge")
"""The options of `/topic` that edit."""

_NO = frozenset({"no", "off", "false"})
_A_PAGE = 20
_ON = ("edit", "on")
_CHANGES = {"rename": rename_topic, "merge": merge_topic, "hide": hide_topic}


def edit_button(request: Request, topic: Topic) -> tuple[Button, ...]:
    """Makes the button that opens the menu, for moderators, of a topic that was found."""
    if not (may_edit(request) and topic.origin is not TopicOrigin.DESK):
        return ()
    return (Button(request.gettext("Edit topic"), edit_action(request, topic.name, _ON)),)


async def edit_topic(request: Request) -> Reply:
    """Answers `/topic` with an option that edits.

    Raises:
        NotAllowedError: The person is no moderator.
        ReaderError: The topic cannot be edited so.
        StoreError: The store cannot be read or written.
    """
    upkeep = require_rights(request)
    await upkeep.refresh()
    name = request.text("name")
    if request.text("hide").casefold() in _NO:
        return await restore_topic(request, upkeep, name)
    topic = _require_found(request, name)
    for option, change in _CHANGES.items():
        if request.text(option):
            return await change(request, upkeep, topic, request.text(option))
    if request.text("edit") == "rename":
        return ask(request, NEW_NAME)
    return _ask_target(request, topic) if request.text("edit") == "merge" else _menu(request, topic)


def may_edit(request: Request) -> bool:
    """Tells if the person may edit topics here, and if any can be edited."""
    return request.person.moderator and request.services.topic_upkeep is not None


def require_rights(request: Request) -> TopicUpkeep:
    """Returns what keeps the topics, for who may edit them.

    Raises:
        NotAllowedError: The person is no moderator.
        ReaderError: No topics are found here.
    """
    _ = request.gettext
    if not request.person.moderator:
        raise NotAllowedError(_("Only moderators can change topics."))
    upkeep = request.services.topic_upkeep
    if upkeep is None:
        raise ReaderError(_("All topics here are in the configuration, which the operator keeps."))
    return upkeep


def _require_found(request: Request, name: str) -> Topic:
    _ = request.gettext
    topic = request.services.topic(name)
    if topic is None:
        raise ReaderError(no_topic(request, name))
    if topic.origin is TopicOrigin.DESK:
        message = _("{topic} is in the configuration: only the operator can change it.")
        raise ReaderError(message.format(topic=add_quotes(topic.name)))
    return topic


def _menu(request: Request, topic: Topic) -> Reply:
    _ = request.gettext
    actions = (
        (_("Hide it"), ("hide", "yes")),
        (_("Rename it"), ("edit", "rename")),
        (_("Merge it with another"), ("edit", "merge")),
    )
    told = _("It was found in the stories. What you decide holds for everybody, and stays.")
    buttons = [Button(label, edit_action(request, topic.name, option)) for label, option in actions]
    back = Button(_("Back to the topic"), request.registry.topic(topic.name))
    return Reply(request.command.name, title=topic.name, text=(told,), buttons=(*buttons, back))


def _ask_target(request: Request, topic: Topic) -> Reply:
    """Asks with which topic one is to be merged; the likeliest are at hand, others can be typed."""
    _ = request.gettext
    own = set(name_key(topic.name).split(" "))
    others = [one for one in request.services.topics if one.key != topic.key]
    near = sorted(others, key=lambda one: own.isdisjoint(name_key(one.name).split(" ")))
    pages = page_count(len(near), _A_PAGE)
    start = (request.page - 1) * _A_PAGE
    entries = tuple(
        Entry(one.name, action=edit_action(request, topic.name, ("merge", one.name)))
        for one in near[start : start + _A_PAGE]
    )
    title = _("Which topic does {topic} belong to?").format(topic=add_quotes(topic.name))
    return Reply(
        request.command.name,
        title=title,
        entries=entries,
        page=request.page,
        pages=pages,
        buttons=page_buttons(request, pages),
    )
